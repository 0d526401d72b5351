"""What cannot be answered is said in the product's own words, and no form, however hostile, breaks a page."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import pytest
from bs4 import Tag
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from quizapp.pages.site import Site
from tests.conftest import ANSWERS, FAMILY, PageClient, check_response
from tests.tools import files

# Stands in hostile texts after a bracket or a quote, and never at their beginning: what is found in a page like that
# is markup that came through.
MARK = "zq"
ESCAPED = (f"<{MARK}", f"</{MARK}", f"<img {MARK}", f'"{MARK}', f"'{MARK}")
BACK = "main a.button[href^='/en/']"


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


@pytest.fixture
def change(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Gives the application another part for as long as a test runs."""

    def change(**parts: Any) -> None:
        site: Site = app.extensions["quizapp"]
        monkeypatch.setitem(app.extensions, "quizapp", replace(site, **parts))

    return change


@dataclass
class Press:
    """A printer that looks for markup of a visitor and prints the same for everyone, or fails."""

    failure: Exception | None = None

    def run(self, html: str, *more: bytes) -> bytes:
        if self.failure:
            raise self.failure
        assert not markup_in(html)
        return b"%PDF"


def markup_in(html: str) -> list[str]:
    return [markup for markup in ESCAPED if markup in html]


# One by one


@pytest.mark.parametrize(
    "path",
    ["/nowhere/", "/xx/", "/xx/help", "/en/nowhere", "/en/agreement/a/b", "/static/x.css", "/a/b/c"],
)
def test_an_unknown_address_is_told_with_a_way_on(client: PageClient, path: str) -> None:
    page = client.get(path, 404)
    assert words(page.h1) == "There is no such page"
    assert page.select_one(BACK)["href"] == "/en/"


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/en/"), ("POST", "/en/help"), ("PUT", "/en/agreement"), ("DELETE", "/en/quiz"), ("PATCH", "/healthz")],
)
def test_a_method_that_a_page_does_not_have_names_those_it_has(client: PageClient, method: str, path: str) -> None:
    response = client.flask.open(path, method=method)
    assert response.status_code == 405
    assert "There is no such page" in response.text
    assert {"GET", "HEAD"} <= response.allow


@pytest.mark.parametrize("multipart", [False, True], ids=["urlencoded", "multipart"])
@pytest.mark.parametrize("path", ["/en/quiz", "/en/agreement"])
def test_a_form_that_is_too_large_is_told_how_large_it_may_be(client: PageClient, path: str, multipart: bool) -> None:
    options = {"content_type": "multipart/form-data"} if multipart else {}
    page = client.post(path, FAMILY | {"family": "x" * 450_000}, 413, **options)
    assert words(page.h1) == "This form is too large"
    assert "384 KB" in words(page.main)
    assert page.select_one(BACK)


def test_a_file_that_is_too_large_is_told_how_large_it_may_be(client: PageClient) -> None:
    body, kind = files.sent_with(bytes(3_000_000), FAMILY)
    page = client.post("/en/agreement/open", body, 413, content_type=kind)
    assert words(page.h1) == "This file is too large"
    assert "up to 2 MB" in words(page.main)
    assert page.select_one(BACK)


def test_ten_megabytes_are_refused_unread(client: PageClient) -> None:
    page = client.post("/en/agreement", {"family": "x" * 10_000_000}, 413)
    assert words(page.h1) == "This form is too large"


def many(name: str, count: int) -> dict[str, str]:
    return {name.format(number): "x" for number in range(count)}


TOO_MANY = [
    pytest.param(many("children-{}-name", 1_500), id="children"),
    pytest.param(many("children-{}-name", 13), id="some children"),
    pytest.param(many("adults-{}", 1_500), id="grown-ups"),
    pytest.param(many("children-0-own-{}", 1_500), id="lines"),
    pytest.param(many("zq{}", 1_500), id="other fields"),
]


