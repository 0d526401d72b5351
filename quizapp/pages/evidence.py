"""Where every scored point comes from, and what the score is not."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from quizapp import scoring
from quizapp.pages import site as here

bp = Blueprint("evidence", __name__, url_prefix="/<lang>/evidence")


@bp.get("")
@here.still(10 * here.MINUTES)
def evidence() -> ResponseReturnValue:
    """Each habit with its weight, factors, grades, sources and years."""
    return here.page("evidence/evidence.html", habits=scoring.scored(here.content()))
