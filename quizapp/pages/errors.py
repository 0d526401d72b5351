"""What cannot be answered is said in the product's own words, with a way on."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from quizapp.pages import site as here
from quizapp.schools import Unavailable

bp = Blueprint("errors", __name__)


@bp.app_errorhandler(HTTPException)
def unknown(error: HTTPException) -> ResponseReturnValue:
    """An address that leads nowhere, or a request that no page of ours makes."""
    if error.code is None or error.code < 400:
        return error.get_response()
    response = here.page("errors/unknown.html", error.code)
    response.headers.extend([(name, value) for name, value in error.get_headers() if name != "Content-Type"])
    return response


@bp.app_errorhandler(413)
def too_large(error: Exception) -> ResponseReturnValue:
    config = here.site().config
    if request.endpoint == "agreement.open_file":
        return here.page("errors/too-large-file.html", 413, most=config.OPEN_BYTES // 1024**2)
    return here.page("errors/too-large.html", 413, most=config.FORM_BYTES // 1024)


@bp.app_errorhandler(Unavailable)
def away(error: Unavailable) -> ResponseReturnValue:
    """The database rests, which schools notice and families do not."""
    return here.come_back(here.page("errors/away.html", 503))


@bp.app_errorhandler(500)
def our_fault(error: Exception) -> ResponseReturnValue:
    return here.page("errors/our-fault.html", 500)
