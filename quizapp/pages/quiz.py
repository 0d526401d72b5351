"""The minute: start page, ten questions, result."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp import scoring, sealing
from quizapp.agreement import suggest
from quizapp.model import Assessment, Band, Clause, Outcome
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
    """Someone in trouble goes to help, whatever else is missing; else the result, or the form with all answers."""
    form = here.language().quiz_form(request.form)
    if scoring.is_urgent(form.data):
        return redirect(url_for("help.home"), 303)
    if not form.validate():
        return here.page("quiz/quiz.html", 422, form=form)
    sealed = here.site().result_seal.close(sealing.answers_to_text(here.content(), form.data))
    return redirect(url_for("quiz.result", sealed=sealed), 303)


@bp.get("/result/<sealed>")
def result(sealed: str) -> ResponseReturnValue:
    """The result of the answers inside the link."""
    content = here.content()
    try:
        answers = sealing.answers_from_text(content, here.site().result_seal.open(sealed))
    except sealing.Expired:
        return here.page("quiz/expired.html", 404)
    except sealing.Broken:
        return here.page("quiz/broken.html", 404)
    assessment = scoring.assess(content, answers)
    if assessment.outcome is Outcome.HELP:
        return redirect(url_for("help.home"), 303)
    band = Band(answers[scoring.AGE])
    return here.page(
        "quiz/result.html",
        assessment=assessment,
        band=band,
        given={name: scoring.chosen(content, answers, name) for name in content.questions},
        level=next((level for level in content.quiz.levels if level.id == assessment.level), None),
        clause_for=_clauses(assessment, band),
        builder=url_for("agreement.builder", chosen=_choice(assessment, band)),
    )


def _choice(assessment: Assessment, band: Band) -> str:
    """The opaque part of the builder's link: the age band and the suggested lines, nothing else."""
    clauses = suggest(here.content(), band, assessment.points)
    return here.site().agreement_seal.close(sealing.choice_to_text(band, clauses))


def _clauses(assessment: Assessment, band: Band) -> dict[str, Clause]:
    """The line of the agreement that goes with each step."""
    by_gap = {clause.gap: clause for clause in here.content().clauses.values() if band in clause.lines}
    return {name: by_gap[name] for name in assessment.steps if name in by_gap}
