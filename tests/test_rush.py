"""What the rush is made of: who comes when, what a page that refuses must hold, and the queue model."""

import json
import runpy
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from bench import model
from bench.arrivals import (
    HOUR,
    PEAK_MINUTES,
    QUIZ_STEPS,
    Step,
    Visitor,
    density,
    how_many,
    moments,
    peak_to_mean,
    visitors,
)
from bench.rush import saturated
from bench.rush_visitor import Paper, form, kept
from bench.two_machines import PHASES
from quizapp import create_app
from quizapp.content import ROOT
from quizapp.printing import Busy

DOCS = ROOT / "docs"
MANY = 20_000


def test_all_come_within_the_hour_and_in_order() -> None:
    found = moments(MANY, 60, Random(1))
    assert len(found) == MANY
    assert all(0 < earlier <= later < 60 for earlier, later in pairwise(found))


def test_most_come_around_the_peak() -> None:
    minutes = Counter(round(moment * 60 / HOUR) for moment in moments(MANY, HOUR, Random(1)))
    assert abs(minutes.most_common(1)[0][0] - PEAK_MINUTES) <= 2
    assert minutes[PEAK_MINUTES] / (MANY / 60) == pytest.approx(peak_to_mean(), rel=0.15)


def test_the_density_counts_everybody_once() -> None:
    assert sum(density(minute / 100) for minute in range(40_000)) / 100 == pytest.approx(1, abs=0.001)


def test_shares_of_visitors_are_those_that_are_told() -> None:
    steps = Counter(step for visitor in visitors(MANY, 60) for step in visitor.steps)
    assert steps[Step.ANSWERS] / MANY == pytest.approx(0.7, abs=0.01)
    assert steps[Step.PAPER] / steps[Step.RESULT] == pytest.approx(0.4, abs=0.01)


def test_the_same_visitors_come_without_printing() -> None:
    with_paper, without = visitors(500, 60), visitors(500, 60, printing=False)
    assert [visitor.at for visitor in with_paper] == [visitor.at for visitor in without]
    assert not any(Step.PAPER in visitor.steps for visitor in without)
    assert [set(QUIZ_STEPS) & set(visitor.steps) for visitor in with_paper] == [
        set(QUIZ_STEPS) & set(visitor.steps) for visitor in without
    ]


def test_at_the_peak_so_much_paper_is_asked_for_as_was_wanted() -> None:
    number = how_many(pdfs_a_second=5, seconds=600, over=2)
    pressed = [visitor.at for visitor in visitors(number, 600) if Step.PAPER in visitor.steps]
    assert sum(50 <= at < 70 for at in pressed) / 20 == pytest.approx(2 * 5, rel=0.2)


@pytest.mark.parametrize("children", [1, 2])
def test_a_page_that_refuses_gives_back_every_field(
    children: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = create_app({"INSTANCE": tmp_path})
    typed = form(7, children)
    data: dict[str, list[str]] = {}
    for name, value in typed:
        data.setdefault(name, []).append(value)

    def refuse(*_job: object) -> bytes:
        raise Busy

    monkeypatch.setattr(app.extensions["quizapp"].printer, "run", refuse)
    page = app.test_client().post("/en/agreement", data=data | {"do": "pdf"})
    app.extensions["quizapp"].close()
    fields, button = kept(page.text)
    assert (page.status_code, button) == (503, "pdf")
    assert set(typed) <= set(fields)


def test_no_two_families_have_the_same_names() -> None:
    assert not {value for name, value in form(1, 2) if "name" in name} & {
        value for name, value in form(2, 2) if "name" in name
    }


def paper(at: float, seconds: float) -> Paper:
    return Paper("Leo", at, seconds, 0, 0, True)


def test_printing_is_saturated_while_many_wait() -> None:
    assert saturated([paper(0.5, 3), paper(0.9, 3), paper(1.5, 9)], 2) == {2, 3}


PLAIN = model.Parameters(
    processors=100,
    web_processes=1,
    threads=20,
    printing=1,
    queue=100,
    deadline=1000,
    retry=10,
    web=dict.fromkeys(Step, 0.0),
    refusal=0.0,
    prints=[0.5],
    phone=0.0,
)


def pressing(*moments: float) -> list[Visitor]:
    return [Visitor(number, at, (Step.PAPER,), (0.0,), 1) for number, at in enumerate(moments)]


def test_the_model_prints_one_after_the_other() -> None:
    assert model.run(PLAIN, pressing(0, 0, 0, 10)).waits == pytest.approx([0.5, 1.0, 1.5, 0.5])


def test_the_model_prints_with_what_pages_leave_of_a_processor() -> None:
    """A PDF takes half a second, and a page that comes in its middle two seconds."""
    page = Visitor(9, 0.25, (Step.QUIZ,), (0.0,), 1)
    slow = replace(PLAIN, processors=1, web={**PLAIN.web, Step.QUIZ: 2.0})
    told = model.run(slow, [*pressing(0), page])
    assert (told.waits, told.quiz) == (pytest.approx([2.5]), pytest.approx([2.0]))
    assert model.run(replace(slow, processors=2), [*pressing(0), page]).waits == pytest.approx([0.5])


def test_in_the_model_those_who_ask_may_take_the_processor_that_prints() -> None:
    page = Visitor(9, 0.25, (Step.QUIZ,), (0.0,), 1)
    shared = replace(PLAIN, processors=1, phone=1.0)
    assert model.run(shared, [*pressing(0), page]).waits == pytest.approx([2.5])


@pytest.mark.parametrize(
    ("changed", "refusals"),
    [
        pytest.param({"queue": 1}, 1, id="no place"),
        pytest.param({"deadline": 0.6}, 1, id="too late"),
        pytest.param({"queue": 1, "threads": 2}, 0, id="threads end before places do"),
    ],
)
def test_the_model_refuses_as_the_printer_does(changed: dict[str, float], refusals: int) -> None:
    told = model.run(replace(PLAIN, **changed), pressing(0, 0, 0))
    assert told.refusals == refusals
    assert len(told.ends) == 3


def test_the_model_knows_the_mean_of_a_queue() -> None:
    """Pollaczek and Khinchine's formula: Poisson arrivals, one server, a fixed time of service."""
    random, at, arrivals = Random(3), 0.0, []
    for _ in range(20_000):
        at += random.expovariate(1.4)
        arrivals.append(at)
    waits = model.run(replace(PLAIN, threads=500, queue=500), pressing(*arrivals)).waits
    assert sum(waits) / len(waits) == pytest.approx(0.5 + 0.7 * 0.5 / (2 * (1 - 0.7)), rel=0.1)


def test_the_busiest_seconds_are_found() -> None:
    assert model.busiest([1, 9, 10, 11, 12, 30], 4) == 1.0


def test_each_moment_of_the_cut_cables_has_one_name() -> None:
    times = list(PHASES.values())
    assert all(earlier[1] == later[0] for earlier, later in pairwise(times))


def test_what_the_documentation_says_is_worked_out_from_what_was_measured() -> None:
    scaling = runpy.run_path(str(DOCS / "scaling.py"))
    figures = json.loads((DOCS / "scaling.json").read_text(encoding="utf-8"))
    sized = scaling["size"](100_000, figures)
    row = f"| PDFs a second then | {sized.pdfs:,.1f} |"
    assert row in (DOCS / "scaling.md").read_text(encoding="utf-8"), "bring it up to date with: make scaling"
    assert sized.refusals == 0
