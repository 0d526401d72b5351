"""Who runs this, and what they promise: about privacy, and about use by everyone. Both are true of this code."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from quizapp.pages import site as here

bp = Blueprint("about", __name__, url_prefix="/<lang>")


@bp.get("/privacy")
@here.still(10 * here.MINUTES)
def privacy() -> ResponseReturnValue:
    """What happens with what is typed, and who sees what."""
    return _page("about/privacy.html")


@bp.get("/accessibility")
@here.still(10 * here.MINUTES)
def accessibility() -> ResponseReturnValue:
    """What we aim at, how it is tested, and what falls short of it."""
    return _page("about/accessibility.html")


def _page(template: str) -> ResponseReturnValue:
    """With what the operator has set about themselves."""
    config = here.site().config
    read = {review.lang for review in config.reviews}
    unread = [language for language in here.site().languages.values() if language.code not in read]
    return here.page(template, config=config, unread=unread)