@pytest.mark.parametrize("data", TOO_MANY)
@pytest.mark.parametrize("multipart", [False, True], ids=["urlencoded", "multipart"])
def test_a_form_with_too_many_fields_is_refused(client: PageClient, data: Mapping[str, str], multipart: bool) -> None:
    options = {"content_type": "multipart/form-data"} if multipart else {}
    page = client.post("/en/agreement", FAMILY | data, 413, **options)
    assert words(page.h1) == "This form is too large"


@pytest.mark.parametrize("data", TOO_MANY)
def test_a_form_with_too_many_fields_is_refused_before_it_costs_time(
    app: Flask, client: PageClient, change: Callable[..., None], data: Mapping[str, str]
) -> None:
    def build(*_: object, **__: object) -> NoReturn:
        raise AssertionError("thousands of fields are built")

    languages = app.extensions["quizapp"].languages
    change(languages={lang: replace(there, family_form=build) for lang, there in languages.items()})
    assert client.flask.post("/en/agreement", data=data).status_code == 413


def test_one_field_sent_thousands_of_times_is_refused(client: PageClient) -> None:
    response = client.flask.post("/en/agreement", data=FAMILY | {"zq": ["x"] * 20_000, "do": "page"})
    assert response.status_code == 413


def test_a_fault_of_ours_is_told_as_ours(client: PageClient, change: Callable[..., None]) -> None:
    change(printer=Press(RuntimeError("paper jam")))
    page = client.post("/en/agreement", FAMILY | {"do": "pdf"}, 500)
    assert words(page.h1) == "Something broke on our side"
    assert "It was nothing you did." in words(page.main)
    assert "paper jam" not in page.get_text()
    assert page.select_one(BACK)


# Ten thousand forms

# Each tries to leave its place in a page.
MARKUP = (
    *(f"a<{MARK}>", f"</title><{MARK}>", f"--></b></{MARK}>", f"a<img {MARK} src=x>", f'a"{MARK}=1', f"a'{MARK}=1"),
    *("=1+1", "{{7*7}}", "{% raw %}", "%s%(x)s%n", "{adult-one}", "{zq}", "${7*7}", "'; DROP TABLE a", "../../passwd"),
)
NASTY = (
    *MARKUP,
    *(
        "",
        " ",
        "\0",
        "a\r\nb",
        "\x07\x1b[2J",
        "\u202e\u2066",
        "\ufeff",
        "\ufffe",
        "\ue000",
        "e\u0301" * 70,
        "🦄👨‍👩‍👧🇪🇺",
    ),
    *("-1", "0", "²", "٣", "9" * 5000, "1e999", "NaN", "None", "true", "2027-02-22", "9999-12-31", "0000-00-00"),
    *("x" * 61, "y" * 5000, "مريم", "שרה", "प्रिया", "漢字", "𓀀"),
)
COUNTS = ("0", "1", "5", "6", "12", "13", "99999", "-1", "", "²", "٣", "٠", "9" * 50, "9" * 5000, "0x1", "1.5", " 1")
OF_FIRST_CHILD = [f"children-0-{name}" for name in ("name", "words-night", "words-talk", "blanks-adult-one", "own-0")]
OF_CHILD = (
    "name",
    "band",
    "clauses",
    "words-night",
    "words-x",
    "blanks-adult-one",
    "blanks-x",
    "own-0",
    "own-²",
    "own",
)

