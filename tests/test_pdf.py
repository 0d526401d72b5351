"""The printed sheet as a PDF: two sides a child, for everyone to read, and telling nothing but what stands on it."""

import re
import subprocess
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from quizapp import languages
from quizapp.agreement import suggest, write
from quizapp.config import Config
from quizapp.content import ROOT
from quizapp.model import Band, Child, Content, Family, Paper
from quizapp.printing import Failed, job, savefile
from quizapp.printing.sheets import Tongue, to_html
from quizapp.scoring import assess
from quizapp.texts import texts
from tests.test_result_pages import BEST, WORST
from tests.test_sheets import told_by_a_result
from tests.tools.families import CAPITALS, CHILD, LONG_NAMES, RIVERA, html_of, in_tongues, short, usual, worst
from tests.tools.paper import (
    OTHER_LETTERS,
    OUR_FONTS,
    SIZES,
    bookmarks,
    edges,
    embedded,
    fonts,
    in_process,
    read,
    tags,
    text_of,
)
from tests.tools.verapdf import PdfUaChecker

TAGS = ROOT / "agreement_templates" / "base.css"
# Tags that stand in a line, which is what a tag does of which base.css says nothing.
INLINE = {"b", "small", "span"}
# And tags inside a drawing, which are not laid out.
DRAWN = {"path"}
COUNTRIES = ("us", "uk", "ca", "ie", "au", "nz", "other")
NAMES = [
    pytest.param("مريم عبد الرحمن", id="arabic"),
    pytest.param("שרה לוי־כהן", id="hebrew"),
    pytest.param("प्रिया श्रीवास्तव", id="hindi"),
    pytest.param("Nguyễn Thị Ngọc Ánh", id="vietnamese"),
    pytest.param("Ελένη", id="greek"),
    pytest.param("Юлия Щёкина", id="cyrillic"),
    pytest.param("Mia 🦄👨‍👩‍👧 🇪🇺", id="emoji"),
    pytest.param("Zoe\u0301 O’Connor-Ñíguez", id="accents"),
    pytest.param("Leo مريم שרה प्रिया 🦄", id="all at once"),
    pytest.param("W" * 60, id="sixty wide letters"),
    pytest.param("<b>Leo</b> & =1+1 {x} %s", id="signs"),
]


def family(content: Content, child: Callable[[Content, Band], Child], country: str = "us", **more: Any) -> Family:
    """A family with a child of every age."""
    children = tuple(child(content, band) for band in Band)
    return replace(RIVERA, children=children, country=country, **more)


CASES = [pytest.param(usual, {}, id="usual"), pytest.param(worst, {"adults": LONG_NAMES}, id="worst")]


