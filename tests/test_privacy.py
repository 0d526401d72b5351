"""Nothing of a family is kept: not in a log, a file, an address or a header, whatever was answered."""

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import pytest
from flask import Flask

from tests.conftest import ANSWERS, FAMILY
from tests.test_savefile import OLD_FILE
from tests.tools import files

ROOT = Path(__file__).parent.parent
# Words that stand nowhere else, one in each kind of field.
MARKED = {
    "family": "Zyxwelda",
    "adults-0": "Qorbinath",
    "adults-1": "Grauxine",
    "children-0-name": "Vlimpertz",
    "children-0-blanks-adult-one": "Trimboldak",
    "children-0-blanks-outside-one": "Wexhollow",
    "children-0-words-night": "Yorfandle",
    "children-0-own-0": "Uxbrinkel",
}
MARKS = tuple(MARKED.values())
# Too long to stand in random letters by chance.
TELLING = tuple(answer for answer in ANSWERS.values() if len(answer) > 5)
AGREEMENT = FAMILY | MARKED
TOO_LONG = AGREEMENT | {"family": "Zyxwelda" * 20, "do": "page"}
TOO_LARGE = AGREEMENT | {"family": "Zyxwelda" * 55_000}
MARKED_ANSWERS = ANSWERS | {"talk": "Qorbinath", "night": "Zyxwelda"}


@dataclass(frozen=True)
class Answer:
    """What came back, as far as it could be seen by anyone between."""

    status: int
    headers: str
    body: bytes

    @property
    def location(self) -> str:
        return "".join(re.findall(r"^Location: (.*)$", self.headers, re.MULTILINE))


class Visitor(ABC):
    """Sends a form, or opens an address. What came back is remembered."""

    def __init__(self) -> None:
        self.seen: list[Answer] = []

    def ask(self, path: str, form: Mapping[str, Any] | None = None) -> Answer:
        body = None if form is None else urlencode(form, doseq=True).encode()
        return self._remember(path, body, "application/x-www-form-urlencoded")

    def open(self, file: bytes, form: Mapping[str, Any]) -> Answer:
        """Opens a family file, whose name on the family's own machine tells theirs."""
        return self._remember("/en/agreement/open", *files.sent_with(file, form, "Zyxwelda.pdf"))

    def _remember(self, path: str, body: bytes | None, kind: str) -> Answer:
        self.seen.append(self._ask(path, body, kind))
        return self.seen[-1]

    @abstractmethod
    def _ask(self, path: str, body: bytes | None, kind: str) -> Answer:
        """What is answered to an address, or to a body of a kind that is sent there."""


class TestVisitor(Visitor):
    """Asks the application itself."""

    __test__ = False

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._flask = app.test_client()

    def _ask(self, path: str, body: bytes | None, kind: str) -> Answer:
        response = self._flask.get(path) if body is None else self._flask.post(path, data=body, content_type=kind)
        return Answer(response.status_code, str(response.headers).replace("\r\n", "\n"), response.data)


