"""`python -m bench.faults`: break one part after the other under visitors, and write docs/faults.md.

Some sites, each set up in another way, are started once and never again: what one fault leaves behind, the next one
meets. Visitors come all the time (bench/faults_visitor.py). When a fault is over, four families at once ask for the
quiz and for their paper, until all of them have both: that is when the site is as ever.
"""

import re
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from math import inf
from signal import SIGCONT, SIGSTOP
from urllib.parse import urlencode

import psutil

from bench import faults_hostile as hostile
from bench.faults_site import (
    COUNTED_IN,
    PRINT_SECONDS,
    Site,
    by_itself,
    by_workers,
    can_mount,
    on_a_small_disk,
    under_a_quota,
    wait_for,
)
from bench.faults_visitor import BROKEN, Saw, Visitors, ask
from bench.rush_visitor import form
from bench.server import ADDRESS, ROOT
from bench.table import machine
from tests.test_deploy import SLOW, connected, dripping

FILE = ROOT / "docs" / "faults.md"
# Families who ask at once whether all is as ever, and seconds in which it must be.
PROBES, NORMAL_IN = 4, 5
GIVE_UP = 60


@dataclass(frozen=True)
class Scale:
    """How much of each fault: seconds that a part is away, how often it is killed, how many visitors, requests."""

    seconds: float = 10
    times: int = 5
    slow: int = 200
    gone: int = 100
    requests: int = 10_000


@dataclass(frozen=True)
class Fault:
    """`happens` returns when the fault is over, with what hostile visitors saw. `breaks`: connections must break."""

    name: str
    happens: Callable[[Site, Scale], Mapping[str, int] | None]
    breaks: bool = False


@dataclass(frozen=True)
class Met:
    """One fault, and what came of it. `seconds`: to normal; `usual`: what that takes when nothing has been broken.

    `counted`: quizzes that were counted, of those finished.
    """

    name: str
    saw: Saw
    hostile: Mapping[str, int]
    seconds: float
    counted: int
    usual: float = 0.0
    allowed: frozenset[str] = field(default_factory=frozenset)

    @property
    def lost(self) -> int:
        """Forms, and PDFs of another family, which are as good as lost."""
        return self.saw.lost + self.saw.wrong()

    @property
    def counts_lost(self) -> int:
        return max(0, self.saw.finished - self.counted)

    def problems(self, patience: float = 1) -> list[str]:
        """What should not have been. `patience`: times as long as is allowed for, on a machine that is busy."""
        odd = [f"visitors: {name}" for name in self.saw.odd() if name not in self.allowed]
        bad = [f"hostile visitors: {name}" for name in self.hostile if name not in ANSWERS_TO_HOSTILE]
        slow = [f"as ever only after {self.seconds:.1f} s"] if self.seconds > patience * NORMAL_IN + self.usual else []
        lost = [f"forms lost: {self.lost}"] if self.lost else []
        missing = [f"quizzes not counted: {self.counts_lost}"] if self.counts_lost and not self.allowed else []
        return odd + bad + slow + lost + missing


# What somebody may be answered who sends nonsense; and nothing, where it was not even whole.
ANSWERS_TO_HOSTILE = {"200", "303", "302", "308", "301", "304", "400", "403", "404", "405", "408", "411", "413", "414",
                      "415", "416", "417", "422", "431", "503", "505", "501", "hung up"}  # fmt: skip


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what we started is ended, too
    print(where := machine(), flush=True)
    met = []
    for there, faults in SITES.items():
        with there() as site:
            for fault in faults:
                met.append(measured(fault, site, Scale()))
                print(_row(_cells(met[-1])), *met[-1].problems(), flush=True)
    FILE.write_text(whole(where, met), encoding="utf-8")
    sys.exit(any(one.problems() for one in met))


def measured(fault: Fault, site: Site, scale: Scale) -> Met:
    before = site.counted()
    with Visitors(site.port, site.school) as visitors:
        usual = seconds_to_normal(site.port)
        seen = fault.happens(site, scale) or {}
        seconds = seconds_to_normal(site.port)
    finished = visitors.saw.finished
    wait_for(lambda: site.counted() - before >= finished, COUNTED_IN if not fault.breaks else 5)
    allowed = frozenset({BROKEN} if fault.breaks else ())
    return Met(fault.name, visitors.saw, seen, seconds, site.counted() - before, usual, allowed)


def seconds_to_normal(port: int) -> float:
    began = time.monotonic()
    while time.monotonic() - began < GIVE_UP:
        with ThreadPoolExecutor(PROBES) as families:
            if all(families.map(_is_normal, [port] * PROBES, range(PROBES))):
                return time.monotonic() - began
    return inf


