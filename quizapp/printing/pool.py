"""Printing processes on this machine: a bounded queue, a deadline for each job, fresh processes now and then."""

from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from multiprocessing import get_context
from threading import BoundedSemaphore

from pebble import ProcessExpired, ProcessPool

from quizapp.printing import PrinterBusy, PrintError, job


class Printer:
    """HTML strings in, PDF bytes out. Only this string goes to a printing process, and nothing touches a disk."""

    def __init__(
        self, processes: int, queue: int, seconds: float, recycle: int, work: Callable[[str], bytes] = job.print_html
    ) -> None:
        self._pool = ProcessPool(
            max_workers=processes, max_tasks=recycle, initializer=job.begin, context=get_context("spawn")
        )
        self._places = BoundedSemaphore(processes + queue)
        self._seconds = seconds
        self._work = work

    def warm_up(self) -> None:
        """Start a printing process before the first family needs one."""
        self._pool.schedule(job.print_html, args=["<title>warm</title>"])

    def print(self, html: str) -> bytes:
        """Raises PrinterBusy or PrintError. A job whose process died is done again, once."""
        if not self._places.acquire(blocking=False):
            raise PrinterBusy
        try:
            return self._once(html)
        except ProcessExpired:
            return self._again(html)
        finally:
            self._places.release()

    def _again(self, html: str) -> bytes:
        try:
            return self._once(html)
        except ProcessExpired as error:
            raise PrintError("two printing processes died over the same sheet") from error

    def _once(self, html: str) -> bytes:
        future = self._pool.schedule(self._work, args=[html], timeout=self._seconds)
        try:
            pages: bytes = future.result(timeout=self._seconds)
        except TooLate as error:
            future.cancel()
            raise PrinterBusy from error
        return pages

    def close(self) -> None:
        """Finish the jobs in hand and end the processes."""
        self._pool.close()
        self._pool.join()
