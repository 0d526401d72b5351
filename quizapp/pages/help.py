"""What to do now, and whom to call. Nothing here asks, or tells anyone, why it was opened."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from quizapp.pages import site as here

bp = Blueprint("help", __name__, url_prefix="/<lang>/help")


@bp.get("")
@here.still(here.DAY)
def home() -> ResponseReturnValue:
    """First steps, emergency numbers and the choice of a country. It opens again without a network that day."""
    return here.page("help/home.html", country=None)


@bp.get("/<country>")
@here.still(here.DAY)
def country(country: str) -> ResponseReturnValue:
    """The same with the lines of one country."""
    found = here.content().countries.get(country)
    if found is None:
        abort(404)
    return here.page("help/home.html", country=found)