def _is_normal(port: int, number: int) -> bool:
    with suppress(OSError, HTTPException):
        page = ask(port, "/en/quiz")
        paper = ask(port, "/en/agreement", [*form(10_000_000 + number, 1), ("do", "pdf")])
        return page.status == 200 and paper.body.startswith(b"%PDF")
    return False


# Faults


def _printer_killed(site: Site, scale: Scale) -> None:
    site.printing_now().kill()


def _printer_hangs(site: Site, scale: Scale) -> None:
    with _frozen([site.printing_now()]):
        time.sleep(PRINT_SECONDS + 2)


def _all_printers_killed(site: Site, scale: Scale) -> None:
    for _ in range(scale.times):
        site.printing_now()
        for process in site.printing():
            process.kill()


def _web_killed(site: Site, scale: Scale) -> None:
    [first, *_others] = site.web()
    first.kill()


def _web_frozen(site: Site, scale: Scale) -> None:
    """Visitors whom it has let in wait until it wakes; all others go to the next one."""
    [first, *_others] = site.web()
    with _frozen([first]):
        time.sleep(scale.seconds)


def _postgres_frozen(site: Site, scale: Scale) -> None:
    assert site.postgres
    site.postgres.signal(SIGSTOP)
    time.sleep(scale.seconds)
    site.postgres.signal(SIGCONT)


def _postgres_stopped(site: Site, scale: Scale) -> None:
    assert site.postgres
    site.postgres.stop()
    time.sleep(scale.seconds)
    site.postgres.start()


def _redis_frozen(site: Site, scale: Scale) -> None:
    assert site.redis
    with _frozen([psutil.Process(site.redis.process.pid)]):
        time.sleep(scale.seconds)


def _redis_stopped(site: Site, scale: Scale) -> None:
    assert site.redis
    site.redis.stop()
    time.sleep(scale.seconds)
    site.redis.start()


def _worker_killed(site: Site, scale: Scale) -> None:
    """The whole of a machine that prints, in the middle of a PDF. Another one takes its place a moment later."""
    lost = _worker_at_work(site)
    site.workers.remove(lost)
    for process in [lost, *lost.children()]:
        process.kill()
    site.begin_worker()


def _worker_frozen(site: Site, scale: Scale) -> None:
    frozen = _worker_at_work(site)
    with _frozen([frozen, *frozen.children()]):
        time.sleep(scale.seconds)


def _worker_at_work(site: Site) -> psutil.Process:
    at_work = site.printing_now()
    return next(worker for worker in site.workers if at_work in worker.children())


def _disk_full(site: Site, scale: Scale) -> None:
    """To the last byte: of the instance, of SQLite, and of the folder for temporary files."""
    assert site.disk
    with (site.disk / "full").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 64)
    time.sleep(scale.seconds)
    (site.disk / "full").unlink()


def _quota_used_up(site: Site, scale: Scale) -> None:
    site.may_write(0)
    time.sleep(scale.seconds)
    site.may_write(psutil.RLIM_INFINITY)


def _slow_visitors(kind: str) -> Callable[[Site, Scale], None]:
    def come(site: Site, scale: Scale) -> None:
        with ExitStack() as held:
            connections = [held.enter_context(connected(f"http://{ADDRESS}:{site.port}")) for _ in range(scale.slow)]
            for connection in connections:
                connection.sendall(SLOW[kind])
            with dripping(connections):
                time.sleep(scale.seconds)

    return come


