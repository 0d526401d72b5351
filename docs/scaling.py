"""Writes docs/scaling.md: what a visitor and a PDF cost, and what many of them need. `make scaling`.

What was measured stands in docs/scaling.json, which `make rush ARGS=--keep` writes, and in docs/figures.md; what follows
from it is worked out here, with the queue model of the benchmark.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # this file is run by its path, and the application is not installed

from bench import arrivals, model  # noqa: E402 - found by the line above
from bench.arrivals import FINISH, HOUR, PRINT, Step, Visitor  # noqa: E402 - the path to it is set above

FOLDER = Path(__file__).parent
FIGURES, FILE = FOLDER / "scaling.json", FOLDER / "scaling.md"

SIZES = (100_000, 1_000_000, 10_000_000)
# Of all families of a day, so many come in the hour after the newsletter.
PEAK_HOUR = 0.2
# A processor that is busy for a larger part of the busiest minute leaves nothing for what was not foreseen.
BUSY = 0.6
# 19 of 20 families have their PDF after so many seconds, in the busiest hour.
SOON = 1.0
# Above so many PDFs the model meets a tenth of them, and a tenth of the processes: many together never wait longer.
MODELLED = 100_000
# A PDF and its job pass Redis as base64 of what is sealed, which is base64 itself: 16 bytes for 9.
SEALED = 16 / 9
# Bytes of the HTML of bench.sample.two_children.
JOB = 11_200
# Of the threads of a web process so many may wait for paper, while the others show pages.
WAITING = 0.5
Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Size:
    """What the busiest minute of a day asks for, a second, and the processes that answer it."""

    families: int
    visitors: float
    pdfs: float
    requests: float
    cached: float
    web: int
    printing: int
    waits: tuple[float, float]
    refusals: int


def size(families: int, figures: Figures) -> Size:
    hour = families * PEAK_HOUR
    visitors = hour / HOUR * arrivals.peak_to_mean()
    pdfs = visitors * FINISH * PRINT
    cached = 2 * visitors
    own = visitors * FINISH * (2 + PRINT) + pdfs
    web = visitors * own_cpu(figures) + pdfs * figures["pdf_web_cpu"]
    printing, told = _printing(round(hour * FINISH * PRINT), pdfs, figures)
    waits = arrivals.share(told.waits, 0.5), arrivals.share(told.waits, 0.95)
    return Size(families, visitors, pdfs, cached + own, cached, ceil(web / BUSY), printing, waits, told.refusals)


def own_cpu(figures: Figures) -> float:
    """Seconds of a web process for a visitor whose landing page and quiz come from a cache near by."""
    steps = figures["step_seconds"]
    builder = PRINT * steps[Step.BUILDER]
    return float(FINISH * (steps[Step.ANSWERS] + steps[Step.RESULT] + builder))


def _printing(hour: int, pdfs: float, figures: Figures) -> tuple[int, model.Modelled]:
    """The fewest processes with which nobody is refused in the peak hour and 19 of 20 have their PDF soon."""
    parts = 10 if hour > MODELLED else 1
    presses = arrivals.moments(hour // parts, HOUR, Random(1))
    visitors = [Visitor(number, at, (Step.PAPER,), (0.0,), 1) for number, at in enumerate(presses)]
    seconds = figures["pdf_printing_cpu"]
    for busy in (1.1, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4):
        processes = max(1, ceil(pdfs / parts * seconds / busy))
        told = model.run(_workers(processes, seconds), visitors)
        if not told.refusals and arrivals.share(told.waits, 0.95) <= SOON:
            break
    return processes * parts, told


def _workers(processes: int, seconds: float) -> model.Parameters:
    """One queue before all of them, as Redis is; it may hold as much as they print in half of the deadline."""
    return model.Parameters(
        processors=processes,
        web_processes=1,
        threads=1_000_000,
        printing=processes,
        queue=queue(processes, seconds),
        deadline=20,
        retry=15,
        web=dict.fromkeys(Step, 0.0),
        refusal=0.0,
        prints=(seconds * 0.7, seconds * 1.3),
        phone=0.0,
    )


def queue(processes: int, seconds: float) -> int:
    return ceil(10 * processes / seconds)


def measured(name: str) -> float:
    """A figure of docs/figures.md, by how its name begins."""
    rows = (line.split(" | ") for line in (FOLDER / "figures.md").read_text(encoding="utf-8").splitlines())
    return next(float(row[1]) for row in rows if row[0].startswith(f"| {name}"))


def counts() -> tuple[float, float]:
    """Quizzes that one PostgreSQL counts in a second: one each time, and together as in a rush."""
    return measured("quizzes counted a second"), measured("the same, 200 each time")


def pdf() -> float:
    """Bytes."""
    return measured("PDF for two children, KB") * 1024


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(head)]
    lines += [["---"] * len(lines[0]), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def costs(figures: Figures) -> str:
    def ms(name: str) -> str:
        return f"{1000 * figures[name]:.0f} ms"

    return table(
        ["what", "cost", "how it was got"],
        [
            ("a visitor, web processes", ms("visitor_cpu"), "CPU time of all of them in the run without printing"),
            ("the same behind a CDN", f"{1000 * own_cpu(figures):.0f} ms", "pages of one visitor alone, shares as above"),
            ("a PDF, web process", ms("pdf_web_cpu"), "CPU time while six families print, by PDF"),
            ("a PDF, printing process", ms("pdf_printing_cpu"), "the same"),
            ("a count", f"{1000 / counts()[0]:.1f} ms; together {1000 / counts()[1]:.2f} ms", "PostgreSQL, 32 writers: `make bench`"),
            ("memory of a web process", f"{figures['web_memory'] / 2**20:.0f} MB", "at the end of the run"),
            ("memory of a printing process", f"{figures['printing_memory'] / 2**20:.0f} MB", "at the end of the rush"),
        ],
    )  # fmt: skip


def wire(figures: Figures) -> str:
    return table(
        ["step", "bytes", "alone, ms"],
        [
            (step, f"{bytes_:,.0f}", f"{1000 * figures['step_seconds'].get(step, 0):.1f}" if step != Step.PAPER else "")
            for step, bytes_ in figures["bytes"].items()
        ],
    )


def sizes(found: Iterable[Size], figures: Figures) -> str:
    there = list(found)

    def row(name: str, told: Iterable[object]) -> list[object]:
        return [name, *told]

    return table(
        ["a day", *(f"{one.families:,} families" for one in there)],
        [
            row("visitors a second, busiest minute", (f"{one.visitors:,.0f}" for one in there)),
            row("requests a second then", (f"{one.requests:,.0f}" for one in there)),
            row("of them a CDN answers", (f"{one.cached:,.0f}" for one in there)),
            row("PDFs a second then", (f"{one.pdfs:,.1f}" for one in there)),
            row("web processes, by their processors (one each)", (one.web for one in there)),
            row("memory of these, GB", (f"{one.web * figures['web_memory'] / 2**30:.1f}" for one in there)),
            row("threads that wait for a PDF then", (f"{one.pdfs * one.waits[1]:,.0f}" for one in there)),
            row(f"web processes, where {_waiting(figures):.0f} of {_threads(figures)} threads may wait so", (_by_threads(one, figures) for one in there)),
            row("printing processes of Celery (one processor each)", (one.printing for one in there)),
            row("memory of these, GB", (f"{one.printing * figures['printing_memory'] / 2**30:.1f}" for one in there)),
            row("seconds to a PDF in the peak hour, p50; p95", (f"{one.waits[0]:.1f}; {one.waits[1]:.1f}" for one in there)),
            row("QUIZAPP_PRINT_QUEUE", (_places(one, figures) for one in there)),
            row("memory of Redis when so many wait, MB", (f"{_places(one, figures) * SEALED * JOB / 1e6:,.1f}" for one in there)),
            row("through Redis a second, MB", (f"{one.pdfs * 2 * SEALED * (JOB + pdf()) / 1e6:,.1f}" for one in there)),
            row("counts a second, if all came from schools", (f"{one.visitors * FINISH:,.0f}" for one in there)),
            row("to families a second, MB", (f"{_out(one, figures):,.1f}" for one in there)),
            row("CPU seconds of a day, web", (f"{one.families * _day(figures)[0]:,.0f}" for one in there)),
            row("CPU seconds of a day, printing", (f"{one.families * _day(figures)[1]:,.0f}" for one in there)),
        ],
    )  # fmt: skip


def _threads(figures: Figures) -> int:
    return int(figures["setup"]["threads"])


def _waiting(figures: Figures) -> float:
    return WAITING * _threads(figures)


def _by_threads(one: Size, figures: Figures) -> int:
    """Two at least, as shipped."""
    return max(2, one.web, ceil(one.pdfs * one.waits[1] / _waiting(figures)))


def _places(one: Size, figures: Figures) -> int:
    """That many threads may wait for paper; who comes then is asked to come back."""
    return round(_waiting(figures) * _by_threads(one, figures))


def _day(figures: Figures) -> tuple[float, float]:
    """CPU seconds of a family: web and printing."""
    printed = FINISH * PRINT
    return own_cpu(figures) + printed * figures["pdf_web_cpu"], printed * figures["pdf_printing_cpu"]


def _out(one: Size, figures: Figures) -> float:
    bytes_ = figures["bytes"]
    finish = FINISH * (bytes_[Step.ANSWERS] + bytes_[Step.RESULT] + PRINT * bytes_[Step.BUILDER])
    return float((one.visitors * finish + one.pdfs * pdf()) / 1e6)


def written(figures: Figures) -> str:
    setup = figures["setup"]
    return f"""# What many families need

