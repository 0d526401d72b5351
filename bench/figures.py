"""`python -m bench.figures`: measure everything and write it down, so that nobody types a number.

All figures go to docs/figures.md, and the brief ones to README.md, between two marks. The rush (bench/rush.py) runs as
well where it is there; its tables go to docs/figures.md as it prints them, and docs/scaling.md is worked out anew.
"""

import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from bench import others
from bench.server import ROOT
from bench.table import HEAD, NOTES, Figure, compared, figures, machine, print_tables

README = ROOT / "README.md"
FILE = ROOT / "docs" / "figures.md"
BEGIN, END = "<!-- figures: written by make figures -->", "<!-- end of figures -->"
RUSH = "bench.rush"


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what we started is ended, too
    where = machine()
    print(where, flush=True)
    measured, ways = figures(), compared()
    print_tables(measured, ways)
    README.write_text(between(README.read_text(encoding="utf-8"), brief(where, measured, ways)), encoding="utf-8")
    FILE.write_text(whole(where, measured, ways, rush := _rush()), encoding="utf-8")
    if rush:
        subprocess.run([sys.executable, "docs/scaling.py"], cwd=ROOT, check=True)


def brief(where: str, measured: Sequence[Figure], ways: Sequence[others.Measured]) -> str:
    """What README.md says."""
    rows = [_row(figure) for figure in measured if figure.brief]
    tables = [_markdown([HEAD[:3], *rows]), _markdown([others.HEAD, *(way.cells() for way in ways)])]
    return "\n\n".join([f"{where}. All figures: [docs/figures.md](docs/figures.md).", *tables])


def whole(where: str, measured: Sequence[Figure], ways: Sequence[others.Measured], rush: str) -> str:
    """docs/figures.md. `rush`: what the rush printed, '' where there was none."""
    parts = [
        "# Figures",
        "Written by `make figures`; ratios are taken in one run.",
        f"{where}.",
        _markdown([HEAD, *(figure.cells() for figure in measured)]),
        _markdown([others.HEAD, *(way.cells() for way in ways)]),
        NOTES,
    ]
    if rush:
        parts += ["## A rush", f"```text\n{rush.strip()}\n```"]
    return "\n\n".join(parts) + "\n"


def between(text: str, new: str) -> str:
    """The text with what is new between its two marks. Raises ValueError where it has none."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no place between {BEGIN} and {END}")
    return f"{before}{begin}\n{new}\n{end}{after}"


def _row(figure: Figure) -> tuple[str, ...]:
    """A missed aim is said beside it."""
    missed = " (missed)" if figure.reached is False else ""
    return figure.name, figure.measured, figure.aim + missed


def _markdown(rows: Sequence[tuple[str, ...]]) -> str:
    head, *others_ = rows
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *others_))


def _rush() -> str:
    """What it prints; it runs in a process of its own, as it does alone."""
    if not find_spec(RUSH):
        return ""
    return subprocess.run(
        [sys.executable, "-m", RUSH, "--keep"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


if __name__ == "__main__":
    main()