# Two sides a child


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize(("child", "more"), CASES)
def test_every_child_gets_two_sides(
    content: Content,
    printed: Callable[[str], bytes],
    child: Callable[[Content, Band], Child],
    more: dict[str, Any],
    country: str,
    paper: Paper,
) -> None:
    asked = family(content, child, country, paper=paper, **more)
    pages = read(printed(html_of(content, asked))).pages
    sheets = [name for sheet in asked.children for name in (sheet.name, sheet.name)]
    feet = [" ".join(page.extract_text().split()) for page in pages]
    assert [sheet in foot for sheet, foot in zip(sheets, feet, strict=True)] == [True] * 8
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {SIZES[paper]}


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("lines", [0, 3])
def test_capitals_still_leave_two_sides(
    content: Content, printed: Callable[[str], bytes], lines: int, paper: Paper
) -> None:
    blanks = {blank.id: CAPITALS[:40].strip() for blank in content.wording.blanks}
    ours = {"ours": {}, "theirs": dict.fromkeys(content.clauses, CAPITALS)}
    children = tuple(
        replace(worst(content, band), name=f"{whose} {band}", words=words, blanks=blanks, own=(CAPITALS,) * lines)
        for whose, words in ours.items()
        for band in Band
    )
    sides = read(printed(html_of(content, replace(RIVERA, children=children, paper=paper)))).pages
    texts = [side.extract_text() for side in sides]
    counted = {child.name: sum(f"· {child.name}" in text for text in texts) for child in children}
    assert counted == {child.name: 2 for child in children}


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("child", [short, usual, worst])
def test_side_one_holds_the_lines_and_side_two_the_help_card(
    content: Content,
    printed: Callable[[str], bytes],
    child: Callable[[Content, Band], Child],
    band: Band,
    paper: Paper,
) -> None:
    """The signatures go to side two only with small children, whose large letters need the room of side one."""
    signed_on = int(child is worst and band is Band.EARLY)
    html = html_of(content, replace(RIVERA, children=(child(content, band),), paper=paper))
    sides = [" ".join(page.extract_text().split()) for page in read(printed(html)).pages]
    parts = {
        "What I do": 0,
        "My own rule": 0,
        "We think about it": signed_on,
        "We say it out loud": 1,
        "Who can help": 1,
    }
    assert {part: [number for number, side in enumerate(sides) if part in side] for part in parts} == {
        part: [side] for part, side in parts.items()
    }


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("name", ["W" * 60, "Ww " * 20, "i" * 60])
def test_a_very_long_name_still_leaves_two_sides(
    content: Content, printed: Callable[[str], bytes], band: Band, name: str
) -> None:
    child = replace(worst(content, band), name=name.strip())
    asked = replace(RIVERA, children=(child,), name=name.strip(), adults=(name.strip(),) * 4, paper=Paper.LETTER)
    assert len(read(printed(html_of(content, asked))).pages) == 2


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize(
    "text", ["W" * 60, "Ww " * 19, "https://example.org/" + "w" * 40], ids=["word", "words", "link"]
)
@pytest.mark.parametrize("lines", [0, 3])
def test_no_word_runs_over_the_margin(
    content: Content, printed: Callable[[str], bytes], band: Band, text: str, lines: int
) -> None:
    text = text.strip()
    words = dict.fromkeys(content.clauses if lines else (), text * 2)
    blanks = {blank.id: text[:40] for blank in content.wording.blanks}
    child = replace(worst(content, band), name=text, own=(text * 2,) * lines, words=words, blanks=blanks)
    html = html_of(content, replace(RIVERA, children=(child,), name=text, adults=(text,) * 4, paper=Paper.A4))
    margin = SIZES[Paper.A4][0] - 14 * 72 / 25.4
    assert not [(edge, word) for edge, word in edges(printed(html)) if edge > margin + 1]


@pytest.mark.parametrize(("child", "more"), CASES)
@pytest.mark.parametrize("paper", Paper)
def test_no_list_and_no_table_crosses_a_page(
    content: Content,
    printed: Callable[[str], bytes],
    child: Callable[[Content, Band], Child],
    more: dict[str, Any],
    paper: Paper,
) -> None:
    html = html_of(content, family(content, child, paper=paper, **more))
    page, found = BeautifulSoup(html, "html.parser"), tags(printed(html))
    assert {tag: found[f"/{tag}"] for tag in ("Table", "L", "TR", "LI")} == {
        "Table": len(page.select("table")),
        "L": len(page.select("ul")),
        "TR": len(page.select("tr")),
        "LI": len(page.select("li")),
    }


def test_six_children_get_twelve_sides(content: Content, printed: Callable[[str], bytes]) -> None:
    children = tuple(replace(worst(content, Band.TWEEN), name=f"Child {number}") for number in range(6))
    assert len(read(printed(html_of(content, replace(RIVERA, children=children)))).pages) == 12


# For everyone to read


