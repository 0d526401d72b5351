"""Printing through Redis and Celery workers: real ones, which these tests start, kill and freeze."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP
from time import sleep

import psutil
import pytest
from kombu.exceptions import OperationalError
from redis import Redis

from quizapp import create_app
from quizapp.printing import Busy, Failed
from quizapp.printing.broker import Broker, workers
from quizapp.sealing import Box
from quizapp.worker import app as worker_app
from tests.conftest import FAMILY, PageClient
from tests.test_counting import wait_for
from tests.tools.nu import NuChecker
from tests.tools.server import ROOT
from tests.tools.services import free_port, redis_process

SECRET = "a secret of the tests that is long enough"  # noqa: S105 - it guards nothing
NAME = "Ophelia-Marguerite"
PAGE = f"""<!doctype html>
<html lang="en"><head><title>For {NAME}</title></head>
<body><article data-sheet="sheet-1" class="sheet"><h1 id="sheet-1">{NAME}</h1></article></body></html>"""
# Some seconds of work, for a sheet that is too long is laid out several times.
LONG = PAGE.replace("</article>", "<p>A line of many.</p>\n" * 800 + "</article>")


@contextmanager
def working(url: str, processes: int = 1, **settings: str) -> Iterator[psutil.Process]:
    """A Celery worker as an operator starts it."""
    given = {"BROKER_URL": url, "SECRET_KEY": SECRET, "PRINT_PROCESSES": str(processes), "PRINT_SECONDS": "120"}
    process = psutil.Popen(
        [sys.executable, "-m", "quizapp.worker"],
        cwd=ROOT,
        env=os.environ | {f"QUIZAPP_{name}": value for name, value in (given | settings).items()},
    )
    try:
        yield process
    finally:
        with suppress(psutil.NoSuchProcess):  # a test may have ended it
            for one in [process, *process.children(recursive=True)]:
                one.send_signal(SIGCONT)
            process.terminate()
        process.wait(120)


@pytest.fixture(scope="module")
def worker(redis: str) -> Iterator[psutil.Process]:
    with working(redis, 2) as process:
        yield process


@pytest.fixture
def broker(redis: str, worker: psutil.Process) -> Iterator[Broker]:
    with closing(Broker(redis, Box([SECRET]), queue=8, seconds=120)) as broker:
        yield broker


def printing(worker: psutil.Process) -> list[psutil.Process]:
    return [child for child in worker.children(recursive=True) if child.is_running()]


def test_what_comes_back_is_what_a_process_of_this_machine_prints(
    broker: Broker, printed: Callable[[str], bytes]
) -> None:
    assert broker.run(PAGE) == printed(PAGE)


def test_several_at_once_each_get_their_own(broker: Broker) -> None:
    def words(number: int) -> bytes:
        return broker.run(PAGE.replace(NAME, f"Child {number}"))

    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(words, range(8)))
    assert at_once == [words(number) for number in range(8)]
    assert len(set(at_once)) == 8


def test_no_name_passes_through_redis_readable(broker: Broker, redis: str) -> None:
    with Redis.from_url(redis) as client, client.monitor() as monitor:
        broker.run(PAGE, NAME.encode())
        client.set("over", "yes")
        said = []
        for command in monitor.listen():
            if command["command"] == "SET over yes":
                break
            said.append(command["command"])
    assert any("reply:" in command for command in said)
    assert not [command for command in said if NAME in command or "html" in command]


def test_an_answer_that_nobody_fetched_is_gone_after_a_minute(broker: Broker, redis: str) -> None:
    broker._seconds = 0
    with pytest.raises(Busy):
        broker.run(LONG)
    with Redis.from_url(redis) as client:
        broker._seconds = 120
        broker.run(PAGE)
        for key in client.scan_iter("reply:*"):
            assert 0 < client.ttl(key) <= 60


def test_a_document_that_is_not_ours_fails_and_the_next_one_is_printed(broker: Broker) -> None:
    with pytest.raises(Failed):
        broker.run("<p>not well-formed")
    assert broker.run(PAGE).startswith(b"%PDF")


@pytest.fixture
def own_redis() -> Iterator[str]:
    """A Redis that no other worker takes jobs from."""
    with redis_process() as (_process, url):
        yield url


def test_the_job_of_a_process_that_is_killed_is_done_again(own_redis: str) -> None:
    with (
        working(own_redis) as alone,
        closing(Broker(own_redis, Box([SECRET]), queue=8, seconds=120)) as broker,
        ThreadPoolExecutor(1) as pool,
    ):
        broker.run(PAGE)
        [before] = printing(alone)
        waiting = pool.submit(broker.run, LONG)
        wait_for(lambda: before.cpu_percent(0.1) > 20)
        before.send_signal(SIGKILL)
        assert waiting.result().startswith(b"%PDF")
        assert printing(alone) != [before]


def test_a_process_that_hangs_between_two_jobs_is_replaced(own_redis: str) -> None:
    with (
        working(own_redis, PRINT_SECONDS="8") as alone,
        closing(Broker(own_redis, Box([SECRET]), queue=8, seconds=8)) as broker,
    ):
        wait_for(lambda: has_printed(broker))
        [before] = printing(alone)
        before.send_signal(SIGSTOP)
        with pytest.raises(Busy):
            broker.run(PAGE)
        wait_for(lambda: has_printed(broker))
        assert printing(alone) != [before]


def has_printed(broker: Broker) -> bool:
    try:
        return broker.run(PAGE).startswith(b"%PDF")
    except Busy:
        return False


@pytest.mark.parametrize("how", ["nobody takes it", "who took it is gone"])
def test_a_job_that_nobody_does_is_gone_from_redis_soon(own_redis: str, how: str) -> None:
    with closing(Broker(own_redis, Box([SECRET]), queue=8, seconds=3)) as broker, ThreadPoolExecutor(1) as pool:
        if how == "nobody takes it":
            lost = pool.submit(broker.run, PAGE)
        else:
            with working(own_redis) as worker:
                wait_for(lambda: has_printed(broker))
                [process] = printing(worker)
                process.send_signal(SIGSTOP)
                lost = pool.submit(broker.run, PAGE)
                with Redis.from_url(own_redis) as client:
                    wait_for(lambda: client.hlen("unacked"))
                for one in (worker, process):
                    one.kill()
        assert isinstance(lost.exception(), Busy)
    with Redis.from_url(own_redis) as client:
        kept = [key for key in client.scan_iter() if not key.startswith((b"_kombu", b"reply:"))]
        assert kept
        assert all(0 < client.ttl(key) <= 8 for key in kept)


def test_a_worker_that_could_not_tell_its_job_is_done_takes_the_next_one() -> None:
    with (
        redis_process() as (process, url),
        working(url) as worker,
        closing(Broker(url, Box([SECRET]), queue=8, seconds=60)) as broker,
        ThreadPoolExecutor(1) as pool,
    ):
        broker.run(PAGE)
        [printing_process] = printing(worker)
        lost = pool.submit(broker.run, LONG)
        wait_for(lambda: printing_process.cpu_percent(0.1) > 20)
        process.send_signal(SIGSTOP)
        wait_for(lambda: printing_process.cpu_percent(0.5) < 5)
        sleep(5)  # longer than the worker tries to tell, twice
        process.send_signal(SIGCONT)
        assert isinstance(lost.exception(), Busy)
        assert broker.run(PAGE).startswith(b"%PDF")


def test_a_job_that_waits_too_long_is_not_done_for_nobody(own_redis: str) -> None:
    with closing(Broker(own_redis, Box([SECRET]), queue=8, seconds=1)) as broker, pytest.raises(Busy):
        broker.run(PAGE)
    with working(own_redis), closing(Broker(own_redis, Box([SECRET]), queue=8, seconds=120)) as broker:
        assert broker.run(PAGE).startswith(b"%PDF")
    with Redis.from_url(own_redis) as client:
        assert len(list(client.scan_iter("reply:*"))) == 0


def test_a_worker_whose_broker_is_away_asks_for_it_every_second() -> None:
    celery = workers(
        f"redis://127.0.0.1:{free_port()}",
        Box([SECRET]),
        lambda *_: b"",
        lambda: None,
        seconds=9,
        recycle=1,
        memory=300,
    )
    waits: list[float] = []
    with pytest.raises(OperationalError):
        celery.connection_for_read().ensure_connection(lambda _error, wait: waits.append(wait), max_retries=3)
    assert waits == [1, 1, 1]
    celery.close()


def test_the_queue_has_an_end(redis: str) -> None:
    with closing(Broker(redis, Box([SECRET]), queue=0, seconds=120)) as broker, pytest.raises(Busy):
        broker.run(PAGE)


@pytest.mark.parametrize("how", ["nobody listens", "stopped", "frozen"])
def test_a_broker_that_is_away_is_said_and_never_waited_for(how: str) -> None:
    """The deadline is longer than this test may take."""
    with redis_process() as (process, url):
        address = f"redis://127.0.0.1:{free_port()}" if how == "nobody listens" else url
        with closing(Broker(address, Box([SECRET]), queue=8, seconds=900)) as broker, ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(broker.run, PAGE)
            sleep(0.5)
            if how == "stopped":
                process.terminate()
            elif how == "frozen":
                process.send_signal(SIGSTOP)
            try:
                with pytest.raises(Busy):
                    waiting.result()
                with pytest.raises(Busy):
                    broker.run(PAGE)
            finally:
                process.send_signal(SIGCONT)


def test_an_answer_that_was_changed_on_the_way_is_no_pdf(redis: str) -> None:
    def someone_else() -> None:
        other = workers(
            redis,
            Box(["another secret of the tests as long as it"]),
            lambda *_: b"%PDF",
            lambda: None,
            seconds=120,
            recycle=1,
            memory=300,
        )
        other.tasks["print"].apply(("x", "reply:x"))

    someone_else()
    with closing(Broker(redis, Box([SECRET]), queue=8, seconds=120)) as broker, pytest.raises(Failed):
        broker._opened(Redis.from_url(redis).lpop("reply:x"))  # type: ignore[arg-type]  # it is there


def test_a_family_gets_its_paper_and_keeps_its_form_when_the_broker_is_away(
    redis: str, worker: psutil.Process, tmp_path: Path, nu: NuChecker
) -> None:
    app = create_app({"INSTANCE": tmp_path, "SECRET_KEY": SECRET, "BROKER_URL": redis, "PRINT_SECONDS": 120})
    client = PageClient(app.test_client(), nu)
    form = FAMILY | {"do": "pdf"}
    assert client.flask.post("/en/agreement", data=form).data.startswith(b"%PDF")
    app.extensions["quizapp"].close()
    away = create_app({"INSTANCE": tmp_path, "SECRET_KEY": SECRET, "BROKER_URL": f"redis://127.0.0.1:{free_port()}"})
    page = PageClient(away.test_client(), nu).post("/en/agreement", form, 503)
    assert page.select_one("input[name=children-0-name]")["value"] == "Leo"
    away.extensions["quizapp"].close()


def test_a_worker_without_a_broker_says_what_is_missing() -> None:
    said = subprocess.run([sys.executable, "-m", "quizapp.worker"], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode != 0
    assert "QUIZAPP_BROKER_URL: expected the address of a Redis" in said.stderr
    assert worker_app