def _gone(site: Site, scale: Scale) -> None:
    """Half of them while they send, half while their paper is printed."""
    body = urlencode([*form(20_000_000, 2), ("do", "pdf")]).encode()
    head = f"POST /en/agreement HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    whole = f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + body
    for number in range(scale.gone):
        with socket.create_connection((ADDRESS, site.port)) as connection:
            connection.sendall(whole if number % 2 else whole[: len(whole) // 2])
            time.sleep(0.02)


def _hostile(site: Site, scale: Scale) -> Mapping[str, int]:
    some, before = list(hostile.requests(scale.requests, hostile.paths())), set(site.web())
    answers, longest = hostile.sent(site.port, some)
    late = Counter({f"an answer after {longest:.0f} s": 1} if longest > PRINT_SECONDS + NORMAL_IN else {})
    return answers + late + Counter("a web process ended" for _one in before - set(site.web()))


@contextmanager
def _frozen(processes: Sequence[psutil.Process]) -> Iterator[None]:
    for process in processes:
        process.send_signal(SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(SIGCONT)


BY_ITSELF = (
    Fault("a printing process is killed in the middle of a PDF", _printer_killed),
    Fault("a printing process hangs for longer than a PDF may take", _printer_hangs),
    Fault("all printing processes are killed, again and again", _all_printers_killed),
    Fault("a web process is killed", _web_killed, breaks=True),
    Fault("a web process freezes", _web_frozen),
    Fault("PostgreSQL freezes", _postgres_frozen),
    Fault("PostgreSQL is stopped and started again", _postgres_stopped),
    Fault("the Redis that counts links is stopped and started again", _redis_stopped),
    Fault("the Redis that counts links freezes", _redis_frozen),
    Fault("visitors send the head of a request a byte a second", _slow_visitors("head")),
    Fault("visitors send a form a byte a second", _slow_visitors("body")),
    Fault("visitors hang up while they send, or while their paper is printed", _gone),
    Fault("hostile requests of every kind", _hostile),
)
BY_WORKERS = (
    Fault("a printing process of a worker is killed in the middle of a PDF", _printer_killed),
    Fault("a printing process of a worker hangs for longer than a PDF may take", _printer_hangs),
    Fault("a whole worker is killed in the middle of a PDF", _worker_killed),
    Fault("a whole worker freezes in the middle of a PDF", _worker_frozen),
    Fault("Redis between web and workers is stopped and started again", _redis_stopped),
    Fault("Redis between web and workers freezes", _redis_frozen),
)
# Where no disk may be mounted, what a process may write is all that can be used up.
DISKS: Mapping[Callable[[], AbstractContextManager[Site]], Sequence[Fault]] = {
    under_a_quota: (Fault("nothing more may be written to any file", _quota_used_up),),
    **(
        {on_a_small_disk: (Fault("the disk is full, the folder for temporary files too", _disk_full),)}
        if can_mount()
        else {}
    ),
}
SITES = {by_itself: BY_ITSELF, by_workers: BY_WORKERS} | DISKS


# What is written


HEAD = ("fault", "what a visitor saw", "seconds to normal", "forms lost", "quizzes counted")


def whole(where: str, met: Sequence[Met]) -> str:
    parts = [
        "# Faults",
        INTRODUCTION.format(
            deadline=PRINT_SECONDS,
            seconds=Scale.seconds,
            times=Scale.times,
            slow=Scale.slow,
            alone=len(BY_ITSELF),
            workers=len(BY_WORKERS),
        ),
        f"{where}.",
        "\n".join([_row(HEAD), _row(["---"] * len(HEAD)), *(_row(_cells(one)) for one in met)]),
        *(f"Not as it should be, when {one.name}: {', '.join(one.problems())}." for one in met if one.problems()),
    ]
    return "\n\n".join(parts) + "\n"


INTRODUCTION = """\
Written by `make faults`: each part is broken under visitors who take the quiz at a school's link, look at the result,
make links for schools and print, all the time. Two web processes print one PDF each at a time; a PDF may take
{deadline} seconds; what is stopped or frozen is so for {seconds} seconds, what is killed again and again {times} times,
and slow visitors are {slow}. The site is not started again between two faults of a kind of site: the first
{alone} rows are one that prints by itself, the next {workers} one with two Celery workers, the last ones a site that
may write no more and a site whose disk is a megabyte.

- *What a visitor saw* counts answers. Whoever was asked to come back (503) found every field typed in that page.
  A visitor whose connection broke loaded the page again.
- *Seconds to normal* are counted from the end of the fault until four families who came at once all had the quiz and
  their PDF. Their printing time is in it: *usual* is what the same families took just before the fault.
- *Forms lost*: families without their paper in the end, pages that lacked a field, papers with the names of others.
- *Quizzes counted*: of those that were finished. One more may stand there where a connection broke, for that visitor
  sent the answers twice; what waited in the memory of a web process that is killed is lost."""


def _cells(met: Met) -> tuple[str, ...]:
    return (
        met.name,
        _told(met),
        f"{met.seconds:.1f} (usual {met.usual:.1f})",
        f"{met.lost}",
        f"{met.counted} of {met.saw.finished}",
    )


def _told(met: Met) -> str:
    seen = ", ".join(f"{number} {name}" for name, number in sorted(met.saw.outcomes.items(), key=lambda one: -one[1]))
    if not met.hostile:
        return seen
    answers = ", ".join(f"{number} × {name}" for name, number in sorted(met.hostile.items()))
    return f"{seen}; the hostile ones: {answers}"


def _row(cells: Sequence[str]) -> str:
    return "| " + re.sub(r"\s+", " ", " | ".join(cells)) + " |"


if __name__ == "__main__":
    main()
