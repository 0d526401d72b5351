"""Processes that work for us on this machine: a bounded queue, a deadline for each job, fresh ones now and then."""

import os
import resource
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as TooLate
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from threading import BoundedSemaphore, Lock
from time import monotonic

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from quizapp.printing import Busy, Failed, Overdue

# A process that dies takes its job with it; one that dies between two jobs can take the whole pool.
_DIED = (ProcessExpired, BrokenProcessPool)


# MB above which a process is replaced; here: never.
NO_LIMIT = 0
# Seconds in which the first process of a pool has begun, even on a machine that has far too much to do. Before that a
# pool in which nothing comes to an end has not lost its way.
_BEGINS_IN = 60


class _NeverBegun(Exception):
    """No process took the job before its deadline."""


class Workers:
    """Processes that all do one kind of work: what they are given goes in, bytes come out, and nothing touches a disk.

    `begin` makes a process ready. After `recycle` jobs, or above so many MB of `memory`, a fresh one takes its place.
    `seconds` is the deadline of a job; `wait` are the seconds that whoever asked for it
    waits for a process and for the job together.
    """

    def __init__(
        self,
        work: Callable[..., bytes],
        begin: Callable[[], None],
        *,
        processes: int,
        queue: int,
        seconds: float,
        recycle: int,
        memory: int = NO_LIMIT,
        wait: float | None = None,
    ) -> None:
        self._work = work
        self._begin = begin
        self._processes = processes
        self._recycle = recycle
        self._memory = memory
        self._seconds = seconds
        self._wait = seconds if wait is None else wait
        self._places = BoundedSemaphore(processes + queue)
        self._changing = Lock()
        # Jobs that came to an end in a process of this pool, whichever: a pool in which none does for a whole deadline
        # has lost its way. One that nobody took, and was given up for that, is no such job.
        self._ended = 0
        self._open = True
        self._made = monotonic()
        self._pool = self._new_pool()

    def warm_up(self, *job: object) -> None:
        """Start a process, with a first small job, before the first family needs one."""
        self._pool.schedule(self._work, args=job)

    def run(self, *job: object) -> bytes:
        """Raises Busy, Overdue or Failed. A job whose process died is done again, once."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            return self._once(job, self._memory)
        except _DIED:
            return self._again(job)
        finally:
            self._places.release()

    def ping(self) -> bool:
        """Broken ones are replaced with the next job; only closed ones are not."""
        return self._open

    def close(self) -> None:
        """Finish the jobs in hand and end the processes."""
        self._open = False
        self._pool.close()
        self._pool.join()

    def _again(self, job: tuple[object, ...]) -> bytes:
        try:
            return self._once(job, NO_LIMIT)
        except _DIED as error:
            raise Failed("two processes died over the same job") from error

    def _once(self, job: tuple[object, ...], memory: int) -> bytes:
        pool, ended = self._pool, self._ended
        try:
            until = monotonic() + self._wait
            future = pool.schedule(_worked, args=(until, memory, self._work, *job), timeout=self._seconds)
            future.add_done_callback(self._note_end)
            return self._result(future)
        except _NeverBegun as error:
            if self._ended == ended and (ended or monotonic() > self._made + _BEGINS_IN):
                self._replace(pool)
            raise Busy from error
        except RuntimeError as error:  # of which a broken pool is one kind, and a job for one that ended another
            self._replace(pool)
            raise BrokenProcessPool from error

    def _result(self, future: ProcessFuture[bytes]) -> bytes:
        try:
            done: bytes = future.result(timeout=self._wait)
        except (TooLate, CancelledError) as error:
            if future.done():
                raise Overdue from error
            # A job that has begun goes on, for its own deadline at most, and one that has not is passed over when its
            # turn comes. Cancelling it would end the process that takes it, and while many wait, processes would do
            # nothing but begin.
            if future.running():
                raise Busy from error
            raise _NeverBegun from error
        except (Busy, Failed, *_DIED):
            raise
        except Exception as error:
            raise Failed("the job could not be done") from error
        return done

    def _note_end(self, future: Future[bytes]) -> None:
        if not future.cancelled():
            self._ended += 1

    def _replace(self, broken: ProcessPool) -> None:
        """The first of several jobs that find a pool broken makes the next one, and it alone ends what is left of it:
        two that do so at once stumble over each other. Closed ones make none."""
        if not self._open:
            raise Failed("the processes are closed")
        with self._changing:
            if self._pool is not broken:
                return
            self._pool, self._ended, self._made = self._new_pool(), 0, monotonic()
        broken.stop()
        broken.join()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._processes,
            max_tasks=self._recycle,
            initializer=self._begin,
            context=get_context("spawn"),
        )


def _worked(until: float, memory: int, work: Callable[..., bytes], *job: object) -> bytes:
    """The job, unless nobody waits for it any more: all processes of a machine have the same clock.

    A process that has grown too large ends instead of taking the job, which a fresh one is given.
    """
    if monotonic() > until:
        raise Busy
    if memory and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > memory * 1024:
        os._exit(1)
    return work(*job)
