"""What a family waits for: the PDF.

Four ways to print are compared in turns, in one process, so that they meet the same machine, the same fonts (those
of fonts.conf, by fontconfig) and the same PDF/UA-1:

*Ours* is the product's own way: `quizapp.printing.job.print_html`.

The *floor* is what the same words cost when nothing is designed: each heading, paragraph, list item, table row and
footer of the sheet is one `<p>` with its text and no tag inside, in the sheet's body face, size and line height, with
no margin between paragraphs, no other style and no file. Its style sheet and its font configuration are kept from one
print to the next, as ours are. Its words stand closer, so that they fill fewer pages. A row is one paragraph, because
a paragraph for each cell would raise the floor by more than half.

The *naive* way is how one begins: the words of the sheet designed with what style sheets offer (first_draft.css:
columns of text, flexible boxes, tables that measure their columns, bullets, rings of rounded borders, pictures inside
lines), and given to `write_pdf` as the manual of WeasyPrint tells, so that style and fonts are read each time.

The *same sheet* is our own HTML and the path of our own style sheet, given to `write_pdf` in this way: what is left
of the difference when somebody has designed the sheet for the printer already. Both have the fonts by fontconfig.
"""

import gc
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from statistics import median

from bs4 import BeautifulSoup

from bench import sample
from quizapp.printing import job

PDF = "pdf/ua-1"
PARAGRAPHS = "h1, h2, h3, p, li, tr"
# How print.css begins, without what designs.
PLAIN_STYLE = 'html { font: 10.5pt/1.36 "Atkinson Hyperlegible Next", "Family Marks" } body, p { margin: 0 }'

DRAFT_STYLE = Path(__file__).with_name("first_draft.css")
# Of the sheet and its first draft: what the one and the other says instead.
DRAFT = (
    (r'(class="mark">)○', r'\1<span class="ring"></span>'),
    (
        r'<td class="line line--(\w+)[^>]*>',
        r'<td class="line"><img class="picture-of" alt="" src="../static/icons/\1.svg"/>',
    ),
    (r"</ul>\n<ul>", ""),
    (r"<li>• ", "<li>"),
)
ROUNDS = 15
WARM = 3


@dataclass(frozen=True)
class Ways:
    """Of ours: seconds for one PDF, PDFs a second without a pause, its ratio to the others, its size in bytes."""

    seconds: float
    a_second: float
    to_floor: float
    to_naive: float
    to_same: float
    size: int


def compare() -> Ways:
    """A family with two children, printed in all ways in turns."""
    html = sample.two_children()
    size = len(job.print_html(html))
    ways = (
        lambda: job.print_html(html),
        _floor(_plain(html)),
        _by_the_manual(_draft(html), DRAFT_STYLE),
        _by_the_manual(html),
    )
    turns = [[seconds_of(way) for way in ways] for _ in range(WARM + ROUNDS)][WARM:]
    return Ways(
        seconds=median(ours for ours, *_ in turns),
        a_second=_a_second(ways[0]),
        to_floor=median(ours / floor for ours, floor, _, _ in turns),
        to_naive=median(ours / naive for ours, _, naive, _ in turns),
        to_same=median(ours / same for ours, _, _, same in turns),
        size=size,
    )


def seconds_of(way: Callable[[], bytes]) -> float:
    """Of the clock. What the way before left behind is cleared first, so that it is not charged to this one."""
    gc.collect()
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def _a_second(way: Callable[[], bytes]) -> float:
    """With the clearing up that one print leaves to the next."""
    start = time.perf_counter()
    for _ in range(ROUNDS):
        way()
    return ROUNDS / (time.perf_counter() - start)


def _plain(html: str) -> str:
    page = BeautifulSoup(html, "html.parser")
    texts = [" ".join(tag.get_text().split()) for tag in page.select(PARAGRAPHS)]
    texts += [str(sheet["data-foot"]) for sheet in page.select("article")]
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in texts)
    return f'<!doctype html><html lang="{sample.LANGUAGE}"><title>The same words</title><body>{paragraphs}'


def _draft(html: str) -> str:
    for ours, first in DRAFT:
        html = re.sub(ours, first, html)
    return html


# WeasyPrint is loaded after the press has told fontconfig which fonts there are.


def _floor(html: str) -> Callable[[], bytes]:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    style = CSS(string=PLAIN_STYLE, font_config=fonts)
    return lambda: HTML(string=html).write_pdf(stylesheets=[style], font_config=fonts, pdf_variant=PDF)


def _by_the_manual(html: str, *more: Path) -> Callable[[], bytes]:
    from weasyprint import HTML

    from quizapp.printing.pdf import FOLDER, STYLE

    base = f"{FOLDER.as_uri()}/"
    return lambda: HTML(string=html, base_url=base).write_pdf(stylesheets=[STYLE, *more], pdf_variant=PDF)
