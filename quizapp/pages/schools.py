"""A school makes its link here. Nobody is asked who they are, and no address is kept."""

from datetime import date
from functools import partial

from flask import Blueprint, Response, abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from quizapp import letters
from quizapp.model import School
from quizapp.pages import limits
from quizapp.pages import site as here
from quizapp.schools import Unavailable

bp = Blueprint("schools", __name__, url_prefix="/<lang>/schools")

KEY_FILE = "school-key.txt"
HOUR = 60 * here.MINUTES


@bp.get("")
def form() -> ResponseReturnValue:
    """What a school gets, and the form for a link, where the operator lets anyone make one."""
    return _form(here.language().school_form(data={"languages": [g.lang]}))


@bp.post("")
def make() -> ResponseReturnValue:
    """The link, and this once the key. Whatever keeps it from being made, what was typed is still there."""
    if not here.site().config.SELF_SERVICE:
        return _form(here.language().school_form(), 403)
    typed = here.language().school_form(request.form)
    if not typed.validate():
        return _form(typed, 422)
    if limits.sent_by_another_site():
        return _form(
            typed, 403, trouble=_("Another website sent this form. To make the link, please press the button.")
        )
    if not here.site().links.takes():
        return _too_many(typed)
    try:
        school, key = _made(typed)
    except Unavailable:
        return here.come_back(_form(typed, 503, trouble=_("We could not make the link just now. Please try again.")))
    return here.secret(here.page("schools/made.html", school=school, key=key, links=_links(school)))


@bp.post("/<school>/key")
def key_file(school: str) -> ResponseReturnValue:
    """The key and the addresses that it belongs to, as a file to keep. The key is sent along: we do not have it."""
    found, key = here.school(school), request.form.get("key", "")
    office = here.site().office
    if not office.ask(office.register.is_key, school, key):
        abort(403)
    address_of = partial(here.address_of, lang=g.lang)
    words = here.page("schools/key.txt", school=found, key=key, links=_links(found), address_of=address_of)
    return here.secret(here.download(words.get_data(), KEY_FILE, "text/plain"))


def _form(typed: Form, status: int = 200, trouble: str = "") -> Response:
    open_ = bool(here.site().config.SELF_SERVICE)
    return here.page("schools/schools.html", status, form=typed, trouble=trouble, open=open_)


def _too_many(typed: Form) -> Response:
    answer = _form(typed, 429, trouble=_("Many links came from your network in the last hour. Please try again later."))
    answer.headers["Retry-After"] = str(HOUR)
    return answer


def _made(typed: Form) -> tuple[School, str]:
    """The languages stand in the order in which they are delivered."""
    office = here.site().office
    name, town = letters.tidy(typed.name.data), letters.tidy(typed.town.data or "")
    languages = [code for code in here.site().languages if code in typed.languages.data]
    return office.ask(office.register.make, name, town, languages, date.today())


def _links(school: School) -> dict[str, str]:
    """The whole address of the newsletter's page, by language."""
    return {lang: here.address_of("newsletter.home", lang, school=school.id) for lang in school.languages}
