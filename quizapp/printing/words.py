"""What every printed page is written with: templates of agreement_templates/sheets in a given language."""

from functools import cache

from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from quizapp.agreement import show_blanks
from quizapp.content import ROOT
from quizapp.languages import Width, day_in, month_in
from quizapp.letters import printable

# The place of a word that is written by hand.
BY_HAND = "_" * 12
TEMPLATES = ROOT / "agreement_templates" / "sheets"


# Names longer than this get smaller letters, so that the name stays on one or two lines.
_LONG_NAME = 14
_VERY_LONG_NAME = 28


@cache
def environment(locale: str, translations: NullTranslations) -> Environment:
    """A template asks for nothing but what it is given, and everything in it is escaped. Made once for a language."""
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
        "blanks": show_blanks,
        "day": lambda day: day_in(locale, day) if day else BY_HAND,
        "letters": printable,
        "month": lambda month: month_in(locale, month, Width.SHORT),
        "size": _size,
    }
    return made


def _size(name: str) -> str:
    """How large a name is printed: a word that the style sheet knows."""
    if len(name) > _VERY_LONG_NAME:
        return "very-long"
    return "long" if len(name) > _LONG_NAME else "short"