# Every country with each child, and on each paper once: what a screen reader follows does not know the paper.
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize(("child", "more"), CASES)
def test_every_sheet_is_accessible(
    content: Content,
    printed: Callable[[str], bytes],
    pdfua: PdfUaChecker,
    child: Callable[[Content, Band], Child],
    more: dict[str, Any],
    paper: Paper,
) -> None:
    countries = COUNTRIES[(child is usual) ^ (paper is Paper.A4) :: 2]
    for country in countries:
        pdf = printed(html_of(content, family(content, child, country, paper=paper, **more)))
        assert pdfua.problems(pdf) == [], country


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_printed_and_accessible(
    content: Content, printed: Callable[[str], bytes], pdfua: PdfUaChecker, name: str
) -> None:
    blanks = {blank.id: name[:40] for blank in content.wording.blanks}
    child = replace(CHILD, name=name, band=Band.TWEEN, blanks=blanks, own=(name,), words={"talk": name})
    pdf = printed(html_of(content, replace(RIVERA, name=name, adults=(name, name), children=(child,))))
    assert pdfua.problems(pdf) == []
    assert fonts(pdf) <= embedded(OUR_FONTS | OTHER_LETTERS)
    assert len(read(pdf).pages) == 2


@pytest.mark.parametrize(("child", "more"), CASES)
def test_all_fonts_are_embedded_and_ours(
    content: Content, printed: Callable[[str], bytes], child: Callable[[Content, Band], Child], more: dict[str, Any]
) -> None:
    names = fonts(printed(html_of(content, family(content, child, **more))))
    assert names <= embedded(OUR_FONTS)
    assert len(names) > 2


def test_language_and_title_are_set(content: Content, printed: Callable[[str], bytes]) -> None:
    pdf = read(printed(html_of(content, RIVERA)))
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert pdf.metadata
    assert pdf.metadata.title == "Family agreement"


@pytest.mark.parametrize("band", Band)
def test_the_words_can_be_read_out_and_copied(content: Content, printed: Callable[[str], bytes], band: Band) -> None:
    text = text_of(printed(html_of(content, replace(RIVERA, children=(replace(CHILD, band=band),)))))
    assert "Leo’s page" in text
    assert "The Rivera family agreement" in text
    assert "My own rule:" in text
    for clause in content.clauses.values():
        if band in clause.lines:
            said = clause.lines[band].split("{")[0].strip()
            assert (said in text) == (clause.core or clause.id in CHILD.clauses)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("band", [Band.EARLY, Band.TEEN])
def test_the_numbers_of_the_help_card_can_be_read_out(
    content: Content, printed: Callable[[str], bytes], band: Band, country: str
) -> None:
    asked = replace(RIVERA, children=(replace(CHILD, band=band),), country=country)
    text = text_of(printed(html_of(content, asked)))
    card = "full" if band is Band.TEEN else "young"
    lines = [line for line in content.countries[country].lines if card in line.cards and not line.language]
    assert lines
    assert not [line.name for line in lines if line.name not in text or line.phone not in text]


def height(pdf: bytes, word: str) -> float:
    """How high a word is printed, in points."""
    boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True).stdout
    found = [box for box in BeautifulSoup(boxes, "html.parser").select("word") if box.text == word]
    return float(str(found[0]["ymax"])) - float(str(found[0]["ymin"]))


@pytest.mark.parametrize("band", Band)
def test_lines_are_set_closer_only_when_a_family_wrote_much(
    content: Content, printed: Callable[[str], bytes], band: Band
) -> None:
    word = content.clauses["body"].lines[band].split()[0]
    few, many = short(content, band), replace(worst(content, band), words={})
    usual, close = (printed(html_of(content, replace(RIVERA, children=(child,)))) for child in (few, many))
    assert height(close, word) < height(usual, word)


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize(("child", "more"), CASES)
def test_spanish_takes_two_sides_as_well(
    content: Content,
    printed: Callable[[str], bytes],
    child: Callable[[Content, Band], Child],
    more: dict[str, Any],
    paper: Paper,
) -> None:
    spanish = languages.catalogue("es", Config().TRANSLATIONS)
    asked = family(content, child, paper=paper, language="es", **more)
    written = write(languages.content_in(content, spanish), asked)
    pages = read(printed(to_html([Tongue(written, "es", spanish)], "quiz.example/es/evidence"))).pages
    assert len(pages) == 2 * len(asked.children)
    assert "Lo que hago yo" in pages[0].extract_text()


