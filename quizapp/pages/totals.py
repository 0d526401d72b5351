"""What a school learns: totals as estimates, for whoever has the key. The key is typed, and stands in no address."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.forms.totals import KeyForm
from quizapp.model import Question, School
from quizapp.pages import site as here
from quizapp.schools import Unavailable
from quizapp.schools import totals as rules
from quizapp.schools.totals import BATCH, ENOUGH, Estimate, Tally

bp = Blueprint("totals", __name__, url_prefix="/<lang>/schools/<school>/totals")

FILE_NAME = "totals.csv"
MOST_EVENINGS = 3
# A spreadsheet takes a cell that begins with one of these for a formula, and runs it.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Row:
    """One habit with what was counted and what that tells."""

    question: Question
    tally: Tally
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything that the page shows. `languages`: what a language calls itself -> its habits."""

    school: School
    finished: int
    waiting: int
    rows: list[Row]
    languages: dict[str, list[Row]]

    @property
    def evenings(self) -> list[Question]:
        """The commonest needs that some families surely have."""
        sure = [row.question for row in self.rows if not row.estimate.is_early and row.estimate.low > 0]
        return sure[:MOST_EVENINGS]


@bp.get("")
def ask(school: str) -> ResponseReturnValue:
    """A form for the key."""
    try:
        return _form(KeyForm(), here.school(school))
    except Unavailable:
        return _away(KeyForm())


@bp.post("")
def show(school: str) -> ResponseReturnValue:
    """The totals as a page or as a file; the form again where the key is not the right one."""
    form = KeyForm(request.form)
    try:
        return here.secret(_answer(form, here.school(school)))
    except Unavailable:
        return here.secret(_away(form))


def _form(form: KeyForm, school: School | None, status: int = 200) -> Response:
    return here.page("totals/ask.html", status, form=form, school=school)


def _away(form: KeyForm) -> Response:
    return here.come_back(_form(form, None, 503))


def _answer(form: KeyForm, school: School) -> Response:
    if not form.validate():
        return _form(form, school, 422)
    office = here.site().office
    if not office.ask(office.register.is_key, school.id, form.key.data):
        form.key.errors = [_("This key does not open these totals. Check that all of it was copied.")]
        return _form(form, school, 403)
    found = _totals(school)
    if request.form.get("do") == "csv":
        return here.download(_csv(found).encode("utf-8-sig"), FILE_NAME, "text/csv")
    return here.page("totals/totals.html", totals=found, form=form, batch=BATCH, enough=ENOUGH)


def _totals(school: School) -> Totals:
    counters = here.site().office.counters
    tallies = here.site().office.ask(counters.totals, school.id)
    bursts = here.site().office.ask(counters.bursts, school.id)
    codes = dict.fromkeys(one.lang for one in tallies)
    return Totals(
        school=school,
        finished=rules.finished(tallies),
        waiting=rules.finished(bursts),
        rows=_rows(rules.together(tallies).values()),
        languages={_name(code): _rows(one for one in tallies if one.lang == code) for code in codes},
    )


def _rows(tallies: Iterable[Tally]) -> list[Row]:
    """The habits that the quiz still has, the commonest need first; of those alike, the most protective one."""
    counted = {one.habit: one for one in tallies}
    known = [counted[name] for name in here.content().quiz.priority if name in counted]
    return [
        Row(here.content().questions[one.habit], one, rules.estimate(one.quizzes, one.needs))
        for one in rules.commonest_first(known)
    ]


def _name(code: str) -> str:
    known = here.site().languages.get(code)
    return known.name if known else code


def _csv(found: Totals) -> str:
    file = StringIO()
    writer = csv.writer(file)
    writer.writerows([_cell(cell) for cell in line] for line in _lines(found))
    return file.getvalue()


def _lines(found: Totals) -> Iterator[list[str | int]]:
    yield [
        _("School"),
        _("Language"),
        _("Habit"),
        _("Quizzes"),
        _("Counted as a wish for help"),
        _("Of 100 families, about"),
        _("At least"),
        _("At most"),
    ]
    parts = {_("All languages"): found.rows} | (found.languages if len(found.languages) > 1 else {})
    for name, rows in parts.items():
        for row in rows:
            counted = [row.tally.quizzes, row.tally.needs, *row.estimate.in_hundred]
            yield [found.school.name, name, row.question.habit, *counted]


def _cell(value: str | int) -> str | int:
    """A text that would be a formula begins with an apostrophe, which spreadsheets do not show."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
