"""Finished quizzes on their way to the database, behind the visitors' backs."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from threading import Condition, Thread

from quizapp.schools import Unavailable
from quizapp.schools.totals import Count

log = logging.getLogger(__name__)

# Quizzes in one transaction.
_AT_ONCE = 200
# Seconds until the database is tried again: first, and at most.
_SOON, _LATER = 1.0, 30.0


class Counting:
    """Adds counts in a thread of its own, many at once when many come. What the database does not take now waits.

    `add` never waits and never fails. Of more than `most` waiting counts the newest are lost; their number is logged.
    """

    def __init__(self, store: Callable[[Sequence[Count]], None], most: int, soon: float = _SOON) -> None:
        self._store = store
        self._most = most
        self._soon = soon
        self._waiting: deque[Count] = deque()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._open = True
        self._lost = 0
        self._lost_ever = 0

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def told(self) -> tuple[int, int]:
        """How many wait, and how many were lost since the start."""
        return len(self._waiting), self._lost_ever

    def add(self, one: Count) -> None:
        with self._changed:
            if len(self._waiting) >= self._most:
                self._lost += 1
                self._lost_ever += 1
                return
            self._waiting.append(one)
            # Not sooner: a thread does not live on in a process that is forked.
            if self._thread is None:
                self._thread = Thread(target=self._work, name="counting", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self, seconds: float = 5.0) -> None:
        """Try once more to add what waits; what cannot be added by then is lost, and its number logged."""
        with self._changed:
            self._open = False
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(seconds)
        self._lost_ever += len(self._waiting)
        if self._lost or self._waiting:
            log.error("counts lost: %d", self._lost + len(self._waiting))

    def _work(self) -> None:
        pause = self._soon
        while some := self._next():
            try:
                self._store(some)
            except Unavailable:
                log.warning("the database is away; counts waiting: %d", len(self._waiting))
                if not self._rest(pause):
                    return
                pause = min(2 * pause, _LATER)
            else:
                self._done(len(some))
                pause = self._soon

    def _next(self) -> list[Count]:
        """The oldest counts, which stay in line until they are stored; none when there is no more to do."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or not self._open)
            return list(self._waiting)[:_AT_ONCE]

    def _done(self, number: int) -> None:
        with self._changed:
            for _ in range(number):
                self._waiting.popleft()
            lost, self._lost = self._lost, 0
        if lost:
            log.error("counts lost: %d", lost)

    def _rest(self, seconds: float) -> bool:
        """Wait until it is time for another try. False when there is to be none."""
        with self._changed:
            return not self._changed.wait_for(lambda: not self._open, seconds)
