"""Which characters can be printed: every typed one is checked against the bundled fonts before it is printed.

An emoji without a glyph prints as a plain square of our own drawing; any other character that no font covers is
named, so that a family can write it in another way.
"""

import sys
import unicodedata
from collections.abc import Set
from functools import cache
from pathlib import Path
from threading import Lock

import regex

FONTS = Path(__file__).parent.parent / "agreement_templates" / "fonts"
# Debian's fonts-noto-cjk, which fonts.conf lets the printer see where an operator has installed it.
CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SQUARE = "\N{WHITE SQUARE}"

# The longest text that may be typed has some 240 letters, each of which can come in four parts.
_LONGEST = 1000

_reading = Lock()

_CLUSTER = regex.compile(r"\X")
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u20e3")
# They shape their neighbours and print nothing themselves.
_SILENT = set("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}")


def unprintable(text: str) -> tuple[str, ...]:
    """The names of the characters in a text that cannot be printed, emoji left aside, each once."""
    names = dict.fromkeys(
        _name(letter)
        for cluster in _clusters(text)
        if not _EMOJI.search(cluster)
        for letter in cluster
        if not _prints(letter)
    )
    return tuple(names)


def printable(text: str) -> str:
    """The same text, with a square for each emoji that no font covers."""
    return "".join(SQUARE if _EMOJI.search(c) and not all(map(_prints, c)) else c for c in _clusters(text))


def tidy(text: str) -> str:
    """Typed text in one form (NFC), with single spaces instead of tabs, line ends and runs of spaces.

    What is longer than anything that may be typed stays in the form that it has: a hundred thousand accents on one
    letter would take a minute to be put in order, in which nobody else is answered.
    """
    text = " ".join(text.split())
    return text if len(text) > _LONGEST else unicodedata.normalize("NFC", text)


def is_blank(text: str) -> bool:
    """Whether nothing of it would be seen."""
    return not set(tidy(text)) - _SILENT


def _clusters(text: str) -> list[str]:
    return _CLUSTER.findall(text)


def _prints(letter: str) -> bool:
    return letter in _SILENT or (letter.isprintable() and bool(_covered()[ord(letter)]))


def _name(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return f"{letter} ({name.lower()})" if name and letter.isprintable() else f"U+{ord(letter):04X}"


def _covered() -> bytes:
    """Of each code point, whether the printer sees it in a font. Of several who ask at once, one reads the fonts."""
    with _reading:
        return _read()


@cache
def _read() -> bytes:
    """A byte for each: a set of 65,000 numbers takes five times as much memory, and each web process has one."""
    covered = bytearray(sys.maxunicode + 1)
    for file in [*sorted(FONTS.glob("*.ttf")), *([CJK] if CJK.exists() else [])]:
        for point in _points(file):
            covered[point] = 1
    return bytes(covered)


def _points(file: Path) -> Set[int]:
    from fontTools.ttLib import TTFont  # is loaded when a server is warm, not while the first visitor waits for it

    with TTFont(file, fontNumber=0, lazy=True) as font:
        # Which letters there are is asked, and not what the drawings of 65,000 of them are called.
        font.setGlyphOrder([""] * font["maxp"].numGlyphs)
        found: Set[int] = font.getBestCmap().keys()
        return found
