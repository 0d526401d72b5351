"""The language of a page: its words come from the catalogues that content and sheets are translated with."""

from collections.abc import Callable

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Babel, Domain, force_locale, get_locale
from markupsafe import Markup

from quizapp.pages import site as here


class Catalogues(Domain):
    """The catalogues of the site, in the place of files that Flask-Babel would look for."""

    def get_translations(self) -> NullTranslations:
        return here.site().languages[str(get_locale())].translations


def spoken_in(lang: str, caller: Callable[[], Markup]) -> Markup:
    """For templates: the part of a page that is in another language, as in {% call spoken_in("es") %}."""
    with force_locale(lang):
        return caller()


def init_app(app: Flask) -> None:
    babel = Babel(app, locale_selector=lambda: g.lang)
    babel.domain_instance = Catalogues()  # type: ignore[no-untyped-call]  # Flask-Babel is annotated in part
    app.jinja_env.globals["spoken_in"] = spoken_in
