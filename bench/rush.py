"""`python -m bench.rush`: a newsletter goes out, and everybody comes at once.

First the machine tells how much it prints. Then the same visitors come twice: without printing, and with it, so many
that at the peak more PDFs are asked for than the machine prints, and over the whole run fewer. Who is refused waits as
long as the answer says (Retry-After, not compressed), and presses the button of that page again. Last, a queue model
(bench/model.py) with the times just measured tells what it would have foretold.

Visitors share the machine with the server, in a process of their own.
"""

import json
import os
import runpy
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import floor
from statistics import fmean, median

from bench import arrivals, model
from bench.arrivals import QUIZ_STEPS, Step, Visitor, share
from bench.process import in_a_process
from bench.rush_visitor import Paper, Told, presses, rush
from bench.rush_watch import PRINTING, WEB, Taken, Watch, gunicorns, kind_of_gunicorn
from bench.server import ADDRESS, ROOT, serving
from bench.table import HEAD, Figure, machine, table
from quizapp.config import Config
from quizapp.pages.site import RETRY_SECONDS
from quizapp.printing import attachment, savefile

KEEP = ROOT / "docs" / "scaling.json"
# Seconds of each part of the calibration; families who ask at once in its second part.
ALONE, TOGETHER, FAMILIES = 6.0, 10.0, 6
# Seconds that count as the busiest.
BUSIEST = 10
# How far the model may be off.
NEAR = 0.2
# While so many times more families wait for paper than processes print, printing is saturated.
SATURATED = 2


@dataclass(frozen=True)
class Setup:
    """How the server is set up."""

    web: int
    threads: int
    printing: int
    queue: int
    deadline: int


@dataclass(frozen=True)
class Calibrated:
    """`alone`: seconds of each step when one visitor is there. `prints`: seconds of single PDFs, web work left out.

    `web`, `printing`: CPU seconds of one PDF in the web and printing processes.
    """

    a_second: float
    alone: Mapping[Step, float]
    prints: Sequence[float]
    web: float
    printing: float


@dataclass(frozen=True)
class Run:
    """What the visitors tell of a run, and what the server took for it."""

    told: Told
    taken: Mapping[str, Taken]
    load: float


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what we started is ended, too
    given = _given(sys.argv[1:])
    setup = _setup(given)
    print(machine(), flush=True)
    print(_said(setup), flush=True)
    with serving(**_settings(given)) as port:
        calibrated = _calibrated(port)
        number = arrivals.how_many(calibrated.a_second, given.seconds, given.over)
        print(_coming(number, given, calibrated), flush=True)
        quiet = _run(port, arrivals.visitors(number, given.seconds, given.seed, printing=False))
        busy = _run(port, visitors := arrivals.visitors(number, given.seconds, given.seed))
    print(f"load of the machine at the end of each run: {quiet.load:.1f}, {busy.load:.1f}\n")
    print(table([("step", "requests", "failures", "p50 ms", "p95 ms", "p99 ms"), *_steps(busy.told)]), "\n")
    figures = [*_figures(setup, quiet, busy)]
    print(table([HEAD, *(figure.cells() for figure in figures)]), "\n")
    parameters = _parameters(setup, calibrated, busy)
    compared = _compared(busy, model.run(parameters, visitors))
    print(table([("PDFs", "measured", "model", "off", "within 20 %"), *compared]))
    print(_times(parameters))
    for step, why in busy.told.failures[:5] + quiet.told.failures[:5]:
        print(f"failed: {step}: {why}")
    if given.keep:
        KEEP.write_text(json.dumps(_costs(setup, calibrated, quiet, busy, compared), indent=1) + "\n")


