"""Headers that lock every response down, whatever it answers, and that say who may keep it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp.headers import HEADERS
from quizapp.printing import Busy
from tests.conftest import ANSWERS, FAMILY

PDF = FAMILY | {"do": "pdf"}
# Where to, with what form (None: the page is only opened), and the status of the answer.
ANSWERED = [
    pytest.param("/en/", None, 200, id="start page"),
    pytest.param("/en/quiz", None, 200, id="quiz"),
    pytest.param("/en/help/us", None, 200, id="help"),
    pytest.param("/en/evidence", None, 200, id="evidence"),
    pytest.param("/en/agreement", None, 200, id="builder"),
    pytest.param("/en/agreement", FAMILY | {"do": "page"}, 200, id="agreement"),
    pytest.param("/en/agreement", PDF, 200, id="PDF"),
    pytest.param("/en/agreement", FAMILY | {"do": "calendar"}, 200, id="calendar"),
    pytest.param("/healthz", None, 200, id="health"),
    pytest.param("/robots.txt", None, 200, id="robots"),
    pytest.param("/static/", None, 200, id="style"),
    pytest.param("/", None, 302, id="front door"),
    pytest.param("/en/quiz", ANSWERS, 303, id="answers"),
    pytest.param("/en/quiz", {"urgent": "yes"}, 303, id="a cry for help"),
    pytest.param("/en", None, 308, id="no slash"),
    pytest.param("/en/nowhere", None, 404, id="unknown"),
    pytest.param("/en/result/x", None, 404, id="broken result"),
    pytest.param("/en/agreement/x", None, 404, id="broken builder"),
    pytest.param("/static/nowhere.css", None, 404, id="unknown file"),
    pytest.param("/en/", {"a": "b"}, 405, id="no such method"),
    pytest.param("/en/s/22222222/quiz", ANSWERS, 303, id="answers by the link of a school"),
    pytest.param("/en/s/22222222", None, 404, id="unknown school"),
    pytest.param("/en/agreement", {"family": "x" * 450_000}, 413, id="too large"),
    pytest.param("/en/quiz", {}, 422, id="no answers"),
    pytest.param("/en/agreement", {"do": "page"}, 422, id="no family"),
    pytest.param("/en/agreement", PDF, 500, id="a fault of ours"),
    pytest.param("/en/agreement", PDF, 503, id="busy printer"),
]
FAILURES = {500: RuntimeError("paper jam"), 503: Busy()}


@dataclass
class FailingPrinter:
    failure: Exception

    def run(self, html: str, *more: bytes) -> bytes:
        raise self.failure


@contextmanager
def failing(app: Flask, failure: Exception | None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if failure:
            site = replace(app.extensions["quizapp"], printer=FailingPrinter(failure))
            patch.setitem(app.extensions, "quizapp", site)
        yield


def answer(
    app: Flask, path: str, data: Mapping[str, Any] | None, status: int, base: str = "http://localhost"
) -> TestResponse:
    """The answer to a form, or to an address alone; `/static/` stands for the style sheet."""
    if path == "/static/":
        path = f"{app.jinja_env.globals['static_prefix']}style.css"
    flask = app.test_client()
    with failing(app, FAILURES.get(status)):
        opened = flask.get(path, buffered=True, base_url=base) if data is None else None
        response = opened or flask.post(path, data=data, base_url=base)
    assert response.status_code == status
    return response


@pytest.fixture
def flask(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(("path", "data", "status"), ANSWERED)
def test_every_answer_carries_every_header_once(
    app: Flask, path: str, data: Mapping[str, Any] | None, status: int
) -> None:
    headers = answer(app, path, data, status).headers
    assert {name: headers.getlist(name) for name in HEADERS} == {name: [value] for name, value in HEADERS.items()}


@pytest.mark.parametrize(("path", "data", "status"), ANSWERED)
def test_no_answer_ever_sets_a_cookie(app: Flask, path: str, data: Mapping[str, Any] | None, status: int) -> None:
    assert "Set-Cookie" not in answer(app, path, data, status).headers


@pytest.mark.parametrize(("path", "data", "status"), ANSWERED)
def test_nothing_may_be_thrown_away_that_a_family_goes_back_to(
    app: Flask, path: str, data: Mapping[str, Any] | None, status: int
) -> None:
    caches = answer(app, path, data, status).headers["Cache-Control"]
    assert caches
    assert "no-store" not in caches


def test_an_unchanged_page_is_locked_down_too(flask: FlaskClient) -> None:
    first = flask.get("/en/")
    again = flask.get("/en/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_nothing_is_loaded_that_is_not_ours_and_nothing_inline() -> None:
    policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'", "'self' data:"}
    assert [part for part, where in policy.items() if "data:" in where] == ["img-src"]
    assert {"form-action", "base-uri", "frame-ancestors"} <= set(policy)


def test_no_script_and_no_style_stands_in_a_page_and_no_text_becomes_code() -> None:
    assert not re.search("unsafe-|nonce-|sha(256|384|512)-|strict-dynamic", HEADERS["Content-Security-Policy"])


def test_a_page_says_in_both_ways_that_nobody_may_frame_it(flask: FlaskClient) -> None:
    headers = flask.get("/en/").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers.getlist("X-Frame-Options") == ["DENY"]


def test_no_other_window_and_no_other_site_reaches_a_page() -> None:
    assert HEADERS["Cross-Origin-Opener-Policy"] == HEADERS["Cross-Origin-Resource-Policy"] == "same-origin"


# A file of ours is asked for by a page that has said so.
@pytest.mark.parametrize(("path", "data", "status"), [row for row in ANSWERED if "/static" not in str(row.values[0])])
def test_whoever_comes_by_tls_is_told_to_stay_with_it(
    app: Flask, path: str, data: Mapping[str, Any] | None, status: int
) -> None:
    told = answer(app, path, data, status, "https://localhost").headers.getlist("Strict-Transport-Security")
    assert told == ["max-age=63072000"]


def test_without_tls_nothing_is_said_of_it(flask: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in flask.get("/en/").headers


@pytest.mark.parametrize(
    "feature", ["camera", "geolocation", "microphone", "payment", "usb", "display-capture", "idle-detection"]
)
def test_no_device_feature_is_asked_for(feature: str) -> None:
    assert f"{feature}=()" in HEADERS["Permissions-Policy"]


def test_an_address_of_a_result_is_told_to_no_other_site() -> None:
    assert HEADERS["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "data"),
    [("/en/agreement", None), ("/en/agreement", FAMILY | {"do": "page"}), ("/en/agreement", PDF), ("/en/quiz", {})],
    ids=["builder", "agreement", "PDF", "quiz with a gap"],
)
def test_what_belongs_to_one_family_stays_out_of_shared_caches(
    flask: FlaskClient, path: str, data: Mapping[str, Any] | None
) -> None:
    response = flask.get(path) if data is None else flask.post(path, data=data)
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_a_result_and_its_builder_stay_out_of_shared_caches(flask: FlaskClient) -> None:
    result = flask.get(flask.post("/en/quiz", data=ANSWERS).headers["Location"])
    links = re.findall(r'href="(/en/agreement/[^"]+)"', result.text)
    assert links
    for response in (result, *map(flask.get, links)):
        assert response.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/en/result/x", "/en/agreement/x", "/en/help/xx", "/en/nowhere"])
def test_a_page_that_is_not_there_is_not_kept_by_others(flask: FlaskClient, path: str) -> None:
    assert flask.get(path).headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("path", "seconds"),
    [("/en/", 600), ("/en/quiz", 600), ("/en/evidence", 600), ("/en/help", 86_400), ("/en/help/us", 86_400)],
)
def test_what_is_the_same_for_everyone_may_be_kept_by_anyone(flask: FlaskClient, path: str, seconds: int) -> None:
    assert flask.get(path).headers["Cache-Control"] == f"public, max-age={seconds}"


FINDABLE = ["", "quiz", "help", "help/us", "signs", "signs/8-10", "evidence", "agreement", "privacy", "accessibility"]


@pytest.mark.parametrize("path", [*FINDABLE, "schools", "example"])
def test_search_engines_may_show_what_is_the_same_for_everyone(flask: FlaskClient, path: str) -> None:
    response = flask.get(f"/en/{path}")
    assert response.status_code == 200
    assert "X-Robots-Tag" not in response.headers


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/en/quiz", {}),
        ("/en/quiz", ANSWERS),
        ("/en/agreement", FAMILY | {"do": "page"}),
        ("/en/agreement", PDF),
        ("/en/schools/22222222/totals", None),
        ("/en/s/22222222", None),
        ("/en/nowhere", None),
    ],
)
def test_search_engines_never_show_what_is_of_one_family_or_school(
    flask: FlaskClient, path: str, form: Mapping[str, Any] | None
) -> None:
    response = flask.get(path) if form is None else flask.post(path, data=form)
    assert response.headers.getlist("X-Robots-Tag") == ["noindex, nofollow"]


def test_search_engines_never_show_a_result_nor_what_it_leads_to(flask: FlaskClient) -> None:
    result = flask.get(flask.post("/en/quiz", data=ANSWERS).headers["Location"])
    (builder,) = set(re.findall(r'href="(/en/agreement/(?!blank)[^"]+)"', result.text))
    for response in (result, flask.get(builder), flask.get(f"{result.request.path}/parent-sheet.pdf")):
        assert response.status_code == 200
        assert response.headers.getlist("X-Robots-Tag") == ["noindex, nofollow"]
