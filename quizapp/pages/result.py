"""What the minute shows: the page, and the adult's own sheet. Both are made of the answers inside the link."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp import result as rules
from quizapp import sealing
from quizapp.agreement import suggest
from quizapp.forms import usual_paper
from quizapp.model import Outcome, Result
from quizapp.pages import site as here
from quizapp.printing import Busy, Failed, parent

bp = Blueprint("result", __name__, url_prefix="/<lang>")

FILE_NAME = "my-sheet.pdf"


@dataclass(frozen=True, slots=True)
class Opened:
    """What is inside a link. `school`: the id of the one by whose link the minute was taken; empty for none."""

    sealed: str
    result: Result
    school: str


@bp.get("/example")
def example() -> ResponseReturnValue:
    """What a result looks like, of made-up answers: for schools, before they pass the quiz on."""
    shown = rules.explain(here.content(), here.content().quiz.example, date.today())
    return here.page("quiz/example.html", result=shown, came_by="")


@bp.get("/result/<sealed>")
def result(sealed: str) -> ResponseReturnValue:
    found = _opened(sealed)
    return _page(found) if isinstance(found, Opened) else found


@bp.get("/result/<sealed>/parent-sheet.pdf")
def parent_sheet(sealed: str) -> ResponseReturnValue:
    """Two pages for the adult. The country of the help lines is asked for in the address; it tells nothing else."""
    found = _opened(sealed)
    if not isinstance(found, Opened):
        return found
    country = here.content().countries.get(request.args.get("country", ""))
    paper = usual_paper(country.id if country else "")
    html = parent.to_html(
        here.content(), found.result, country, paper, date.today(), g.lang, here.language().translations
    )
    try:
        return here.download(here.site().printer.run(html), FILE_NAME)
    except (Busy, Failed):
        return here.come_back(_page(found, busy=True))


def _opened(sealed: str) -> Opened | ResponseReturnValue:
    """What is inside a link, or what to answer where there is no result to show."""
    content = here.content()
    try:
        text = here.site().result_seal.open(sealed)
        answers = sealing.answers_from_text(content, text)
    except sealing.Expired:
        return here.page("quiz/expired.html", 404, days=here.site().config.LINK_DAYS)
    except sealing.Broken:
        return here.page("quiz/broken.html", 404)
    found = rules.explain(content, answers, date.today())
    if found.assessment.outcome is Outcome.HELP:
        return redirect(url_for("help.home"), 303)
    return Opened(sealed, found, sealing.school_from_text(text))


def _page(found: Opened, busy: bool = False) -> Response:
    return here.page(
        "quiz/result.html",
        503 if busy else 200,
        result=found.result,
        sealed=found.sealed,
        builder=_builder(found.result),
        start=_start(found.school),
        came_by=found.school,
        busy=busy,
        country=request.args.get("country", ""),
    )


def _start(school: str) -> str:
    """The address to pass on: the one that the visitor came by."""
    if school:
        return here.address_of("newsletter.home", g.lang, school=school)
    return here.address_of("quiz.home", g.lang)


def _builder(found: Result) -> str:
    """The builder's link: the age band and the suggested lines, nothing else."""
    clauses = suggest(here.content(), found.band, found.assessment.points)
    sealed = here.site().agreement_seal.close(sealing.choice_to_text(found.band, clauses))
    return url_for("agreement.suggested", chosen=sealed)
