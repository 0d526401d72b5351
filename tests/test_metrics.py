"""Figures for the operator: what is counted, by few labels of our own, over all processes; and nothing of a family."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from quizapp import create_app
from quizapp.content import ROOT
from quizapp.metrics import Metrics
from quizapp.printing import Busy, Failed, Overdue
from quizapp.printing.prints import Prints
from tests.conftest import ANSWERS, PATIENT
from tests.test_counting import wait_for
from tests.test_privacy import AGREEMENT, MARKED_ANSWERS, WebVisitor, marks_in, start

Figures = dict[tuple[str, ...], float]


@pytest.fixture
def measured(tmp_path: Path) -> Iterator[Flask]:
    app = create_app({"INSTANCE": tmp_path, "METRICS": 1} | PATIENT)
    yield app
    app.extensions["quizapp"].close()


def figures(text: str) -> Figures:
    """Name and values of labels -> figure."""
    families = text_string_to_metric_families(text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def of(app: Flask) -> Figures:
    return figures(app.test_client().get("/metrics").text)


def requests(found: Figures) -> Figures:
    return {key[1:]: number for key, number in found.items() if key[0] == "quizapp_request_seconds_count"}


def test_requests_are_counted_by_page_method_and_kind_of_answer(measured: Flask) -> None:
    client = measured.test_client()
    for _ in range(3):
        client.get("/en/quiz")
        client.get("/es/quiz")
    client.post("/en/quiz", data=ANSWERS)
    client.post("/en/quiz", data={})
    assert requests(of(measured)) == {
        ("quiz.quiz", "GET", "2xx"): 6,
        ("quiz.answer", "POST", "3xx"): 1,
        ("quiz.answer", "POST", "4xx"): 1,
    }


def test_nobody_can_make_up_a_new_label(measured: Flask) -> None:
    client = measured.test_client()
    for number in range(20):
        client.get(f"/en/Zyxwelda/{number}")
        client.get(f"/Zyxwelda{number}/quiz")
        client.get(f"/en/s/Zyxwelda{number}")
        client.open("/en/quiz", method=f"ZYXWELDA{number}")
    assert requests(of(measured)) == {
        ("none", "GET", "4xx"): 20,
        ("quiz.quiz", "GET", "4xx"): 20,
        ("newsletter.home", "GET", "4xx"): 20,
        ("none", "other", "4xx"): 20,
    }


def test_seconds_fall_where_the_library_would_put_them() -> None:
    ours = Metrics()
    for seconds in (0.001, 0.005, 0.006, 0.3, 20, 21):
        ours.request("a", "GET", "2", seconds)
        ours._seconds.observe(seconds)
    found = figures(ours.text().decode())
    buckets = [number for key, number in found.items() if key[0] == "quizapp_request_seconds_bucket"]
    assert buckets == [number for key, number in found.items() if key[0] == "quizapp_print_seconds_bucket"]
    assert found["quizapp_request_seconds_sum", "a", "GET", "2xx"] == pytest.approx(41.312)
    assert figures(ours.text().decode()) | {("quizapp_memory_bytes",): 0} == found | {("quizapp_memory_bytes",): 0}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(None, "finished"), (Busy, "refused"), (Overdue, "overdue"), (Failed, "failed"), (ZeroDivisionError, "failed")],
)
def test_sheets_are_counted_by_what_became_of_them(error: type[Exception] | None, outcome: str) -> None:
    class Printer:
        def run(self, *_job: object) -> bytes:
            assert figures(metrics.text().decode())["quizapp_prints_waiting",] == 1
            if error:
                raise error
            return b"%PDF"

    metrics = Metrics()
    prints = Prints(Printer(), metrics, most=1)  # type: ignore[arg-type]  # all that it needs
    if error:
        with pytest.raises(error):
            prints.run("<p>")
    else:
        prints.run("<p>")
    found = figures(metrics.text().decode())
    assert {key: n for key, n in found.items() if key[0] == "quizapp_prints_ended_total"} == {
        ("quizapp_prints_ended_total", outcome): 1
    }
    assert (found["quizapp_prints_started_total",], found["quizapp_prints_waiting",]) == (1, 0)
    assert found["quizapp_print_seconds_count",] == (error is None)


def test_counts_that_wait_and_that_are_lost_are_told() -> None:
    metrics = Metrics()
    metrics.begin(lambda: (3, 2))
    metrics.text()
    found = figures(metrics.text().decode())
    assert (found["quizapp_counts_waiting",], found["quizapp_counts_lost_total",]) == (3, 2)
    assert found["quizapp_web_processes",] == 1
    assert 10e6 < found["quizapp_memory_bytes",] < 10e9
    metrics.close()


def test_without_the_setting_there_is_no_such_page_and_its_library_is_not_loaded(app: Flask) -> None:
    assert app.test_client().get("/metrics").status_code == 404
    code = "import sys, wsgi; sys.exit('prometheus_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_one_answer_tells_of_all_processes_and_nothing_of_a_family(tmp_path: Path) -> None:
    server = start(tmp_path, WEB_PROCESSES="3", QUIZAPP_METRICS="1", QUIZAPP_PRINT_SECONDS="120")
    try:
        server.wait_for_start()
        visitor = WebVisitor(server.port)
        for _ in range(60):
            visitor.ask("/en/quiz", MARKED_ANSWERS)
        visitor.ask("/en/agreement", AGREEMENT | {"do": "pdf"})

        def found() -> Figures:
            return figures(visitor.ask("/metrics").body.decode())

        # Each process passes on what it has counted after some seconds.
        wait_for(lambda: requests(found()).get(("quiz.answer", "POST", "4xx")) == 60)
        assert found()["quizapp_web_processes",] == 3
        assert found()["quizapp_prints_ended_total", "finished"] == 1
        text = visitor.ask("/metrics").body
        assert not marks_in(text)
        assert b"127.0.0.1" not in text
        server.stop()
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()


def test_the_table_of_figures_is_that_of_the_code() -> None:
    metrics = Metrics()
    metrics.request("a", "GET", "2", 1)
    metrics.print_ended("finished", 1)
    told = {(family.name, family.type) for family in text_string_to_metric_families(metrics.text().decode())}
    given = {(name, kind) for name, kind in told if not name.endswith("_created")}
    table = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(quizapp_\w+)` \| (\w+) \|", table, re.MULTILINE)
    assert {(re.sub("_total$", "", name), kind) for name, kind in rows} == given
