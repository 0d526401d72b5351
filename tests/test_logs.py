"""The log: one JSON object a line, what happened and where, and not a word of a visitor, whoever writes the line."""

import json
import logging
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from inspect import getsource
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import celery.worker.request
import gunicorn.arbiter
import psutil
import pytest
from bs4 import BeautifulSoup
from flask import Flask

from quizapp import logs, watch
from quizapp.printing import Failed
from quizapp.printing.broker import QUEUE, Broker
from quizapp.sealing import Box
from tests.conftest import ANSWERS
from tests.test_broker import PAGE, SECRET, working
from tests.test_privacy import (
    AGREEMENT,
    MARKED_ANSWERS,
    TELLING,
    TOO_LARGE,
    Server,
    WebVisitor,
    marks_in,
    start,
    started,
)

# What every line holds, and what it may hold beside.
ALWAYS = {"time", "level", "event", "process"}
OF_REQUESTS = {"request", "endpoint", "method", "status", "milliseconds"}
OF_FAULTS = {"request", "kinds", "places", "logger", "at", "numbers"}
NOBODY = "203.0.113.77"
HEADERS = {
    "X-Forwarded-For": NOBODY,
    "User-Agent": "Zyxwelda/1",
    "Referer": "https://example.org/Zyxwelda",
    "X-Request-ID": "Zyxwelda",
    "Cookie": "a=Zyxwelda",
}
# What is no request at all.
BROKEN = [
    b"GET /en/Zyxwelda HTTP/Zyxwelda\r\n\r\n",
    b"Zyxwelda\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\nZyx welda: Zyxwelda\r\n\r\n",
    b"GET /" + 5000 * b"Zyxwelda" + b" HTTP/1.1\r\n\r\n",
]
# Refused before gunicorn looks at it, without a word.
UNHEARD = b"GET /en/quiz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Zyxwelda\r\n\r\n"


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose printer and whose result page break, with a proxy in front that tells addresses."""
    settings = {"QUIZAPP_PROXIES": "1", "QUIZAPP_DATABASE_URL": "postgresql://Zyxwelda@127.0.0.1:9/Zyxwelda"}
    with started(start(tmp_path_factory.mktemp("faulty"), "tests.tools.faulty:app", **settings)) as server:
        yield server


def ask(server: Server, method: str, path: str, form: dict[str, Any] | None = None) -> tuple[int, str, bytes]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    # A form that is too large is answered before it is read whole.
    with suppress(BrokenPipeError):
        connection.request(method, path, urlencode(form, doseq=True) if form else None, HEADERS | kind)
    answer = connection.getresponse()
    found = answer.status, answer.headers["X-Request-ID"], answer.read()
    connection.close()
    return found


def send(server: Server, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(data)
        return connection.recv(100)


@dataclass(frozen=True)
class Told:
    """What visitors of the broken server got, by what they asked for, and all that it wrote down."""

    answers: dict[str, tuple[int, str, bytes]]
    sealed: str
    said: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.said.splitlines()]

    def of(self, name: str) -> list[dict[str, Any]]:
        """The lines of a request."""
        return [line for line in self.lines if line.get("request") == self.answers[name][1]]


@pytest.fixture(scope="module")
def told(faulty: Server) -> Told:
    sealed = WebVisitor(faulty.port).ask("/en/quiz", ANSWERS).location.split("/")[-1]
    WebVisitor(faulty.port).ask("/en/s/22222222/quiz", ANSWERS)
    answers = {
        "a secret page": ask(faulty, "GET", f"/en/result/{sealed}"),
        "paper": ask(faulty, "POST", "/en/agreement", AGREEMENT | {"do": "pdf"}),
        "a database": ask(faulty, "GET", "/en/schools/22222222/kit?Zyxwelda=Qorbinath"),
        "no page": ask(faulty, "GET", "/en/Zyxwelda"),
        "no method": ask(faulty, "ZYXWELDA", "/en/agreement"),
        "a name for an answer": ask(faulty, "POST", "/en/quiz", MARKED_ANSWERS),
        "too much": ask(faulty, "POST", "/en/agreement", TOO_LARGE),
    }
    for data in [*BROKEN, UNHEARD]:
        assert send(faulty, data).startswith(b"HTTP/1.1 ")
    faulty.stop()
    return Told(answers, sealed, faulty.said)


def test_every_way_to_go_wrong_was_gone(told: Told) -> None:
    assert [status for status, _number, _body in told.answers.values()] == [500, 500, 503, 404, 405, 422, 413]


def test_no_word_no_address_and_no_sealed_link_of_a_visitor_is_logged(told: Told) -> None:
    assert not marks_in(told.said)
    assert not [word for word in (*TELLING, told.sealed, "127.0.0.1", NOBODY) if word in told.said]


def test_every_line_is_an_object_with_known_keys(told: Told) -> None:
    for line in told.lines:
        assert ALWAYS <= line.keys() <= ALWAYS | OF_REQUESTS | OF_FAULTS


def test_only_requests_that_went_wrong_on_our_side_have_a_line(told: Told) -> None:
    requests = [line for line in told.lines if line["event"] == "request"]
    assert [(line["status"], line["endpoint"], line["method"], line["level"]) for line in requests] == [
        (500, "result.result", "GET", "error"),
        (500, "agreement.write", "POST", "error"),
        (503, "kit.home", "GET", "warning"),
    ]
    assert all(line.keys() == ALWAYS | OF_REQUESTS for line in requests)


@pytest.mark.parametrize("name", ["a secret page", "paper"])
def test_a_family_can_tell_the_number_by_which_its_fault_is_found(told: Told, name: str) -> None:
    _status, number, page = told.answers[name]
    shown = BeautifulSoup(page, "html.parser").select_one("main b")
    assert shown is not None
    assert shown.text == number
    assert [line["event"] for line in told.of(name)][-2:] == ["a request ended in a fault", "request"]


def test_a_fault_is_told_by_its_kinds_and_places(told: Told) -> None:
    fault = told.of("a secret page")[0]
    assert fault["kinds"] == ["RuntimeError", "KeyError"]
    assert re.fullmatch(r"tests/tools/faulty\.py:\d+", fault["places"][-1])


def test_what_libraries_say_is_told_by_its_place(told: Told) -> None:
    events = [(line["event"], line.get("logger", "")[:7]) for line in told.of("paper")]
    assert events[:5] == [(logs.LIBRARY, "library")] * 4 + [("warning", "")]
    assert [line["kinds"] for line in told.lines if line["event"] == "a thread ended in a fault"]


def test_what_is_no_request_is_told_by_the_place_in_gunicorn_that_refused_it(told: Told) -> None:
    refused = [line["at"] for line in told.lines if line.get("logger") == "gunicorn.error"]
    assert len(refused) == len(BROKEN)
    assert all(re.fullmatch(r"gunicorn/workers/\w+\.py:\d+", at) for at in refused)


def test_a_start_a_stop_and_lost_counts_are_told(told: Told) -> None:
    events = [line["event"] for line in told.lines]
    assert events[0] == "started"
    assert events[-1] == "stopped"
    assert "counts lost: 1" in events


def test_what_is_told_after_a_process_was_killed_has_the_same_form(tmp_path: Path) -> None:
    with started(start(tmp_path)) as server:
        psutil.Process(server.process.pid).children()[0].kill()
        server.stop()
        events = [json.loads(line)["event"] for line in server.said.splitlines()]
    assert events[0] == "started"
    assert "a process was killed, perhaps for want of memory" in events


def test_a_worker_logs_no_word_of_a_sheet_that_it_cannot_print(redis: str, capfd: pytest.CaptureFixture[str]) -> None:
    with working(redis) as worker, closing(Broker(redis, Box([SECRET]), queue=8, seconds=120)) as broker:
        with pytest.raises(Failed):
            broker.run("<p>Zyxwelda")
        assert worker.children()[0].rlimit(psutil.RLIMIT_CORE) == (1, 1)
        worker.children()[0].kill()
        broker._celery.send_task("Zyxwelda", ("Qorbinath",), queue=QUEUE)
        assert broker.run(PAGE).startswith(b"%PDF")
    told = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    events = [line["event"] for line in told]
    assert {"started", "a sheet could not be made"} <= set(events)
    assert events[-1] == "stopped"
    assert any(line.get("at", "").startswith("celery/") for line in told)
    assert not marks_in(json.dumps(told))


# A number for each request


def test_a_number_is_ours_and_another_one_each_time(app: Flask) -> None:
    client = app.test_client()
    numbers = {client.get("/en/", headers={"X-Request-ID": "a" * 16}).headers["X-Request-ID"] for _ in range(20)}
    assert len(numbers) == 20
    assert all(re.fullmatch("[0-9a-f]{16}", number) and number != "a" * 16 for number in numbers)


def test_after_a_request_no_line_carries_its_number(app: Flask) -> None:
    app.test_client().get("/en/")
    assert logs.REQUEST.get() == ""


def test_a_slow_request_is_told(app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SLOW", 0.0)
    app.test_client().get("/en/result/Zyxwelda")
    [record] = caplog.records
    assert record.fields | {"milliseconds": 0} == {
        "endpoint": "result.result",
        "method": "GET",
        "status": 404,
        "milliseconds": 0,
    }


def test_an_ordinary_request_is_not_logged(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    app.test_client().get("/en/quiz")
    app.test_client().post("/en/quiz", data=ANSWERS)
    assert caplog.records == []


# The form of a line


def line_of(name: str, message: object, *args: object, error: BaseException | None = None) -> dict[str, Any]:
    told = (type(error), error, None) if error else None
    record = logging.LogRecord(name, logging.ERROR, f"{sys.path[-1]}/a/b.py", 7, message, args, told)
    found: dict[str, Any] = json.loads(logs.Lines().format(record))
    return found


@pytest.mark.parametrize("name", ["library", "quizapplication", "root", "werkzeug", "sqlalchemy.pool"])
@pytest.mark.parametrize("message", ["Zyxwelda", "%s", "%d", ValueError("Zyxwelda"), {"Zyxwelda": 1}])
def test_of_others_no_word_is_told(name: str, message: object) -> None:
    line = line_of(name, message, "Zyxwelda", error=KeyError("Zyxwelda"))
    assert line["event"] == logs.LIBRARY
    assert (line["logger"], line["at"], line["kinds"]) == (name, "a/b.py:7", ["KeyError"])
    assert not marks_in(json.dumps(line))


def test_our_own_words_are_told() -> None:
    assert line_of("quizapp.schools.counting", "counts lost: %d", 7)["event"] == "counts lost: 7"


def test_of_errors_that_led_to_each_other_no_more_are_told_than_help() -> None:
    error: BaseException = KeyError()
    for _ in range(50):
        last, error = error, ValueError()
        error.__cause__ = last
    assert len(line_of("quizapp.x", "x", error=error)["kinds"]) == 5


def test_errors_in_a_ring_come_to_an_end() -> None:
    one, other = KeyError(), ValueError()
    one.__context__, other.__context__ = other, one
    assert line_of("quizapp.x", "x", error=one)["kinds"] == ["KeyError", "ValueError"]


@pytest.mark.parametrize("words", logs.KNOWN)
def test_what_servers_say_of_their_processes_is_known_by_words_that_they_still_use(words: str) -> None:
    source = getsource(gunicorn.arbiter) + getsource(celery.worker.request)
    assert words.split("!")[0] in source
    line = line_of("gunicorn.error", words, 7, "Zyxwelda", "Zyxwelda")
    assert (line["event"], line["numbers"]) == (logs.KNOWN[words], [7])
    assert not marks_in(json.dumps(line))
