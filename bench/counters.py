"""Finished quizzes counted by 32 writers at once, all for one school: the same few rows of a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, select

from quizapp.schools.counters import Counters
from quizapp.schools.database import Database, address
from quizapp.schools.register import Register
from quizapp.schools.tables import counts
from quizapp.schools.totals import Count
from tests.tools.services import postgres

PROCESSES, THREADS = 4, 8
WRITERS = PROCESSES * THREADS
HABITS = ("contact", "strangers", "age-true", "night", "talk", "promise", "practice")
# What one web process adds in one transaction when many wait.
AT_ONCE = 200
SINGLE, MANY = 40, 2000


@dataclass(frozen=True)
class Added:
    """Quizzes added a second, each in a transaction of its own and many in one; and how many of all were lost."""

    singly: float
    together: float
    lost: int


def added() -> Added:
    with postgres(fsync="on") as server:
        setting = server.database()
        with closing(Database(address(setting, Path()))) as database:
            school, _key = Register(database).make("Hill School", "", ["en"], date(2026, 11, 22))
            singly = _rate(setting, school.id, SINGLE, 1)
            together = _rate(setting, school.id, MANY, AT_ONCE)
            return Added(singly, together, WRITERS * (SINGLE + MANY) - _kept(database))


def _rate(setting: str, school: str, each: int, at_once: int) -> float:
    """Quizzes a second, when each of the writers adds so many."""
    with get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(_ready, [setting] * PROCESSES, 1)
        began = perf_counter()
        pool.starmap(_write, [(setting, school, each, at_once)] * PROCESSES, 1)
        return WRITERS * each / (perf_counter() - began)


def _ready(setting: str) -> None:
    """Libraries are loaded before the clock starts."""
    with closing(Database(address(setting, Path()))) as database:
        Register(database).all()


def _write(setting: str, school: str, each: int, at_once: int) -> None:
    with closing(Database(address(setting, Path()))) as database, ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(_add, repeat(Counters(database), THREADS), repeat(school), repeat(each), repeat(at_once)))


def _add(counters: Counters, school: str, each: int, at_once: int) -> None:
    quiz = Count(school, "en", dict.fromkeys(HABITS, True))
    for _ in range(each // at_once):
        counters.add([quiz] * at_once)


def _kept(database: Database) -> int:
    """All quizzes of one habit, in closed batches and in the open one."""
    kept = select(func.sum(counts.c.closed_quizzes + counts.c.open_quizzes)).where(counts.c.habit == HABITS[0])
    with database.reading() as connection:
        return int(connection.execute(kept).scalar_one())
