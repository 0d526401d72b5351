"""Pages that are the same for everyone: made once, kept compressed, asked for again only when they changed."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp import create_app
from quizapp.pages.site import Site, make_first_pages

PAGES = ("/en/", "/en/quiz", "/en/evidence", "/en/help", "/en/help/us", "/en/privacy", "/en/accessibility")
DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that nobody has asked anything yet."""
    app = create_app({"INSTANCE": tmp_path_factory.mktemp("fresh")})
    yield app
    app.extensions["quizapp"].close()


@pytest.fixture
def flask(fresh: Flask) -> FlaskClient:
    return fresh.test_client()


@pytest.fixture
def kept(fresh: Flask) -> Site:
    """What the application keeps, emptied before and after."""
    site: Site = fresh.extensions["quizapp"]
    site.stills.clear()
    return site


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip")])
def test_a_page_is_the_same_in_every_encoding(flask: FlaskClient, path: str, accepted: str, encoding: str) -> None:
    response = flask.get(path, headers={"Accept-Encoding": accepted})
    assert response.headers["Content-Encoding"] == encoding
    assert DECODERS[encoding](response.data) == flask.get(path).data
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br", "br"),
        ("gzip;q=1.0, *;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0, gzip;q=0", None),
        ("gzip;q=0", None),
        ("identity", None),
        ("", None),
    ],
)
def test_a_browser_gets_no_encoding_that_it_refuses(flask: FlaskClient, accepted: str, encoding: str | None) -> None:
    response = flask.get("/en/", headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_much_smaller_on_the_way(flask: FlaskClient, path: str) -> None:
    compressed = flask.get(path, headers={"Accept-Encoding": "br"})
    assert len(compressed.data) * 2 < len(flask.get(path).data)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("accepted", ["br", "gzip", ""])
def test_a_page_that_did_not_change_is_not_sent_again(flask: FlaskClient, path: str, accepted: str) -> None:
    etag = flask.get(path, headers={"Accept-Encoding": accepted}).headers["ETag"]
    again = flask.get(path, headers={"Accept-Encoding": accepted, "If-None-Match": etag})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == etag
    assert again.headers["Cache-Control"].startswith("public")


def test_another_page_or_encoding_has_another_mark(flask: FlaskClient) -> None:
    marks = {
        flask.get(path, headers={"Accept-Encoding": accepted}).headers["ETag"]
        for path in PAGES
        for accepted in ("br", "gzip", "")
    }
    assert len(marks) == len(PAGES) * 3


def test_a_page_of_long_ago_is_sent_anew(flask: FlaskClient) -> None:
    response = flask.get("/en/", headers={"If-None-Match": '"of-long-ago-br"'})
    assert response.status_code == 200
    assert response.data


def test_asking_for_the_head_alone_tells_the_same(flask: FlaskClient) -> None:
    head, whole = flask.head("/en/help"), flask.get("/en/help")
    assert head.data == b""
    for answer in (head, whole):
        del answer.headers["X-Request-ID"]  # another one each time
    assert head.headers == whole.headers


def test_a_page_is_made_once(kept: Site, flask: FlaskClient) -> None:
    for _ in range(3):
        flask.get("/en/help")
    first = kept.stills["/en/help"]
    flask.get("/en/help")
    assert kept.stills["/en/help"] is first


@pytest.mark.parametrize(
    "names", [pytest.param((), id="any name"), pytest.param((".quiz.example", "quiz.school.example"), id="two names")]
)
def test_the_first_pages_are_there_before_anyone_asks(tmp_path: Path, names: tuple[str, ...]) -> None:
    app = create_app({"INSTANCE": tmp_path, "HOSTS": names, "METRICS": True})
    site: Site = app.extensions["quizapp"]
    make_first_pages(app)
    made = dict(site.stills)
    assert set(made) == {"/en/", "/en/quiz", "/es/", "/es/quiz"}
    assert b"quizapp_request_seconds_count" not in site.metrics.text()  # no visitor is counted
    for path, still in made.items():
        answer = app.test_client().get(path, headers={"Host": "quiz.school.example"})
        assert (answer.status_code, answer.data) == (200, still.bodies[""])
        assert site.stills[path] is still
    site.close()


@pytest.mark.parametrize(
    "path",
    [
        "/en/help/xx",
        "/en/help/US",
        "/en/help/us/",
        "/xx/help",
        "/xx/",
        "/en/quiz/",
        "/en/help?country=us",
        "/en/help?" + "x" * 3000,
        "//en//help",
        "/en/./help",
        "/en/%68elp",
        "/en/help/%75s",
        "/en/help/us%00",
    ],
)
def test_no_address_makes_more_pages_to_keep(kept: Site, flask: FlaskClient, path: str) -> None:
    flask.get(path)
    assert set(kept.stills) <= {"/en/help", "/en/help/us"}


def test_an_unknown_country_is_not_kept(kept: Site, flask: FlaskClient) -> None:
    assert flask.get("/en/help/xx").status_code == 404
    assert not kept.stills


def test_what_is_sent_along_with_an_address_changes_nothing(kept: Site, flask: FlaskClient) -> None:
    plain = flask.get("/en/").data
    kept.stills.clear()
    sent = {"Host": "evil.example", "Accept-Language": "xx", "X-Forwarded-Host": "evil.example", "Cookie": "a=b"}
    assert flask.get("/en/?name=Zyxwelda", headers=sent).data == plain


def test_no_answer_of_a_visitor_is_kept(kept: Site, flask: FlaskClient) -> None:
    flask.post("/en/quiz", data={"age": "8-10"})
    flask.get("/en/agreement")
    assert not kept.stills


def test_the_pages_are_the_same_in_every_process(flask: FlaskClient, tmp_path: Path) -> None:
    other = create_app({"INSTANCE": tmp_path})
    for path in PAGES:
        assert other.test_client().get(path).headers["ETag"] == flask.get(path).headers["ETag"]
    other.extensions["quizapp"].close()
