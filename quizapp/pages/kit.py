"""Everything that a school hands out, on one page, and each of it as a file. Nothing of a family is in any of them."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from quizapp.model import Band, Paper, School
from quizapp.pages import blank
from quizapp.pages import site as here
from quizapp.printing import Busy, Failed, Output, handout
from quizapp.schools import kit
from quizapp.schools.kit import Length

bp = Blueprint("kit", __name__, url_prefix="/<lang>/schools/<school>/kit")

_HOUR = 60 * here.MINUTES
_KINDS = {
    "html": "text/html",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "zip": "application/zip",
}


@bp.get("")
def home(school: str) -> ResponseReturnValue:
    there = here.school(school)
    tongues = [_Tongue(there, lang) for lang in _languages(there)]
    return _public(here.page("kit/home.html", school=there, tongues=tongues, bands=Band, papers=Paper, lengths=Length))


@bp.get("/kit.zip")
def everything(school: str) -> ResponseReturnValue:
    """Each sheet is a job of its own for the printer, so that families get their turn between two of them."""
    there = here.school(school)
    files: dict[str, bytes] = {}
    for lang in _languages(there):
        made = _Tongue(there, lang).files() | _blanks(lang, request.args.get("country", ""))
        files |= {f"{lang}/{name}": make() for name, make in made.items()}
    return _file(kit.zipped(files), f"school-kit-{there.id}.zip")


@bp.get("/<name>")
def file(school: str, name: str) -> ResponseReturnValue:
    """It is always a download: what a mail program shows, or a picture that can hold script, is no page of ours."""
    there = here.school(school)
    for lang in _languages(there):
        if make := _Tongue(there, lang).files().get(name):
            return _file(make(), name)
    abort(404)


@bp.errorhandler(Busy)
@bp.errorhandler(Failed)
def busy(error: Exception) -> ResponseReturnValue:
    return here.come_back(here.page("agreement/busy.html", 503))


class _Tongue:
    """What a school hands out in one language."""

    def __init__(self, school: School, lang: str) -> None:
        self.lang = lang
        self.name = here.site().languages[lang].name
        self.link = here.address_of("newsletter.home", lang, school=school.id)
        self._school = school
        self._translations = here.site().languages[lang].translations
        self._gettext: Callable[[str], str] = self._translations.gettext

    def text(self, length: Length) -> str:
        return kit.as_text(self._said(length), self.link)

    def mail(self, length: Length) -> str:
        return kit.as_mail(self._said(length), self.link, self.lang, self._gettext)

    def button(self) -> str:
        return kit.button(self.link, self._gettext)

    def embed(self) -> str:
        framed = here.address_of("newsletter.embed", self.lang, school=self._school.id)
        return kit.embed(framed, self.link, self._gettext)

    def files(self) -> dict[str, Callable[[], bytes]]:
        """Each file by its name, which is the same for every school; it is made when it is asked for."""
        texts = {f"newsletter-{one}-{self.lang}.txt": partial(_encoded, self.text, one) for one in Length}
        mails = {f"newsletter-{one}-{self.lang}.html": partial(_encoded, self.mail, one) for one in Length}
        flyers = {f"flyer-{self.lang}-{paper.lower()}.pdf": partial(self._flyer, paper) for paper in Paper}
        return {
            f"qr-{self.lang}.svg": partial(kit.code_as_svg, self.link, self.link),
            f"qr-{self.lang}.png": partial(kit.code_as_png, self.link),
            f"social-{self.lang}.png": self._picture,
            f"button-{self.lang}.txt": partial(_encoded, self.button),
            f"embed-{self.lang}.txt": partial(_encoded, self.embed),
            **flyers,
            **texts,
            **mails,
        }

    def _said(self, length: Length) -> tuple[str, ...]:
        return kit.paragraphs(length, self._school.name, self._gettext)

    def _flyer(self, paper: Paper) -> bytes:
        code = kit.code(self.link)
        return _printed(handout.flyer(self._school, paper, self.link, code, self.lang, self._translations), Output.PDF)

    def _picture(self) -> bytes:
        return _printed(handout.picture(self.lang, self._translations), Output.PNG)


def _languages(school: School) -> list[str]:
    """Those of the school that are still delivered."""
    return [lang for lang in school.languages if lang in here.site().languages]


def _blanks(lang: str, country: str) -> dict[str, Callable[[], bytes]]:
    return {f"blank-agreement-{lang}-{band}.pdf": partial(blank.printed, lang, band, country) for band in Band}


def _encoded(make: Callable[..., str], *args: object) -> bytes:
    return make(*args).encode()


def _printed(html: str, output: Output) -> bytes:
    """Kept by what it is printed from, so that another name, or another address of this site, shows at once."""
    name = sha256(f"{output} {html}".encode()).hexdigest()
    kept = here.site().handouts
    found = kept.get(name)
    if found is None:
        found = here.site().printer.run(html, b"", output)
        kept.keep(name, found)
    return found


def _file(made: bytes, name: str) -> Response:
    return _public(here.download(made, name, _KINDS[name.rsplit(".", 1)[-1]]))


def _public(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={_HOUR}"
    return response
