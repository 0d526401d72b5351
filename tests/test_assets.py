"""Style, script and drawings: small, kept for ever, and never anything else."""

import gzip
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import brotli
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp import assets
from quizapp.headers import HEADERS

FILES = ("style.css", "quiz.js", "builder.js", "icons/icon.svg")
YEAR = 365 * 24 * 3600


@pytest.fixture
def flask(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def prefix(app: Flask) -> str:
    return str(app.jinja_env.globals["static_prefix"])


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the assets, to be changed."""
    copy = tmp_path / "source"
    shutil.copytree(assets.SOURCE, copy)
    monkeypatch.setattr(assets, "SOURCE", copy)
    return copy


def get(flask: FlaskClient, path: str, accepted: str = "") -> TestResponse:
    """The whole file: what serves it is closed."""
    return flask.get(path, headers={"Accept-Encoding": accepted}, follow_redirects=True, buffered=True)


def start(instance: Path) -> tuple[str, FlaskClient]:
    """The prefix of the addresses after a start, and a browser."""
    app = Flask("quizapp")
    return assets.init_app(app, instance, HEADERS), app.test_client()


def test_the_addresses_change_with_the_files(prefix: str) -> None:
    assert re.fullmatch(r"/static/[0-9a-f]{12}/", prefix)


@pytest.mark.parametrize("name", FILES)
def test_a_file_may_be_kept_for_a_year_and_never_asked_for_again(flask: FlaskClient, prefix: str, name: str) -> None:
    response = get(flask, prefix + name)
    caches = response.headers["Cache-Control"]
    assert response.status_code == 200
    assert {"public", "immutable"} <= set(caches.split(", "))
    assert int(re.search(r"max-age=(\d+)", caches)[1]) >= YEAR


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(("encoding", "decoded"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_file_comes_compressed(flask: FlaskClient, prefix: str, name: str, encoding: str, decoded: object) -> None:
    response = get(flask, prefix + name, encoding)
    plain = get(flask, prefix + name)
    assert response.headers["Content-Encoding"] == encoding
    assert "Content-Encoding" not in plain.headers
    assert decoded(response.data) == plain.data
    assert len(response.data) < len(plain.data)
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("name", "kind"), [("style.css", "text/css"), ("quiz.js", "text/javascript"), ("icons/icon.svg", "image/svg+xml")]
)
def test_a_file_says_what_it_is(flask: FlaskClient, prefix: str, name: str, kind: str) -> None:
    assert get(flask, prefix + name).mimetype == kind


def test_the_style_is_the_tokens_that_paper_shares_and_then_the_screen(flask: FlaskClient, prefix: str) -> None:
    parts = [(assets.SOURCE / name).read_text() for name in ("tokens.css", "app.css")]
    assert get(flask, f"{prefix}style.css").text == "\n".join(parts)


@pytest.mark.parametrize("name", assets.STYLE)
def test_what_the_style_is_made_of_is_not_served_beside_it(flask: FlaskClient, prefix: str, name: str) -> None:
    assert get(flask, prefix + name).status_code == 404


@pytest.mark.parametrize(("path", "files"), [("/en/quiz", 2), ("/en/agreement", 3)])
def test_a_page_loads_nothing_but_these_files(flask: FlaskClient, path: str, files: int) -> None:
    named = re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', get(flask, path).text)
    loaded = [address for address in named if not address.startswith("data:")]
    assert len(loaded) == files
    assert all(get(flask, address).headers["Cache-Control"].endswith("immutable") for address in loaded)


def test_the_icon_stands_in_the_page_itself(flask: FlaskClient) -> None:
    icon = BeautifulSoup(get(flask, "/en/quiz").text, "html.parser").select_one("link[rel=icon]")["href"]
    kind, drawing = icon.split(",", 1)
    assert kind == "data:image/svg+xml"
    assert unquote(drawing) == (assets.SOURCE / "icons" / "icon.svg").read_text()


def test_every_picture_that_the_style_names_is_there(flask: FlaskClient, prefix: str) -> None:
    named = re.findall(r"url\(\"?([^)\"]+)\"?\)", get(flask, f"{prefix}style.css").text)
    assert named
    assert {name: get(flask, prefix + name).status_code for name in named} == dict.fromkeys(named, 200)


@pytest.mark.parametrize(
    "name",
    [
        "nowhere.css",
        "",
        "icons",
        "icons/",
        "../secret-key",
        "../../secret-key",
        "%2e%2e/%2e%2e/secret-key",
        "..%2f..%2fsecret-key",
        "....//secret-key",
        "icons/../../../secret-key",
        "..\\..\\secret-key",
        "/etc/passwd",
        "style.css%00",
        "style.css/x",
        "STYLE.CSS",
    ],
)
def test_nothing_else_is_served(flask: FlaskClient, prefix: str, instance: Path, name: str) -> None:
    response = get(flask, prefix + name)
    assert response.status_code == 404
    assert (instance / "secret-key").read_text() not in response.text


@pytest.mark.parametrize("path", ["/static/style.css", "/static/000000000000/style.css", "/style.css", "/static/"])
def test_a_file_has_no_other_address(flask: FlaskClient, path: str) -> None:
    assert get(flask, path).status_code == 404


def test_a_second_start_serves_the_same_addresses(source: Path, tmp_path: Path) -> None:
    first, _ = start(tmp_path / "instance")
    built = {path: path.stat().st_mtime_ns for path in (tmp_path / "instance").rglob("*")}
    second, flask = start(tmp_path / "instance")
    assert second == first
    assert get(flask, f"{second}style.css").status_code == 200
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "instance").rglob("*")} == built


def test_another_machine_serves_the_same_addresses(tmp_path: Path) -> None:
    assert start(tmp_path / "one")[0] == start(tmp_path / "two")[0]


@pytest.mark.parametrize("name", ["app.css", "tokens.css", "quiz.js", "icons/icon.svg"])
def test_a_changed_file_has_a_new_address(source: Path, tmp_path: Path, name: str) -> None:
    before, _ = start(tmp_path / "instance")
    with (source / name).open("a") as file:
        file.write("\n/**/")
    after, flask = start(tmp_path / "instance")
    assert after != before
    served = "style.css" if name in assets.STYLE else name
    assert "/**/" in get(flask, after + served).text


def test_a_renamed_file_has_a_new_address(source: Path, tmp_path: Path) -> None:
    before, _ = start(tmp_path / "instance")
    (source / "builder.js").rename(source / "build.js")
    assert start(tmp_path / "instance")[0] != before


def test_a_start_leaves_nothing_half_made(source: Path, tmp_path: Path) -> None:
    prefix, _ = start(tmp_path / "instance")
    assert [path.name for path in (tmp_path / "instance" / "static").iterdir()] == [prefix.split("/")[2]]


def test_a_start_that_another_process_wins_serves_what_that_one_built(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = assets._build
    monkeypatch.setattr(assets, "_build", lambda built: (build(built), build(built)))
    prefix, flask = start(tmp_path / "instance")
    assert get(flask, f"{prefix}style.css").status_code == 200
    assert len(list((tmp_path / "instance" / "static").iterdir())) == 1
