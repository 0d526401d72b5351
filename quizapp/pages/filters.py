"""What templates of pages may ask for, beside the values that they get."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from babel.dates import format_date
from flask import Flask, g
from wtforms import Field, FieldList, Form, FormField, RadioField, SelectMultipleField

from quizapp.agreement import blanks_in, show_blanks
from quizapp.model import Band, Clause, Source
from quizapp.pages import site as here

# What a list of fields calls its parts in an address: where the link of a problem leads.
Problem = tuple[str, str, str]


def init_app(app: Flask) -> None:
    app.jinja_env.filters |= {
        "blank_ages": blank_ages,
        "blanks": show_blanks,
        "by_band": by_band,
        "day": day,
        "problems": problems,
        "sources": sources,
    }


def day(value: date) -> str:
    """A day in the words of the page's language."""
    return format_date(value, "long", locale=g.lang)


def by_band(lines: Mapping[Band, str]) -> dict[str, str]:
    """Attributes that hold a line's wording for each age, for the script that follows a change of age."""
    return {f"data-for-{band}": show_blanks(text) for band, text in lines.items()}


def blank_ages(clause: Clause) -> list[tuple[str, list[Band]]]:
    """The blanks of a line, each with the ages whose wording asks for it, in the order of the wording with most."""
    fullest_first = sorted(clause.lines.values(), key=lambda text: -len(blanks_in(text)))
    names = dict.fromkeys(name for text in fullest_first for name in blanks_in(text))
    return [(name, [band for band, text in clause.lines.items() if name in blanks_in(text)]) for name in names]


def sources(names: Iterable[str]) -> list[Source]:
    """The documents behind some factors, each once."""
    content = here.content()
    return [content.sources[name] for name in dict.fromkeys(content.factors[factor].source for factor in names)]


def problems(form: Form) -> list[Problem]:
    """Everything that is wrong in a form and in the forms inside it: (id of the field, its label, the message)."""
    return list(_problems(form))


def _problems(form: Form) -> Iterator[Problem]:
    for field in form:
        if isinstance(field, FormField):
            yield from _problems(field.form)
        elif field.errors:
            yield from _inside(field) if isinstance(field, FieldList) else [_problem(field, field.id)]


def _inside(fields: FieldList) -> Iterator[Problem]:
    for entry in fields:
        if isinstance(entry, FormField):
            yield from _problems(entry.form)
        elif entry.errors:
            yield _problem(entry, entry.id)
    for message in fields.errors:
        if isinstance(message, str):
            first = fields.entries[0]
            yield (f"{first.id}-name" if isinstance(first, FormField) else first.id), "", message


def _problem(field: Field, target: str) -> Problem:
    """A group of choices has no place of its own to land on: its first choice has."""
    group = isinstance(field, RadioField | SelectMultipleField)
    return f"{target}-0" if group else target, str(field.label.text), str(field.errors[0])
