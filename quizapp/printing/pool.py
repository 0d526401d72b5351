"""Printing processes on this machine: a bounded queue, a deadline for each job, fresh processes now and then."""

from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as TooLate
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from threading import BoundedSemaphore, Lock

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from quizapp.printing import PrinterBusy, PrintError, job

# A process that dies takes its job with it; one that dies between two jobs can take the whole pool.
_DIED = (ProcessExpired, BrokenProcessPool)


class _NeverBegun(Exception):
    """No process took the job before its deadline."""


class Printer:
    """HTML strings in, PDF bytes out. Only this string goes to a printing process, and nothing touches a disk."""

    def __init__(
        self, processes: int, queue: int, seconds: float, recycle: int, work: Callable[[str], bytes] = job.print_html
    ) -> None:
        self._processes = processes
        self._recycle = recycle
        self._seconds = seconds
        self._work = work
        self._places = BoundedSemaphore(processes + queue)
        self._changing = Lock()
        # Jobs that came to an end, whichever: a pool in which none does for a whole deadline has lost its way.
        self._ended = 0
        self._open = True
        self._pool = self._new_pool()

    def warm_up(self) -> None:
        """Start a printing process before the first family needs one."""
        self._pool.schedule(job.print_html, args=["<title>warm</title>"])

    def print(self, html: str) -> bytes:
        """Raises PrinterBusy or PrintError. A job whose process died is done again, once."""
        if not self._places.acquire(blocking=False):
            raise PrinterBusy
        try:
            return self._once(html)
        except _DIED:
            return self._again(html)
        finally:
            self._ended += 1
            self._places.release()

    def close(self) -> None:
        """Finish the jobs in hand and end the processes."""
        self._open = False
        self._pool.close()
        self._pool.join()

    def _again(self, html: str) -> bytes:
        try:
            return self._once(html)
        except _DIED as error:
            raise PrintError("two printing processes died over the same sheet") from error

    def _once(self, html: str) -> bytes:
        pool, ended = self._pool, self._ended
        try:
            future = pool.schedule(self._work, args=[html], timeout=self._seconds)
            return self._result(future)
        except _NeverBegun as error:
            if self._ended == ended:
                self._replace(pool)
            raise PrinterBusy from error
        except RuntimeError as error:  # of which a broken pool is one kind, and a job for one that ended another
            self._replace(pool)
            raise BrokenProcessPool from error

    def _result(self, future: ProcessFuture[bytes]) -> bytes:
        try:
            pages: bytes = future.result(timeout=self._seconds)
        except (TooLate, CancelledError) as error:
            begun = future.running() or future.done()
            future.cancel()
            raise PrinterBusy if begun else _NeverBegun from error
        except (PrintError, *_DIED):
            raise
        except Exception as error:
            raise PrintError("the sheet could not be printed") from error
        return pages

    def _replace(self, broken: ProcessPool) -> None:
        """The first of several jobs that find a pool broken makes the next one; a closed printer makes none."""
        if not self._open:
            raise PrintError("the printer is closed")
        with self._changing:
            if self._pool is broken:
                self._pool = self._new_pool()
        broken.stop()
        broken.join()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._processes,
            max_tasks=self._recycle,
            initializer=job.begin,
            context=get_context("spawn"),
        )
