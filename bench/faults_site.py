"""The product as an operator runs it, in three ways, with every part at hand so that it can be broken."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from redis import Redis, RedisError
from sqlalchemy import func, select

from bench.faults_visitor import ask
from bench.rush_watch import PRINTING, kind_of_gunicorn
from bench.server import starting
from quizapp.schools.database import Database, address
from quizapp.schools.register import Register
from quizapp.schools.tables import counts
from tests.test_broker import SECRET, working
from tests.tools.services import Postgres, postgres, redis_process

# Seconds from the press of the button to the PDF: less than is shipped, so that a part that hangs is waited for less.
PRINT_SECONDS = 8
SETTINGS = {
    "WEB_PROCESSES": "2",
    "QUIZAPP_PRINT_SECONDS": str(PRINT_SECONDS),
    "QUIZAPP_SECRET_KEY": SECRET,
    "QUIZAPP_BURST": "1000000",
    "QUIZAPP_LINKS_PER_HOUR": "1000000",
}
DISK = "1m"
# Seconds in which the last count must be written.
COUNTED_IN = 90


@dataclass
class Broken:
    """A Redis that can be stopped, started again, and frozen."""

    process: "subprocess.Popen[bytes]"
    url: str

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)

    def start(self) -> None:
        """Ready to answer, where it was."""
        self.process = subprocess.Popen(self.process.args, stdout=subprocess.DEVNULL)
        wait_for(self._answers)

    def _answers(self) -> bool:
        try:
            return bool(Redis.from_url(self.url).ping())
        except RedisError:
            return False


@dataclass
class Site:
    """A site that answers, one school in its register, and the parts that it has."""

    port: int
    process: psutil.Process
    school: str
    database: Database
    postgres: Postgres | None = None
    redis: Broken | None = None
    disk: Path | None = None
    workers: list[psutil.Process] = field(default_factory=list)
    more: ExitStack = field(default_factory=ExitStack)

    def web(self) -> list[psutil.Process]:
        return self.process.children()

    def printing(self) -> list[psutil.Process]:
        """The processes that print on this machine, Celery's among them."""
        ours = [one for one in self.process.children(recursive=True) if _prints(one)]
        return ours + [one for worker in self.workers for one in worker.children()]

    def printing_now(self) -> psutil.Process:
        """One that is in the middle of a PDF."""
        while True:
            for process in self.printing():
                with suppress(psutil.NoSuchProcess):
                    if process.cpu_percent(0.05) > 50:
                        return process

    def may_write(self, most: int) -> None:
        """So many bytes into any file, each process that there is."""
        for process in [self.process, *self.process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.rlimit(psutil.RLIMIT_FSIZE, (most, psutil.RLIM_INFINITY))

    def is_ready(self) -> bool:
        """Whether paper comes out."""
        return ask(self.port, "/readyz").status == 200

    def begin_worker(self) -> None:
        assert self.redis
        settings = {"PRINT_SECONDS": str(PRINT_SECONDS)}
        self.workers.append(self.more.enter_context(working(self.redis.url, **settings)))

    def counted(self) -> int:
        """All quizzes of the school, in closed batches and in the open one; by any one habit, for each has them all."""
        kept = select(func.max(counts.c.closed_quizzes + counts.c.open_quizzes)).where(counts.c.school == self.school)
        with self.database.reading() as connection:
            return int(connection.execute(kept).scalar() or 0)


@contextmanager
def by_itself() -> Iterator[Site]:
    """Printing on this machine, with PostgreSQL, and with a Redis that counts who makes links."""
    with postgres() as server, _redis() as redis, _served(server.database(), QUIZAPP_LIMITER_URL=redis.url) as site:
        site.postgres, site.redis = server, redis
        wait_for(site.is_ready)
        yield site


@contextmanager
def by_workers() -> Iterator[Site]:
    """Two Celery workers print, and Redis stands between."""
    with _redis() as redis, _served("", QUIZAPP_BROKER_URL=redis.url) as site:
        site.redis = redis
        for _ in range(2):
            site.begin_worker()
        wait_for(site.is_ready)
        yield site


@contextmanager
def on_a_small_disk() -> Iterator[Site]:
    """The folder of the instance, SQLite in it, and the one for temporary files share a disk of a megabyte."""
    with TemporaryDirectory(prefix="quizapp-disk-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], check=True)
        try:
            with _all_in(folder) as site:
                site.disk = Path(folder)
                yield site
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def under_a_quota() -> Iterator[Site]:
    """The same on a disk that only others fill: what stops us is how much we may write."""
    with TemporaryDirectory(prefix="quizapp-disk-") as folder, _all_in(folder) as site:
        yield site


@contextmanager
def _all_in(folder: str) -> Iterator[Site]:
    with _served("", QUIZAPP_INSTANCE=folder, TMPDIR=folder) as site:
        wait_for(site.is_ready)
        yield site


@contextmanager
def _served(database_url: str, **settings: str) -> Iterator[Site]:
    with TemporaryDirectory(prefix="quizapp-") as folder, ExitStack() as more:
        given = SETTINGS | {"QUIZAPP_INSTANCE": folder, "QUIZAPP_DATABASE_URL": database_url} | settings
        server = more.enter_context(starting(**given))
        server.first("/healthz")
        url = address(database_url, Path(given["QUIZAPP_INSTANCE"]))
        database = more.enter_context(closing(Database(url)))
        school, _key = Register(database).make("Hill School", "", ["en"], date(2026, 11, 22))
        # Workers end before the server does.
        workers = more.enter_context(ExitStack())
        yield Site(server.port, psutil.Process(server.process.pid), school.id, database, more=workers)


@contextmanager
def _redis() -> Iterator[Broken]:
    with redis_process() as (process, url):
        redis = Broken(process, url)
        try:
            yield redis
        finally:
            redis.stop()


def _prints(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return kind_of_gunicorn(process) == PRINTING
    return False


def wait_for(ready: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it came to be in time."""
    end = time.monotonic() + seconds
    while not (is_ready := ready()) and time.monotonic() < end:
        time.sleep(0.1)
    return is_ready


def can_mount() -> bool:
    """Only root may, and not in every container."""
    if os.getuid():
        return False
    with TemporaryDirectory() as folder:
        tried = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True)
        if tried.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return tried.returncode == 0