class WebVisitor(Visitor):
    """Asks a server, over the network."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def _ask(self, path: str, body: bytes | None, kind: str) -> Answer:
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=120)) as connection:
            # A form that is too large is answered before it is read whole.
            with suppress(BrokenPipeError):
                connection.request("GET" if body is None else "POST", path, body, {"Content-Type": kind})
            response = connection.getresponse()
            return Answer(response.status, str(response.headers), response.read())


def journey(visitor: Visitor) -> None:
    """The way of a family through the whole product, and the mistakes that it may make."""
    for path in ("/en/", "/en/quiz", "/en/help/us", "/en/agreement"):
        assert visitor.ask(path).status == 200
    assert visitor.ask("/en/quiz", MARKED_ANSWERS).status == 422
    result = visitor.ask(visitor.ask("/en/quiz", ANSWERS).location)
    builder = re.search(rb'href="(/en/agreement/[^"]+)"', result.body)
    assert builder
    assert visitor.ask(builder[1].decode()).status == 200
    assert visitor.ask("/en/quiz", ANSWERS | {"urgent": "yes"}).location == "/en/help"
    for path in ("", "/quiz", "/embed"):
        assert visitor.ask(f"/en/s/22222222{path}").status == 404
    assert visitor.ask("/en/s/22222222/quiz", MARKED_ANSWERS).status == 422
    assert visitor.ask(visitor.ask("/en/s/22222222/quiz", ANSWERS).location).status == 200
    for do in ("update", "child", "adult", "remove-1", "page", "calendar"):
        assert visitor.ask("/en/agreement", AGREEMENT | {"do": do}).status == 200
    assert visitor.ask("/en/agreement", TOO_LONG).status == 422
    assert visitor.ask("/en/agreement", TOO_LARGE).status == 413
    for path in ("/en/result/Zyxwelda", "/en/agreement/Zyxwelda", "/en/help/Zyxwelda", "/en/Zyxwelda"):
        assert visitor.ask(path).status == 404


def journey_of_files(visitor: Visitor, family_file: bytes, *, opened: int, refused: int) -> None:
    """The way of files that are opened again: the family's own, and others with its names in them."""
    answer = visitor.open(family_file, FAMILY)
    assert answer.status == opened
    assert bool(marks_in(answer.body)) == (opened == 200)
    marks = " ".join(MARKS).encode()
    odd = [make() for make in files.ODD.values()]
    for file in (marks, files.pdf_with(marks), files.pdf_with(marks, "Zyxwelda.json"), *odd[1:]):
        assert visitor.open(file, AGREEMENT).status == refused
    assert visitor.open(b"", AGREEMENT).status == 422
    assert visitor.open(marks * 28_000, AGREEMENT).status == 422
    assert visitor.open(marks * 50_000, AGREEMENT).status == 413


def marks_in(text: str | bytes) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    return [mark for mark in MARKS if mark.lower().encode() in data.lower()]


def check_what_was_seen(visitor: Visitor) -> None:
    """No header, and so no address that a browser was sent to, tells a name or an answer."""
    for answer in visitor.seen:
        assert not marks_in(answer.headers)
        assert "Set-Cookie" not in answer.headers
        assert not [word for word in TELLING if word in answer.location]


def check_files(folder: Path) -> None:
    """The key, the database of schools and the built assets are all that is there, and none of it tells anything."""
    files = {path for path in folder.rglob("*") if path.is_file()}
    ours = r"secret-key|schools\.sqlite(-wal|-shm)?|static/[0-9a-f]{12}/.*"
    kept = {path for path in files if re.fullmatch(ours, str(path.relative_to(folder)))}
    assert files == kept
    assert not [path for path in files if marks_in(path.read_bytes())]


# The application itself


@dataclass
class Jam:
    """A printer, or a reader, whose fault tells the whole document."""

    def run(self, document: str | bytes, *more: bytes) -> bytes:
        raise RuntimeError(document)


def test_nothing_of_a_family_is_written_to_a_log(
    app: Flask, instance: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = TestVisitor(app)
    journey(visitor)
    printed = visitor.ask("/en/agreement", AGREEMENT | {"do": "pdf"})
    journey_of_files(visitor, printed.body, opened=200, refused=422)
    check_what_was_seen(visitor)
    check_files(instance)
    assert not marks_in(caplog.text + "".join(capfd.readouterr()))


def test_the_calendar_of_a_family_holds_nothing_that_it_typed(app: Flask) -> None:
    answer = TestVisitor(app).ask("/en/agreement", AGREEMENT | {"do": "calendar"})
    assert answer.body.startswith(b"BEGIN:VCALENDAR")
    assert not marks_in(answer.body.replace(b"\r\n ", b""))


@pytest.mark.parametrize("name", MARKED)
@pytest.mark.parametrize("text", ["{{{}}}", "{{{{{}}}}}", "%({})s", "<{}>", "\0{}"])
def test_odd_signs_around_a_name_bring_it_into_no_log(
    app: Flask, caplog: pytest.LogCaptureFixture, name: str, text: str
) -> None:
    caplog.set_level(logging.DEBUG)
    app.test_client().post("/en/agreement", data=AGREEMENT | {name: text.format(MARKED[name]), "do": "page"})
    assert not marks_in(caplog.text)


def test_a_name_where_a_number_belongs_comes_into_no_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("children-Zyxwelda-name", "adults-Zyxwelda", "children-0-own-Zyxwelda", "Zyxwelda", "do"):
        app.test_client().post("/en/agreement", data=AGREEMENT | {name: "pdf-Zyxwelda"})
    assert not marks_in(caplog.text)


def test_a_fault_of_ours_while_a_file_is_read_brings_no_name_into_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "quizapp", replace(app.extensions["quizapp"], reader=Jam()))
    visitor = TestVisitor(app)
    assert visitor.open(b"Zyxwelda", AGREEMENT).status == 500
    assert "RuntimeError" in caplog.text
    assert not marks_in(caplog.text)
    assert not marks_in(visitor.seen[0].body)


