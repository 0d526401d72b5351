"""What an operator's Prometheus reads: how much, how long, how many wait. Nothing of a family, a school or a network.

Under gunicorn each web process writes into a file of its own in memory (deploy/gunicorn.conf.py), and whichever process
is asked adds up all of them. Only those who switch it on load the library, which takes time.
"""

from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from resource import getpagesize
from threading import Event, Lock, Thread

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MutexValue, ValueClass

CONTENT_TYPE = CONTENT_TYPE_LATEST
# A page takes milliseconds; paper up to the deadline of a job.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)
# Seconds between two looks at what no request tells of.
_PAUSE = 5.0


class Metrics:
    """All figures of this process. Every label has few values, which are ours: nobody can make up new ones."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Histogram(
            "quizapp_request_seconds",
            "Seconds to answer a request, by page, method and kind of status. Its count is the number of requests.",
            ("endpoint", "method", "status"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._started = Counter("quizapp_prints_started", "Sheets that were asked for.", registry=registry)
        self._ended = Counter("quizapp_prints_ended", "Sheets by what became of them.", ("outcome",), registry=registry)
        self._seconds = Histogram(
            "quizapp_print_seconds",
            "Seconds from the press of the button to the sheet.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._waiting = _gauge("quizapp_prints_waiting", "Sheets that are waited for now.", "livesum", registry)
        self._counts_waiting = _gauge("quizapp_counts_waiting", "Quizzes that wait to be counted.", "livesum", registry)
        self._counts_lost = Counter("quizapp_counts_lost", "Quizzes that could not be counted.", registry=registry)
        self._processes = _gauge("quizapp_web_processes", "Web processes at work.", "livesum", registry)
        self._memory = _gauge("quizapp_memory_bytes", "Memory of the largest web process.", "livemax", registry)
        self._counts: Callable[[], tuple[int, int]] = lambda: (0, 0)
        self._lost = 0
        self._of_page: dict[tuple[str, str, str], _Page] = {}
        self._looking = Lock()
        self._closed = Event()

    def request(self, endpoint: str, method: str, status: str, seconds: float) -> None:
        key = (endpoint, method, status)
        page = self._of_page.get(key)
        if page is None:
            page = self._of_page.setdefault(key, _Page(self._requests.labels(endpoint, method, f"{status}xx")))
        page.add(seconds)

    def print_started(self) -> None:
        self._started.inc()
        self._waiting.inc()

    def print_ended(self, outcome: str, seconds: float) -> None:
        self._waiting.dec()
        self._ended.labels(outcome).inc()
        if outcome == "finished":
            self._seconds.observe(seconds)

    def begin(self, counts: Callable[[], tuple[int, int]]) -> None:
        """Look from time to time, in a thread of its own, at what no request tells of.

        `counts`: how many finished quizzes wait to be counted, and how many were lost since the start.
        """
        self._counts = counts
        self._processes.set(1)
        Thread(target=self._keep_looking, name="metrics", daemon=True).start()

    def close(self) -> None:
        """What was lost at the end is told as well."""
        self._closed.set()
        self._look()

    def text(self) -> bytes:
        """The figures of all web processes, as Prometheus reads them."""
        self._look()
        if ValueClass is MutexValue:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # its library is typed in part
        return generate_latest(together)

    def _keep_looking(self) -> None:
        self._look()
        while not self._closed.wait(_PAUSE):
            self._look()

    def _look(self) -> None:
        with self._looking:
            waiting, lost = self._counts()
            self._counts_waiting.set(waiting)
            self._counts_lost.inc(lost - self._lost)
            self._lost = lost
            self._memory.set(_memory())
            for page in list(self._of_page.values()):
                page.pass_on()


class _Page:
    """The requests of one kind since the last look. The library's own way would cost every page some 3 % more."""

    def __init__(self, figure: Histogram) -> None:
        self._figure = figure
        self._changing = Lock()
        self._new = [0] * (len(_SECONDS) + 1)
        self._seconds = 0.0

    def add(self, seconds: float) -> None:
        with self._changing:
            self._new[bisect_left(_SECONDS, seconds)] += 1
            self._seconds += seconds

    def pass_on(self) -> None:
        """As the library's `observe` does for each request."""
        with self._changing:
            new, self._new = self._new, [0] * len(self._new)
            seconds, self._seconds = self._seconds, 0.0
        for bucket, number in zip(self._figure._buckets, new, strict=True):
            if number:
                bucket.inc(number)
        self._figure._sum.inc(seconds)


def _gauge(name: str, told: str, mode: str, registry: CollectorRegistry) -> Gauge:
    """`mode`: how the figures of several processes become one; those of processes that ended leave with them."""
    return Gauge(name, told, multiprocess_mode=mode, registry=registry)  # type: ignore[arg-type]  # one of its words


def _memory() -> int:
    """Bytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize()
