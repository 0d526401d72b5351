"""The words are as plain as we say, measured on the pages that people read, in each language."""

from collections.abc import Iterator, Mapping

import pytest
from flask import Flask

from quizapp import create_app
from quizapp.config import Config
from quizapp.content import read
from quizapp.model import Band
from tests.tools import words

CONTENT = read()
LANGUAGES = Config().LANGUAGES
# Pages that may be harder than the limit, each with its reason. There are none: a new one needs a good reason.
EXCEPTIONS: Mapping[tuple[str, str], str] = {}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with a database of its own."""
    app = create_app({"INSTANCE": tmp_path_factory.mktemp("words")})
    yield app
    app.extensions["quizapp"].close()


@pytest.fixture(scope="module")
def found(app: Flask) -> dict[tuple[str, str], words.Measured]:
    """Each page and each age's lines, by language and name."""
    return {(lang, each.name): each for lang in LANGUAGES for each in words.of_language(app, lang)}


def test_every_page_that_a_parent_reads_is_plain(found: dict[tuple[str, str], words.Measured]) -> None:
    assert len(found) > 2 * len(CONTENT.countries)
    assert [page for page, each in found.items() if not each.is_plain and page not in EXCEPTIONS] == []


def test_an_exception_is_still_needed(found: dict[tuple[str, str], words.Measured]) -> None:
    assert [page for page in EXCEPTIONS if found[page].is_plain] == []
    assert all(EXCEPTIONS.values())


@pytest.mark.parametrize("band", Band)
def test_a_childs_lines_read_as_easily_as_the_child_reads(
    found: dict[tuple[str, str], words.Measured], band: Band
) -> None:
    grade = found["en", f"a child’s lines, {band}"].grade
    assert grade is not None
    assert grade <= words.CHILD_GRADES[band]


@pytest.mark.parametrize("band", Band)
def test_the_quiz_can_be_read_in_a_minute(band: Band) -> None:
    assert words.quiz_words(CONTENT, band) <= words.MOST_QUIZ_WORDS
    assert words.quiz_seconds(CONTENT, band) <= 60


# The measures themselves


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("agua", 2),
        ("oía", 3),
        ("país", 2),
        ("ahora", 3),
        ("aéreo", 4),
        ("guitarra", 3),
        ("cigüeña", 3),
        ("rey", 1),
        ("ciudad", 2),
        ("que", 1),
        ("ya", 1),
        ("creía", 3),
        ("y", 1),
    ],
)
def test_spanish_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert words.syllables(word) == count


EASY = ["Hoy es lunes.", "Me gusta el pan."]
HARD = ["La responsabilidad institucional requiere consideraciones organizativas extraordinariamente pormenorizadas."]


def test_the_spanish_measure_tells_easy_from_hard() -> None:
    assert words.inflesz(EASY) > words.LEAST_INFLESZ > words.inflesz(HARD)


def test_the_english_measure_tells_easy_from_hard() -> None:
    hard = ["Institutional confidentiality considerations necessitate organisational accountability."] * 30
    assert words.measured("easy", ["I tell my mum. She helps."] * 30, "en").is_plain
    assert not words.measured("hard", hard, "en").is_plain


def test_names_of_organisations_do_not_count() -> None:
    names = words.names_in(CONTENT)
    assert "National Crime Agency" in names
    assert words.without_names("Call the National Crime Agency.", names) == "Call the Ann."
