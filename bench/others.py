"""Our paper beside what a builder would pick in its place: the agreement of a family with two children, in turns.

*LibreOffice* gets the same words as a .docx file (bench/office.py), *Chromium* the same HTML with the same style sheet.
All have our fonts, and each its own setting for PDFs that can be read aloud. Whether they can is what veraPDF says of
PDF/UA-1, once with that setting and once without.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Playwright, sync_playwright

from bench import sample
from bench.office import ENVIRONMENT, PLAIN, Office
from bench.paper import seconds_of
from quizapp.printing import job
from tests.tools.fixtures import CHROMIUM, CHROMIUM_OPTIONS
from tests.tools.verapdf import PdfUaChecker

STYLE = job.FONTS.parents[1] / "print.css"
ROUNDS = 7
WARM = 1
HEAD = ("two children’s PDF, printed by", "milliseconds", "ours to it", "KB", "can be read aloud (PDF/UA-1)")

Print = Callable[[], bytes]


@dataclass(frozen=True)
class Way:
    """`with_setting` and `without`: prints with and without the setting for PDFs that can be read aloud."""

    name: str
    with_setting: Print
    without: Print


@dataclass(frozen=True)
class Measured:
    """`ours_to_it`: the median of our time to its time, in turns. `aloud`: how it comes to be PDF/UA-1, if at all."""

    name: str
    seconds: float
    ours_to_it: float
    size: int
    aloud: str

    def cells(self) -> tuple[str, ...]:
        kilobytes = f"{self.size / 1024:.0f}"
        return self.name, f"{self.seconds * 1000:.0f}", f"{self.ours_to_it:.2f}", kilobytes, self.aloud


def compare() -> list[Measured]:
    """Ours first, then the others."""
    html = sample.two_children()
    _as_in_a_printing_process()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="others-")))
        ways = [
            _ours(html),
            *stack.enter_context(_offices(folder, html)),
            *stack.enter_context(_browsers(folder, html)),
        ]
        turns = [[seconds_of(way.with_setting) for way in ways] for _ in range(WARM + ROUNDS)][WARM:]
        checker = stack.enter_context(PdfUaChecker())
        return [_measured(way, [(turn[0], turn[number]) for turn in turns], checker) for number, way in enumerate(ways)]


def _as_in_a_printing_process() -> None:
    """What is loaded stays out of the garbage collector's way, as in job.begin_printing; but nobody comes first."""
    job.press()
    gc.collect()
    gc.freeze()


def _ours(html: str) -> Way:
    pdf = partial(job.print_html, html)
    return Way("ours, in a process that stays", pdf, pdf)


@contextmanager
def _offices(folder: Path, html: str) -> Iterator[list[Way]]:
    once, stays = (Office(folder / name, html) for name in ("once", "stays"))
    with stays.open():
        yield [
            Way("LibreOffice, started for each PDF", once.pdf, partial(once.pdf, PLAIN)),
            Way("LibreOffice that stays open", stays.pdf, partial(stays.pdf, PLAIN)),
        ]


@contextmanager
def _browsers(folder: Path, html: str) -> Iterator[list[Way]]:
    page = folder / "sheets.html"
    page.write_text(html.replace("</head>", f'<link rel="stylesheet" href="{STYLE.as_uri()}"></head>'))
    with sync_playwright() as playwright:
        open_, started = _chromium(playwright), partial(_once, playwright, page)
        yield [
            Way("Chromium, started for each PDF", started, partial(started, False)),
            Way("Chromium that stays open", partial(_pdf, open_, page), partial(_pdf, open_, page, False)),
        ]
        open_.close()


def _once(playwright: Playwright, page: Path, aloud: bool = True) -> bytes:
    browser = _chromium(playwright)
    try:
        return _pdf(browser, page, aloud)
    finally:
        browser.close()


def _chromium(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS, env=dict(ENVIRONMENT))


def _pdf(browser: Browser, page: Path, aloud: bool = True) -> bytes:
    tab = browser.new_page()
    try:
        tab.goto(page.as_uri())
        return tab.pdf(prefer_css_page_size=True, print_background=True, tagged=aloud)
    finally:
        tab.close()


def _measured(way: Way, turns: list[tuple[float, float]], checker: PdfUaChecker) -> Measured:
    """`turns`: our seconds and its seconds in each."""
    pdf = way.with_setting()
    return Measured(
        name=way.name,
        seconds=median(its for _, its in turns),
        ours_to_it=median(ours / its for ours, its in turns),
        size=len(pdf),
        aloud=_aloud(not checker.problems(way.without()), not checker.problems(pdf)),
    )


def _aloud(without: bool, with_setting: bool) -> str:
    if without:
        return "yes"
    return "only when asked to" if with_setting else "no"