short = st.text(max_size=12)
values = st.sampled_from([*NASTY, *FAMILY["children-0-clauses"], "8-10", "us", "A4"]) | short
counts = st.sampled_from(COUNTS)
# Each as often as the others, so that many forms come near to what a family sends.
family_names = st.one_of(
    st.sampled_from(["family", "country", "review", "paper", "adults", "children", "do", ""]),
    st.builds("adults-{}".format, counts),
    st.builds("children-{}-{}".format, counts, st.sampled_from(OF_CHILD)),
    st.builds("children-0-own-{}".format, counts),
    short,
)
actions = st.one_of(
    st.sampled_from(["page", "pdf", "pdf-2"]),
    st.sampled_from(["page", "update", "child", "adult", "remove-1", "remove-9"]),
    st.sampled_from(["page", "pdf"]),
    st.builds("{}-{}".format, st.sampled_from(["remove", "pdf", "page", "zq"]), counts) | values,
)
quiz_names = st.sampled_from([*ANSWERS, "do", "", "age-0"]) | short
quiz_values = st.sampled_from([*ANSWERS.values(), "yes", "maybe"]) | values
names_of_text = st.sampled_from([name for name in FAMILY if isinstance(FAMILY[name], str)])
families = st.builds(
    lambda markup, spoiled, odd, do: FAMILY | markup | spoiled | odd | {"do": do},
    st.dictionaries(st.sampled_from(["family", "adults-0", *OF_FIRST_CHILD]), st.sampled_from(MARKUP), max_size=3),
    st.just({}) | st.dictionaries(names_of_text, values, max_size=2),
    st.just({}) | st.dictionaries(family_names, values | st.lists(values, max_size=6), max_size=4),
    actions,
)
quizzes = st.builds(
    lambda given, odd, left_out: {
        name: (ANSWERS | given | odd)[name] for name in ANSWERS | odd if name not in left_out
    },
    st.sampled_from([{}, {}, {"urgent": "maybe"}, {"urgent": "yes"}, {"signs": "clearly"}, {"age": "4-7"}]),
    st.just({}) | st.dictionaries(quiz_names, quiz_values | st.lists(quiz_values, max_size=3), max_size=4),
    st.just(set()) | st.sets(st.sampled_from([*ANSWERS]), max_size=2),
)
bodies = st.one_of(
    st.binary(max_size=200),
    st.builds(b"%s&do=%s".__mod__, st.tuples(st.binary(max_size=60), st.binary(max_size=20))),
    st.builds(
        b'--zq\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n--zq--\r\n'.__mod__,
        st.tuples(st.binary(max_size=40), st.binary(max_size=40)),
    ),
)
content_types = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-16",
        "multipart/form-data; boundary=zq",
        "multipart/form-data; boundary=",
        "multipart/form-data",
        "application/json",
        "text/plain",
        "",
    ]
) | st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=30)


def forms(count: int) -> settings:
    return settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


# Each in parts, so that workers can share them and each part stays far from the deadline of a test.
in_fives = pytest.mark.parametrize("part", range(5))


@pytest.fixture
def flask(app: Flask, change: Callable[..., None]) -> FlaskClient:
    change(printer=Press())
    return app.test_client()


def check(response: TestResponse) -> None:
    """A page that tells what is wrong, or does what was asked, and holds no markup of its visitor."""
    assert response.status_code in (200, 303, 400, 413, 422)
    check_response(response)
    assert not markup_in(response.text)
    assert re.fullmatch(r"|/en/help|/en/result/[\w-]+", response.headers.get("Location", ""))


@forms(800)
@given(data=quizzes)
@in_fives
def test_four_thousand_hostile_quizzes_break_nothing(flask: FlaskClient, part: int, data: dict[str, Any]) -> None:
    check(flask.post("/en/quiz", data=data))


@forms(500)
@given(data=families)
@in_fives
def test_two_and_a_half_thousand_hostile_agreements_break_nothing(
    flask: FlaskClient, part: int, data: dict[str, Any]
) -> None:
    check(flask.post("/en/agreement", data=data))


@forms(300)
@given(data=families)
@in_fives
def test_fifteen_hundred_hostile_agreements_in_parts_break_nothing(
    flask: FlaskClient, part: int, data: dict[str, Any]
) -> None:
    check(flask.post("/en/agreement", data=data, content_type="multipart/form-data"))


@forms(1000)
@given(body=bodies, content_type=content_types)
@pytest.mark.parametrize("path", ["/en/quiz", "/en/agreement"])
def test_a_thousand_bodies_that_are_no_form_break_nothing(
    flask: FlaskClient, path: str, body: bytes, content_type: str
) -> None:
    check(flask.post(path, data=body, content_type=content_type))