Made by `make scaling` from `docs/scaling.json`, which `make rush ARGS=--keep` measures, and from `docs/figures.md`. Nothing
in the tables is typed by hand. No prices: processors, memory and bytes are what they follow from.

Measured: {figures["machine"]}; {setup["web"]} web processes with {setup["threads"]} threads. The load says how much else the
machine did at the time; CPU seconds change little with it, seconds of the clock do.

## What one costs

Of all visitors {100 * FINISH:.0f} in 100 finish the quiz, and {100 * PRINT:.0f} in 100 of those print: one PDF for
{1 / FINISH / PRINT:.1f} visitors. Half of the families have one child, half have two.

{costs(figures)}

Bytes over the wire, request and answer with their headers (`make rush`):

{wire(figures)}

## The model

`bench/model.py` is a queue model: web processes, their threads, the places before the printing processes. What the rush
measured, and what the model tells for the same visitors:

{table(["PDFs", "measured", "model", "off", "within 20 %"], figures["compared"])}

Web processes, visitors and printing processes share the processors of one machine in it, in this order. Where it is off:
a real printing process takes a tenth of a processor even when pages would need all of it, and others work on the machine
as well; and in the model it is drawn by lot who goes to which web process.

## What a day needs

We assume that {100 * PEAK_HOUR:.0f} in 100 families come in the hour after a newsletter, most of them after {arrivals.PEAK_MINUTES} minutes: then
{arrivals.peak_to_mean():.1f} times as many a second as on average over that hour. A web processor is busy for {100 * BUSY:.0f} % of the
busiest minute at most. Printing processes are the fewest with which nobody is refused in the peak hour and 19 of 20
families have their PDF within {SOON:.0f} second, as the model tells (above {MODELLED:,} PDFs: for a tenth of them, times ten).

