"""Agreement -> the HTML that is printed, in a given language. Nothing here can reach an answer or a result."""

from babel.dates import format_date
from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from quizapp.content import ROOT
from quizapp.letters import printable
from quizapp.model import Agreement, Band, Line, Paper, Sheet

TEMPLATES = ROOT / "agreement_templates" / "sheets"
# How the lines of an age are set: letters in one line of text; mm for the lowest row, for each line of text in a row,
# and for all rows together on Letter, beside the promises and the signatures. They follow print.css.
_SET = {
    Band.EARLY: (56, 11.4, 6.6, 110),
    Band.MIDDLE: (70, 9.2, 6.2, 102),
    Band.TWEEN: (76, 9.2, 5.9, 102),
    Band.TEEN: (84, 9.2, 5.9, 102),
}
# How much higher A4 is than Letter, in mm, with some to spare.
_HIGHER = {Paper.A4: 15, Paper.LETTER: 0}
# How much lower a sheet begins, in mm, under a name that takes more than one line.
_NAME = {"short": 0, "long": 6, "very-long": 20}
# A third and a fourth grown-up make the places for names narrow, and the names run over more lines.
_MANY_ADULTS = 4
# A line left for the pen takes about this many letters.
_RULE_LETTERS = 20
# Names longer than this get smaller letters, so that the name stays on one or two lines.
_LONG_NAME = 14
_VERY_LONG_NAME = 28


def to_html(agreement: Agreement, locale: str, translations: NullTranslations, address: str) -> str:
    """The whole agreement as one HTML document, a page for each side of a sheet.

    `address` is where the wording can be checked; it is printed in the footer.
    """
    template = _environment(locale, translations).get_template("agreement.html")
    return template.render(agreement=agreement, locale=locale, address=address)


def _environment(locale: str, translations: NullTranslations) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]  # by i18n
    environment.filters |= {
        "day": lambda day: format_date(day, "long", locale=locale),
        "letters": printable,
        "size": _size,
        "dense": _is_dense,
    }
    return environment


def _size(name: str) -> str:
    """How large a name is printed: a word that the style sheet knows."""
    if len(name) > _VERY_LONG_NAME:
        return "very-long"
    return "long" if len(name) > _LONG_NAME else "short"


def _is_dense(sheet: Sheet, agreement: Agreement) -> bool:
    """Too much for side one: then the signatures move to side two, and the lines stand closer."""
    letters, row, line, room = _SET[sheet.band]
    texts = [_letters(entry) for entry in sheet.lines] + [len(own) for own in sheet.own]
    taken = sum(max(row, -(-length // letters) * line) for length in texts) + _NAME[_size(sheet.child)]
    taken += _MANY_ADULTS if len(agreement.adults) > 2 else 0
    return taken > room + _HIGHER[agreement.paper]


def _letters(line: Line) -> int:
    return sum(len(piece.text) or _RULE_LETTERS for piece in line.pieces)
