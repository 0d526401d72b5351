"""What every page needs: the content in the visitor's language, links, and pages that are the same for everyone."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from hashlib import sha256
from threading import Thread
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec

from babel.support import NullTranslations
from flask import Flask, Response, abort, current_app, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from quizapp import letters
from quizapp.config import Config
from quizapp.model import Content, School
from quizapp.pages import compression
from quizapp.pages.latest import Latest
from quizapp.pages.limits import Bursts, Links
from quizapp.printing.pool import Workers
from quizapp.printing.prints import Prints
from quizapp.schools import Unavailable
from quizapp.schools.office import MOMENT, Office
from quizapp.schools.register import is_id
from quizapp.sealing import Seal

if TYPE_CHECKING:
    from quizapp.metrics import Metrics

P = ParamSpec("P")

MINUTES = 60
DAY = 24 * 60 * MINUTES
RETRY_SECONDS = 15
# What a newsletter leads to.
_FIRST = ("/{lang}/", "/{lang}/quiz")
# Pages of schools that are kept, some 30 KB each, and for how many seconds anyone may keep one.
_KEPT, _KEPT_SECONDS = 500, 5 * MINUTES


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that depends on the language alone, made once. `name` is what its speakers call it."""

    code: str
    name: str
    content: Content
    translations: NullTranslations
    quiz_form: type[Form]
    family_form: type[Form]
    school_form: type[Form]


@dataclass(frozen=True, slots=True)
class Still:
    """A page that is the same for every visitor, in each encoding."""

    etag: str
    bodies: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Site:
    """What the application keeps while it runs. Nothing of a visitor is in it."""

    config: Config
    languages: Mapping[str, Language]
    result_seal: Seal
    agreement_seal: Seal
    printer: Prints
    # What reads files from outside.
    reader: Workers
    office: Office
    links: Links
    bursts: Bursts
    # Where the operator reads figures.
    metrics: "Metrics | None" = None
    stills: dict[str, Still] = field(default_factory=dict)
    # Those of schools, by address and school, so that a school that changes has other ones at once. The oldest goes.
    school_stills: OrderedDict[tuple[str, School | None], Still] = field(default_factory=OrderedDict)
    # Sheets to fill in by hand, by language, age and country.
    blanks: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    # What was printed for schools to hand out.
    handouts: Latest = field(default_factory=Latest)

    def warm_up(self) -> None:
        """Make ready, without waiting for it, what the first ones who ask would wait for."""
        self.printer.warm_up('<html lang="en"><title>warm</title></html>')
        self.office.warm_up()
        Thread(target=letters.unprintable, args=("a",)).start()
        if self.metrics:
            self.metrics.begin(self.office.counting.told)

    def close(self) -> None:
        """Finish the jobs in hand and end the processes that do them; count what waits to be counted."""
        self.printer.close()
        self.reader.close()
        self.office.close()
        if self.metrics:
            self.metrics.close()


def site() -> Site:
    found: Site = current_app.extensions["quizapp"]
    return found


def language() -> Language:
    """What belongs to the language of this request."""
    return site().languages[g.lang]


def content() -> Content:
    return language().content


def init_languages(app: Flask) -> None:
    """Every page lives under a language, which no view has to ask for; an unknown language is an unknown page."""

    @app.url_value_preprocessor
    def take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
        there = site().languages
        wanted = request.path.split("/")[1]
        g.lang = wanted if wanted in there else site().config.LANGUAGES[0]
        g.translations = there[g.lang].translations
        if values and values.pop("lang", g.lang) not in there:
            abort(404)

    @app.url_defaults
    def give_language(endpoint: str, values: dict[str, Any]) -> None:
        if app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values.setdefault("lang", g.lang)


def page(template: str, status: int = 200, **values: object) -> Response:
    around = {"content": content(), "languages": site().languages.values(), "leave_to": site().config.LEAVE_TO}
    return make_response(render_template(template, **around, **values), status)


def address_of(endpoint: str, lang: str, **values: Any) -> str:
    """The whole address of a page, as it is printed or passed on."""
    base = site().config.PUBLIC_URL or request.host_url
    return base.rstrip("/") + url_for(endpoint, lang=lang, **values)


def school(id_: str, seconds: float | None = None) -> School:
    """The school of an address. Answers 404 where there is none, or where it is blocked. Raises Unavailable."""
    found = site().office.find(id_, seconds) if is_id(id_) else None
    if found is None or found.blocked:
        no_school()
    return found


def no_school() -> NoReturn:
    abort(page("errors/no-school.html", 404))


def download(file: bytes, name: str, kind: str = "application/pdf") -> Response:
    response = make_response(file)
    response.mimetype = kind
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def secret(response: Response) -> Response:
    """An answer that holds a key, or what a key opens: it stays in no cache, nor behind the button that goes back."""
    response.headers["Cache-Control"] = "no-store"
    return response


def come_back(response: Response) -> Response:
    """A page that says, with everything that it held, to try again in a moment."""
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def still(seconds: int) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """For a page that is the same for everyone: made once, kept compressed, and cached by anyone for `seconds`."""

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def kept(*args: P.args, **values: P.kwargs) -> ResponseReturnValue:
            stills = site().stills
            if request.path not in stills:
                stills[request.path] = _still(make_response(view(*args, **values)).get_data())
            return _answer(stills[request.path], seconds)

        return kept

    return decorate


def still_of_school(view: Callable[[str, School | None], Response]) -> Callable[[str], ResponseReturnValue]:
    """For a page that is the same for all who come by one school: made once, and kept while the school stays as it is.

    The view gets the id and the school, or None while the database is away: then the page does without its name, and
    nobody else keeps it.
    """

    @wraps(view)
    def kept(school: str) -> ResponseReturnValue:
        found = _school_if_known(school)
        stills, key = site().school_stills, (request.path, found)
        page = stills.get(key) or _still(view(school, found).get_data())
        stills[key] = page
        while len(stills) > _KEPT:
            stills.popitem(last=False)
        return _answer(page, _KEPT_SECONDS if found else None)

    return kept


def make_first_pages(app: Flask) -> None:
    """Make those that everybody comes for, before anyone does. Processes that are made after it share them."""
    there: Site = app.extensions["quizapp"]
    name = next(iter(app.config["TRUSTED_HOSTS"] or ["localhost"])).lstrip(".")
    for path in (path.format(lang=lang) for lang in there.languages for path in _FIRST):
        # Not as a visitor asks, who would be counted.
        with app.test_request_context(path, headers={"Host": name}):
            app.full_dispatch_request()


def _school_if_known(id_: str) -> School | None:
    try:
        return school(id_, MOMENT)
    except Unavailable:
        return None


def _still(body: bytes) -> Still:
    return Still(sha256(body).hexdigest()[:16], {name: encode(body) for name, encode in compression.KEPT.items()})


def _answer(kept: Still, seconds: int | None) -> Response:
    encoding = compression.wanted()
    response = Response(kept.bodies[encoding], mimetype="text/html")
    compression.mark(response, encoding)
    if seconds is not None:
        response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.headers["ETag"] = f'"{kept.etag}-{encoding}"'
    # Most have nothing to compare it with, and comparing takes as long as the rest.
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response