def test_a_fault_of_ours_brings_no_name_into_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "quizapp", replace(app.extensions["quizapp"], printer=Jam()))
    visitor = TestVisitor(app)
    assert visitor.ask("/en/agreement", AGREEMENT | {"do": "pdf"}).status == 500
    assert "RuntimeError" in caplog.text
    assert not marks_in(caplog.text)
    assert not marks_in(visitor.seen[0].body)


# The server


@dataclass
class Server:
    """A server with folders of its own, and all that it said and wrote."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text()

    def wait_for_start(self) -> None:
        while self.process.poll() is None:
            try:
                assert WebVisitor(self.port).ask("/healthz").body == b"ok\n"
            except ConnectionError:
                continue
            return
        raise AssertionError(f"the server ended with {self.process.returncode}: {self.said}")

    def stop(self) -> None:
        """Ends it, and waits for the end of all its processes."""
        processes = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait() == 0
        while any(is_alive(process) for process in processes):
            continue


def is_alive(process: psutil.Process) -> bool:
    """A process that ended may stay as a zombie where nobody asks how it ended."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def start(folder: Path, app: str = "wsgi:app", **settings: str) -> Server:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    for name in ("instance", "tmp", "home"):
        (folder / name).mkdir()
    own = {"QUIZAPP_INSTANCE": str(folder / "instance"), "TMPDIR": str(folder / "tmp"), "HOME": str(folder / "home")}
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("gunicorn"), "--config", "deploy/gunicorn.conf.py", app],
            cwd=ROOT,
            env=os.environ | own | settings | {"PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    return Server(folder, port, process)


@contextmanager
def started(server: Server) -> Iterator[Server]:
    """A server that serves, and ends with its test however that ends."""
    try:
        server.wait_for_start()
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()


@pytest.fixture(
    params=[
        pytest.param({"QUIZAPP_PRINT_SECONDS": "120", "QUIZAPP_OPEN_SECONDS": "60"}, id="usual"),
        pytest.param({"QUIZAPP_PRINT_SECONDS": "0"}, id="no time to print"),
    ]
)
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    with started(start(tmp_path, **request.param)) as server:
        yield server


def test_a_server_keeps_nothing_of_a_family(server: Server, request: pytest.FixtureRequest) -> None:
    visitor = WebVisitor(server.port)
    journey(visitor)
    printed = visitor.ask("/en/agreement", AGREEMENT | {"do": "pdf"})
    if "no time" in request.node.name:
        assert printed.status == 503
        journey_of_files(visitor, files.pdf_with(OLD_FILE.read_bytes()), opened=503, refused=503)
    else:
        journey_of_files(visitor, printed.body, opened=200, refused=422)
    main = psutil.Process(server.process.pid)
    # A dump of its memory would hold what a family typed.
    assert {process.rlimit(psutil.RLIMIT_CORE) for process in (main, *main.children(recursive=True))} == {(1, 1)}
    server.stop()
    assert not [path for path in (server.folder / "instance").iterdir() if path.stat().st_mode & 0o077]
    check_what_was_seen(visitor)
    check_files(server.folder / "instance")
    assert not [path for path in (server.folder / "tmp").rglob("*") if path.is_file()]
    assert not [path for path in (server.folder / "home").rglob("*") if path.is_file() and marks_in(path.read_bytes())]
    said = [json.loads(line) for line in server.said.splitlines()]
    assert {line["event"] for line in said} <= {"started", "stopped", "request"}
    assert not marks_in(server.said)
    assert "127.0.0.1" not in server.said