def _given(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m bench.rush")
    parser.add_argument("--seconds", type=float, default=75, help="into which the hour is compressed")
    parser.add_argument("--over", type=float, default=2.0, help="PDFs asked for at the peak, against what is printed")
    parser.add_argument("--seed", type=int, default=1, help="another one draws other visitors")
    parser.add_argument("--web", type=int, help="web processes")
    parser.add_argument("--threads", type=int, help="of a web process")
    parser.add_argument("--printing", type=int, help="printing processes of a web process")
    parser.add_argument("--queue", type=int, help="PDFs that may wait in a web process")
    parser.add_argument("--keep", action="store_true", help=f"write the figures to {KEEP.relative_to(ROOT)}")
    return parser.parse_args(arguments)


def _setup(given: Namespace) -> Setup:
    shipped, config = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py")), Config.from_environment()
    return Setup(
        given.web or shipped["workers"],
        given.threads or shipped["threads"],
        given.printing or config.PRINT_PROCESSES,
        config.PRINT_QUEUE if given.queue is None else given.queue,
        config.PRINT_SECONDS,
    )


def _settings(given: Namespace) -> dict[str, str]:
    """The environment of the server: nothing where nothing is given, so that it is as shipped."""
    asked = {
        "WEB_PROCESSES": given.web,
        "GUNICORN_CMD_ARGS": given.threads and f"--threads {given.threads}",
        "QUIZAPP_PRINT_PROCESSES": given.printing,
        "QUIZAPP_PRINT_QUEUE": given.queue,
    }
    return {name: str(value) for name, value in asked.items() if value is not None}


def _said(setup: Setup) -> str:
    return (
        f"{setup.web} web processes with {setup.threads} threads and {setup.printing} printing process each;"
        f" {setup.queue} PDFs may wait in each, {setup.deadline} s at most"
    )


def _coming(number: int, given: Namespace, calibrated: Calibrated) -> str:
    mean = number * arrivals.FINISH * arrivals.PRINT / given.seconds
    return (
        f"{calibrated.a_second:.1f} PDFs a second are printed when nobody takes the quiz.\n"
        f"{number} visitors in {given.seconds:.0f} s, the rate of {number * 3600 / given.seconds:,.0f} an hour;"
        f" PDFs asked for: {mean:.1f} a second on average, {mean * arrivals.peak_to_mean():.1f} at the peak"
    )


def _calibrated(port: int) -> Calibrated:
    """One family after the other, then some at once; first a few whom nobody measures."""
    address = (ADDRESS, port)
    in_a_process(presses, address, FAMILIES, ALONE / 2)
    alone = _alone(address)
    single = [paper.seconds for paper in in_a_process(presses, address, 1, ALONE).papers]
    with Watch(gunicorns(), kind_of_gunicorn) as watch:
        together = in_a_process(presses, address, FAMILIES, TOGETHER)
    had = len(together.papers)
    web, printing = (watch.taken[kind].cpu / had for kind in (WEB, PRINTING))
    prints = [max(0.001, seconds - web) for seconds in single]
    return Calibrated(had / together.seconds, alone, prints, web, printing)


def _alone(address: tuple[str, int]) -> dict[Step, float]:
    """Seconds of each step when visitors come one after the other."""
    steps = (*QUIZ_STEPS, Step.BUILDER)
    one_by_one = [Visitor(number, number * 0.15, steps, (0.0,) * len(steps), 1) for number in range(30)]
    told = in_a_process(rush, address, one_by_one)
    return {step: median(asked.seconds for asked in told.asked if asked.step is step) for step in steps}


def _run(port: int, visitors: Sequence[Visitor]) -> Run:
    with Watch(gunicorns(), kind_of_gunicorn) as watch:
        told = in_a_process(rush, (ADDRESS, port), visitors)
    return Run(told, watch.taken, os.getloadavg()[0])


def _steps(told: Told) -> Iterator[tuple[str, ...]]:
    for step in Step:
        seconds = [asked.seconds for asked in told.asked if asked.step is step]
        failed = sum(failed is step for failed, _why in told.failures)
        yield (
            step,
            f"{len(seconds)}",
            f"{failed}",
            *(f"{1000 * share(seconds, part):.0f}" for part in (0.5, 0.95, 0.99)),
        )


def _figures(setup: Setup, quiet: Run, busy: Run) -> Iterator[Figure]:
    papers, failed = busy.told.papers, len(busy.told.failures) + len(quiet.told.failures)
    refused = [paper for paper in papers if paper.refused]
    lost = sum(paper.lost + (not paper.had) for paper in papers)
    ends = [paper.at + paper.seconds for paper in papers]
    yield Figure("requests that failed", f"{failed}", "0", failed == 0)
    yield Figure("PDFs asked for", f"{len(papers)}")
    yield Figure(f"PDFs a second in the busiest {BUSIEST} s", f"{model.busiest(ends, BUSIEST):.1f}")
    yield Figure("refused for now (503)", f"{sum(paper.refused for paper in papers)}")
    had = sum(paper.had for paper in refused)
    yield Figure("visitors who were refused", f"{len(refused)}")
    yield Figure("of them with a PDF in the end", f"{had}", "all", had == len(refused))
    yield Figure("forms that lost a field, or a PDF", f"{lost}", "0", lost == 0)
    wrong, opened = _wrong(papers)
    yield Figure(f"of {opened} PDFs opened, with another family's names", f"{wrong}", "0", wrong == 0)
    yield from _pages(setup, quiet.told, busy.told)
    yield Figure("p99 by which visitors came late, ms", f"{1000 * share(busy.told.late, 0.99):.0f}")
    for kind in (WEB, PRINTING):
        taken = busy.taken[kind]
        yield Figure(
            f"memory of {taken.processes} {kind} processes, MB",
            f"{quiet.taken[kind].before / 2**20:.0f} to {taken.after / 2**20:.0f}",
        )


def _wrong(papers: Sequence[Paper]) -> tuple[int, int]:
    """How many of the PDFs that were kept are not of the family that asked; and how many were kept."""
    there = [paper for paper in papers if paper.pdf]
    names = [savefile.unpack(attachment.attached(paper.pdf)).family.children[0].name for paper in there]
    return sum(paper.name != name for paper, name in zip(there, names, strict=True)), len(there)


def _pages(setup: Setup, quiet: Told, busy: Told) -> Iterator[Figure]:
    """Pages of the quiz in the seconds in which printing was saturated, against the same seconds without printing."""
    seconds = saturated(busy.papers, SATURATED * setup.web * setup.printing)
    before, during = (_quiz(told, seconds) for told in (quiet, busy))
    yield Figure("seconds in which printing was saturated", f"{len(seconds)}")
    for part in (0.5, 0.99):
        yield Figure(
            f"pages of the quiz then, p{100 * part:.0f}, ms; without printing",
            f"{1000 * share(during, part):.0f}; {1000 * share(before, part):.0f}",
        )
    ratio = share(during, 0.99) / share(before, 0.99) if before and during else 0.0
    yield Figure("p99 of the quiz, saturated to without", f"{ratio:.1f}", "at most 3.0", ratio <= 3)


def _quiz(told: Told, seconds: frozenset[int]) -> list[float]:
    return [asked.seconds for asked in told.asked if asked.step in QUIZ_STEPS and floor(asked.at) in seconds]


def saturated(papers: Sequence[Paper], most: int) -> frozenset[int]:
    """The seconds at whose beginning more families than `most` had pressed the button and had no PDF."""
    last = max((paper.at + paper.seconds for paper in papers), default=0)
    return frozenset(
        second
        for second in range(floor(last) + 1)
        if sum(paper.at <= second < paper.at + paper.seconds for paper in papers) > most
    )


def _parameters(setup: Setup, calibrated: Calibrated, busy: Run) -> model.Parameters:
    """The work of each step and of a PDF: its proportions when one visitor is there, its amount in the rush itself."""
    papers, asked = busy.told.papers, busy.told.asked
    alone = {**calibrated.alone, Step.PAPER: calibrated.web}
    refusal = calibrated.web / 2
    refusals = sum(paper.refused for paper in papers)
    web = busy.taken[WEB].cpu / (sum(alone[one.step] for one in asked) + refusals * refusal)
    printing = busy.taken[PRINTING].cpu / (len(papers) * fmean(calibrated.prints))
    return model.Parameters(
        processors=len(os.sched_getaffinity(0)),
        web_processes=setup.web,
        threads=setup.threads,
        printing=setup.printing,
        queue=setup.queue,
        deadline=setup.deadline,
        retry=RETRY_SECONDS,
        web={step: seconds * web for step, seconds in alone.items()},
        refusal=refusal * web,
        prints=[seconds * printing for seconds in calibrated.prints],
        phone=busy.told.cpu / len(asked),
    )


def _compared(busy: Run, modelled: model.Modelled) -> list[tuple[str, ...]]:
    papers = busy.told.papers
    waits = [paper.seconds for paper in papers]
    ends = [paper.at + paper.seconds for paper in papers]
    pairs = [
        (f"a second, busiest {BUSIEST} s", model.busiest(ends, BUSIEST), model.busiest(modelled.ends, BUSIEST)),
        ("refusals", sum(paper.refused for paper in papers), modelled.refusals),
        ("visitors refused", sum(paper.refused > 0 for paper in papers), modelled.refused),
        ("mean seconds to a PDF", fmean(waits), fmean(modelled.waits)),
        ("p95 seconds to a PDF", share(waits, 0.95), share(modelled.waits, 0.95)),
    ]
    return [(name, f"{real:.4g}", f"{made:.4g}", *_off(real, made)) for name, real, made in pairs]


def _off(real: float, made: float) -> tuple[str, str]:
    if not real:
        return "", "yes" if not made else "no"
    return f"{100 * (made / real - 1):+.0f} %", "yes" if abs(made / real - 1) <= NEAR else "no"


def _times(given: model.Parameters) -> str:
    web = ", ".join(f"{step} {1000 * seconds:.1f}" for step, seconds in given.web.items())
    mean = fmean(given.prints)
    return (
        f"Put into the model, ms: {web}; a refusal {1000 * given.refusal:.1f};"
        f" an answer taken {1000 * given.phone:.1f};"
        f" a PDF {1000 * mean:.0f} (of {len(given.prints)} that were measured)"
    )


def _costs(
    setup: Setup, calibrated: Calibrated, quiet: Run, busy: Run, compared: Sequence[tuple[str, ...]]
) -> dict[str, object]:
    """What docs/scaling.md rests on."""
    visitors, web, printing = len(quiet.told.late), quiet.taken[WEB], quiet.taken[PRINTING]
    bytes_ = {step: [asked.bytes for asked in busy.told.asked if asked.step is step] for step in Step}
    return {
        "machine": machine(),
        "setup": asdict(setup),
        "pdfs_a_second": calibrated.a_second,
        "visitor_cpu": web.cpu / visitors,
        "step_seconds": calibrated.alone,
        "pdf_web_cpu": calibrated.web,
        "pdf_printing_cpu": calibrated.printing,
        "bytes": {step.value: median(there) for step, there in bytes_.items() if there},
        "web_memory": web.after / web.processes,
        "printing_memory": busy.taken[PRINTING].after / max(1, printing.processes),
        "compared": compared,
    }


if __name__ == "__main__":
    main()
