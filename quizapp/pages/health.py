"""The front door, and what an operator's machines ask for."""

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.pages import site as here

bp = Blueprint("health", __name__)


@bp.get("/")
def front_door() -> ResponseReturnValue:
    """To the start page in the language that the browser asks for."""
    languages = here.site().config.LANGUAGES
    lang = request.accept_languages.best_match(languages, languages[0])
    response = redirect(url_for("quiz.home", lang=lang))
    response.headers["Vary"] = "Accept-Language"
    return response


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Says ok as soon as pages can be served."""
    return Response("ok\n", mimetype="text/plain")
