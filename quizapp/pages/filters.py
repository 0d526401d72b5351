"""What templates of pages may ask for, beside the values that they get."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from flask import Flask, g, request, url_for
from flask_babel import get_locale
from wtforms import Field, FieldList, Form, FormField, RadioField, SelectMultipleField

from quizapp.agreement import blanks_in, show_blanks
from quizapp.languages import Width, day_in, month_in
from quizapp.model import Band, Clause, Factor, HelpLine, Kind, Source
from quizapp.pages import site as here
from quizapp.result import aim

T = TypeVar("T")
# What a list of fields calls its parts in an address: where the link of a problem leads.
Problem = tuple[str, str, str]


def init_app(app: Flask) -> None:
    app.jinja_env.filters |= {
        "ages": ages,
        "aim": lambda change: aim(here.content(), change),
        "blank_ages": blank_ages,
        "blanks": show_blanks,
        "by_band": by_band,
        "day": day,
        "for_children": for_children,
        "filled": lambda typed: [name for name, text in typed.items() if text],
        "first_of_source": first_of_source,
        "month": month,
        "own_language_first": own_language_first,
        "problems": problems,
        "same_page": same_page,
        "sources": sources,
        "under": under,
    }


def day(value: date) -> str:
    """A day in the words of the language that is spoken here."""
    return day_in(str(get_locale()), value)


def month(value: str) -> str:
    """A month such as 2026-11 in the words of the language that is spoken here."""
    return month_in(str(get_locale()), value, Width.FULL)


def ages(bands: Band | tuple[Band, ...]) -> str:
    """Ages as people write them: 8–10, and 8–17 for three bands that follow each other."""
    found = [bands] if isinstance(bands, Band) else sorted(bands, key=list(Band).index)
    return f"{found[0].split('-')[0]}–{found[-1].split('-')[1]}"


def own_language_first(lines: Iterable[HelpLine]) -> list[HelpLine]:
    """Help lines by what they are for; among those, the ones that speak the language of the page, then the rest."""
    kinds = list(Kind)
    return sorted(lines, key=lambda line: (kinds.index(line.kind), line.language != g.lang, line.language != ""))


def for_children(lines: Iterable[HelpLine]) -> list[HelpLine]:
    """The lines that a child may call alone: for each need, the first one there is."""
    theirs = [line for line in lines if line.verified and line.children and line.feel]
    return _first_of_each(theirs, lambda line: line.feel)


def same_page(lang: str) -> str:
    """The address of this page in another language; where there is no such page to open, the start page."""
    if request.method == "GET" and request.endpoint:
        return url_for(request.endpoint, **{**(request.view_args or {}), "lang": lang})
    return url_for("quiz.home", lang=lang)


def under(page: str, school: str, **values: Any) -> str:
    """The address of the quiz's page `home`, `quiz` or `answer`; under a school for whoever came by its link."""
    if school:
        return url_for(f"newsletter.{page}", school=school, **values)
    return url_for(f"quiz.{page}", **values)


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


def first_of_source(names: Iterable[str]) -> list[Factor]:
    """Of some factors, the first one of each document."""
    factors = [here.content().factors[name] for name in names]
    return _first_of_each(factors, lambda factor: factor.source)


def _first_of_each(items: Iterable[T], kind: Callable[[T], str]) -> list[T]:
    """Of several items of one kind, the first one, in the order given."""
    found: dict[str, T] = {}
    for item in items:
        found.setdefault(kind(item), item)
    return list(found.values())


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