@pytest.mark.parametrize(
    ("band", "marks"), [(Band.EARLY, "☺🤔😕"), (Band.MIDDLE, "○○○"), (Band.TWEEN, "○○○"), (Band.TEEN, "○○○")]
)
def test_the_marks_are_text(content: Content, printed: Callable[[str], bytes], band: Band, marks: str) -> None:
    html = html_of(content, replace(RIVERA, children=(replace(CHILD, band=band),)))
    text = text_of(printed(html))
    for mark in set(marks):
        assert html.count(mark) == text.count(mark) == marks.count(mark) * (9 + 2)


def test_headings_and_cells_are_tagged_as_what_they_are(content: Content, printed: Callable[[str], bytes]) -> None:
    html = html_of(content, RIVERA)
    found, page = tags(printed(html)), BeautifulSoup(html, "html.parser")
    for tag in ("h1", "h2", "h3", "th", "td"):
        assert found[f"/{tag.upper()}"] == len(page.select(tag)), tag


# Telling nothing but what stands on it


@pytest.mark.parametrize("band", Band)
def test_bookmarks_and_properties_tell_no_result_and_no_name(
    content: Content, printed: Callable[[str], bytes], band: Band
) -> None:
    html = html_of(content, replace(RIVERA, children=(replace(CHILD, band=band),)))
    pdf = read(printed(html))
    headings = {" ".join(tag.text.split()) for tag in BeautifulSoup(html, "html.parser").select("h1, h2, h3")}
    assert set(bookmarks(pdf.outline)) <= headings
    properties = f"{pdf.metadata}{pdf.xmp_metadata.stream.get_data() if pdf.xmp_metadata else ''}"
    told = [text for level in content.quiz.levels for text in texts(level)]
    assert not [text for text in ("Leo", "Rivera", "Ana", "Mum", *told) if text in properties]
    assert not list(pdf.attachments)


# Answers that lead to each level, and to none.
RESULTS = (BEST, BEST | {"promise": "not-yet", "practice": "not-yet"}, WORST, WORST | {"signs": "clearly"})


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_family_file_tells_no_result_wherever_one_looks(
    content: Content, process: ProcessPoolExecutor, lang: str
) -> None:
    """In its text, its bookmarks, its properties and the data that it carries, whatever the quiz found."""
    spanish = languages.content_in(content, languages.catalogue("es", Config().TRANSLATIONS))
    told = [" ".join(text.split()) for spoken in (content, spanish) for text in told_by_a_result(spoken)]
    assessed = [assess(content, answers) for answers in RESULTS]
    assert {found.level or "" for found in assessed} == {level.id for level in content.quiz.levels} | {""}
    for found in assessed:
        children = tuple(Child("Leo", band, suggest(content, band, found.points)) for band in Band)
        asked = replace(RIVERA, children=children, language=lang)
        pdf, _ = process.submit(in_process, in_tongues(content, asked, lang), savefile.pack(content, asked)).result()
        everywhere = f"{text_of(pdf)} {list(bookmarks(read(pdf).outline))} {read(pdf).metadata}"
        everywhere += " ".join(data.decode() for files in read(pdf).attachments.values() for data in files)
        assert savefile.NAME in read(pdf).attachments
        assert not [text for text in told if text in everywhere]


def test_the_same_agreement_gives_the_same_bytes(content: Content, process: ProcessPoolExecutor) -> None:
    html = html_of(content, family(content, worst))
    first, _ = process.submit(in_process, html).result()
    again, _ = process.submit(in_process, html).result()
    with ProcessPoolExecutor(1, get_context("spawn"), job.begin_printing) as other:
        elsewhere, _ = other.submit(in_process, html).result()
    assert first == again == elsewhere


@pytest.mark.parametrize("child", [usual, worst])
def test_a_paper_that_carries_data_is_as_accessible_and_the_same_each_time(
    content: Content, process: ProcessPoolExecutor, pdfua: PdfUaChecker, child: Callable[[Content, Band], Child]
) -> None:
    asked = family(content, child)
    html, data = html_of(content, asked), savefile.pack(content, asked)
    first, said = process.submit(in_process, html, data).result()
    with ProcessPoolExecutor(1, get_context("spawn"), job.begin_printing) as other:
        elsewhere, _ = other.submit(in_process, html, data).result()
    assert first == elsewhere
    assert said == []
    assert pdfua.problems(first) == []
    assert read(first).attachments[savefile.NAME] == [data]
    assert len(read(first).pages) == 8


