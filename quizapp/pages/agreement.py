"""The family's agreement: one form does everything, and every answer to it holds all that was typed."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from quizapp import agreement as rules
from quizapp import forms, sealing
from quizapp.model import Band, Family
from quizapp.pages import builder, paper
from quizapp.pages import site as here
from quizapp.printing import Busy, Failed, Overdue
from quizapp.printing.savefile import Saved, unpack

bp = Blueprint("agreement", __name__, url_prefix="/<lang>/agreement")

# The family file is the one that carries what was typed.
FAMILY_FILE = "family-agreement.pdf"
SHEET_FILE = "family-agreement-sheet.pdf"
SECOND_HOME_FILE = "family-agreement-second-home.pdf"
DATES_FILE = "family-dates.ics"


@bp.get("")
def empty() -> ResponseReturnValue:
    """The builder for a family that did not come from the quiz."""
    return _builder(builder.first(builder.FIRST_BAND))


@bp.get("/<chosen>")
def suggested(chosen: str) -> ResponseReturnValue:
    """The builder with the lines of a link chosen for the first child."""
    try:
        band, clauses = sealing.choice_from_text(here.content(), here.site().agreement_seal.open(chosen))
    except sealing.Expired:
        return empty()
    except sealing.Broken:
        return here.page("agreement/broken.html", 404)
    return _builder(builder.first(band, clauses))


@bp.post("")
def write() -> ResponseReturnValue:
    """The button that was pressed says what happens; the form comes along whatever it is."""
    form = builder.posted()
    action, _dash, target = request.form.get("do", "").partition("-")
    return _ACTIONS.get(action, _update)(form, target)


@bp.post("/open")
def open_file() -> ResponseReturnValue:
    """A family file that was made here fills the builder. What is no such file leaves the builder as it was."""
    request.max_content_length = here.site().config.OPEN_BYTES + here.site().config.FORM_BYTES
    form = builder.posted()
    file = request.files.get("file")
    try:
        saved = _read(file.read() if file else b"")
    except _Unopened as why:
        answer = _builder(form, why.status, file_problem=str(why))
        return here.come_back(answer) if why.status == 503 else answer
    return _builder(builder.again(saved), saved=saved.family.made)


@bp.get("/open")
def opened_before() -> ResponseReturnValue:
    """Where a browser comes to that shows the page again without sending the file."""
    return redirect(url_for("agreement.empty"), 303)


class _Unopened(Exception):
    """Why a file was not opened, in words for whoever chose it."""

    def __init__(self, why: str, status: int = 422) -> None:
        self.status = status
        super().__init__(why)


def _read(pdf: bytes) -> Saved:
    most = here.site().config.OPEN_BYTES
    if not pdf:
        raise _Unopened(_("Choose the PDF first."))
    if len(pdf) > most:
        raise _Unopened(_("This file is larger than %(most)s MB. Ours are much smaller.", most=most // 1024**2))
    try:
        return unpack(here.site().reader.run(pdf))
    except (Failed, Overdue) as error:
        raise _Unopened(
            _("We could not read this file. Choose the family file, the one with every child’s page.")
        ) from error
    except Busy as error:
        why = _("Many files come in right now. Please choose yours again in a moment.")
        raise _Unopened(why, 503) from error


# What a button does: the form, and what stands in the button behind its name -> an answer


def _update(form: Form, target: str) -> ResponseReturnValue:
    return _builder(form)


def _add_child(form: Form, target: str) -> ResponseReturnValue:
    if len(form.children) < rules.MOST_CHILDREN:
        form.children.append_entry(forms.first_child(here.content(), builder.FIRST_BAND))
    return _builder(form, focus=form.children[-1].form.name.id)


def _remove_child(form: Form, target: str) -> ResponseReturnValue:
    return _builder(builder.changed(form, children=builder.without(form.data["children"], _number(target))))


def _add_adult(form: Form, target: str) -> ResponseReturnValue:
    if len(form.adults) < rules.MOST_ADULTS:
        form.adults.append_entry()
    return _builder(form, focus=form.adults[-1].id)


def _swap(form: Form, target: str) -> ResponseReturnValue:
    """Another line in the place of one: the child's number and the line stand in the button, as in 1-night."""
    number, _dash, line = target.partition("-")
    if not 0 < _number(number) <= len(form.children):
        return _builder(form)
    child = form.children[_number(number) - 1].form
    chosen = child.clauses.data or []
    if line not in chosen:
        return _builder(form)
    band = Band(child.band.data) if child.band.data in set(Band) else builder.FIRST_BAND
    new = rules.another(here.content(), band, chosen, line)
    child.clauses.data = [new if name == line else name for name in chosen]
    return _builder(form, focus=f"{child.clauses.id}-{new}")


# What a family takes home: the family of a form without errors, and what stands in the button -> an answer


def _page(family: Family, target: str) -> Response:
    return _shown(family)


def _pdf(family: Family, target: str) -> Response:
    """Every child's sheet in the family file, or the sheet of the child with this number alone."""
    if only := _number(target):
        return _printed(family, paper.document(paper.written(family, only)), SHEET_FILE)
    return _printed(family, paper.document(paper.written(family)), FAMILY_FILE, paper.save(family))


def _second_home(family: Family, target: str) -> Response:
    """A copy that other grown-ups sign, without the names of those whom a child can turn to."""
    there = rules.second_home(here.content(), family)
    return _printed(family, paper.document(paper.written(there)), SECOND_HOME_FILE)


def _calendar(family: Family, target: str) -> Response:
    """The dates of the family, in a file that has no name to know a family by."""
    return here.download(paper.dates(family), DATES_FILE, "text/calendar")


def _taken_home(make: Callable[[Family, str], Response]) -> Callable[[Form, str], ResponseReturnValue]:
    """An action for which the form must have no errors."""

    def act(form: Form, target: str) -> ResponseReturnValue:
        return make(paper.family(form), target) if builder.is_valid(form) else _builder(form, 422)

    return act


_ACTIONS: Mapping[str, Callable[[Form, str], ResponseReturnValue]] = {
    "child": _add_child,
    "remove": _remove_child,
    "adult": _add_adult,
    "swap": _swap,
    "page": _taken_home(_page),
    "pdf": _taken_home(_pdf),
    "second": _taken_home(_second_home),
    "calendar": _taken_home(_calendar),
}


def _number(target: str) -> int:
    """A number that stands in a button; 0 where there is none."""
    return int(target) if target.isdecimal() and len(target) < 4 else 0


# Answers


def _printed(family: Family, html: str, name: str, saved: bytes = b"") -> Response:
    """The file; or everything typed, and one button to try again, when the printer has too much to do."""
    try:
        return here.download(here.site().printer.run(html, saved), name)
    except (Busy, Failed):
        return here.come_back(_shown(family, 503, retry=request.form["do"]))


def _builder(
    form: Form, status: int = 200, focus: str = "", file_problem: str = "", saved: date | None = None
) -> Response:
    """`focus`: the field to go on with. `saved`: the day of the file that filled the form."""
    return here.page(
        "agreement/builder.html",
        status,
        form=form,
        core=rules.core(here.content()),
        choosable=[clause for clause in here.content().clauses.values() if not clause.core],
        bands=tuple(Band),
        limits=rules,
        focus=focus,
        file_problem=file_problem,
        saved=saved,
    )


def _shown(family: Family, status: int = 200, retry: str = "") -> Response:
    return here.page("agreement/page.html", status, tongues=paper.written(family), typed=builder.typed(), retry=retry)
