"""A small steady flow of visitors while parts break: each with names that nobody else has, and what all of them saw.

Who is asked to come back presses the button of that page again after a second, sooner than the page says. Who has no
answer at all asks again, as browsers do when the page is loaded again.
"""

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from html import escape
from http.client import HTTPConnection, HTTPException
from itertools import count
from threading import Event, Thread
from types import TracebackType
from urllib.parse import urlencode

from bench.rush_visitor import Answer, form, kept
from bench.server import ADDRESS
from bench.visitor import SCHOOL
from quizapp.printing import attachment, savefile
from tests.conftest import ANSWERS

AT_ONCE = 3
# Seconds: between two visitors of one thread, before a button is pressed again, without any answer, without paper.
PAUSE, AGAIN, PATIENCE, PERSIST = 0.4, 1.0, 30, 90
# One visitor in so many makes a link for a school.
LINKS = 4
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

PAGE, PAPER, COME_BACK, BROKEN = "pages", "PDFs", "asked to come back, form kept", "connections broken"
AS_EVER = (PAGE, PAPER, COME_BACK)


@dataclass(frozen=True)
class Paper:
    """A PDF, and the number of the family that asked for it."""

    number: int
    children: int
    pdf: bytes

    def is_theirs(self) -> bool:
        """Whether the names in it are those that this family typed."""
        family = savefile.unpack(attachment.attached(self.pdf)).family
        typed = dict(form(self.number, self.children))
        names = [value for name, value in typed.items() if name.startswith("children-") and name.endswith("-name")]
        return [family.name, *(child.name for child in family.children)] == [typed["family"], *names]


@dataclass
class Saw:
    """What all visitors saw. `finished`: quizzes of the school that were answered. `lost`: forms, or papers."""

    outcomes: Counter[str] = field(default_factory=Counter)
    papers: list[Paper] = field(default_factory=list)
    finished: int = 0
    lost: int = 0

    def odd(self) -> Counter[str]:
        """All that is neither a page or a PDF as ever, nor a page that holds the form and asks to come back."""
        return Counter({name: number for name, number in self.outcomes.items() if name not in AS_EVER})

    def wrong(self) -> int:
        return sum(not paper.is_theirs() for paper in self.papers)


class _GoneHome(Exception):
    """A visitor who saw what nobody should see goes home. It has been told by then."""


class Visitors:
    """`with Visitors(port, school) as visitors: ...`; at its end everyone still has their paper, or has given up."""

    def __init__(self, port: int, school: str) -> None:
        self.saw = Saw()
        self._port, self._school = port, school
        self._over = Event()
        self._numbers = count(1)
        self._threads = [Thread(target=self._come, daemon=True) for _ in range(AT_ONCE)]

    def __enter__(self) -> "Visitors":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _come(self) -> None:
        while not self._over.wait(PAUSE):
            number = next(self._numbers)
            try:
                self._visit(number)
            except _GoneHome:
                self.saw.lost += 1

    def _visit(self, number: int) -> None:
        self._page("/en/quiz", 200)
        result = self._page(f"/en/s/{self._school}/quiz", 303, list(ANSWERS.items()))
        self.saw.finished += 1
        self._page(result.headers["location"], 200)
        if number % LINKS == 0:
            self._link(number)
        self._paper(number, 1 + number % 2)

    def _page(self, path: str, due: int, sent: Sequence[tuple[str, str]] | None = None) -> Answer:
        answer = self._ask(path, sent)
        if answer.status != due:
            self._odd(answer)
        self.saw.outcomes[PAGE] += 1
        return answer

    def _link(self, number: int) -> None:
        name = f"Hill & Dale {number}"
        answer = self._ask("/en/schools", [("name", name), *(("languages", lang) for lang in SCHOOL["languages"])])
        if answer.status == 503 and escape(name) in answer.text and "retry-after" in answer.headers:
            self.saw.outcomes[COME_BACK] += 1
        elif answer.status == 200 and escape(name) in answer.text:
            self.saw.outcomes[PAGE] += 1
        else:
            self._odd(answer)

    def _paper(self, number: int, children: int) -> None:
        typed = form(number, children)
        posted, until = [*typed, ("do", "pdf")], time.monotonic() + PERSIST
        while not (answer := self._ask("/en/agreement", posted)).body.startswith(b"%PDF"):
            fields, button = kept(answer.text)
            is_whole = set(typed) <= set(fields) and button == "pdf" and "retry-after" in answer.headers
            if answer.status != 503 or not is_whole or time.monotonic() > until:
                self._odd(answer)
            self.saw.outcomes[COME_BACK] += 1
            posted = [*fields, ("do", button)]
            time.sleep(AGAIN)
        self.saw.outcomes[PAPER] += 1
        self.saw.papers.append(Paper(number, children, answer.body))

    def _odd(self, answer: Answer) -> None:
        self.saw.outcomes[f"answered {answer.status}"] += 1
        raise _GoneHome

    def _ask(self, path: str, sent: Sequence[tuple[str, str]] | None) -> Answer:
        until = time.monotonic() + PERSIST
        while time.monotonic() < until:
            try:
                return ask(self._port, path, sent)
            except TimeoutError:
                self.saw.outcomes[f"no answer in {PATIENCE} s"] += 1
            except (OSError, HTTPException):
                self.saw.outcomes[BROKEN] += 1
                time.sleep(AGAIN)
        raise _GoneHome


def ask(port: int, path: str, sent: Sequence[tuple[str, str]] | None = None) -> Answer:
    """Raises OSError or HTTPException where no whole answer comes."""
    with closing(HTTPConnection(ADDRESS, port, timeout=PATIENCE)) as connection:
        if sent is None:
            connection.request("GET", path)
        else:
            connection.request("POST", path, urlencode(sent), FORM)
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
