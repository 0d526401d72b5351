"""A printer that tells how it goes: to the log, to whoever counts, and to who asks whether paper comes out."""

import logging
from threading import BoundedSemaphore
from time import monotonic, perf_counter
from typing import Any, Protocol

from quizapp import logs
from quizapp.printing import Busy, Failed, Output, Overdue, Printer

log = logging.getLogger(__name__)

# Seconds for which paper that came out shows that paper comes out.
_LATELY = 30.0
# How a sheet ends, by what is raised; anything else has failed.
OUTCOMES = {type(None): "finished", Busy: "refused", Overdue: "overdue", Failed: "failed"}
# The least that can be printed.
_PROBE = '<html lang="en"><title>ready</title></html>'


class Listener(Protocol):
    """What is told of each sheet."""

    def print_started(self) -> None: ...

    def print_ended(self, outcome: str, seconds: float) -> None: ...


class Prints:
    """A printer that tells how it goes. At most `most` at a time wait for it, so that threads are left for pages."""

    def __init__(self, printer: Printer, listener: Listener | None, most: int) -> None:
        self._printer = printer
        self._listener = listener
        self._places = BoundedSemaphore(most)
        self._finished = float("-inf")

    def warm_up(self, *job: Any) -> None:
        self._printer.warm_up(*job)

    def ping(self) -> bool:
        return self._printer.ping()

    def close(self) -> None:
        self._printer.close()

    def run(self, html: str, saved: bytes = b"", output: Output = Output.PDF) -> bytes:
        """Raises Busy or Failed, and writes a line for the latter: a family meets it as a request to come back."""
        if self._listener is None:
            return self._run(html, saved, output)
        began, ended = perf_counter(), None
        self._listener.print_started()
        try:
            return self._run(html, saved, output)
        except Exception as error:
            ended = error
            raise
        finally:
            self._listener.print_ended(OUTCOMES.get(type(ended), "failed"), perf_counter() - began)

    def answers(self) -> bool:
        """Whether paper comes out: families' of late, or else a small one of our own, which waits its turn."""
        if monotonic() - self._finished > _LATELY:
            self._printer.run(_PROBE)
            self._finished = monotonic()
        return True

    def _run(self, html: str, saved: bytes, output: Output) -> bytes:
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            done = self._printer.run(html, saved, output)
        except Failed as error:
            logs.fault(log, "a sheet could not be printed", error)
            raise
        finally:
            self._places.release()
        self._finished = monotonic()
        return done
