"""All figures in one table, each beside its aim. A missed aim is said and is no error."""

import os
import platform
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import counters, memory, others, paper, start, variants, web
from bench.process import in_a_process
from bench.server import serving

NOTES = """\
The floor: the same words, each block of the sheet as one plain paragraph in the same face, style and fonts kept.
Naive: the sheet as one would design it at first, with columns, flexible boxes and rings of rounded borders, style and
fonts read each time; beside it our own sheet, read each time. bench/paper.py tells all of them exactly.
LibreOffice prints the same words as headings, paragraphs and plain tables, from a file made beforehand; Chromium the
same HTML and style sheet. Both have our fonts, and their own setting for PDFs that can be read aloud."""
HEAD = ("figure", "measured", "aim", "reached")


@dataclass(frozen=True)
class Figure:
    """One row. `reached` is None where there is nothing to reach. `brief`: it stands in README.md, too."""

    name: str
    measured: str
    aim: str = ""
    reached: bool | None = None
    brief: bool = False

    def cells(self) -> tuple[str, ...]:
        return self.name, self.measured, self.aim, {True: "yes", False: "no", None: ""}[self.reached]


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what we started is ended, too
    print(machine(), flush=True)
    print_tables(figures(), compared())


def figures() -> list[Figure]:
    return [*_web(), *_start(), *_paper(), *_variants(), *_memory(), *_counters()]


def compared() -> list[others.Measured]:
    """Our paper beside that of others."""
    return in_a_process(others.compare)


def print_tables(figures: Sequence[Figure], compared: Sequence[others.Measured]) -> None:
    print(table([HEAD, *(figure.cells() for figure in figures)]), "\n")
    print(table([others.HEAD, *(way.cells() for way in compared)]))
    print(f"\n{NOTES}")


def _web() -> Iterator[Figure]:
    with serving() as port:
        visit = web.first_visit(port)
        rate = web.rate(port)
    yield Figure("quiz page, answers a second", f"{rate.quiz:.0f}")
    yield Figure("a route that only says ok, answers a second", f"{rate.nothing:.0f}")
    yield Figure(
        "quiz page to a route that only says ok", f"{rate.ratio:.2f}", "at least 0.90", rate.ratio >= 0.9, True
    )
    kilobytes = visit.bytes / 1024
    yield Figure("first visit, KB over the wire", f"{kilobytes:.1f}", "at most 14", kilobytes <= 14, True)
    yield Figure("first visit, requests", f"{visit.requests}", "at most 3", visit.requests <= 3, True)
    yield Figure("first visit, requests to others", f"{visit.elsewhere}", "0", visit.elsewhere == 0, True)


def _start() -> Iterator[Figure]:
    seconds = start.seconds()
    yield Figure("start to first answer, seconds", f"{seconds:.2f}", "at most 1.50", seconds <= 1.5, True)


def _paper() -> Iterator[Figure]:
    ways = in_a_process(paper.compare)
    yield Figure("PDF for two children, milliseconds", f"{ways.seconds * 1000:.0f}", brief=True)
    yield Figure("PDFs a second of one process", f"{ways.a_second:.1f}")
    yield Figure("PDF for two children, KB", f"{ways.size / 1024:.1f}", "at most 150", ways.size <= 150 * 1024, True)
    yield Figure("time of that PDF to the floor", f"{ways.to_floor:.2f}", "at most 3.00", ways.to_floor <= 3, True)
    yield Figure(
        "time of that PDF to the naive way", f"{ways.to_naive:.2f}", "at most 0.45", ways.to_naive <= 0.45, True
    )
    yield Figure("time of that PDF to our own sheet, style and fonts read each time", f"{ways.to_same:.2f}", brief=True)


def _variants() -> Iterator[Figure]:
    number, rate = variants.a_second()
    yield Figure(f"PDFs a second of two processes, all {number} variants", f"{rate:.1f}", brief=True)


def _memory() -> Iterator[Figure]:
    held = memory.held()
    ratio, many, web_process = held.many / held.few, held.many / 2**20, memory.held_by_web() / 2**20
    yield Figure(f"printing process after {memory.FEW} PDFs, MB", f"{held.few / 2**20:.0f}")
    yield Figure(f"printing process after {memory.MANY} PDFs, MB", f"{many:.0f}", "at most 150", many <= 150, True)
    yield Figure("memory after 1,000 PDFs to that after 50", f"{ratio:.2f}", "at most 1.20", ratio <= 1.2, True)
    yield Figure("web process after all it does, MB", f"{web_process:.0f}", "at most 120", web_process <= 120, True)


def _counters() -> Iterator[Figure]:
    added = counters.added()
    yield Figure(f"quizzes counted a second by {counters.WRITERS} writers, one each time", f"{added.singly:.0f}")
    yield Figure(f"the same, {counters.AT_ONCE} each time, as they come in a rush", f"{added.together:.0f}")
    yield Figure("quizzes lost on the way", f"{added.lost}", "0", added.lost == 0, True)


def machine() -> str:
    """What the figures belong to. A load above the number of processors says that others were at work."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {_processor()}, {os.cpu_count()} processors,"
        f" load {os.getloadavg()[0]:.1f} · Python {platform.python_version()} · WeasyPrint {version('weasyprint')}"
    )


def _processor() -> str:
    """Its name as Linux tells it."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def table(rows: list[tuple[str, ...]]) -> str:
    """The first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
