"""Know the signs: how it begins, what to look out for, what to say. By age, too."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from quizapp import signs as rules
from quizapp.model import Band
from quizapp.pages import site as here

bp = Blueprint("signs", __name__, url_prefix="/<lang>/signs")


@bp.get("")
@here.still(10 * here.MINUTES)
def signs() -> ResponseReturnValue:
    """Everything, each with the ages that it is about."""
    return _page(None)


@bp.get("/<band>")
@here.still(10 * here.MINUTES)
def by_age(band: str) -> ResponseReturnValue:
    """What is about one age."""
    if band not in set(Band):
        abort(404)
    return _page(Band(band))


def _page(band: Band | None) -> ResponseReturnValue:
    chapters = [(chapter, rules.for_age(chapter, band)) for chapter in here.content().signs.values()]
    return here.page("signs/signs.html", band=band, bands=Band, chapters=[pair for pair in chapters if pair[1]])
