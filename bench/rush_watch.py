"""What the processes of a server take while it works: CPU seconds, seconds that they wait for a processor, memory.

They are looked at every second, so that a process that ends in between is counted until then.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

import psutil

EVERY = 1.0
WEB, PRINTING = "web", "printing"
KINDS = (WEB, PRINTING)


@dataclass(frozen=True)
class Taken:
    """Of all processes of one kind: CPU seconds, seconds ready but without a processor, bytes first and last."""

    cpu: float
    waited: float
    before: int
    after: int
    processes: int


@dataclass(frozen=True)
class _Look:
    kind: str
    cpu: float
    waited: float
    memory: int


class Watch:
    """`with Watch(process) as watch: ...`, then `watch.taken`. `kind` tells what a process is; '' is left out."""

    def __init__(self, roots: list[psutil.Process], kind: Callable[[psutil.Process], str]) -> None:
        self._roots, self._kind = roots, kind
        self._first: dict[int, _Look] = {}
        self._last: dict[int, _Look] = {}
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._now: set[int] = set()
        self._began: set[int] = set()
        self.taken: dict[str, Taken] = {}

    def __enter__(self) -> "Watch":
        self._look()
        self._began = set(self._now)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._look()
        self.taken = {name: self._summed(name) for name in KINDS}

    def _watch(self) -> None:
        while not self._over.wait(EVERY):
            self._look()

    def _look(self) -> None:
        self._now = set()
        for root in self._roots:
            with suppress(psutil.NoSuchProcess):
                for process in [root, *root.children(recursive=True)]:
                    with suppress(psutil.NoSuchProcess, FileNotFoundError):
                        if name := self._kind(process):
                            self._note(process, name)

    def _note(self, process: psutil.Process, name: str) -> None:
        times = process.cpu_times()
        look = _Look(name, times.user + times.system, _waited(process.pid), process.memory_info().rss)
        # A process that begins in between began with nothing.
        self._first.setdefault(process.pid, look if not self._thread.ident else _Look(name, 0, 0, look.memory))
        self._last[process.pid] = look
        self._now.add(process.pid)

    def _summed(self, name: str) -> Taken:
        pairs = [(self._first[pid], last) for pid, last in self._last.items() if last.kind == name]
        return Taken(
            cpu=sum(last.cpu - first.cpu for first, last in pairs),
            waited=sum(max(0, last.waited - first.waited) for first, last in pairs),
            before=sum(first.memory for pid, first in self._first.items() if pid in self._began and first.kind == name),
            after=sum(last.memory for pid, last in self._last.items() if pid in self._now and last.kind == name),
            processes=sum(self._last[pid].kind == name for pid in self._now),
        )


def _waited(pid: int) -> float:
    """Seconds that the threads of a process were ready to work and another had the processor."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            total += int((task / "schedstat").read_text().split()[1])
    return total / 1e9


def kind_of_gunicorn(process: psutil.Process) -> str:
    """Its own process and those that answer are web; a process that one of them started prints."""
    said = " ".join(process.cmdline())
    if "gunicorn" in said:
        return WEB
    return PRINTING if "multiprocessing-fork" in said else ""


def gunicorns() -> list[psutil.Process]:
    """The servers that this process has started."""
    return [child for child in psutil.Process().children() if "gunicorn" in " ".join(child.cmdline())]


def settle(seconds: float) -> None:
    """So that what came before is over."""
    time.sleep(seconds)
