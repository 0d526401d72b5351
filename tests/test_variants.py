"""The agreement on every paper, in every size, ink and language that is offered, for families of every kind."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import product
from multiprocessing import get_context
from typing import Any, NamedTuple

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from pypdf.generic import StreamObject

from quizapp import letters
from quizapp.agreement import MOST_OWN, second_home
from quizapp.content import ROOT
from quizapp.model import Band, Child, Content, Family, Ink, Paper, Size
from quizapp.printing import job
from tests.tools.families import (
    CHILD,
    LONG_NAMES,
    LOUD_NAME,
    RIVERA,
    in_tongues,
    loud,
    short,
    usual,
    worst,
)
from tests.tools.paper import (
    OTHER_LETTERS,
    OUR_FONTS,
    SIZES,
    edges,
    embedded,
    fonts,
    in_process,
    pages_of_each,
    read,
    tags,
    text_of,
)
from tests.tools.verapdf import PdfUaChecker

Print = Callable[[str], bytes]
SIDES, ROOMY_SIDES = 2, 6
MOST_IN_A_GROUP = 5
# The printed sheet leaves this free on the right; large print that would be too long leaves less.
MARGINS = {Size.NORMAL: 14, Size.LARGE: 10}
CJK_FONTS = {f"NotoSansCJK{language}" for language in ("JP", "KR", "SC", "TC", "HK")}


class Variant(NamedTuple):
    """What a family can choose about its paper, beside its language."""

    tongues: tuple[str, ...]
    size: Size = Size.NORMAL

    @property
    def most_pages(self) -> int:
        return ROOMY_SIDES if self.is_roomy else SIDES

    @property
    def is_roomy(self) -> bool:
        return self.size is Size.LARGE or len(self.tongues) > 1

    def html(self, content: Content, family: Family) -> str:
        return in_tongues(content, replace(family, size=self.size), *self.tongues)


ALONE = [Variant(("en",)), Variant(("es",))]
LARGE = [Variant(("en",), Size.LARGE), Variant(("es",), Size.LARGE)]
BESIDE = [Variant(("en", "es"))]
VARIANTS = [*ALONE, *LARGE, *BESIDE]


def told(value: object) -> str:
    """How a row is called in the list of tests."""
    return f"{'+'.join(value.tongues)}-{value.size}" if isinstance(value, Variant) else str(value)


def every_age(content: Content, child: Callable[[Content, Band], Child], **more: Any) -> Family:
    return replace(RIVERA, children=tuple(child(content, band) for band in Band), **more)


def check_structure(html: str, pdf: bytes) -> None:
    """A list or a table that goes on over a page would be tagged twice, or its rows be cut in two.

    Where a family wrote much, the column to argue in makes room.
    """
    page, found = BeautifulSoup(html, "html.parser"), tags(pdf)
    for tag, name in {"Table": "table", "L": "ul", "TR": "tr", "LI": "li", "TH": "th", "TD": "td"}.items():
        assert found[f"/{tag}"] in {len(page.select(name)), len(page.select(f"{name}:not(.argue)"))}, tag


# Every paper that is offered


@pytest.mark.parametrize(("variant", "paper", "ink"), list(product(VARIANTS, Paper, Ink)), ids=told)
def test_every_variant_is_printed_whole_and_accessible(
    content: Content, printed: Print, pdfua: PdfUaChecker, variant: Variant, paper: Paper, ink: Ink
) -> None:
    html = variant.html(content, every_age(content, usual, paper=paper, ink=ink))
    pdf = printed(html)
    assert pdfua.problems(pdf) == []
    assert len(fonts(pdf)) > 2
    assert fonts(pdf) <= embedded(OUR_FONTS)
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in read(pdf).pages} == {SIZES[paper]}
    assert max(pages_of_each(pdf)) <= variant.most_pages
    check_structure(html, pdf)
    check_ink(pdf, ink)


@pytest.mark.parametrize(("child", "names"), [(worst, LONG_NAMES), (loud, (LOUD_NAME,) * 4)], ids=["worst", "loud"])
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("variant", VARIANTS, ids=told)
def test_the_fullest_sheet_takes_no_more_pages_than_it_may_and_parts_between_groups(
    content: Content,
    printed: Print,
    variant: Variant,
    paper: Paper,
    child: Callable[[Content, Band], Child],
    names: tuple[str, ...],
) -> None:
    html = variant.html(content, every_age(content, child, paper=paper, adults=names, name=names[0]))
    pdf = printed(html)
    assert max(pages_of_each(pdf)) <= variant.most_pages
    check_structure(html, pdf)


@pytest.mark.parametrize("variant", [*LARGE, *BESIDE], ids=told)
def test_nine_lines_come_in_groups_of_at_most_five(content: Content, variant: Variant) -> None:
    page = BeautifulSoup(variant.html(content, every_age(content, worst)), "html.parser")
    for sheet in page.select("article"):
        groups = [len(group.select("tbody tr")) for group in sheet.select(".lines table")]
        assert groups == [MOST_IN_A_GROUP, 4, MOST_OWN + 1]


@pytest.mark.parametrize("text", ["W" * 60], ids=["sixty-wide-letters"])
@pytest.mark.parametrize("variant", VARIANTS[1:], ids=told)
def test_no_word_runs_over_the_margin_of_any_variant(
    content: Content, printed: Print, variant: Variant, text: str
) -> None:
    blanks = {blank.id: text[:40] for blank in content.wording.blanks}
    words = dict.fromkeys(content.clauses, text * 2)

    def wide(content: Content, band: Band) -> Child:
        return replace(worst(content, band), name=text, blanks=blanks, words=words, own=(text * 2,) * MOST_OWN)

    html = variant.html(content, every_age(content, wide, name=text, adults=(text,) * 4))
    right = SIZES[Paper.A4][0] - MARGINS[variant.size] * 72 / 25.4
    assert not [(edge, word) for edge, word in edges(printed(html)) if edge > right + 1]


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[ProcessPoolExecutor]:
    """A second printing process."""
    with ProcessPoolExecutor(1, get_context("spawn"), job.begin_printing) as pool:
        yield pool


@pytest.mark.parametrize("variant", VARIANTS, ids=told)
def test_every_variant_gives_the_same_bytes_again_and_in_another_process(
    content: Content, process: ProcessPoolExecutor, elsewhere: ProcessPoolExecutor, variant: Variant
) -> None:
    for ink, band in zip(Ink, (Band.EARLY, Band.TEEN), strict=True):
        html = variant.html(content, replace(RIVERA, ink=ink, children=(usual(content, band),)))
        pdfs = [pool.submit(in_process, html).result()[0] for pool in (process, process, elsewhere)]
        assert len(set(pdfs)) == 1


# Grey


_COLOUR_SET = re.compile(rb"((?:[\d.]+ ){1,4})(?:rg|RG|scn?|SCN?|[gGkK])\s")


def drawn(file: PdfReader) -> Iterator[bytes]:
    """What the pages draw, and what the drawings on them do."""
    for page in file.pages:
        yield page.get_contents().get_data()
    for number in range(1, int(file.trailer["/Size"])):
        thing = file.get_object(number)
        if isinstance(thing, StreamObject) and thing.get("/Subtype") == "/Form":
            yield thing.get_data()


def colours(pdf: bytes) -> set[tuple[float, ...]]:
    """Every colour that is set anywhere, as red, green and blue."""
    sets = (found for data in drawn(read(pdf)) for found in _COLOUR_SET.findall(data))
    return {tuple(map(float, numbers.split())) for numbers in sets}


def check_ink(pdf: bytes, ink: Ink) -> None:
    """Grey has as much of red as of green and of blue."""
    found = colours(pdf)
    assert len(found) > 3
    assert {len(colour) for colour in found} == {3}, "another kind of colour than this test knows"
    assert (ink is Ink.GREY) == all(len(set(colour)) == 1 for colour in found)


def light(colour: str) -> float:
    """How light a colour such as #4d4d4d is, as WCAG counts it."""
    parts = [part / 255 for part in bytes.fromhex(colour.lstrip("#"))]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("text", "behind"),
    [("ink", "sage"), ("ink", "sun"), ("teal", "sage"), ("teal", "sun"), ("ink", ""), ("teal", ""), ("muted", "")],
)
def test_grey_words_can_be_read_on_the_grey_behind_them(text: str, behind: str) -> None:
    greys = dict(re.findall(r"--([a-z]+): (#\w{6});", (ROOT / "agreement_templates" / "grey.css").read_text()))
    front, back = light(greys[text]), light(greys.get(behind, "#ffffff"))
    assert (back + 0.05) / (front + 0.05) >= 7


