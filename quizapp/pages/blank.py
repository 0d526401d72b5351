"""Sheets to fill in by hand: the same for everyone, so each is printed once and kept."""

from flask import Blueprint, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp import agreement as rules
from quizapp import forms
from quizapp.model import Band
from quizapp.pages import site as here
from quizapp.printing import Busy, Failed
from quizapp.printing.sheets import Tongue, to_html

bp = Blueprint("blank", __name__, url_prefix="/<lang>/agreement/blank")


@bp.get("")
def choose() -> ResponseReturnValue:
    """From the choice of an age and a country to the sheet."""
    band = request.args.get("band")
    if band not in set(Band):
        abort(404)
    return redirect(url_for("blank.sheet", band=band, country=request.args.get("country")), 303)


@bp.get("/<band>.pdf")
def sheet(band: str) -> ResponseReturnValue:
    country = request.args.get("country", "")
    if band not in set(Band):
        abort(404)
    try:
        file = printed(g.lang, band, country)
    except (Busy, Failed):
        return here.come_back(here.page("agreement/busy.html", 503))
    response = here.download(file, f"family-agreement-{band}.pdf")
    response.headers["Cache-Control"] = f"public, max-age={here.DAY}"
    return response


def printed(lang: str, band: str, country: str) -> bytes:
    """The sheet of a band, with the help lines of a country if it is one that we know. Raises Busy or Failed."""
    kept = here.site().blanks
    key = (lang, band, country if country in here.content().countries else "other")
    kept[key] = kept.get(key) or here.site().printer.run(_html(*key))
    return kept[key]


def _html(lang: str, band: str, country: str) -> str:
    """No address on it comes from the request: what one visitor asked for is kept for the others."""
    language = here.site().languages[lang]
    family = rules.by_hand(language.content, Band(band), country, forms.usual_paper(country), lang)
    base = here.site().config.PUBLIC_URL.rstrip("/").split("://")[-1]
    address = base and base + url_for("evidence.evidence", lang=lang)
    return to_html([Tongue(rules.write(language.content, family), lang, language.translations)], address)
