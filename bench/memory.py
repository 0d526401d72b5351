"""What processes hold: a printing process after many PDFs, and a web process that has done work of every kind."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, repeat

import psutil

from bench import sample
from bench.server import starting
from bench.visitor import use_everything
from quizapp.content import ROOT
from quizapp.printing import job
from quizapp.printing.pool import Workers

FEW, MANY = 50, 1000
# Far more than one sheet takes.
SECONDS = 60
# As many at once as a web process has threads.
VISITORS, AT_ONCE = 24, 8


@dataclass(frozen=True)
class Held:
    """Bytes of the printing process after FEW and after MANY PDFs."""

    few: int
    many: int


def held() -> Held:
    """The product's own pool, one process, never replaced. One child's sheet after the other, each with other words,
    in all ages and several alphabets.

    A process that is made anew loads the program that asks for it, too. So a program asks that holds nothing else, as
    the server does, and not the benchmark with its browsers."""
    asked = [sys.executable, "-c", f"from {__name__} import tell_held; tell_held()"]
    return Held(**json.loads(subprocess.run(asked, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout))


def tell_held() -> None:
    sheets = sample.many_children()
    with closing(_printer()) as printer:
        few, many = _after(printer, islice(sheets, FEW)), _after(printer, islice(sheets, MANY - FEW))
    print(json.dumps({"few": few, "many": many}))


def held_by_web() -> int:
    """Bytes of the web process when there is but one, after visitors who used everything. What it shares with the
    process that started it is counted in."""
    with starting(WEB_PROCESSES="1", QUIZAPP_LINKS_PER_HOUR=str(VISITORS)) as server:
        server.first("/healthz")
        with ThreadPoolExecutor(AT_ONCE) as visitors:
            list(visitors.map(use_everything, repeat(server.address, VISITORS)))
        return _largest_child(psutil.Process(server.process.pid))


def _printer() -> Workers:
    return Workers(job.print_html, job.begin_printing, processes=1, queue=1, seconds=SECONDS, recycle=MANY + 1)


def _after(printer: Workers, sheets: "islice[str]") -> int:
    for html in sheets:
        printer.run(html)
    # Beside it there is only the small process with which Python keeps track of what processes share.
    return _largest_child(psutil.Process())


def _largest_child(process: psutil.Process) -> int:
    return max(int(child.memory_info().rss) for child in process.children())
