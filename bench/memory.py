"""What a printing process holds after many PDFs: the product's own pool, one process, never replaced."""

from contextlib import closing
from dataclasses import dataclass
from itertools import islice

import psutil

from bench import sample
from quizapp.printing import job
from quizapp.printing.pool import Workers

FEW, MANY = 50, 500
# Far more than one sheet takes.
SECONDS = 60


@dataclass(frozen=True)
class Held:
    """Bytes of the printing process after FEW and after MANY PDFs."""

    few: int
    many: int


def held() -> Held:
    """One child's sheet after the other, each with other words, in all ages and several alphabets."""
    sheets = sample.many_children()
    with closing(_printer()) as printer:
        return Held(few=_after(printer, islice(sheets, FEW)), many=_after(printer, islice(sheets, MANY - FEW)))


def _printer() -> Workers:
    return Workers(job.print_html, job.begin_printing, processes=1, queue=1, seconds=SECONDS, recycle=MANY + 1)


def _after(printer: Workers, sheets: "islice[str]") -> int:
    for html in sheets:
        printer.run(html)
    # Beside it there is only the small process with which Python keeps track of what processes share.
    return max(int(child.memory_info().rss) for child in psutil.Process().children())
