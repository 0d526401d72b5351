"""The builder's form between two answers: read from what was posted, filled for the first time, or changed."""

import re
from datetime import date, timedelta
from typing import Any

from flask import abort, request
from werkzeug.datastructures import MultiDict
from wtforms import Form

from quizapp import agreement as rules
from quizapp import forms
from quizapp.model import Band
from quizapp.pages import site as here
from quizapp.printing.savefile import Saved

FIRST_BAND = Band.MIDDLE
FIRST_ADULTS = 2
FIRST_REVIEW = timedelta(days=91)
# Of a form with more children than a family can type, not even the mistakes are shown.
TOO_MANY_CHILDREN = 2 * rules.MOST_CHILDREN

_FIELD = re.compile(r"[a-z0-9-]{1,80}")
# What is posted beside the fields: the button, and where a file was chosen.
_BESIDE = ("do", "file")


def posted() -> Form:
    """The form that was sent. Answers 413 when it holds more than our pages ask for."""
    fields = _our_fields()
    if _is_too_much(fields):
        abort(413)
    return here.language().family_form(fields)


def typed() -> list[tuple[str, str]]:
    """All that was typed or chosen, for a page that sends it on."""
    return [(name, value) for name, value in _our_fields().items(multi=True) if name not in _BESIDE]


def first(band: Band, clauses: tuple[str, ...] = ()) -> Form:
    """The form that a visit begins with."""
    given = {
        "adults": [""] * FIRST_ADULTS,
        "second": [""] * FIRST_ADULTS,
        "children": [forms.first_child(here.content(), band, clauses)],
        "review": _next_review(),
    }
    return here.language().family_form(data=given)


def again(saved: Saved) -> Form:
    """The form as it was when a file was made. The day to look again is a new one."""
    spoken = here.site().languages.get(saved.family.language, here.language())
    given = forms.typed_again(spoken.content, saved.family, saved.said)
    pad = {name: given[name] + [""] * (FIRST_ADULTS - len(given[name])) for name in ("adults", "second")}
    return here.language().family_form(data=given | pad | {"review": _next_review()})


def changed(form: Form, **changes: Any) -> Form:
    return here.language().family_form(data=form.data | changes)


def without(entries: list[Any], number: int) -> list[Any]:
    """All entries but the one with this number, counted from 1; the last one stays."""
    return entries[: number - 1] + entries[number:] if number and len(entries) > 1 else entries


def is_valid(form: Form) -> bool:
    if not form.children:
        form.children.append_entry(forms.first_child(here.content(), FIRST_BAND))
    return bool(form.validate())


def _next_review() -> str:
    return (date.today() + FIRST_REVIEW).isoformat()


def _our_fields() -> "MultiDict[str, str]":
    """What was posted under names that our pages use; WTForms would stumble over a ² in the place of a number."""
    return MultiDict(field for field in request.form.items(multi=True) if _FIELD.fullmatch(field[0] or ""))


def _is_too_much(fields: "MultiDict[str, str]") -> bool:
    """Looked at before a form is made of them: each child is some eighty fields, whichever of them were posted."""
    children = {name.split("-")[1] for name in fields if name.startswith("children-")}
    sent = sum(len(values) for values in fields.listvalues())
    return sent > here.site().config.FORM_FIELDS or len(children) > TOO_MANY_CHILDREN
