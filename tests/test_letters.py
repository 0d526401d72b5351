"""What a family can type and print, and how it is told about a character that cannot be printed."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp import letters
from quizapp.letters import FONTS, SQUARE, printable, tidy, unprintable

# They shape their neighbours and print nothing, so that no font needs them.
SILENT = {0x200C, 0x200D, 0xFE0E, 0xFE0F}
LETTERS = st.text(st.characters(exclude_categories=["Cs"]))
# Texts that often can be printed: letters of many scripts, parts of emoji, and what joins them.
LIKELY = st.text("aé я\u05d0\u0639\u0915\u094d 1©™☺👍🏽👨👩🇺🇸🏴\u0301\u200d\u200c\ufe0f\u20e3\U000e0067\U000e007f")


@pytest.fixture(scope="module")
def covered() -> set[int]:
    """The code points of our fonts, read anew."""
    points: set[int] = set()
    for path in FONTS.glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            points |= font.getBestCmap().keys()
    return points


@pytest.fixture(scope="module", autouse=True)
def without_cjk() -> Iterator[None]:
    """Any machine counts as one without Debian's fonts-noto-cjk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(letters, "CJK", Path("/missing/NotoSansCJK-Regular.ttc"))
        letters._read.cache_clear()
        yield
    letters._read.cache_clear()


@pytest.mark.parametrize(
    "name",
    [
        "Zoë O’Brien-Müller",
        "Łukasz Żółć",
        "Şeyma Ğül",
        "Nguyễn Thị Hương",
        "Αλέξανδρος",
        "Володимир Їжак",
        "Љубица",
        "محمد",
        "فاطمة الزهراء",
        "شیرین گل",
        "נֹעָה לוי",
        "प्रिया शर्मा",
        "कृष्ण ज्ञान",
        "Niño ¿Qué? ¡Sí! 100 € – “quoted”…",
    ],
)
def test_names_of_many_scripts_can_be_printed_as_they_are(name: str) -> None:
    assert unprintable(name) == ()
    assert unprintable(unicodedata.normalize("NFD", name)) == ()
    assert printable(name) == name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("李明", ("李 (cjk unified ideograph-674e)", "明 (cjk unified ideograph-660e)")),
        ("さくら", ("さ (hiragana letter sa)", "く (hiragana letter ku)", "ら (hiragana letter ra)")),
        ("지", ("지 (hangul syllable ji)",)),
        ("ไทย", ("ไ (thai character sara ai maimalai)", "ท (thai character tho thahan)", "ย (thai character yo yak)")),
        ("Ana 李 李", ("李 (cjk unified ideograph-674e)",)),
    ],
)
def test_letters_that_no_font_covers_are_named_in_words_and_once(name: str, told: tuple[str, ...]) -> None:
    assert unprintable(name) == told


def test_letters_of_the_operators_own_font_can_be_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(letters._read.cache_clear)
    font = FontBuilder(1000)
    font.setupGlyphOrder([".notdef", "li"])
    font.setupCharacterMap({ord("李"): "li"})
    font.save(tmp_path / "cjk.ttf")
    monkeypatch.setattr(letters, "CJK", tmp_path / "cjk.ttf")
    letters._read.cache_clear()
    assert unprintable("Ana 李明") == ("明 (cjk unified ideograph-660e)",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\x00b", "U+0000"),
        ("a\x07b", "U+0007"),
        ("a\x1bb", "U+001B"),
        ("a\x7fb", "U+007F"),
        ("a\x9bb", "U+009B"),
        ("a\u202eb", "U+202E"),
        ("a\u2066b\u2069", "U+2066"),
        ("a\u200fb", "U+200F"),
        ("a\ufeffb", "U+FEFF"),
        ("a\u0378b", "U+0378"),
        ("a\ue000b", "U+E000"),
        ("a\ufdd0b", "U+FDD0"),
        ("a\U000f0000b", "U+F0000"),
        ("a\u2028b", "U+2028"),
    ],
)
def test_a_character_that_nobody_sees_is_named_by_its_number(text: str, told: str) -> None:
    assert told in unprintable(text)
    assert all(name.isprintable() for name in unprintable(text))


EMOJI = {
    "plain": "\U0001f600",
    "skin tone": "\U0001f44d\U0001f3fd",
    "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "flag": "\U0001f1fa\U0001f1f8",
    "flag of England": "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "keycap": "1\ufe0f\u20e3",
    "heart": "\u2764\ufe0f",
    "judge": "\U0001f9d1\U0001f3ff\u200d\u2696\ufe0f",
}


@pytest.mark.parametrize("emoji", EMOJI.values(), ids=EMOJI)
def test_an_emoji_is_one_square_and_never_a_mistake(emoji: str) -> None:
    assert unprintable(emoji) == ()
    assert printable(emoji) == SQUARE
    assert printable(f"Leo {emoji}{emoji}!") == f"Leo {SQUARE}{SQUARE}!"


@pytest.mark.parametrize("face", ["\N{WHITE SMILING FACE}", "\N{THINKING FACE}", "\N{CONFUSED FACE}"])
def test_a_face_of_our_own_font_prints_as_it_was_typed_and_only_alone(face: str) -> None:
    assert unprintable(face) == ()
    assert printable(face) == face
    assert printable(f"{face}\ufe0f") == f"{face}\ufe0f"
    assert printable(f"{face}\u200d\u2194\ufe0f") == SQUARE


def test_an_emoji_keeps_the_letters_beside_it() -> None:
    assert unprintable("\U0001f600\x07") == ("U+0007",)
    assert printable("Leo\U0001f600Mia") == f"Leo{SQUARE}Mia"


def test_the_square_is_a_drawing_of_ours(covered: set[int]) -> None:
    assert ord(SQUARE) in covered
    assert printable(SQUARE) == SQUARE
    assert unprintable(SQUARE) == ()


@settings(deadline=None)
@given(LETTERS | LIKELY)
def test_what_is_not_named_prints_with_our_fonts_alone(covered: set[int], text: str) -> None:
    if unprintable(text) == ():
        assert {ord(letter) for letter in printable(text)} <= covered | SILENT


@settings(deadline=None)
@given(LETTERS)
def test_a_name_of_a_character_can_itself_be_shown(text: str) -> None:
    for name in unprintable(text):
        assert name.isprintable()
        assert len(name) > 1


@settings(deadline=None)
@given(LETTERS | LIKELY)
def test_what_prints_stays_as_it_was_typed(text: str) -> None:
    again = printable(text)
    assert printable(again) == again
    assert set(again) <= {*text, SQUARE}


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("  Leo  ", "Leo"),
        ("Leo\tMaria", "Leo Maria"),
        ("one\r\ntwo\n\nthree", "one two three"),
        ("a\u00a0b\u2003c", "a b c"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("", ""),
        (" \t\n ", ""),
        (f"{' ' * 5000}Zoe\u0308", "Zo\u00eb"),
        # Nobody may type so much. To put the accents of 100,000 in order would take a minute.
        ("Zoe\u0308" * 500, "Zoe\u0308" * 500),
    ],
)
def test_typed_text_is_tidied_to_one_form(typed: str, tidied: str) -> None:
    assert tidy(typed) == tidied


@settings(deadline=None)
@given(LETTERS)
def test_tidy_text_is_as_tidy_as_it_gets(text: str) -> None:
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    assert unicodedata.is_normalized("NFC", tidied)
    assert not any(mark in tidied for mark in "\t\r\n")
    assert "  " not in tidied
    assert tidied.split() == unicodedata.normalize("NFC", text).split()
