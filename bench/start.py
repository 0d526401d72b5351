"""How long a start takes: from the command that starts the server to the first whole page."""

import time
from statistics import median

from bench.server import starting
from bench.web import QUIZ

STARTS = 7


def seconds() -> float:
    """The median of some starts, each with an empty folder for its key and files, as on a new machine."""
    return median(_seconds() for _ in range(STARTS))


def _seconds() -> float:
    with starting() as server:
        server.first(QUIZ)
        return time.perf_counter() - server.began
