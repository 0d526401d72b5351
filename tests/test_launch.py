"""What is left to do before families come: told from settings and content where they can tell, else confirmed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from quizapp import create_app, launch
from quizapp.config import Config
from quizapp.model import Content

TODAY = date(2026, 11, 22)
READY = Config(
    INSTANCE=Path("elsewhere"),
    SECRET_KEY="Zy8-dR2_qLw5xT0vNc7bKf3hJm9sGp1aUeYi4oQ",  # noqa: S106 - of nobody
    PUBLIC_URL="https://example.org",
    PROXIES=1,
    HOSTS=("example.org",),
    OPERATOR="Kinder & Netz",
    CONTACT="hello@example.org",
    REVIEWED=("en: Jane Doe, 2026-10", "es: Ana, 2026-11"),
    CONFIRMED=tuple(launch.TO_CONFIRM),
)
GROWN = replace(
    READY, BROKER_URL="redis://r", LIMITER_URL="redis://r", DATABASE_URL="postgresql://me@db/quiz", PROXIES=2
)
Run = Callable[..., Result]


@pytest.fixture
def sure(content: Content) -> Content:
    """The content, after somebody has looked up every help line today."""
    lines = {
        id_: replace(
            country, lines=tuple(replace(line, recheck=(), checked=f"{TODAY:%Y-%m}") for line in country.lines)
        )
        for id_, country in content.countries.items()
    }
    return replace(content, countries=lines)


def open_points(config: Config, content: Content, today: date = TODAY) -> list[str]:
    return [point.name for point in launch.points(config, content, today) if point.todo]


@pytest.mark.parametrize("config", [READY, GROWN], ids=["one machine", "several machines"])
def test_when_all_is_done_nothing_is_open(sure: Content, config: Config) -> None:
    assert open_points(config, sure) == []


def test_a_fresh_copy_has_nearly_all_of_it_before_it(content: Content) -> None:
    there = [point.name for point in launch.points(Config(), content, TODAY)]
    assert [name for name in there if name not in open_points(Config(), content)] == ["database", "limits"]


@pytest.mark.parametrize(
    ("changed", "point"),
    [
        ({"OPERATOR": " "}, "operator"),
        ({"CONTACT": ""}, "contact"),
        ({"PUBLIC_URL": ""}, "address"),
        ({"PUBLIC_URL": "http://example.org"}, "address"),
        ({"PROXIES": 0}, "proxies"),
        ({"HOSTS": ()}, "hosts"),
        ({"SECRET_KEY": ""}, "secret-key"),
        ({"SECRET_KEY": "secret" * 9}, "secret-key"),
        ({"INSTANCE": Config.INSTANCE}, "instance"),
        ({"LANGUAGES": ("en", "es", "pl")}, "words-pl"),
        ({"REVIEWED": ("en: Jane Doe, 2026-10",)}, "words-es"),
        *(
            ({"CONFIRMED": tuple(name for name in launch.TO_CONFIRM if name != left)}, left)
            for left in launch.TO_CONFIRM
        ),
    ],
)
def test_what_is_not_done_is_open(sure: Content, changed: dict[str, Any], point: str) -> None:
    assert open_points(replace(READY, **changed), sure) == [point]


@pytest.mark.parametrize(
    ("changed", "points"),
    [
        ({"DATABASE_URL": ""}, ["database"]),
        ({"DATABASE_URL": "sqlite:////shared/schools.sqlite"}, ["database"]),
        ({"LIMITER_URL": "memory://"}, ["limits"]),
        ({"BROKER_URL": "", "DATABASE_URL": ""}, ["database"]),
    ],
)
def test_several_machines_need_what_they_share(sure: Content, changed: dict[str, Any], points: list[str]) -> None:
    assert open_points(replace(GROWN, **changed), sure) == points


@pytest.mark.parametrize(("today", "is_open"), [(date(2027, 5, 31), False), (date(2027, 6, 1), True)])
def test_help_lines_grow_old(sure: Content, today: date, is_open: bool) -> None:
    assert open_points(READY, sure, today) == (["help-lines"] if is_open else [])


def test_a_help_line_with_a_field_to_look_up_again_is_open(sure: Content) -> None:
    us = sure.countries["us"]
    unsure = replace(us, lines=(replace(us.lines[0], recheck=("hours",)), *us.lines[1:]))
    content = replace(sure, countries={**sure.countries, "us": unsure})
    assert open_points(READY, content) == ["help-lines"]


# The command


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """`flask --app wsgi launch` with these settings."""
    apps: list[Flask] = []

    def run(**settings: Any) -> Result:
        apps.append(create_app({"INSTANCE": tmp_path, **settings}))
        return apps[-1].test_cli_runner().invoke(args=["launch"])

    yield run
    for app in apps:
        app.extensions["quizapp"].close()


def test_the_command_tells_each_point_and_what_to_do(run: Run, content: Content) -> None:
    done = run(OPERATOR="Kinder & Netz")
    assert done.exit_code == 1
    for point in launch.points(replace(Config(), INSTANCE=Path("x"), OPERATOR="x"), content, TODAY):
        assert f"{'open' if point.todo else 'done'}  {point.name:14}  {point.says}\n" in done.output
    assert "done  operator " in done.output
    assert "Set QUIZAPP_CONTACT to an e-mail address" in done.output


def test_the_command_ends_well_when_nothing_is_open(run: Run, sure: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.content.read", lambda: sure)
    monkeypatch.setattr("quizapp.launch.freshness.months_since", lambda checked, today: 0)
    settings = {name: value for name, value in vars(READY).items() if name != "INSTANCE"}
    done = run(**settings)
    assert done.output.endswith("0 of 22 are open\n")
    assert done.exit_code == 0
    assert run(**settings | {"CONFIRMED": (*READY.CONFIRMED, "lwa")}).exit_code == 1


def test_a_name_that_is_no_point_is_told_with_those_there_are(run: Run) -> None:
    said = run(CONFIRMED=("law", "lwa")).output
    assert f"QUIZAPP_CONFIRMED: unknown: lwa. There are: {', '.join(launch.TO_CONFIRM)}\n" in said
