"""Where every scored point comes from, what sources disagree about, what we left out, and what the score is not."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from quizapp import scoring
from quizapp.model import Content, Factor, Source
from quizapp.pages import site as here

bp = Blueprint("evidence", __name__, url_prefix="/<lang>/evidence")


@bp.get("")
@here.still(10 * here.MINUTES)
def evidence() -> ResponseReturnValue:
    """Each habit with its weight, factors, grades, sources and years; then everything else that we rest on."""
    content = here.content()
    return here.page("evidence/evidence.html", habits=scoring.scored(content), by_source=_by_source(content))


def _by_source(content: Content) -> list[tuple[Source, list[Factor]]]:
    """Every document that something rests on, by organisation, with what it says."""
    used = {
        source.id: (source, [f for f in content.factors.values() if f.source == source.id])
        for source in content.sources.values()
    }
    return sorted((pair for pair in used.values() if pair[1]), key=lambda pair: pair[0].organisation.casefold())
