"""Finished quizzes on their way to the database: nobody waits for it, and what it does not take is added later."""

import logging
import threading
from collections.abc import Callable, Sequence
from time import monotonic, sleep

import pytest

from quizapp.schools import Unavailable
from quizapp.schools.counting import Counting
from quizapp.schools.totals import Count

PATIENCE = 30


def quiz(number: int) -> Count:
    return Count("bcdfghjk", "en", {"night": True, "number": bool(number)})


class Counters:
    """Takes counts; refuses, or does not answer, when it is told so."""

    def __init__(self) -> None:
        self.taken: list[Count] = []
        self.is_away = False
        self.answers = threading.Event()
        self.answers.set()
        self.asked = 0

    def add(self, some: Sequence[Count]) -> None:
        self.asked += 1
        self.answers.wait(PATIENCE)
        if self.is_away:
            raise Unavailable
        self.taken += some


def wait_for(condition: Callable[[], bool]) -> None:
    end = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < end, "it did not happen"
        sleep(0.01)


@pytest.fixture
def counters() -> Counters:
    return Counters()


def test_a_count_arrives_by_itself(counters: Counters) -> None:
    counting = Counting(counters.add, 10)
    counting.add(quiz(1))
    wait_for(lambda: counters.taken == [quiz(1)])
    counting.close()


def test_adding_does_not_wait_for_a_database_that_hangs(counters: Counters) -> None:
    counters.answers.clear()
    counting = Counting(counters.add, 100)
    for number in range(50):
        counting.add(quiz(number))
    assert counting.waiting == 50
    assert counters.taken == []
    counters.answers.set()
    wait_for(lambda: len(counters.taken) == 50)
    counting.close()


def test_what_came_while_the_database_was_away_is_added_later_in_order(counters: Counters) -> None:
    counters.is_away = True
    counting = Counting(counters.add, 1000, soon=0.01)
    for number in range(500):
        counting.add(quiz(number))
    wait_for(lambda: counters.asked > 2)
    assert counting.waiting == 500
    counters.is_away = False
    wait_for(lambda: counting.waiting == 0)
    counting.close()
    assert counters.taken == [quiz(number) for number in range(500)]


def test_many_go_in_few_transactions(counters: Counters) -> None:
    counters.answers.clear()
    counting = Counting(counters.add, 1000)
    for number in range(1000):
        counting.add(quiz(number))
    counters.answers.set()
    wait_for(lambda: len(counters.taken) == 1000)
    counting.close()
    assert counters.asked < 10


def test_more_than_there_is_room_for_is_lost_and_its_number_told(
    counters: Counters, caplog: pytest.LogCaptureFixture
) -> None:
    counters.answers.clear()
    counting = Counting(counters.add, 5)
    for number in range(12):
        counting.add(quiz(number))
    counters.answers.set()
    wait_for(lambda: counting.waiting == 0)
    counting.close()
    assert len(counters.taken) == 5
    assert "counts lost: 7" in caplog.messages


def test_what_waits_is_added_when_the_process_ends(counters: Counters, caplog: pytest.LogCaptureFixture) -> None:
    counting = Counting(counters.add, 1000)
    for number in range(500):
        counting.add(quiz(number))
    counting.close()
    assert len(counters.taken) == 500
    assert caplog.messages == []


def test_an_end_while_the_database_is_away_tells_how_many_were_lost(
    counters: Counters, caplog: pytest.LogCaptureFixture
) -> None:
    counters.is_away = True
    counting = Counting(counters.add, 10)
    for number in range(3):
        counting.add(quiz(number))
    wait_for(lambda: counters.asked > 0)
    counting.close()
    assert "counts lost: 3" in caplog.messages


def test_an_end_does_not_wait_for_a_database_that_hangs(counters: Counters, caplog: pytest.LogCaptureFixture) -> None:
    counters.answers.clear()
    counting = Counting(counters.add, 10)
    counting.add(quiz(1))
    wait_for(lambda: counters.asked > 0)
    counting.close(seconds=0.1)
    assert "counts lost: 1" in caplog.messages
    counters.answers.set()


def test_the_log_holds_numbers_and_no_answer(counters: Counters, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    counters.is_away = True
    counting = Counting(counters.add, 2, soon=0.01)
    for number in range(4):
        counting.add(quiz(number))
    wait_for(lambda: counters.asked > 2)
    counting.close()
    assert caplog.messages
    assert not [said for said in caplog.messages if "night" in said or "bcdfghjk" in said]


def test_a_process_without_a_quiz_starts_no_thread(counters: Counters) -> None:
    before = threading.active_count()
    Counting(counters.add, 10).close()
    assert threading.active_count() == before
