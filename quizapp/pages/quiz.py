"""The minute: start page and ten questions. Whoever comes by the link of a school keeps to its addresses."""

import logging
from collections.abc import Mapping

from flask import Blueprint, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from quizapp import scoring, sealing
from quizapp.model import School
from quizapp.pages import limits
from quizapp.pages import site as here
from quizapp.schools.totals import Count, drawn, needs

log = logging.getLogger(__name__)

bp = Blueprint("quiz", __name__, url_prefix="/<lang>")


@bp.get("/")
@here.still(10 * here.MINUTES)
def home() -> ResponseReturnValue:
    """What this is, who made it, start."""
    return start_page()


@bp.get("/quiz")
@here.still(10 * here.MINUTES)
def quiz() -> ResponseReturnValue:
    """All ten questions in one form; the script shows one at a time."""
    return questions()


@bp.post("/quiz")
def answer() -> ResponseReturnValue:
    return answered()


def start_page(school_id: str = "", school: School | None = None) -> Response:
    """`school_id` is empty where no school is part of the address; `school` says whose name stands on the page."""
    return here.page("quiz/home.html", school_id=school_id, school=school)


def questions(school_id: str = "", school: School | None = None) -> Response:
    return _page(here.language().quiz_form(), school_id, school=school)


def answered(school_id: str = "") -> ResponseReturnValue:
    """Someone in trouble goes to help, whatever else is missing; else the result, or the form with all answers.

    A change of language only shows the form again, with every answer in it. No database is asked.
    """
    form = here.language().quiz_form(request.form)
    if request.form.get("do") == "update":
        return _page(form, school_id)
    if scoring.is_urgent(form.data):
        return redirect(url_for("help.home"), 303)
    if not form.validate():
        return _page(form, school_id, 422)
    sealed = here.site().result_seal.close(sealing.answers_to_text(here.content(), form.data, school_id))
    response = redirect(url_for("result.result", sealed=sealed), 303)
    if school_id and not limits.sent_by_another_site():
        _count(school_id, form.data)
    return response


def _page(form: Form, school_id: str, status: int = 200, school: School | None = None) -> Response:
    return here.page("quiz/quiz.html", status, form=form, school_id=school_id, school=school)


def _count(school_id: str, answers: Mapping[str, str]) -> None:
    """One finished quiz more for a school. What goes wrong with that is no visitor's business."""
    try:
        true = needs(scoring.assess(here.content(), answers))
        apart = here.site().bursts.holds(school_id)
        here.site().office.counting.add(Count(school_id, g.lang, drawn(true), apart))
    except Exception as error:
        log.error("a quiz was not counted: %s", type(error).__name__)
