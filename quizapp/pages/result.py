"""What the minute shows: the page, and the adult's own sheet. Both are made of the answers inside the link."""

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

bp = Blueprint("result", __name__, url_prefix="/<lang>/result/<sealed>")

FILE_NAME = "my-sheet.pdf"


@bp.get("")
def result(sealed: str) -> ResponseReturnValue:
    found = _opened(sealed)
    if not isinstance(found, Result):
        return found
    return _page(found, sealed)


@bp.get("/parent-sheet.pdf")
def parent_sheet(sealed: str) -> ResponseReturnValue:
    """Two pages for the adult. The country of the help lines is asked for in the address; it tells nothing else."""
    found = _opened(sealed)
    if not isinstance(found, Result):
        return found
    country = here.content().countries.get(request.args.get("country", ""))
    paper = usual_paper(country.id if country else "")
    html = parent.to_html(here.content(), found, country, paper, date.today(), g.lang, here.language().translations)
    try:
        return here.download(here.site().printer.run(html), FILE_NAME)
    except (Busy, Failed):
        return here.come_back(_page(found, sealed, busy=True))


def _opened(sealed: str) -> Result | ResponseReturnValue:
    """The result inside a link, or what to answer where there is none to show."""
    content = here.content()
    try:
        answers = sealing.answers_from_text(content, here.site().result_seal.open(sealed))
    except sealing.Expired:
        return here.page("quiz/expired.html", 404, days=here.site().config.LINK_DAYS)
    except sealing.Broken:
        return here.page("quiz/broken.html", 404)
    found = rules.explain(content, answers, date.today())
    if found.assessment.outcome is Outcome.HELP:
        return redirect(url_for("help.home"), 303)
    return found


def _page(found: Result, sealed: str, busy: bool = False) -> Response:
    return here.page(
        "quiz/result.html",
        503 if busy else 200,
        result=found,
        sealed=sealed,
        builder=_builder(found),
        start=here.address_of("quiz.home", g.lang),
        busy=busy,
        country=request.args.get("country", ""),
    )


def _builder(found: Result) -> str:
    """The builder's link: the age band and the suggested lines, nothing else."""
    clauses = suggest(here.content(), found.band, found.assessment.points)
    sealed = here.site().agreement_seal.close(sealing.choice_to_text(found.band, clauses))
    return url_for("agreement.suggested", chosen=sealed)
