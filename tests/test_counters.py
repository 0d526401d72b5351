"""Counters: batches of ten close whole, whoever counts, however many at once."""

import threading
from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import text

from quizapp.schools.counters import Counters
from quizapp.schools.database import Database
from quizapp.schools.register import Register
from quizapp.schools.totals import BATCH, Count, Tally

WRITERS = 8
EACH = 25


@pytest.fixture
def school(database: Database) -> str:
    return Register(database).make("Hill School", "", ["en"], date(2026, 11, 22))[0].id


@pytest.fixture
def counters(database: Database) -> Counters:
    return Counters(database)


def quizzes(school: str, number: int, lang: str = "en", needs: int = 0, apart: bool = False) -> list[Count]:
    """So many quizzes, of which the first `needs` have a need at night."""
    return [Count(school, lang, {"night": turn < needs, "talk": True}, apart) for turn in range(number)]


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (1, 0), (9, 0), (10, 10), (19, 10), (20, 20), (37, 30)])
def test_quizzes_are_shown_in_closed_tens(counters: Counters, school: str, number: int, shown: int) -> None:
    counters.add(quizzes(school, number))
    assert {tally.quizzes for tally in counters.totals(school)} == ({shown} if shown else set())


def test_one_by_one_comes_to_the_same_as_all_at_once(counters: Counters, school: str) -> None:
    counters.add(quizzes(school, 20, "en", needs=13))
    for one in quizzes(school, 20, "es", needs=13):
        counters.add([one])
    assert counters.totals(school) == [
        Tally(lang, habit, 20, needs) for lang in ("en", "es") for habit, needs in (("night", 13), ("talk", 20))
    ]


def test_languages_fill_batches_of_their_own(counters: Counters, school: str) -> None:
    counters.add(quizzes(school, 9, "en") + quizzes(school, 9, "es"))
    assert counters.totals(school) == []
    counters.add(quizzes(school, 1, "es"))
    assert {tally.lang for tally in counters.totals(school)} == {"es"}


def test_schools_know_nothing_of_each_other(counters: Counters, school: str, database: Database) -> None:
    other = Register(database).make("Lake School", "", ["en"], date(2026, 11, 22))[0].id
    counters.add(quizzes(school, 10, needs=10) + quizzes(other, 9))
    assert counters.totals(school) != []
    assert counters.totals(other) == []


def test_what_is_not_there_or_blocked_is_left_out(counters: Counters, school: str, database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE schools SET blocked = true"))
    counters.add(quizzes(school, 10) + quizzes("nowhere", 10))
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM counts")).scalar() == 0


def test_a_quiz_without_a_habit_counts_nothing_and_holds_nobody_up(counters: Counters, school: str) -> None:
    counters.add([Count(school, "en", {}), *quizzes(school, 10)])
    assert {tally.quizzes for tally in counters.totals(school)} == {10}


@pytest.mark.parametrize("together", [1, 3, 10, 25])
def test_batches_that_came_together_and_open_ones_add_up(counters: Counters, school: str, together: int) -> None:
    counters.add(quizzes(school, 7, needs=7))
    for _ in range(4):
        counters.add(quizzes(school, together, needs=together))
    counters.add(quizzes(school, -(7 + 4 * together) % 10, needs=0))
    number = -(-(7 + 4 * together) // 10) * 10
    assert counters.totals(school)[0] == Tally("en", "night", number, 7 + 4 * together)


def test_bursts_wait_until_they_are_accepted(counters: Counters, school: str) -> None:
    counters.add(quizzes(school, 14, needs=3) + quizzes(school, 26, needs=6, apart=True))
    assert counters.totals(school) == [Tally("en", "night", 10, 3), Tally("en", "talk", 10, 10)]
    assert counters.bursts(school) == [Tally("en", "night", 20, 6), Tally("en", "talk", 20, 20)]
    counters.accept_bursts(school)
    assert counters.totals(school) == [Tally("en", "night", 30, 9), Tally("en", "talk", 30, 30)]
    assert counters.bursts(school) == []


def test_an_open_batch_of_a_burst_is_not_opened_by_accepting(counters: Counters, school: str) -> None:
    counters.add(quizzes(school, 9, needs=9, apart=True))
    counters.accept_bursts(school)
    assert counters.totals(school) == counters.bursts(school) == []
    counters.add(quizzes(school, 1, apart=True))
    assert counters.bursts(school)[0] == Tally("en", "night", 10, 9)


def test_accepting_twice_counts_once(counters: Counters, school: str) -> None:
    counters.add(quizzes(school, 10, needs=4, apart=True))
    counters.accept_bursts(school)
    counters.accept_bursts(school)
    assert counters.totals(school)[0] == Tally("en", "night", 10, 4)


def test_a_burst_that_is_dropped_is_gone(counters: Counters, school: str) -> None:
    counters.add(quizzes(school, 10, needs=2) + quizzes(school, 15, apart=True))
    counters.drop_bursts(school)
    assert counters.bursts(school) == []
    counters.add(quizzes(school, 5, apart=True))
    assert counters.bursts(school) == []
    assert counters.totals(school)[0] == Tally("en", "night", 10, 2)


def test_many_who_count_at_once_lose_nothing(counters: Counters, school: str, database: Database) -> None:
    def count(start: threading.Barrier, some: Sequence[Count]) -> None:
        start.wait()
        for one in some:
            counters.add([one])

    start = threading.Barrier(WRITERS)
    work = [quizzes(school, EACH, needs=EACH) for _ in range(WRITERS)]
    threads = [threading.Thread(target=count, args=(start, some)) for some in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counters.totals(school)[0] == Tally("en", "night", WRITERS * EACH, WRITERS * EACH)


def test_there_is_one_row_for_a_habit_however_many_come(counters: Counters, school: str, database: Database) -> None:
    counters.add(quizzes(school, 3 * BATCH + 4, needs=5))
    with database.reading() as connection:
        rows = connection.execute(text("SELECT * FROM counts ORDER BY habit")).all()
    assert [tuple(row) for row in rows] == [
        (school, "en", False, "night", 4, 0, 30, 5),
        (school, "en", False, "talk", 4, 4, 30, 30),
    ]
