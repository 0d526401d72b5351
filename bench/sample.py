"""The family whose agreement is printed, as the HTML that goes to a printing process."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import cycle

from quizapp import agreement, content
from quizapp.config import Config
from quizapp.languages import catalogue
from quizapp.model import Band, Child, Content, Family, Paper
from quizapp.printing.sheets import to_html

LANGUAGE = "en"
ADDRESS = "quiz.example/en/evidence"
# Letters of several alphabets, so that different documents need different parts of different fonts.
NAMES = ("Leo", "Mia", "Zoë", "Łukasz", "Thảo", "Ελένη", "Данило", "نور", "אורי", "प्रिया")


def two_children() -> str:
    """The sheets of a child of 8 to 10 and of one of 14 to 17, signed by two adults in the US."""
    words = content.read()
    leo = _child(
        words, "Leo", Band.MIDDLE, {"adult-one": "Mum", "night-time": "8 o’clock", "night-place": "the kitchen"}
    )
    return _html(words, [leo, _child(words, "Mia", Band.TEEN)])


def many_children() -> Iterator[str]:
    """The sheet of one child after the other, of all ages, with ever other names and words. It has no end."""
    words = content.read()
    bands = cycle(Band)
    for number, name in enumerate(cycle(NAMES)):
        yield _html(words, [_child(words, f"{name} {number}", next(bands), {"adult-one": name}, (f"Rule {number}",))])


def _child(
    words: Content, name: str, band: Band, blanks: dict[str, str] | None = None, own: tuple[str, ...] = ()
) -> Child:
    return Child(name, band, agreement.suggest(words, band, {}), blanks=blanks or {}, own=own)


def _html(words: Content, children: Sequence[Child]) -> str:
    family = Family(
        name="Rivera",
        adults=("Ana Rivera", "Tom Rivera"),
        children=tuple(children),
        country="us",
        made=date(2026, 11, 22),
        review=date(2027, 2, 22),
        paper=Paper.LETTER,
    )
    translations = catalogue(LANGUAGE, Config().TRANSLATIONS)
    return to_html(agreement.write(words, family), LANGUAGE, translations, ADDRESS)
