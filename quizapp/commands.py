"""What an operator does: `flask --app wsgi launch`, before families come, and `flask --app wsgi schools ...`.

Everything about schools takes effect within a minute.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import ParamSpec, TypeVar

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from quizapp import launch as check_list
from quizapp import letters
from quizapp.forms.school import LONGEST_SCHOOL
from quizapp.model import School
from quizapp.schools import Unavailable, totals
from quizapp.schools.counters import Counters
from quizapp.schools.register import Register

P = ParamSpec("P")
T = TypeVar("T")

schools = AppGroup("schools", help="Schools: their links, their keys, and what came in bursts.")

ID = click.argument("school")


def init_app(app: Flask) -> None:
    app.cli.add_command(schools)
    app.cli.add_command(launch)


@click.command()
@with_appcontext
def launch() -> None:
    """What is done, and what is left to do, before families come. Ends with 1 while something is left."""
    site = current_app.extensions["quizapp"]
    content = site.languages[site.config.LANGUAGES[0]].content
    points, unknown = check_list.points(site.config, content, date.today()), check_list.unknown(site.config)
    for point in points:
        click.echo(f"{'open' if point.todo else 'done'}  {point.name:14}  {point.says}")
        if point.todo:
            click.echo(f"{'':22}{point.todo}")
    if unknown:
        known = ", ".join(check_list.TO_CONFIRM)
        click.echo(f"QUIZAPP_CONFIRMED: unknown: {', '.join(unknown)}. There are: {known}")
    click.echo(f"{sum(bool(point.todo) for point in points)} of {len(points)} are open")
    sys.exit(bool(unknown) or any(point.todo for point in points))


@schools.command("list")
def list_() -> None:
    """Every school: id, day, name, town, languages, what is counted, and whether it is blocked."""
    for school, made in _asked(_register().all):
        counted = totals.finished(_asked(_counters().totals, school.id))
        place = f"{school.name}, {school.town}" if school.town else school.name
        notes = [f"{counted} counted", *_notes(school)]
        click.echo(f"{school.id}  {made}  {place}  [{' '.join(school.languages)}]  {'; '.join(notes)}")


@schools.command()
@click.argument("name")
@click.option("--town", default="", help="Where it is.")
@click.option("--language", "languages", multiple=True, help="A language of its newsletter; say it again for each.")
def new(name: str, town: str, languages: tuple[str, ...]) -> None:
    """Make a link for a school, and say its key, which cannot be had again."""
    delivered = tuple(current_app.extensions["quizapp"].languages)
    if unknown := [code for code in languages if code not in delivered]:
        raise click.ClickException(f"not delivered: {', '.join(unknown)}. There are: {', '.join(delivered)}")
    school, key = _asked(_register().make, _name(name), _name(town), languages or delivered[:1], date.today())
    click.echo(f"{school.id}  key: {key}")


@schools.command()
@ID
@click.argument("name")
@click.option("--town", default=None, help="Change the town as well.")
def rename(school: str, name: str, town: str | None) -> None:
    """Give a school another name."""
    found = _found(school)
    _change(replace(found, name=_name(name), town=found.town if town is None else _name(town)))


@schools.command()
@ID
@click.argument("words")
def contact(school: str, words: str) -> None:
    """Where families can ask the school, after you have checked that it is true. Empty: none."""
    _change(replace(_found(school), contact=_name(words)))


@schools.command()
@ID
def block(school: str) -> None:
    """Close a link: its pages say that it is not in use, and nothing more is counted."""
    _change(replace(_found(school), blocked=True))


@schools.command()
@ID
def unblock(school: str) -> None:
    """Open it again."""
    _change(replace(_found(school), blocked=False))


@schools.command()
@ID
@click.confirmation_option(prompt="Its totals go as well. Delete it?")
def delete(school: str) -> None:
    """Remove a school and all that was counted for it."""
    found = _found(school)
    _asked(_register().delete, found.id)
    click.echo(f"{found.id}  deleted")


@schools.command("new-key")
@ID
def new_key(school: str) -> None:
    """A key in the place of a lost one. Give it to nobody whom you have not called back at the school."""
    found = _found(school)
    click.echo(f"{found.id}  key: {_asked(_register().new_key, found.id)}")


@schools.command()
def bursts() -> None:
    """Schools with quizzes that came in a burst from one network, and wait for you to accept or drop them."""
    for school, _made in _asked(_register().all):
        if waiting := totals.finished(_asked(_counters().bursts, school.id)):
            click.echo(f"{school.id}  {school.name}  {waiting} wait")


@schools.command()
@ID
def accept(school: str) -> None:
    """Count what came in bursts: it was a parents' evening."""
    found = _found(school)
    _asked(_counters().accept_bursts, found.id)
    click.echo(f"{found.id}  accepted")


@schools.command()
@ID
def drop(school: str) -> None:
    """Forget what came in bursts: somebody stuffed the box."""
    found = _found(school)
    _asked(_counters().drop_bursts, found.id)
    click.echo(f"{found.id}  dropped")


def _register() -> Register:
    found: Register = current_app.extensions["quizapp"].office.register
    return found


def _counters() -> Counters:
    found: Counters = current_app.extensions["quizapp"].office.counters
    return found


def _found(id_: str) -> School:
    school = _asked(_register().find, id_)
    if school is None:
        raise click.ClickException(f"no school has the id {id_}")
    return school


def _name(typed: str) -> str:
    """What families will read: short, and in letters that can be printed."""
    name = letters.tidy(typed)
    if len(name) > LONGEST_SCHOOL:
        raise click.ClickException(f"at most {LONGEST_SCHOOL} letters, found {len(name)}")
    if unprintable := letters.unprintable(name):
        raise click.ClickException(f"cannot be printed: {', '.join(unprintable)}")
    return name


def _change(school: School) -> None:
    _asked(_register().change, school)
    click.echo(f"{school.id}  {school.name}{''.join(f'; {note}' for note in _notes(school))}")


def _notes(school: School) -> list[str]:
    return [*(["blocked"] if school.blocked else []), *([f"contact: {school.contact}"] if school.contact else [])]


def _asked(question: Callable[P, T], *args: P.args, **values: P.kwargs) -> T:
    try:
        return question(*args, **values)
    except Unavailable as error:
        raise click.ClickException(f"the database does not answer: {error.__cause__}") from error
