"""What an operator does about schools, by the commands that the documentation names."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from quizapp import create_app
from quizapp.schools.office import Office
from quizapp.schools.totals import Count

Run = Callable[..., Result]


@pytest.fixture
def own_app(tmp_path: Path) -> Iterator[Flask]:
    app = create_app({"INSTANCE": tmp_path})
    yield app
    app.extensions["quizapp"].close()


@pytest.fixture
def office(own_app: Flask) -> Office:
    found: Office = own_app.extensions["quizapp"].office
    return found


@pytest.fixture
def run(own_app: Flask) -> Run:
    """`flask --app wsgi schools` with these words."""
    return lambda *words, **options: own_app.test_cli_runner().invoke(args=["schools", *words], **options)


@pytest.fixture
def school(office: Office) -> str:
    return office.register.make("Hill School", "Springfield", ["en", "es"], date(2026, 11, 22))[0].id


def quizzes(school: str, number: int, apart: bool = False) -> list[Count]:
    return [Count(school, "en", {"night": True}, apart)] * number


def test_schools_are_listed_with_what_an_operator_looks_for(run: Run, office: Office, school: str) -> None:
    office.counters.add(quizzes(school, 23))
    said = run("list").output
    assert said == f"{school}  2026-11-22  Hill School, Springfield  [en es]  20 counted\n"


def test_a_new_school_gets_a_key_that_opens_its_totals(run: Run, office: Office) -> None:
    id_, _word, key = run("new", "Lake  School", "--town", "León", "--language", "es").output.split()
    assert office.register.is_key(id_, key)
    found = office.register.find(id_)
    assert found
    assert (found.name, found.town, found.languages) == ("Lake School", "León", ("es",))


def test_a_lost_key_is_replaced(run: Run, office: Office, school: str) -> None:
    _id, _word, key = run("new-key", school).output.split()
    assert office.register.is_key(school, key)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rename", "{id}", "Hill Academy"], ("Hill Academy", "Springfield", "", False)),
        (["rename", "{id}", "Hill Academy", "--town", ""], ("Hill Academy", "", "", False)),
        (["contact", "{id}", "Ms Lee, office hours"], ("Hill School", "Springfield", "Ms Lee, office hours", False)),
        (["block", "{id}"], ("Hill School", "Springfield", "", True)),
    ],
)
def test_a_command_changes_what_it_names(
    run: Run, office: Office, school: str, words: list[str], expected: tuple[object, ...]
) -> None:
    assert run(*(word.format(id=school) for word in words)).exit_code == 0
    found = office.register.find(school)
    assert found
    assert (found.name, found.town, found.contact, found.blocked) == expected


def test_a_blocked_school_can_be_opened_again(run: Run, office: Office, school: str) -> None:
    run("block", school)
    assert "blocked" in run("list").output
    run("unblock", school)
    assert "blocked" not in run("list").output


def test_a_school_is_deleted_only_when_the_operator_says_so_twice(run: Run, office: Office, school: str) -> None:
    assert run("delete", school, input="n\n").exit_code != 0
    assert office.register.find(school)
    assert run("delete", school, "--yes").exit_code == 0
    assert office.register.find(school) is None


@pytest.mark.parametrize(("word", "counted"), [("accept", 20), ("drop", 0)])
def test_a_burst_waits_for_the_operator_to_decide(
    run: Run, office: Office, school: str, word: str, counted: int
) -> None:
    office.counters.add(quizzes(school, 25, apart=True))
    assert run("bursts").output == f"{school}  Hill School  20 wait\n"
    run(word, school)
    assert run("bursts").output == ""
    assert f"{counted} counted" in run("list").output


@pytest.mark.parametrize("word", ["rename", "contact", "block", "unblock", "delete", "new-key", "accept", "drop"])
def test_a_school_that_is_not_there_is_said(run: Run, word: str) -> None:
    more = {"rename": ["x"], "contact": ["x"], "delete": ["--yes"]}
    said = run(word, "bcdfghjk", *more.get(word, []))
    assert said.exit_code == 1
    assert "no school has the id bcdfghjk" in said.output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["new", "x" * 81], "at most 80 letters, found 81"),
        (["new", "a\x07b"], "cannot be printed: U+0007"),
        (["new", "Hill School", "--language", "xx"], "not delivered: xx. There are: en, es"),
    ],
)
def test_a_mistake_is_explained(run: Run, words: list[str], why: str) -> None:
    said = run(*words)
    assert said.exit_code == 1
    assert why in said.output


def test_a_database_that_is_away_is_said_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "schools.sqlite").write_text("no database " * 1000)
    said = run("list")
    assert said.exit_code == 1
    assert said.output.startswith("Error: the database does not answer: ")


def test_every_command_says_what_it_does(run: Run, own_app: Flask) -> None:
    from quizapp.commands import schools

    assert [name for name, command in schools.commands.items() if not command.help] == []
