"""Where pages ask for schools: nobody waits for a database longer than a moment."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from time import monotonic
from typing import ParamSpec, TypeVar

from quizapp.model import School
from quizapp.schools import Unavailable
from quizapp.schools.counters import Counters
from quizapp.schools.counting import Counting
from quizapp.schools.database import Database
from quizapp.schools.register import Register

P = ParamSpec("P")
T = TypeVar("T")

# Threads that ask the database, and questions that may wait for one.
_THREADS, _QUEUE = 4, 16
# Schools that are remembered, and for how many seconds before the database is asked again.
_REMEMBERED, _FRESH = 5000, 60.0
# Seconds that a page waits for the name of a school when it can do without.
MOMENT = 1.0


class Office:
    """The register and the counters of a database, asked with a deadline; schools are remembered, quizzes counted.

    `most`: how many finished quizzes may wait to be counted. `seconds`: the deadline.
    """

    def __init__(self, database: Database, most: int, seconds: float = 3.0) -> None:
        self._database = database
        self.register = Register(database)
        self.counters = Counters(database)
        self.counting = Counting(self.counters.add, most)
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(_THREADS, "office")
        self._places = BoundedSemaphore(_THREADS + _QUEUE)
        self._known: OrderedDict[str, tuple[School, float]] = OrderedDict()

    def ask(self, question: Callable[P, T], *args: P.args, **values: P.kwargs) -> T:
        """What the register or the counters answer. Raises Unavailable, also when the answer takes too long."""
        return self._asked(self._seconds, question, *args, **values)

    def find(self, id_: str, seconds: float | None = None) -> School | None:
        """The school of an id, as it was a minute ago at the latest; a longer time ago while the database is away.

        `seconds`: another deadline. Raises Unavailable for a school that is not remembered then.
        """
        known, until = self._known.get(id_, (None, 0.0))
        if known and until > monotonic():
            return known
        try:
            found = self._asked(self._seconds if seconds is None else seconds, self.register.find, id_)
        except Unavailable:
            if known is None:
                raise
            found = known
        self._remember(id_, found)
        return found

    def warm_up(self) -> None:
        """Bring the database up to date before anyone asks, without waiting for it."""
        self._threads.submit(self.register.find, "")

    def forget(self, id_: str) -> None:
        self._known.pop(id_, None)

    def close(self) -> None:
        self.counting.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._database.close()

    def _remember(self, id_: str, found: School | None) -> None:
        self.forget(id_)
        if found:
            self._known[id_] = found, monotonic() + _FRESH
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def _asked(self, seconds: float, question: Callable[P, T], *args: P.args, **values: P.kwargs) -> T:
        if not self._places.acquire(blocking=False):
            raise Unavailable
        try:
            answer = self._threads.submit(question, *args, **values)
        except RuntimeError as error:  # closed
            self._places.release()
            raise Unavailable from error
        answer.add_done_callback(lambda _done: self._places.release())
        try:
            return answer.result(seconds)
        except TimeoutError as error:
            answer.cancel()
            raise Unavailable from error
