"""Who runs this, and what they promise: true of this copy, in plain words, and safe whatever the operator typed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from quizapp import create_app
from quizapp.schools.totals import BATCH, TRUTH
from tests.conftest import ANSWERS, PageClient
from tests.test_journey import CUT_OFF, ZOOMED, looks, looks_right, looks_right_without_script, opened
from tests.test_result_pages import words
from tests.tools.nu import NuChecker

PATHS = ("privacy", "accessibility")
NAMED = {
    "OPERATOR": "Kinder & Netz <b>e. V.</b>",
    "CONTACT": "hello@example.org",
    "REVIEWED": ("en: Jane Doe, <i>school counsellor</i>, 2026-10",),
    "CONFIRMED": ("logs", "screen-reader"),
}
Run = Callable[..., PageClient]


@pytest.fixture
def run_by(tmp_path: Path, nu: NuChecker) -> Iterator[Run]:
    """A client of a copy with these settings."""
    apps: list[Flask] = []

    def run(**settings: Any) -> PageClient:
        apps.append(create_app({"INSTANCE": tmp_path, **settings}))
        return PageClient(apps[-1].test_client(), nu)

    yield run
    for app in apps:
        app.extensions["quizapp"].close()


# What an operator has set


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_the_operator_typed_stands_there_as_typed(run_by: Run, lang: str) -> None:
    client = run_by(**NAMED)
    privacy, accessibility = (client.get(f"/{lang}/{path}") for path in PATHS)
    assert NAMED["OPERATOR"] in words(privacy.select_one("#who"))
    assert "Jane Doe, <i>school counsellor</i>" in words(accessibility.select_one("#read li"))
    assert "2026" in words(accessibility.select_one("#read small"))
    for page in (privacy, accessibility):
        assert page.select_one("a[href='mailto:hello@example.org']").text == "hello@example.org"
        assert not page.select("main b, main i, main .notice")


def test_a_form_on_the_web_is_a_contact_too(run_by: Run) -> None:
    page = run_by(CONTACT="https://example.org/write?a=1&b=2").get("/en/privacy")
    assert page.select_one("#who a")["href"] == "https://example.org/write?a=1&b=2"


def test_a_copy_that_nobody_has_put_a_name_to_says_so(client: PageClient) -> None:
    assert [words(notice) for notice in client.get("/en/privacy").select("#who .notice")] == [
        "This copy has not been given an operator’s name yet.",
        "This copy has not been given an address to write to yet.",
    ]
    assert words(client.get("/en/accessibility").select_one("#tell .notice")).startswith("This copy has not been")


@pytest.mark.parametrize(
    ("settings", "unread"),
    [({}, ["en", "es"]), ({"REVIEWED": ("es: Ana, 2026-11",)}, ["en"]), ({"LANGUAGES": ("en",)}, ["en"])],
)
def test_a_language_that_no_native_reader_has_checked_is_named(
    run_by: Run, settings: dict[str, Any], unread: list[str]
) -> None:
    page = run_by(**settings).get("/en/accessibility")
    assert [name["lang"] for name in page.select("#limits li span")] == unread
    assert bool(page.select("#read")) == ("REVIEWED" in settings)


@pytest.mark.parametrize(
    ("path", "point", "yes", "no"),
    [
        ("privacy", "logs", "No other server of ours writes it down", "It has not been confirmed yet"),
        ("accessibility", "screen-reader", "has tried the quiz", "Nobody who uses a screen reader every day"),
    ],
)
def test_what_only_a_person_can_know_is_said_once_it_is_confirmed(
    run_by: Run, path: str, point: str, yes: str, no: str
) -> None:
    confirmed, open_ = (words(run_by(CONFIRMED=given).get(f"/en/{path}").main) for given in ((point,), ()))
    assert (yes in confirmed, no in confirmed) == (True, False)
    assert (yes in open_, no in open_) == (False, True)


# What is true of this code


@pytest.mark.parametrize(("days", "said"), [(1, "works for 1 day."), (30, "works for 30 days.")])
def test_the_days_of_a_link_are_those_of_the_setting(run_by: Run, days: int, said: str) -> None:
    assert said in words(run_by(LINK_DAYS=days).get("/en/privacy").select_one("#quiz"))


def test_what_is_said_of_schools_is_how_quizzes_are_counted(client: PageClient) -> None:
    said = words(client.get("/en/privacy").select_one("#schools"))
    assert ("totals in tens" in said, BATCH) == (True, 10)
    assert ("turns it round in one case of four" in said, 1 - TRUTH) == (True, 1 / 4)


@pytest.mark.parametrize("path", PATHS)
def test_whoever_asks_gets_the_same_page(app: Flask, path: str) -> None:
    flask: FlaskClient = app.test_client()
    sent = {"Host": "evil.example", "X-Forwarded-For": "203.0.113.7", "Cookie": "a=b"}
    assert flask.get(f"/en/{path}?name=Zyxwelda", headers=sent).data == flask.get(f"/en/{path}").data


# The way there, and how it looks


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("path", ["", "quiz", "help", "help/us", "agreement", "evidence", "schools", "nowhere"])
def test_every_page_leads_to_both(client: PageClient, lang: str, path: str) -> None:
    page = client.get(f"/{lang}/{path}", 404 if path == "nowhere" else 200)
    links = [link["href"] for link in page.select(".end a")]
    assert [f"/{lang}/{name}" in links for name in PATHS] == [True, True]


def test_a_result_leads_to_both_and_tells_them_nothing(client: PageClient) -> None:
    page = client.get(client.redirect("/en/quiz", ANSWERS))
    assert {f"/en/{name}" for name in PATHS} <= {link["href"] for link in page.select(".end a")}


@pytest.mark.parametrize("path", PATHS)
@looks("en")
def test_the_pages_look_right(
    browser: Browser, served: str, path: str, script: bool, size: dict[str, int], colours: str
) -> None:
    look_right(browser, served, f"/en/{path}", script, viewport=size, color_scheme=colours)


@pytest.mark.parametrize("path", PATHS)
@looks("es")
def test_the_pages_look_right_in_spanish(
    browser: Browser, served: str, path: str, script: bool, size: dict[str, int], colours: str
) -> None:
    look_right(browser, served, f"/es/{path}", script, viewport=size, color_scheme=colours)


def look_right(browser: Browser, served: str, path: str, script: bool, **options: Any) -> None:
    with opened(browser, served, java_script_enabled=script, **options) as page:
        page.goto(path)
        (looks_right if script else looks_right_without_script)(page)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_cut_off_at_four_times_the_size(browser: Browser, served: str, path: str) -> None:
    with opened(browser, served, viewport=ZOOMED, color_scheme="dark") as page:
        page.goto(f"/en/{path}")
        looks_right(page)
        assert page.evaluate(CUT_OFF) == []
