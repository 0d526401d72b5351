"""The family whose agreement is printed, as the HTML that goes to a printing process."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle, product
from typing import Any

from quizapp import agreement, content
from quizapp.config import Config
from quizapp.languages import catalogue, content_in
from quizapp.model import Band, Child, Content, Family, Ink, Paper, Size
from quizapp.printing.sheets import Tongue, to_html

LANGUAGE = "en"
ADDRESS = "quiz.example/en/evidence"
# Sizes and languages of the paper that go together.
SIZES = (
    (Size.NORMAL, ("en",)),
    (Size.NORMAL, ("es",)),
    (Size.NORMAL, ("en", "es")),
    (Size.LARGE, ("en",)),
    (Size.LARGE, ("es",)),
)
# Letters of several alphabets, so that different documents need different parts of different fonts.
NAMES = ("Leo", "Mia", "Zoë", "Łukasz", "Thảo", "Ελένη", "Данило", "نور", "אורי", "प्रिया")


def every_variant() -> Iterator[str]:
    """One child's sheet in each age, on each paper, in each size, colour and language that can be chosen together."""
    words = content.read()
    for band, paper, ink, (size, tongues) in product(Band, Paper, Ink, SIZES):
        yield _html(words, [_child(words, "Leo", band)], tongues, paper=paper, ink=ink, size=size)


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


def _html(words: Content, children: Sequence[Child], tongues: Sequence[str] = (LANGUAGE,), **more: Any) -> str:
    family = Family(
        name="Rivera",
        adults=("Ana Rivera", "Tom Rivera"),
        children=tuple(children),
        country="us",
        made=date(2026, 11, 22),
        review=date(2027, 2, 22),
    )
    asked = replace(family, **({"paper": Paper.LETTER} | more))
    return to_html([_tongue(words, asked, tongue) for tongue in tongues], ADDRESS)


def _tongue(words: Content, family: Family, code: str) -> Tongue:
    translations = catalogue(code, Config().TRANSLATIONS)
    written = agreement.write(content_in(words, translations), replace(family, language=code))
    return Tongue(written, code, translations)
