"""What every printed page is written with: templates of agreement_templates/sheets in a given language."""

from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from quizapp.content import ROOT
from quizapp.languages import Width, day_in, month_in
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
        "day": lambda day: day_in(locale, day) if day else BY_HAND,
        "letters": printable,
        "month": lambda month: month_in(locale, month, Width.SHORT),
    }
    return made
