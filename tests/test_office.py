"""The office: nobody waits for a database longer than a moment."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from time import sleep

import pytest

from quizapp.model import School
from quizapp.schools import Unavailable, office
from quizapp.schools.database import Database, address
from quizapp.schools.office import Office
from quizapp.schools.totals import Count
from tests.test_counting import PATIENCE, wait_for
from tests.tools.services import Postgres


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    made = Office(Database(address("", tmp_path)), 1000, seconds=PATIENCE)
    yield made
    made.close()


def school(here: Office, name: str = "Hill School") -> School:
    return here.ask(here.register.make, name, "", ["en"], date(2026, 11, 22))[0]


def test_a_school_is_remembered_so_that_the_database_is_not_asked_again(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = school(here)
    assert here.find(made.id) == made
    monkeypatch.setattr(here.register, "find", lambda id_: pytest.fail("it was asked"))
    assert here.find(made.id) == made


def test_a_change_shows_when_the_minute_is_over(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = school(here)
    monkeypatch.setattr(office, "_FRESH", 0.0)
    assert here.find(made.id) == made
    here.register.delete(made.id)
    assert here.find(made.id) is None


def test_a_school_that_is_known_stays_known_while_the_database_is_away(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(id_: str) -> None:
        raise Unavailable

    made = school(here)
    monkeypatch.setattr(office, "_FRESH", 0.0)
    here.find(made.id)
    monkeypatch.setattr(here.register, "find", away)
    assert here.find(made.id) == made
    with pytest.raises(Unavailable):
        here.find("bcdfghjk")


def test_no_more_schools_are_remembered_than_there_is_room_for(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_REMEMBERED", 3)
    for number in range(10):
        here.find(school(here, f"School {number}").id)
    assert len(here._known) == 3


def test_nobody_waits_for_an_answer_that_takes_too_long(here: Office) -> None:
    answer = threading.Event()
    here._seconds = 0.05
    for _ in range(30):
        with pytest.raises(Unavailable):
            here.ask(answer.wait, PATIENCE)
    answer.set()
    here._seconds = PATIENCE
    wait_for(lambda: here.ask(lambda: True))


def test_of_very_many_questions_at_once_some_are_refused_right_away(here: Office) -> None:
    answer = threading.Event()
    askers = [threading.Thread(target=lambda: here.ask(answer.wait, PATIENCE)) for _ in range(20)]
    for asker in askers:
        asker.start()
    wait_for(lambda: here._places._value == 0)
    with pytest.raises(Unavailable):
        here.ask(lambda: True)
    answer.set()
    for asker in askers:
        asker.join()


def test_a_closed_office_answers_that_it_is_closed(tmp_path: Path) -> None:
    closed = Office(Database(address("", tmp_path)), 10)
    closed.close()
    with pytest.raises(Unavailable):
        closed.find("bcdfghjk")


def test_a_postgresql_that_hangs_holds_nobody_up_and_loses_no_count(tmp_path: Path, postgresql: Postgres) -> None:
    there = Office(Database(address(postgresql.database(), tmp_path)), 1000, seconds=PATIENCE)
    made = school(there)
    postgresql.signal(SIGSTOP)
    try:
        there._seconds = 0.2
        with pytest.raises(Unavailable):
            there.ask(there.counters.totals, made.id)
        for _ in range(40):
            there.counting.add(Count(made.id, "en", {"night": True}))
        sleep(0.2)
    finally:
        postgresql.signal(SIGCONT)
    there._seconds = PATIENCE
    wait_for(lambda: bool(there.ask(there.counters.totals, made.id)))
    wait_for(lambda: there.ask(there.counters.totals, made.id)[0].quizzes == 40)
    there.close()


def test_a_postgresql_that_was_stopped_gets_every_count_when_it_is_back(tmp_path: Path, postgresql: Postgres) -> None:
    there = Office(Database(address(postgresql.database(), tmp_path)), 1000, seconds=PATIENCE)
    made = school(there)
    postgresql.stop()
    try:
        for _ in range(40):
            there.counting.add(Count(made.id, "en", {"night": False}))
        with pytest.raises(Unavailable):
            there.ask(there.counters.totals, made.id)
        assert there.counting.waiting == 40
    finally:
        postgresql.start()
    wait_for(lambda: there.counting.waiting == 0)
    assert there.ask(there.counters.totals, made.id)[0].quizzes == 40
    there.close()
