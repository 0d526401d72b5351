"""The database: both kinds, brought up to date from any state without losing a count."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from quizapp.schools import Unavailable
from quizapp.schools.counters import Counters
from quizapp.schools.database import SQLITE_FILE, Database, address, upgrade
from quizapp.schools.register import Register
from quizapp.schools.tables import metadata
from quizapp.schools.totals import Count, Tally
from tests.tools.services import Postgres, free_port

# A school as the first version of the tables had it, with a batch that is closed and one that is open.
OLD_SCHOOL = text(
    "INSERT INTO schools (id, name, town, languages, key_hash, made)"
    " VALUES ('bcdfghjk', 'Hill School', '', 'en es', 'x', '2026-11-22')"
)
OLD_COUNTS = text(
    "INSERT INTO counts (school, lang, habit, open_quizzes, open_needs, closed_quizzes, closed_needs)"
    " VALUES ('bcdfghjk', 'en', 'night', 9, 4, 20, 7), ('bcdfghjk', 'es', 'talk', 3, 3, 0, 0)"
)


def tables(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """What the tables look like: name -> (column, whether it may be empty, whether it is in the key)."""
    with database.reading() as connection:
        found = inspect(connection)
        return {
            name: [
                (
                    column["name"],
                    column["nullable"],
                    column["name"] in found.get_pk_constraint(name)["constrained_columns"],
                )
                for column in found.get_columns(name)
            ]
            for name in metadata.tables
        }


def as_declared() -> dict[str, list[tuple[object, ...]]]:
    return {
        name: [(column.name, bool(column.nullable), column.primary_key) for column in table.columns]
        for name, table in metadata.tables.items()
    }


def filled_before(database: Database) -> None:
    """A database of the first version, in use."""
    with database._begun(writes=True) as connection:
        upgrade(connection, "0001")
        connection.execute(OLD_SCHOOL)
        connection.execute(OLD_COUNTS)


def test_an_empty_database_gets_the_tables_that_the_code_asks_for(database: Database) -> None:
    assert tables(database) == as_declared()


def test_an_older_database_gets_the_same_tables(database: Database) -> None:
    filled_before(database)
    assert tables(database) == as_declared()


def test_an_upgrade_keeps_every_count(database: Database) -> None:
    filled_before(database)
    counters = Counters(database)
    assert counters.totals("bcdfghjk") == [Tally("en", "night", 20, 7)]
    counters.add([Count("bcdfghjk", "en", {"night": True}), Count("bcdfghjk", "es", {"talk": False})])
    assert counters.totals("bcdfghjk") == [Tally("en", "night", 30, 12)]
    counters.add([Count("bcdfghjk", "es", {"talk": True})] * 6)
    assert Tally("es", "talk", 10, 9) in counters.totals("bcdfghjk")


def test_an_upgrade_keeps_every_school(database: Database) -> None:
    filled_before(database)
    [(school, made)] = Register(database).all()
    assert (school.name, school.languages, school.contact, school.blocked) == ("Hill School", ("en", "es"), "", False)
    assert made == date(2026, 11, 22)


def test_many_that_start_at_once_upgrade_one_after_the_other(database: Database) -> None:
    filled_before(database)
    others = [Database(database._engine.url) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda other: Counters(other).totals("bcdfghjk"), others))
    for other in others:
        other.close()
    assert found == [[Tally("en", "night", 20, 7)]] * 8


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    Register(database).all()
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with closing(Database(database._engine.url)) as other, pytest.raises(Unavailable):
        Register(other).all()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_readers_do_not_wait_for_a_writer(database: Database) -> None:
    school, _key = Register(database).make("Hill School", "", ["en"], date(2026, 11, 22))
    with database.writing() as connection:
        connection.execute(text("UPDATE schools SET name = 'Other'"))
        found = Register(database).find(school.id)
        assert found
        assert found.name == "Hill School"


@pytest.mark.parametrize("gone", ["a folder that is not there", "nobody listens", "no such database"])
def test_what_cannot_be_reached_is_unavailable(gone: str, tmp_path: Path, postgresql: Postgres) -> None:
    addresses = {
        "a folder that is not there": f"sqlite:///{tmp_path}/nowhere/x.sqlite",
        "nobody listens": f"postgresql://quiz@127.0.0.1:{free_port()}/quiz",
        "no such database": postgresql.database() + "x",
    }
    with closing(Database(address(addresses[gone], tmp_path))) as database, pytest.raises(Unavailable):
        Register(database).find("bcdfghjk")


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / SQLITE_FILE).write_text("no database " * 1000)
    with closing(Database(address("", tmp_path))) as database, pytest.raises(Unavailable):
        Register(database).all()


def test_without_a_setting_it_is_a_file_in_the_instance_folder(tmp_path: Path) -> None:
    assert address("", tmp_path) == make_url(f"sqlite:///{tmp_path}/schools.sqlite")


@pytest.mark.parametrize("given", ["postgresql://me@db/quiz", "postgresql+psycopg://me@db/quiz"])
def test_postgresql_is_spoken_to_by_one_driver(given: str, tmp_path: Path) -> None:
    assert address(given, tmp_path) == make_url("postgresql+psycopg://me@db/quiz")


@pytest.mark.parametrize("given", ["mysql://me@db/quiz", "quiz", "://"])
def test_an_address_of_something_else_ends_the_start(given: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="QUIZAPP_DATABASE_URL: expected"):
        address(given, tmp_path)


def test_a_process_that_counts_nothing_opens_no_database(tmp_path: Path) -> None:
    code = "from quizapp import create_app; create_app()"
    subprocess.run([sys.executable, "-c", code], env={"QUIZAPP_INSTANCE": str(tmp_path)}, check=True)
    assert not (tmp_path / SQLITE_FILE).exists()
