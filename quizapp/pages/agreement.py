"""The family's agreement: one form does everything, and every answer to it holds all that was typed."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import Form

from quizapp import agreement as rules
from quizapp import forms, reminders, sealing
from quizapp.model import Agreement, Band, Family
from quizapp.pages import site as here
from quizapp.printing import PrinterBusy, PrintError
from quizapp.printing.sheets import to_html

bp = Blueprint("agreement", __name__, url_prefix="/<lang>/agreement")

FILE_NAME = "family-agreement.pdf"
DATES_NAME = "family-dates.ics"
FIRST_ADULTS = 2
FIRST_REVIEW = timedelta(days=91)
# Of a form with more children than a family can type, not even the mistakes are shown.
TOO_MANY_CHILDREN = 2 * rules.MOST_CHILDREN

_FIELD = re.compile(r"[a-z0-9-]{1,80}")


@bp.get("")
def empty() -> ResponseReturnValue:
    """The builder for a family that did not come from the quiz."""
    return _builder(_first_form(Band.MIDDLE))


@bp.get("/<chosen>")
def builder(chosen: str) -> ResponseReturnValue:
    """The builder with the lines of a link chosen for the first child."""
    try:
        band, clauses = sealing.choice_from_text(here.content(), here.site().agreement_seal.open(chosen))
    except sealing.Expired:
        return _builder(_first_form(Band.MIDDLE))
    except sealing.Broken:
        return here.page("agreement/broken.html", 404)
    return _builder(_first_form(band, clauses))


@bp.get("/blank")
def choose_blank() -> ResponseReturnValue:
    """From the choice of an age and a country to the sheet."""
    band = request.args.get("band")
    if band not in set(Band):
        abort(404)
    return redirect(url_for("agreement.blank", band=band, country=request.args.get("country")), 303)


@bp.get("/blank/<band>.pdf")
def blank(band: str) -> ResponseReturnValue:
    """A sheet to fill in by hand. It is the same for everyone, so it is printed once and kept."""
    country = request.args.get("country", "")
    if band not in set(Band):
        abort(404)
    key = (g.lang, band, country if country in here.content().countries else "other")
    kept = here.site().blanks
    try:
        kept[key] = kept.get(key) or here.site().printer.print(_blank_html(*key))
    except (PrinterBusy, PrintError):
        return here.come_back(here.page("agreement/busy.html", 503))
    response = here.download(kept[key], f"family-agreement-{band}.pdf")
    response.headers["Cache-Control"] = f"public, max-age={here.DAY}"
    return response


def _blank_html(lang: str, band: str, country: str) -> str:
    """No address on it comes from the request: what one visitor asked for is kept for the others."""
    language = here.site().languages[lang]
    family = rules.by_hand(language.content, Band(band), country, forms.usual_paper(country), lang)
    base = here.site().config.PUBLIC_URL.rstrip("/").split("://")[-1]
    address = base and base + url_for("evidence.evidence", lang=lang)
    return to_html(rules.write(language.content, family), lang, language.translations, address)


@bp.post("")
def write() -> ResponseReturnValue:
    """The button that was pressed says what happens; the form comes along whatever it is."""
    fields = _our_fields()
    if _is_too_much(fields):
        abort(413)
    form = here.language().family_form(fields)
    action, _, number = request.form.get("do", "").partition("-")
    return _ACTIONS.get(action, _update)(form, int(number) if number.isdecimal() and len(number) < 4 else 0)


# What a button does: the form and the number that stands in the button -> an answer


def _update(form: Form, number: int) -> ResponseReturnValue:
    return _builder(form)


def _add_child(form: Form, number: int) -> ResponseReturnValue:
    if len(form.children) < rules.MOST_CHILDREN:
        form.children.append_entry(forms.first_child(here.content(), Band.MIDDLE))
    return _builder(form, opened=len(form.children) - 1)


def _remove_child(form: Form, number: int) -> ResponseReturnValue:
    return _builder(_with(form, children=_without(form.data["children"], number)))


def _add_adult(form: Form, number: int) -> ResponseReturnValue:
    if len(form.adults) < rules.MOST_ADULTS:
        form.adults.append_entry()
    return _builder(form)


def _page(form: Form, number: int) -> ResponseReturnValue:
    if not _is_valid(form):
        return _builder(form, 422)
    return _shown(form)


def _pdf(form: Form, number: int) -> ResponseReturnValue:
    """Every child's sheet, or the sheet of the child with this number, as a file."""
    if not _is_valid(form):
        return _builder(form, 422)
    language = _paper_language(form)
    html = to_html(
        _agreement(form, number),
        language.code,
        language.translations,
        here.address_of("evidence.evidence", language.code).split("://")[-1],
    )
    try:
        pdf = here.site().printer.print(html)
    except (PrinterBusy, PrintError):
        return _come_back(form, number)
    return here.download(pdf, FILE_NAME)


