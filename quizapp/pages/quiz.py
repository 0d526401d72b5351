"""The minute: start page and ten questions."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp import scoring, sealing
from quizapp.pages import site as here

bp = Blueprint("quiz", __name__, url_prefix="/<lang>")


@bp.get("/")
@here.still(10 * here.MINUTES)
def home() -> ResponseReturnValue:
    """What this is, who made it, start."""
    return here.page("quiz/home.html")


@bp.get("/quiz")
@here.still(10 * here.MINUTES)
def quiz() -> ResponseReturnValue:
    """All ten questions in one form; the script shows one at a time."""
    return here.page("quiz/quiz.html", form=here.language().quiz_form())


@bp.post("/quiz")
def answer() -> ResponseReturnValue:
    """Someone in trouble goes to help, whatever else is missing; else the result, or the form with all answers.

    A change of language only shows the form again, with every answer in it.
    """
    form = here.language().quiz_form(request.form)
    if request.form.get("do") == "update":
        return here.page("quiz/quiz.html", form=form)
    if scoring.is_urgent(form.data):
        return redirect(url_for("help.home"), 303)
    if not form.validate():
        return here.page("quiz/quiz.html", 422, form=form)
    sealed = here.site().result_seal.close(sealing.answers_to_text(here.content(), form.data))
    return redirect(url_for("result.result", sealed=sealed), 303)
