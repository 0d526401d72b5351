"""Prints as a printing process does, and reads what was printed."""

import logging
import subprocess
import warnings
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from bs4 import BeautifulSoup
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

from quizapp.model import Paper
from quizapp.printing import job

# In points, of which an inch has 72.
SIZES = {Paper.A4: (595, 842), Paper.LETTER: (612, 792)}
OUR_FONTS = {"AtkinsonHyperlegibleNext", "Fraunces", "FamilyMarks", "NotoSans"}
OTHER_LETTERS = {"NotoSansArabic", "NotoSansHebrew", "NotoSansDevanagari"}


def in_process(html: str, saved: bytes = b"") -> tuple[bytes, list[str]]:
    """What a printing process does, and every warning that it gave meanwhile."""
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            pdf = job.print_html(html, saved)
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    return pdf, said + [str(warning.message) for warning in caught]


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def tags(pdf: bytes) -> Counter[str]:
    """How often each kind of tag stands in the structure that a screen reader follows."""
    found: Counter[str] = Counter()
    waiting: list[PdfObject | None] = [read(pdf).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if node else None
        if isinstance(node, ArrayObject):
            waiting += node
        elif isinstance(node, DictionaryObject):
            found[str(node.get("/S"))] += 1
            waiting.append(node.get("/K"))
    return found


def fonts(pdf: bytes) -> set[str]:
    """The names of all fonts, each of which is embedded."""
    names = set()
    for page in read(pdf).pages:
        for font in page["/Resources"]["/Font"].values():
            for inner in font.get_object().get("/DescendantFonts", [font]):
                descriptor = inner.get_object()["/FontDescriptor"].get_object()
                assert {"/FontFile2", "/FontFile3"} & set(descriptor), f"{descriptor['/FontName']} is not embedded"
                names.add(str(descriptor["/FontName"]).lstrip("/").split("+")[-1].replace("-", ""))
    return names


def edges(pdf: bytes) -> list[tuple[float, str]]:
    """How far to the right each word reaches, in points."""
    boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True).stdout
    return [(float(str(word["xmax"])), word.text) for word in BeautifulSoup(boxes, "html.parser").select("word")]


def embedded(families: set[str]) -> set[str]:
    """The names under which the weights of font families are embedded."""
    return {f"{name}{weight}" for name in families for weight in ("", "Regular", "Bold", "SemiBold")}


def bookmarks(outline: list[Any]) -> Iterator[str]:
    for entry in outline:
        if isinstance(entry, list):
            yield from bookmarks(entry)
        else:
            yield str(entry.title)


def pages_of_each(pdf: bytes) -> list[int]:
    """On how many pages each sheet is, which begins where its name stands as a destination."""
    file = read(pdf)
    named = [place for name, place in file.named_destinations.items() if name.startswith("sheet-")]
    starts = sorted(file.get_destination_page_number(place) for place in named)
    return [after - start for start, after in zip(starts, [*starts[1:], len(file.pages)], strict=True)]
