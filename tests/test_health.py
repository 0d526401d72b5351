"""The front door, and what an operator's machines ask for."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from time import monotonic
from typing import Any

import pytest
from flask import Flask

from quizapp import create_app
from quizapp.pages import health
from quizapp.pages.health import Check
from quizapp.printing import Busy, Failed
from quizapp.printing.prints import Prints
from tests.conftest import PATIENT, PageClient
from tests.test_counting import PATIENCE, wait_for
from tests.tools.services import Postgres, free_port


@pytest.mark.parametrize("asked", ["en", "en-GB,en;q=0.9", "xx", "", "de;q=1,*;q=0.1"])
def test_the_front_door_leads_to_a_language_that_is_delivered(client: PageClient, asked: str) -> None:
    response = client.flask.get("/", headers={"Accept-Language": asked})
    assert response.status_code == 302
    assert response.headers["Location"] == "/en/"
    assert "Accept-Language" in response.headers["Vary"]


def test_search_engines_are_shut_out_of_no_page_for_only_a_page_tells_what_not_to_show(client: PageClient) -> None:
    response = client.flask.get("/robots.txt")
    assert response.mimetype == "text/plain"
    assert "Disallow" not in response.text


def test_health_is_told_in_one_word(client: PageClient) -> None:
    response = client.flask.get("/healthz")
    assert response.text == "ok\n"
    assert response.mimetype == "text/plain"


@pytest.mark.parametrize(
    "path", ["/en/", "/en/quiz", "/en/help", "/en/help/us", "/en/help/other", "/en/evidence", "/en/agreement"]
)
def test_a_page_keeps_what_every_page_promises(client: PageClient, path: str) -> None:
    assert client.get(path).select_one("main h1")


# Readiness


@contextmanager
def running(folder: Path, **settings: Any) -> Iterator[Flask]:
    app = create_app({"INSTANCE": folder, "METRICS": 1} | PATIENT | settings)
    try:
        yield app
    finally:
        app.extensions["quizapp"].close()


def ready(app: Flask) -> tuple[int, dict[str, Any]]:
    """Also checked: nobody waits much longer than a second."""
    began = monotonic()
    response = app.test_client().get("/readyz")
    assert monotonic() - began < 3
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code, json.loads(response.data)


def wait_until_ready(app: Flask, status: str = "ready") -> dict[str, str]:
    wait_for(lambda: ready(app)[1]["status"] == status)
    parts: dict[str, str] = ready(app)[1]["parts"]
    return parts


def test_a_server_is_ready_when_paper_comes_out(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        assert wait_until_ready(app) == {"content": "ok", "printing": "ok", "database": "ok"}
        assert ready(app)[0] == 200


def test_without_the_setting_no_part_is_named(app: Flask) -> None:
    wait_for(lambda: ready(app)[1] == {"status": "ready"})


def test_without_its_database_or_its_limiter_a_server_is_ready_all_the_same(tmp_path: Path) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    with running(tmp_path, DATABASE_URL=f"postgresql://a@{nobody}/a", LIMITER_URL=f"redis://{nobody}") as app:
        parts = wait_until_ready(app, "degraded")
        assert parts == {"content": "ok", "printing": "ok", "database": "away", "limiter": "away"}
        assert ready(app)[0] == 200


def test_a_limiter_that_answers_is_ok(tmp_path: Path, redis: str) -> None:
    with running(tmp_path, LIMITER_URL=redis) as app:
        assert wait_until_ready(app)["limiter"] == "ok"


@pytest.mark.parametrize("away", [False, True])
def test_without_workers_or_without_a_broker_nobody_is_sent_here(tmp_path: Path, redis: str, away: bool) -> None:
    url = f"redis://127.0.0.1:{free_port()}" if away else redis
    with running(tmp_path, BROKER_URL=url, PRINT_SECONDS=1) as app:
        ready(app)
        status, told = ready(app)
    assert (status, told["status"], told["parts"]["printing"]) == (503, "not ready", "away")
    assert told["parts"]["broker"] == ("away" if away else "ok")


class Printer:
    """Raises what it is told to, or prints."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.asked = 0

    def run(self, *_job: object) -> bytes:
        self.asked += 1
        if self.error:
            raise self.error
        return b"%PDF"


@pytest.mark.parametrize("error", [Failed(), Busy(), OSError("Zyxwelda")])
def test_a_printer_that_is_dead_makes_a_server_unready_until_it_works_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(health, "_FRESH", 0.0)
    printer = Printer()
    printer.error = error
    with running(tmp_path) as app:
        monkeypatch.setattr(app.extensions["quizapp"].printer, "_printer", printer)
        assert ready(app)[0] == 503
        assert "Zyxwelda" not in str(ready(app))
        printer.error = None
        assert ready(app)[0] == 200
        monkeypatch.undo()


def test_while_paper_of_families_comes_out_none_is_printed_to_see_whether_it_does() -> None:
    printer = Printer()
    prints = Prints(printer, None, most=1)  # type: ignore[arg-type]  # all that it needs
    prints.run("<p>")
    printer.error = Busy()
    assert prints.answers()
    assert printer.asked == 1


def test_a_database_that_hangs_takes_one_thread_however_often_is_asked(tmp_path: Path, postgresql: Postgres) -> None:
    with running(tmp_path, DATABASE_URL=postgresql.database()) as app:
        wait_until_ready(app)
        postgresql.signal(SIGSTOP)
        try:
            wait_for(lambda: ready(app)[1]["status"] == "degraded")
            before = threading.active_count()
            for _ in range(20):
                assert ready(app)[1]["parts"]["database"] == "away"
            assert threading.active_count() <= before
        finally:
            postgresql.signal(SIGCONT)
        wait_until_ready(app)


def test_many_who_ask_at_once_are_told_the_same_answer() -> None:
    asked: list[int] = []
    check = Check(lambda: asked.append(1))
    for _ in range(50):
        check.begin()
        assert check.is_good()
    assert len(asked) == 1


@pytest.mark.parametrize(("answer", "good"), [(lambda: None, True), (lambda: True, True), (lambda: False, False)])
def test_only_a_no_or_a_fault_is_bad(answer: Callable[[], object], good: bool) -> None:
    check = Check(answer)
    assert not check.is_good(), "nobody has asked yet"
    check.begin()
    assert check.is_good() is good


def test_an_answer_that_hangs_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_SECONDS", 0.2)
    answer = threading.Event()
    check = Check(lambda: answer.wait(PATIENCE))
    check.begin()
    assert not check.is_good()
    began = monotonic()
    assert not check.is_good()
    assert monotonic() - began < 0.1
    answer.set()
    wait_for(check.is_good)