# Large


def sizes(pdf: bytes) -> set[tuple[float, str]]:
    """How large each text is printed, in points, above the footer."""
    found: set[tuple[float, str]] = set()

    def keep(text: str, page: list[float], line: list[float], font: object, size: float) -> None:
        if text.strip() and line[5] * page[3] + page[5] > 40:
            found.add((round(abs(size * line[3] * page[3]), 2), text.strip()))

    for page in read(pdf).pages:
        page.extract_text(visitor_text=keep)
    return found


@pytest.mark.parametrize("child", [usual, worst])
@pytest.mark.parametrize("variant", LARGE, ids=told)
def test_no_large_letter_is_smaller_than_eighteen_points(
    content: Content, printed: Print, variant: Variant, child: Callable[[Content, Band], Child]
) -> None:
    more = {"adults": LONG_NAMES} if child is worst else {}
    found = sizes(printed(variant.html(content, every_age(content, child, paper=Paper.A4, **more))))
    assert {size for size, _ in found} >= {18.0, 20.0}
    assert not [(size, text) for size, text in found if size < 17.99]


# Families of every kind


@pytest.mark.parametrize("variant", [ALONE[0], LARGE[0], *BESIDE], ids=told)
@pytest.mark.parametrize("adults", [(), ("Ana",), ("Ana", "Tom", "Jo", "Kim")], ids=len)
def test_every_grown_up_finds_a_place_to_sign(
    content: Content, printed: Print, pdfua: PdfUaChecker, adults: tuple[str, ...], variant: Variant
) -> None:
    html = variant.html(content, replace(RIVERA, adults=adults, children=(short(content, Band.TWEEN),)))
    pdf = printed(html)
    assert pdfua.problems(pdf) == []
    check_structure(html, pdf)
    places = BeautifulSoup(html, "html.parser").select(".sign td")
    signed = [" ".join(place.text.split()) for place in places]
    assert len(signed) == (len(adults) or 1) + 1
    assert [name for name, place in zip(adults, signed, strict=False) if name not in place] == []
    shown = text_of(pdf).replace(" / ", " ")
    assert not [place for place in signed if place not in shown]


