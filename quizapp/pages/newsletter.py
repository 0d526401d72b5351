"""The minute by the link of a school: its landing page, the same quiz, and the quiz in a frame on the school's site."""

from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from quizapp.model import School
from quizapp.pages import quiz as minute
from quizapp.pages import site as here
from quizapp.schools.register import is_id

bp = Blueprint("newsletter", __name__, url_prefix="/<lang>/s/<school>")


@bp.url_value_preprocessor
def refuse_odd_ids(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """No database is asked for what cannot be the id of a school."""
    if values and not is_id(values["school"]):
        here.no_school()


@bp.app_context_processor
def tell_a_frame() -> dict[str, object]:
    """For templates: whether the page may stand in a frame. What opens from there needs a tab of its own."""
    return {"framed": request.endpoint == f"{bp.name}.{embed.__name__}"}


@bp.get("")
@here.still_of_school
def home(school: str, found: School | None) -> Response:
    """What this is, who passed it on, start."""
    return minute.start_page(school, found)


@bp.get("/quiz")
@here.still_of_school
def quiz(school: str, found: School | None) -> Response:
    return minute.questions(school, found)


@bp.post("/quiz")
def answer(school: str) -> ResponseReturnValue:
    """Also for a school that is not there, or no longer: what a family answered is never lost."""
    return minute.answered(school)


@bp.get("/embed")
@here.still_of_school
def embed(school: str, found: School | None) -> Response:
    """The quiz for a frame on the site of a school."""
    return minute.questions(school, found)