{sizes((size(families, figures) for families in SIZES), figures)}

Bytes through Redis are counted in and out: a job of {JOB / 1000:.0f} KB and a PDF of {pdf() / 1024:.0f} KB, sealed.

## What gives way first

| families a day | first | what helps |
|---|---|---|
| {SIZES[0]:,} | processors for printing, in the busiest minutes | workers on a second machine; who comes then is asked to come back |
| {SIZES[1]:,} | threads of web processes, each of which waits for one PDF | more web processes than their processors would need; more workers, so that nobody waits long |
| {SIZES[2]:,} | the network and the one processor of Redis | groups of web processes, workers and a Redis each, which share only the key and PostgreSQL |

A press of the button keeps its thread until the PDF is there. So there are fewer places for paper than threads, whatever
is set: at most 12 of 16 in a web process. Within that a web process has QUIZAPP_PRINT_PROCESSES + QUIZAPP_PRINT_QUEUE
places of its own; in front of Redis they are places for all web processes together. With as many places as threads
pages of the quiz would wait behind paper. `make rush ARGS="--threads 9"` and `make rush ARGS="--queue 3"` show the
difference.

PostgreSQL does not give way: one takes {counts()[1]:,.0f} counts a second when they come together ({counts()[0]:,.0f} when each has a
transaction of its own; `make bench`), and while it is away counts wait in the web processes. What grows with web processes
is the number of its connections.

## How to set it up

The code is the same at every size; only settings change.

| setting | one machine | several |
|---|---|---|
| WEB_PROCESSES | 2 | as many as the machine has processors |
| QUIZAPP_SECRET_KEY | made at the first start | the same on all machines |
| QUIZAPP_BROKER_URL | empty: this machine prints | `redis://...`; on other machines `python -m quizapp.worker` |
| QUIZAPP_PRINT_PROCESSES | for each web process | for each worker machine: its processors |
| QUIZAPP_PRINT_QUEUE | PDFs that may wait in each web process | PDFs that may wait in Redis, for all |
| QUIZAPP_DATABASE_URL | empty: SQLite | `postgresql://...` |
| QUIZAPP_LIMITER_URL | memory:// | `redis://...` |

A CDN in front needs no setting: the landing page, the quiz and all that they load say how long anyone may keep them.
"""


if __name__ == "__main__":
    FILE.write_text(written(json.loads(FIGURES.read_text(encoding="utf-8"))), encoding="utf-8")
