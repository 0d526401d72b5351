"""Visitors of a rush, each with a connection of its own, as phones have. All run in one process beside the server."""

import asyncio
import gc
import gzip
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

import brotli

from bench.arrivals import Step, Visitor
from tests.conftest import ANSWERS, FAMILY

HEAD = "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n{more}\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n"
OPEN = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
# A visitor gives up after so many seconds without an answer; that counts as a failure.
PATIENCE = 60
# Seconds after which a family that has no PDF goes home, which counts as a PDF that was lost.
PERSIST = 180
KEPT = 40

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
_BUTTON = re.compile(r'<button class="button" name="do" value="([^"]*)">')
_BUILDER = re.compile(r'href="(/en/agreement/[^"#]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return OPEN[self.headers.get("content-encoding", "")](self.body).decode()


@dataclass(frozen=True)
class Asked:
    """One request: when it was sent, in seconds since the run began, how long it took, and what went over the wire."""

    step: Step
    at: float
    seconds: float
    status: int
    bytes: int


@dataclass(frozen=True)
class Paper:
    """One family's way to its PDF: from the first press of the button to the end. `pdf` is kept of a few."""

    name: str
    at: float
    seconds: float
    refused: int
    lost: int
    had: bool
    pdf: bytes = b""


@dataclass
class Told:
    """What a run tells. It grows while visitors come."""

    asked: list[Asked] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    failures: list[tuple[Step, str]] = field(default_factory=list)
    # Seconds that the loop of the visitors came late: time that is theirs and not the server's.
    late: list[float] = field(default_factory=list)
    seconds: float = 0.0
    # Seconds of a processor that the visitors took themselves.
    cpu: float = 0.0


class NotAnswered(Exception):
    """What came in the place of the answer that was due."""


class Phone:
    """One connection, opened when it is needed and again when the server has closed it, as browsers do."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.bytes = 0

    async def ask(self, path: str, form: Sequence[tuple[str, str]] | None = None) -> Answer:
        body = urlencode(form).encode() if form is not None else b""
        more = FORM.format(length=len(body)) if form is not None else ""
        request = HEAD.format(method="GET" if form is None else "POST", path=path, more=more).encode() + body
        async with asyncio.timeout(PATIENCE):
            while True:
                streams, used = await self._open()
                try:
                    return await self._answer(streams, request)
                except (ConnectionError, asyncio.IncompleteReadError) as error:
                    self.close()
                    if not used or getattr(error, "partial", b""):
                        raise

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _open(self) -> tuple[tuple[asyncio.StreamReader, asyncio.StreamWriter], bool]:
        if self._streams and not self._streams[0].at_eof():
            return self._streams, True
        self.close()
        self._streams = await asyncio.open_connection(*self._address)
        return self._streams, False

    async def _answer(self, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes) -> Answer:
        reader, writer = streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").rstrip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection", "").lower() == "close":
            self.close()
        self.bytes = len(request) + len(head) + len(body)
        return Answer(int(first.split()[1]), headers, body)


def rush(address: tuple[str, int], visitors: Sequence[Visitor]) -> Told:
    """All visitors from the first to the last PDF."""
    gc.freeze()
    return asyncio.run(_rush(address, visitors))


async def _rush(address: tuple[str, int], visitors: Sequence[Visitor]) -> Told:
    told, start, began = Told(), time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for visitor in visitors:
            await asyncio.sleep(max(0.0, start + visitor.at - time.perf_counter()))
            told.late.append(time.perf_counter() - start - visitor.at)
            group.create_task(_Visit(address, visitor, told, start).run())
    told.seconds, told.cpu = time.perf_counter() - start, time.process_time() - began
    return told


def presses(address: tuple[str, int], at_once: int, seconds: float) -> Told:
    """So many families, each of whom asks for the next PDF when it has one, for so long."""
    return asyncio.run(_presses(address, at_once, seconds))


async def _presses(address: tuple[str, int], at_once: int, seconds: float) -> Told:
    told, start = Told(), time.perf_counter()

    async def families(first: int) -> None:
        number = first
        while time.perf_counter() - start < seconds:
            visitor = Visitor(number, 0, (Step.PAPER,), (0.0,), 1 + number // at_once % 2)
            await _Visit(address, visitor, told, start).run()
            number += at_once

    await asyncio.gather(*(families(first) for first in range(at_once)))
    told.seconds = time.perf_counter() - start
    return told


class _Visit:
    """One visitor, who goes on from each page with what that page holds."""

    def __init__(self, address: tuple[str, int], visitor: Visitor, told: Told, start: float) -> None:
        self._phone, self._visitor, self._told, self._start = Phone(address), visitor, told, start
        self._next = ""

    async def run(self) -> None:
        doing = {Step.ANSWERS: self._answers, Step.RESULT: self._result, Step.PAPER: self._paper}
        for step, think in zip(self._visitor.steps, self._visitor.thinks, strict=False):
            try:
                await doing.get(step, self._page)(step)
            except (OSError, EOFError, ValueError, NotAnswered) as error:
                self._told.failures.append((step, f"{type(error).__name__}: {error}"))
                break
            await asyncio.sleep(think)
        self._phone.close()

    async def _page(self, step: Step) -> None:
        paths = {Step.LANDING: "/en/", Step.QUIZ: "/en/quiz", Step.BUILDER: self._next}
        await self._ask(step, paths[step], 200)

    async def _answers(self, step: Step) -> None:
        answer = await self._ask(step, "/en/quiz", 303, list(ANSWERS.items()))
        self._next = answer.headers["location"]

    async def _result(self, step: Step) -> None:
        page = (await self._ask(step, self._next, 200)).text
        self._next = _found(_BUILDER.findall(page), "a link to the builder")

    async def _paper(self, step: Step) -> None:
        """A visitor who is refused waits as long as the page says, and sends what the page holds."""
        typed = form(self._visitor.number, self._visitor.children)
        posted, do = typed, "pdf"
        began, refused, lost = self._now(), 0, 0
        while (answer := await self._ask(step, "/en/agreement", (200, 503), [*posted, ("do", do)])).status == 503:
            refused, page = refused + 1, answer.text
            posted, do = kept(page)
            lost += not set(typed) <= set(posted)
            if self._now() - began > PERSIST or not do:
                break
            await asyncio.sleep(float(answer.headers["retry-after"]))
        had = answer.body.startswith(b"%PDF")
        keep = had and len(self._told.papers) < KEPT
        self._told.papers.append(
            Paper(dict(typed)["children-0-name"], began, self._now() - began, refused, lost, had, answer.body * keep)
        )

    async def _ask(
        self, step: Step, path: str, due: int | tuple[int, ...], form: Sequence[tuple[str, str]] | None = None
    ) -> Answer:
        began = self._now()
        answer = await self._phone.ask(path, form)
        self._told.asked.append(Asked(step, began, self._now() - began, answer.status, self._phone.bytes))
        if answer.status not in (due if isinstance(due, tuple) else (due,)):
            raise NotAnswered(f"{path.partition('?')[0][:20]} answered {answer.status}")
        return answer

    def _now(self) -> float:
        return time.perf_counter() - self._start


def form(number: int, children: int) -> list[tuple[str, str]]:
    """What the family of this number types; no other family has its names."""
    second = {
        "children-1-name": f"Mia-{number}",
        "children-1-band": "14-17",
        "children-1-clauses": ["contact", "night", "practice", "talk"],
    }
    own: dict[str, Any] = {"family": f"Rivera-{number}", "children-0-name": f"Leo-{number}"}
    given = FAMILY | own | (second if children == 2 else {})
    return [(name, one) for name, value in given.items() for one in (value if isinstance(value, list) else [value])]


def kept(page: str) -> tuple[list[tuple[str, str]], str]:
    """Every hidden field of a page that asks to come back, and what its button says; '' where it has none."""
    fields = [(unescape(name), unescape(value)) for name, value in _HIDDEN.findall(page)]
    return fields, unescape(next(iter(_BUTTON.findall(page)), ""))


def _found(matches: Sequence[str], what: str) -> str:
    if not matches:
        raise NotAnswered(f"a page without {what}")
    return unescape(matches[0])
