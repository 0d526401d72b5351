"""What a school hands out: codes that a phone reads, words that a mail program shows, a flyer on one page."""

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
import zxingcpp
from babel.support import NullTranslations
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import Browser

from quizapp.config import Config
from quizapp.languages import catalogue
from quizapp.model import Paper, School
from quizapp.pages.latest import Latest
from quizapp.printing import handout
from quizapp.schools import kit
from quizapp.schools.kit import Length
from tests.tools import words
from tests.tools.nu import NuChecker
from tests.tools.paper import OTHER_LETTERS, OUR_FONTS, SIZES, edges, embedded, fonts, read, tags, text_of
from tests.tools.verapdf import PdfUaChecker

LANGUAGES = Config().LANGUAGES
LINK = "https://minute.example/en/s/abcd2345"
# An address may be long: a name of 63 letters, and a language with a region.
LINKS = [LINK, f"https://{'w' * 63}.example.org/pt-BR/s/zzzz9999"]
HILL = School("abcd2345", "Hill School", "Springfield", ("en", "es"))
AWKWARD = '<script>alert(1)</script> & "Co" =1+1'
CONTACT = "office@hill-school.example, +1 555 0100 0100"
NAMES = [
    pytest.param("Hill School", "", id="no town"),
    pytest.param(AWKWARD, AWKWARD, id="signs"),
    pytest.param("W" * 80, "W" * 80, id="eighty wide letters"),
    pytest.param("Ww " * 26 + "Ww", "Ww " * 26 + "Ww", id="eighty letters in words"),
    pytest.param("مدرسة الأمل", "בית ספר", id="right to left"),
    pytest.param("प्रिया विद्यालय Nguyễn Ελένη Щёкина 🦄", "Köln", id="other letters"),
]


def translate(lang: str) -> Callable[[str], str]:
    return catalogue(lang, Config().TRANSLATIONS).gettext


def said(length: Length, lang: str = "en", school: str = "Hill School") -> tuple[str, ...]:
    return kit.paragraphs(length, school, translate(lang))


def flyer(lang: str = "en", paper: Paper = Paper.A4, link: str = LINK, **changes: Any) -> str:
    translations = catalogue(lang, Config().TRANSLATIONS)
    return handout.flyer(replace(HILL, **changes), paper, link, kit.code(link), lang, translations)


def scanned(picture: bytes) -> list[str]:
    """What a phone reads in a picture."""
    with Image.open(BytesIO(picture)) as image:
        return [code.text for code in zxingcpp.read_barcodes(image.convert("L"))]


def photographed(pdf: bytes) -> bytes:
    """The first page in grey, as a copier sees it."""
    command = ["pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", "-"]
    return subprocess.run(command, input=pdf, stdout=subprocess.PIPE, check=True).stdout


# The code


@pytest.mark.parametrize("link", LINKS)
def test_a_phone_reads_the_code_on_a_screen(link: str) -> None:
    assert scanned(kit.code_as_png(link)) == [link]


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_reads_the_drawing_in_light_and_in_dark(
    browser: Browser, tmp_path: Path, link: str, scheme: str
) -> None:
    file = tmp_path / "code.svg"
    file.write_bytes(kit.code_as_svg(link, link))
    page = browser.new_page(color_scheme=scheme)
    page.goto(file.as_uri())
    assert scanned(page.screenshot()) == [link]
    page.close()


@pytest.mark.parametrize("link", LINKS)
def test_a_code_can_lose_a_seventh_of_itself_and_has_an_empty_edge(link: str) -> None:
    with Image.open(BytesIO(kit.code_as_png(link))) as image:
        (code,) = zxingcpp.read_barcodes(image.convert("L"))
    rows = kit.code(link)
    edge = [*rows[:4], *rows[-4:], *(row[:4] + row[-4:] for row in rows)]
    assert code.ec_level == "M"
    assert not any(any(squares) for squares in edge)
    assert len(rows) == len(rows[0])


def test_the_drawing_says_where_it_leads() -> None:
    drawing = ElementTree.fromstring(kit.code_as_svg(LINK, AWKWARD))  # noqa: S314 - it is ours
    assert [part.tag.split("}")[1] for part in drawing.iter()] == ["svg", "title", "g", "path", "path"]
    assert drawing[0].text == AWKWARD


# The words


@pytest.mark.parametrize(
    ("length", "least", "most"), [(Length.SHORT, 20, 30), (Length.MIDDLE, 60, 80), (Length.LONG, 125, 155)]
)
def test_a_text_is_as_long_as_it_says(length: Length, least: int, most: int) -> None:
    assert least <= len(" ".join(said(length)).split()) <= most


@pytest.mark.parametrize("length", Length)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_is_plain_and_gives_no_figure(length: Length, lang: str) -> None:
    found = words.measured(length, said(length, lang), lang)
    assert found.is_plain, found
    assert not any(letter.isdigit() or letter == "%" for letter in " ".join(said(length, lang)))


def test_the_long_text_tells_what_a_school_learns_and_where_help_is() -> None:
    text = " ".join(said(Length.LONG))
    promised = [
        "a minute",
        "nothing that you answer is kept",
        "Hill School never learns",
        "groups of ten",
        "one tap away",
    ]
    assert [promise for promise in promised if promise not in text] == []


@pytest.mark.parametrize("length", Length)
def test_a_mail_program_shows_the_html_as_it_is(nu: NuChecker, length: Length) -> None:
    mail = kit.as_mail(said(length, school=AWKWARD), LINK, "en", translate("en"))
    page = BeautifulSoup(mail, "html.parser")
    assert [link["href"] for link in page.select("a")] == [LINK]
    assert not page.select("[class], [id], style, script, img, link, [src], [background]")
    assert mail.count("http") == 1
    assert "url(" not in mail
    assert nu.problems(mail) == []