def _calendar(form: Form, number: int) -> ResponseReturnValue:
    """The dates of the family as a file, which has no name to know a family by."""
    if not _is_valid(form):
        return _builder(form, 422)
    language = _paper_language(form)
    today = date.today()
    family = _family(form, today)
    ics = reminders.to_ics(
        language.content,
        {child.band for child in family.children},
        today,
        family.review or today,
        datetime.now(UTC),
        language.translations,
    )
    return here.download(ics, DATES_NAME, "text/calendar")


_ACTIONS: Mapping[str, Callable[[Form, int], ResponseReturnValue]] = {
    "child": _add_child,
    "remove": _remove_child,
    "adult": _add_adult,
    "page": _page,
    "pdf": _pdf,
    "calendar": _calendar,
}


# Answers


def _builder(form: Form, status: int = 200, opened: int = 0) -> Response:
    return here.page(
        "agreement/builder.html",
        status,
        form=form,
        core=rules.core(here.content()),
        choosable=[clause for clause in here.content().clauses.values() if not clause.core],
        bands=tuple(Band),
        limits=rules,
        opened=opened,
    )


def _shown(form: Form, status: int = 200, retry: int | None = None) -> Response:
    return here.page(
        "agreement/page.html",
        status,
        agreement=_agreement(form),
        paper_language=_paper_language(form).code,
        typed=_typed(),
        retry=retry,
    )


def _come_back(form: Form, number: int) -> Response:
    """The printer has too much to do: everything typed, and one button to try again."""
    return here.come_back(_shown(form, 503, retry=number))


# The form


def _our_fields() -> "MultiDict[str, str]":
    """What was posted under names that our pages use; WTForms would stumble over a ² in the place of a number."""
    return MultiDict(field for field in request.form.items(multi=True) if _FIELD.fullmatch(field[0] or ""))


def _is_too_much(fields: "MultiDict[str, str]") -> bool:
    """Looked at before a form is made of them: each child is some fifty fields, whichever of them were posted."""
    children = {name.split("-")[1] for name in fields if name.startswith("children-")}
    posted = sum(len(values) for values in fields.listvalues())
    return posted > here.site().config.FORM_FIELDS or len(children) > TOO_MANY_CHILDREN


def _first_form(band: Band, clauses: tuple[str, ...] = ()) -> Form:
    content = here.content()
    first = {
        "adults": [""] * FIRST_ADULTS,
        "children": [forms.first_child(content, band, clauses)],
        "review": (date.today() + FIRST_REVIEW).isoformat(),
    }
    return here.language().family_form(data=first)


def _with(form: Form, **changes: Any) -> Form:
    return here.language().family_form(data=form.data | changes)


def _without(entries: list[Any], number: int) -> list[Any]:
    """All entries but the one with this number, counted from 1; the last one stays."""
    return entries[: number - 1] + entries[number:] if number and len(entries) > 1 else entries


def _is_valid(form: Form) -> bool:
    if not form.children:
        form.children.append_entry(forms.first_child(here.content(), Band.MIDDLE))
    return bool(form.validate())


def _typed() -> list[tuple[str, str]]:
    """All that was posted but the button, for a page that sends it on."""
    return [(name, value) for name, value in _our_fields().items(multi=True) if name != "do"]


def _paper_language(form: Form) -> here.Language:
    return here.site().languages[forms.language_from(form.data["language"], g.lang)]


def _agreement(form: Form, only: int = 0) -> Agreement:
    """In the language of the paper, with the sheet of every child or of the one with this number."""
    agreement = rules.write(_paper_language(form).content, _family(form, date.today()))
    return rules.only_sheet(agreement, only) if only else agreement


def _family(form: Form, today: date) -> Family:
    language = _paper_language(form)
    return forms.family_from(language.content, form.data, today, language.code)
