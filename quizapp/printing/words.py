"""What every printed page is written with: templates of agreement_templates/sheets in a given language."""

from datetime import date

from babel.dates import format_date, format_skeleton
from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from quizapp.content import ROOT
from quizapp.letters import printable

# The place of a word that is written by hand.
BY_HAND = "_" * 12
TEMPLATES = ROOT / "agreement_templates" / "sheets"


def environment(locale: str, translations: NullTranslations) -> Environment:
    """A template asks for nothing but what it is given, and everything in it is escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["by_hand"] = BY_HAND
    made.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]  # by i18n
    made.filters |= {
        "day": lambda day: format_date(day, "long", locale=locale) if day else BY_HAND,
        "letters": printable,
        "month": lambda month: _month(month, locale),
    }
    return made


def _month(month: str, locale: str) -> str:
    """A month such as 2026-11 in words."""
    year, number = month.split("-")
    words: str = format_skeleton("yMMM", date(int(year), int(number), 1), locale=locale)
    return words