@pytest.mark.parametrize("length", [Length.MIDDLE, Length.LONG])
def test_the_name_of_a_school_is_text_in_its_words(length: Length) -> None:
    paragraphs = said(length, school=AWKWARD)
    page = BeautifulSoup(kit.as_mail(paragraphs, LINK, "en", translate("en")), "html.parser")
    assert tuple(shown.text for shown in page.select("p")[:-1]) == paragraphs
    assert AWKWARD in kit.as_text(paragraphs, LINK)


def test_the_plain_text_ends_with_the_link() -> None:
    assert kit.as_text(("One.", "Two."), LINK) == f"One.\n\nTwo.\n\n{LINK}\n"


@pytest.mark.parametrize("text", ["Start", AWKWARD])
def test_the_lines_for_a_site_hold_what_they_say(nu: NuChecker, text: str) -> None:
    def translated(message: str) -> str:
        return text

    lines = kit.button(LINK, translated) + kit.embed(f"{LINK}/embed", LINK, translated)
    page = BeautifulSoup(lines, "html.parser")
    frame = page.select_one("iframe")
    assert frame
    assert (frame["src"], frame["title"], frame["loading"]) == (f"{LINK}/embed", text, "lazy")
    assert [(link["href"], link.text) for link in page.select("a")] == [(LINK, text)] * 2
    assert not page.select("script")
    problems = nu.problems(f'<!doctype html><html lang="en"><title>Hill School</title>{lines}')
    # A frame's width in percent is in no standard, and understood everywhere, also where styles are taken out.
    assert [problem for problem in problems if "width" not in problem] == []


# The zip


def test_a_zip_is_the_same_whenever_it_is_made() -> None:
    files: Mapping[str, bytes] = {"en/a.txt": b"a" * 999, "es/b.pdf": b"b"}
    made = kit.zipped(files)
    with ZipFile(BytesIO(made)) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == files
        assert {datetime(*entry.date_time).year for entry in opened.infolist()} == {1980}
        assert {entry.external_attr >> 16 for entry in opened.infolist()} == {0o644}
    assert made == kit.zipped(files)


@pytest.mark.parametrize(("asked", "left"), [((), ["b", "c"]), (("a",), ["a", "c"])])
def test_what_nobody_asked_for_goes_first(asked: tuple[str, ...], left: list[str]) -> None:
    kept = Latest(2)
    kept.keep("a", b"1")
    kept.keep("b", b"2")
    for name in asked:
        kept.get(name)
    kept.keep("c", b"3")
    assert [name for name in ("a", "b", "c") if kept.get(name)] == left


# The flyer


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize(("name", "town"), NAMES)
def test_a_flyer_is_one_page_that_everyone_can_read(
    printed: Callable[[str], bytes], pdfua: PdfUaChecker, lang: str, paper: Paper, name: str, town: str
) -> None:
    pdf = printed(flyer(lang, paper, name=name, town=town, contact=CONTACT))
    (page,) = read(pdf).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == SIZES[paper]
    assert pdfua.problems(pdf) == []
    assert tags(pdf)["/Figure"] == 1
    assert fonts(pdf) <= embedded(OUR_FONTS | OTHER_LETTERS)
    assert max(reach for reach, _ in edges(pdf)) <= SIZES[paper][0] - 40
    assert "hill-school.example" in text_of(pdf)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("paper", Paper)
def test_a_phone_reads_the_code_on_a_flyer(printed: Callable[[str], bytes], paper: Paper, link: str) -> None:
    pdf = printed(flyer(paper=paper, link=link))
    assert scanned(photographed(pdf)) == [link]
    assert link.removeprefix("https://") in text_of(pdf).replace(" ", "")
    assert len(read(pdf).pages) == 1


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize(("name", "town"), NAMES)
def test_nothing_on_a_flyer_lies_on_its_foot(
    printed: Callable[[str], bytes], paper: Paper, name: str, town: str
) -> None:
    pdf = printed(flyer(paper=paper, name=name, town=town, contact=CONTACT))
    layout = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True).stdout
    boxes = BeautifulSoup(layout, "html.parser").select("word")
    foot = min(float(str(word["ymin"])) for word in boxes if word.text == "Nothing")
    contact = max(float(str(word["ymax"])) for word in boxes if word.text == "0100")
    assert contact < foot - 5


@pytest.mark.parametrize(
    ("town", "by"), [("Springfield", "Passed on by Hill School, Springfield"), ("", "Hill School")]
)
def test_a_flyer_says_who_passes_it_on(printed: Callable[[str], bytes], town: str, by: str) -> None:
    text = text_of(printed(flyer(town=town)))
    assert by in text
    assert "Questions?" not in text
    assert "Nothing that you answer is kept. The school sees no family’s answers." in text


def test_the_name_of_a_school_is_text_on_a_flyer(printed: Callable[[str], bytes]) -> None:
    assert AWKWARD in text_of(printed(flyer(name=AWKWARD)))


def test_a_flyer_tells_no_name_in_its_properties(printed: Callable[[str], bytes]) -> None:
    found = read(printed(flyer(name="Zyxwelda"))).metadata
    assert found
    assert "Zyxwelda" not in str(dict(found))


def test_a_picture_names_no_school() -> None:
    assert "Hill" not in handout.picture("en", NullTranslations())