@pytest.mark.parametrize("variant", [ALONE[0], BESIDE[0]], ids=told)
def test_six_children_of_different_ages_get_a_sheet_each(
    content: Content, printed: Print, pdfua: PdfUaChecker, variant: Variant
) -> None:
    bands = [Band.TEEN, Band.EARLY, Band.TWEEN, Band.EARLY, Band.MIDDLE, Band.TEEN]
    children = tuple(replace(usual(content, band), name=f"Child{number}") for number, band in enumerate(bands))
    pdf = printed(variant.html(content, replace(RIVERA, children=children)))
    assert pdfua.problems(pdf) == []
    assert len(pages_of_each(pdf)) == 6
    assert max(pages_of_each(pdf)) <= variant.most_pages
    texts = [page.extract_text() for page in read(pdf).pages]
    assert [name for name in (f"Child{number}" for number in range(6)) if not any(name in text for text in texts)] == []


@pytest.mark.parametrize("variant", [ALONE[0], LARGE[1], BESIDE[0]], ids=told)
def test_the_copy_for_a_second_home_tells_no_name_of_the_first(
    content: Content, printed: Print, pdfua: PdfUaChecker, variant: Variant
) -> None:
    people = {blank.id: f"Helper-{blank.id}" for blank in content.wording.blanks if blank.person}
    children = tuple(
        replace(usual(content, band), blanks={**people, "night-place": "the red hall"}, words={"talk": "We talk a lot"})
        for band in Band
    )
    family = replace(RIVERA, adults=("Ana", "Tom"), second_home=("Pat Smith", "Sam"), children=children)
    pdf = printed(variant.html(content, second_home(content, family)))
    text = text_of(pdf)
    assert pdfua.problems(pdf) == []
    assert [name for name in ("Helper", "Ana", "Tom") if name in text] == []
    assert [
        name for name in ("Pat Smith", "Sam", "the red hall", "We talk a lot", CHILD.own[0]) if name not in text
    ] == []
    assert not read(pdf).attachments


NAMES = [
    pytest.param("مريم عبد الرحمن", id="arabic"),
    pytest.param("שרה לוי־כהן", id="hebrew"),
    pytest.param("प्रिया श्रीवास्तव", id="hindi"),
    pytest.param("Nguyễn Thị Ngọc Ánh", id="vietnamese"),
    pytest.param("Mia 🦄👨‍👩‍👧 🇪🇺", id="emoji"),
    pytest.param("W" * 60, id="sixty-wide-letters"),
]


@pytest.mark.parametrize("variant", [LARGE[0], BESIDE[0]], ids=told)
@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_printed_in_roomy_variants_too(
    content: Content, printed: Print, pdfua: PdfUaChecker, name: str, variant: Variant
) -> None:
    family = family_called(content, name)
    pdf = printed(variant.html(content, family))
    assert pdfua.problems(pdf) == []
    assert fonts(pdf) <= embedded(OUR_FONTS | OTHER_LETTERS)
    assert max(pages_of_each(pdf)) <= variant.most_pages


def family_called(content: Content, name: str) -> Family:
    """A family with one name in every field."""
    blanks = {blank.id: name[:40] for blank in content.wording.blanks}
    child = replace(CHILD, name=name, band=Band.EARLY, blanks=blanks, own=(name,), words={"talk": name})
    return replace(RIVERA, name=name, adults=(name, name), children=(child,))


@pytest.mark.parametrize("variant", [ALONE[0], LARGE[1], BESIDE[0]], ids=told)
@pytest.mark.parametrize("name", ["李小明", "さくら", "지우"], ids=["chinese", "japanese", "korean"])
def test_names_print_with_the_font_that_an_operator_can_install(
    content: Content, printed: Print, pdfua: PdfUaChecker, name: str, variant: Variant
) -> None:
    assert letters.CJK.exists(), "deploy/system-packages test installs fonts-noto-cjk"
    assert letters.unprintable(name) == ()
    pdf = printed(variant.html(content, family_called(content, name)))
    assert pdfua.problems(pdf) == []
    assert fonts(pdf) <= embedded(OUR_FONTS | CJK_FONTS)
    assert fonts(pdf) & embedded(CJK_FONTS)
    assert text_of(pdf).count(name) > 5
