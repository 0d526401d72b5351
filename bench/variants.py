"""How much a machine prints: every variant of the sheet, in the product's own processes, one for each of two cores."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from bench import sample
from quizapp.printing import job
from quizapp.printing.pool import Workers

PROCESSES = 2
# Far more than one sheet takes, waiting included.
SECONDS = 300


def a_second() -> tuple[int, float]:
    """How many variants there are, and how many PDFs a second come out when all are asked for at once."""
    sheets = list(sample.every_variant())
    with closing(_printers(len(sheets))) as printers, ThreadPoolExecutor(len(sheets)) as families:
        list(families.map(printers.run, sheets[:PROCESSES]))
        start = time.perf_counter()
        list(families.map(printers.run, sheets))
        return len(sheets), len(sheets) / (time.perf_counter() - start)


def _printers(queue: int) -> Workers:
    return Workers(
        job.print_html, job.begin_printing, processes=PROCESSES, queue=queue, seconds=SECONDS, recycle=10 * queue
    )
