"""Schools and their keys."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from quizapp.schools.counters import Counters
from quizapp.schools.database import Database
from quizapp.schools.register import Register
from quizapp.schools.totals import Count

DAY = date(2026, 11, 22)


@pytest.fixture
def register(database: Database) -> Register:
    return Register(database)


def test_a_school_is_found_by_its_id_alone(register: Register) -> None:
    school, _key = register.make("Escuela Niño 学校", "Málaga", ["es", "en"], DAY)
    assert register.find(school.id) == school
    assert (school.name, school.town, school.languages) == ("Escuela Niño 学校", "Málaga", ("es", "en"))
    assert register.find(school.id.upper()) is None


def test_ids_are_short_and_tell_nothing(register: Register) -> None:
    ids = {register.make("Hill School", "", ["en"], DAY)[0].id for _ in range(200)}
    assert len(ids) == 200
    assert {len(found) for found in ids} == {8}
    assert not set("".join(ids)) & set("aeiou01l")


def test_a_key_opens_its_own_school_and_no_other(register: Register) -> None:
    (one, key), (other, other_key) = (register.make(name, "", ["en"], DAY) for name in ("One", "Two"))
    assert register.is_key(one.id, key)
    assert register.is_key(other.id, other_key)
    assert not register.is_key(other.id, key)
    assert not register.is_key("nowhere", key)


@pytest.mark.parametrize("wrong", ["", " ", "x", "ключ", "\x00", "a" * 5000])
def test_what_is_no_key_opens_nothing(register: Register, wrong: str) -> None:
    school, _key = register.make("Hill School", "", ["en"], DAY)
    assert not register.is_key(school.id, wrong)
    assert not register.is_key("nowhere", wrong)


def test_a_key_has_192_bits_and_is_not_kept(register: Register, database: Database) -> None:
    _school, key = register.make("Hill School", "", ["en"], DAY)
    assert len(key) == 32
    with database.reading() as connection:
        row = connection.execute(text("SELECT * FROM schools")).one()
    assert key not in repr(row)


def test_a_new_key_takes_the_place_of_the_lost_one(register: Register) -> None:
    school, lost = register.make("Hill School", "", ["en"], DAY)
    new = register.new_key(school.id)
    assert register.is_key(school.id, new)
    assert not register.is_key(school.id, lost)


def test_a_change_changes_this_school_and_not_its_key(register: Register) -> None:
    (one, key), (other, _key) = (register.make(name, "", ["en"], DAY) for name in ("One", "Two"))
    changed = replace(one, name="Uno", town="León", contact="Ms Lee", blocked=True, languages=("es", "en"))
    register.change(changed)
    assert register.find(one.id) == changed
    assert register.find(other.id) == other
    assert register.is_key(one.id, key)


def test_a_school_that_is_deleted_leaves_nothing(register: Register, database: Database) -> None:
    (one, _key), (other, _other_key) = (register.make(name, "", ["en"], DAY) for name in ("One", "Two"))
    Counters(database).add([Count(school.id, "en", {"night": True}) for school in (one, other)])
    register.delete(one.id)
    assert [school for school, _made in register.all()] == [other]
    with database.reading() as connection:
        assert connection.execute(text("SELECT school FROM counts")).scalars().all() == [other.id]


def test_schools_are_listed_in_the_order_they_were_made(register: Register) -> None:
    days = [date(2026, 11, 22), date(2025, 1, 1), date(2026, 3, 4)]
    for day in days:
        register.make(f"School of {day}", "", ["en"], day)
    assert [made for _school, made in register.all()] == sorted(days)
