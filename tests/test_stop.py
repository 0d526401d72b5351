"""A stop and a reload: jobs in hand are finished, counts are written, and no process stays behind. Real processes."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from signal import SIGCONT, SIGHUP, SIGKILL, SIGSTOP, SIGTERM

import psutil
import pytest

from quizapp.printing.broker import Broker
from quizapp.schools.counters import Counters
from quizapp.schools.database import Database, address
from quizapp.schools.register import Register
from quizapp.sealing import Box
from tests.conftest import ANSWERS, FAMILY
from tests.test_broker import LONG, PAGE, SECRET, printing, working
from tests.test_counting import wait_for
from tests.test_privacy import Answer, Server, WebVisitor, is_alive, start, started
from tests.tools.services import redis_process

SETTINGS = {"QUIZAPP_METRICS": "1", "QUIZAPP_BURST": "1000", "QUIZAPP_PRINT_SECONDS": "120", "WEB_PROCESSES": "1"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with started(start(tmp_path, **SETTINGS)) as server:
        yield server


def processes(server: Server) -> list[psutil.Process]:
    return psutil.Process(server.process.pid).children(recursive=True)


def printers(server: Server) -> list[psutil.Process]:
    return [process for process in processes(server) if "spawn_main" in str(process.cmdline())]


def figure(server: Server, name: str) -> float:
    text = WebVisitor(server.port).ask("/metrics").body.decode()
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


@contextmanager
def paper_in_hand(server: Server) -> Iterator["Future[Answer]"]:
    """A PDF that a printing process has begun, or will begin, when it is let go on at the end of this."""
    wait_for(lambda: figure(server, "quizapp_prints_waiting") == 0 and bool(printers(server)))
    frozen = printers(server)
    for process in frozen:
        process.send_signal(SIGSTOP)
    with ThreadPoolExecutor(1) as families:
        asked = families.submit(WebVisitor(server.port).ask, "/en/agreement", FAMILY | {"do": "pdf"})
        wait_for(lambda: figure(server, "quizapp_prints_waiting") == 1)
        yield asked
        for process in frozen:
            process.send_signal(SIGCONT)


def ended(server: Server, before: list[psutil.Process]) -> int:
    """How the server ended, after the end of all its processes."""
    code = server.process.wait(60)
    wait_for(lambda: not any(is_alive(process) for process in before))
    return code


def test_paper_that_was_asked_for_before_a_stop_arrives(server: Server) -> None:
    before = processes(server)
    with paper_in_hand(server) as asked:
        server.process.send_signal(SIGTERM)
    assert asked.result().body.startswith(b"%PDF")
    assert ended(server, before) == 0


def test_paper_arrives_although_every_process_is_told_to_stop_at_once(server: Server) -> None:
    """As systemd does. The printing process ends with its job, which the next one does again."""
    before = processes(server)
    with paper_in_hand(server) as asked:
        for process in [psutil.Process(server.process.pid), *before]:
            process.send_signal(SIGTERM)
    assert asked.result().body.startswith(b"%PDF")
    assert ended(server, before) == 0


def test_counts_that_wait_at_a_stop_are_written(server: Server) -> None:
    before = processes(server)
    database = Database(address("", server.folder / "instance"))
    school, _key = Register(database).make("Hill School", "", ["en"], date(2026, 11, 22))
    for _ in range(40):
        assert WebVisitor(server.port).ask(f"/en/s/{school.id}/quiz", ANSWERS).status == 303
    server.process.send_signal(SIGTERM)
    assert ended(server, before) == 0
    assert {tally.quizzes for tally in Counters(database).totals(school.id)} == {40}
    database.close()


def test_a_stop_leaves_nothing_in_memory(server: Server) -> None:
    opened = {Path(file.path).parent for process in processes(server) for file in process.open_files()}
    [figures] = [folder for folder in opened if folder.name.startswith("quizapp-metrics-")]
    server.stop()
    assert not figures.exists()


def test_a_reload_brings_new_processes_and_loses_nothing(server: Server) -> None:
    [old] = psutil.Process(server.process.pid).children()
    with paper_in_hand(server) as asked:
        server.process.send_signal(SIGHUP)
        wait_for(lambda: len(psutil.Process(server.process.pid).children()) == 2)
        assert WebVisitor(server.port).ask("/healthz").body == b"ok\n"
    assert asked.result().body.startswith(b"%PDF")
    wait_for(lambda: not is_alive(old))
    assert figure(server, 'quizapp_prints_ended_total{outcome="finished"}') == 1
    wait_for(lambda: figure(server, "quizapp_web_processes") == 1)
    server.stop()
    assert '"event": "reloaded"' in server.said


def test_a_web_process_that_is_killed_is_replaced_and_told_of(server: Server) -> None:
    [first] = psutil.Process(server.process.pid).children()
    first.send_signal(SIGKILL)
    wait_for(lambda: [first] != psutil.Process(server.process.pid).children() != [])
    wait_for(lambda: figure(server, "quizapp_web_processes") == 1)
    server.stop()
    assert "a process was killed, perhaps for want of memory" in server.said


def test_a_worker_that_is_stopped_finishes_the_sheet_in_hand() -> None:
    with (
        redis_process() as (_process, url),
        closing(Broker(url, Box([SECRET]), queue=8, seconds=120)) as broker,
        working(url) as worker,
        ThreadPoolExecutor(1) as families,
    ):
        broker.run(PAGE)
        [at_work] = printing(worker)
        asked = families.submit(broker.run, LONG)
        wait_for(lambda: at_work.cpu_percent(0.1) > 20)
        worker.send_signal(SIGTERM)
        assert asked.result().startswith(b"%PDF")
        assert worker.wait(60) == 0
        assert not is_alive(at_work)