def test_another_family_gives_other_bytes(content: Content, printed: Callable[[str], bytes]) -> None:
    other = replace(RIVERA, children=(replace(CHILD, name="Mia"),))
    assert printed(html_of(content, RIVERA)) != printed(html_of(content, other))


# Nothing but our own files


@pytest.mark.parametrize(
    "asked",
    [
        '<img src="file:///etc/passwd" alt=""/>',
        '<img src="http://127.0.0.1/" alt=""/>',
        '<img src="https://example.org/a.png" alt=""/>',
        '<img src="//127.0.0.1/a.png" alt=""/>',
        '<img src="ftp://127.0.0.1/a.png" alt=""/>',
        '<img src="../pyproject.toml" alt=""/>',
        '<img src="sheets/../../pyproject.toml" alt=""/>',
        '<img src="../static/../pyproject.toml" alt=""/>',
        '<img src="../static/%2e%2e/pyproject.toml" alt=""/>',
        '<img src="file://example.org/etc/passwd" alt=""/>',
        '<link rel="stylesheet" href="file:///etc/passwd"/>',
        '<link rel="attachment" href="file:///etc/passwd"/>',
        '<a rel="attachment" href="file:///etc/passwd">a</a>',
        '<object data="file:///etc/passwd"></object>',
        '<embed src="file:///etc/passwd"/>',
        '<style>@import url("http://127.0.0.1/a.css")</style>',
        '<p style="background: url(http://127.0.0.1/a.png)">a</p>',
        "<style>@font-face { font-family: a; src: url(file:///etc/passwd) } p { font-family: a }</style><p>a</p>",
        '<p style="list-style: url(file:///etc/passwd); display: list-item">a</p>',
    ],
)
def test_a_document_that_asks_for_another_file_is_not_printed(process: ProcessPoolExecutor, asked: str) -> None:
    html = f"<!doctype html><html><title>a</title><h1>a</h1>{asked}</html>"
    with pytest.raises(Failed, match="a file that is not ours"):
        process.submit(in_process, html).result()


@pytest.mark.parametrize("broken", ["", "words alone", "<p>open", "<p>&nbsp;</p>", "<p>a</p><p>b</p>", "<p>\x07</p>"])
def test_a_document_that_is_not_well_formed_is_not_printed(process: ProcessPoolExecutor, broken: str) -> None:
    with pytest.raises(Failed, match="not well-formed"):
        process.submit(in_process, broken).result()


def test_a_document_that_asks_for_our_drawings_is_printed(process: ProcessPoolExecutor) -> None:
    html = (
        '<!doctype html><html lang="en"><title>a</title><h1>a</h1><img src="../static/icons/home.svg" alt="a"/></html>'
    )
    pdf, said = process.submit(in_process, html).result()
    assert pdf.startswith(b"%PDF")
    assert said == []


def test_the_next_document_is_printed_after_one_that_was_refused(
    content: Content, process: ProcessPoolExecutor, printed: Callable[[str], bytes]
) -> None:
    with pytest.raises(Failed):
        process.submit(in_process, '<img src="file:///etc/passwd"/>').result()
    assert len(read(printed(html_of(content, RIVERA))).pages) == 2


# What the printer reads first


@pytest.mark.parametrize(
    "template", sorted((ROOT / "agreement_templates" / "sheets").glob("*.html")), ids=lambda file: file.name
)
def test_base_css_tells_what_each_tag_of_a_sheet_is(template: Path) -> None:
    told = set(re.findall(r"\b(?:h\d|[a-z]+)\b", re.sub(r"/\*.*?\*/|{.*?}", "", TAGS.read_text(), flags=re.DOTALL)))
    assert set(re.findall(r"<([a-z][a-z0-9]*)", template.read_text())) <= told | INLINE | DRAWN
