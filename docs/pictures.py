"""Takes the pictures of the documentation again: `make pictures`.

The pages come from the application as it is run in production, and so does the sheet. The family is always the same,
so that a picture changes only when the product, or a day printed on it, does.
"""

import signal
import subprocess
import sys
from base64 import b64encode
from io import BytesIO
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from pypdf import PdfReader

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # this file is run by its path, and the application is not installed

from bench import sample  # noqa: E402 - found by the line above
from bench.server import ADDRESS, serving  # noqa: E402 - found by the line above
from quizapp.model import Band, Ink, Paper  # noqa: E402 - the path to it is set above
from quizapp.printing import job  # noqa: E402 - likewise
from tests.tools.fixtures import CHROMIUM, CHROMIUM_OPTIONS  # noqa: E402 - the path to it is set above

PICTURES = Path(__file__).parent / "pictures"
LARGEST = 200 * 1024
# For the one that shows every variant of the sheet, which nobody has to load to read a page.
LARGEST_OF_ALL = 600 * 1024
PHONE = ViewportSize(width=390, height=844)
# Printed on the sheet as the place to check its words; it is no address that exists.
PUBLIC_URL = "https://quiz.example"

ANSWERS = {
    "age": "8-10",
    "urgent": "no",
    "contact": "anyone",
    "strangers": "sometimes",
    "age-true": "yes",
    "night": "varies",
    "talk": "weekly",
    "promise": "not-sure",
    "practice": "not-yet",
    "signs": "no",
}
# The question in the picture; those before it are answered.
QUESTION = "contact"

CHOSEN = ("contact", "night", "practice", "talk")
FAMILY = [
    ("family", "Rivera"),
    ("adults-0", "Ana Rivera"),
    ("adults-1", "Tom Rivera"),
    ("children-0-name", "Leo"),
    ("children-0-band", "8-10"),
    *(("children-0-clauses", clause) for clause in CHOSEN),
    ("children-0-blanks-adult-one", "Mum"),
    ("children-0-blanks-adult-two", "Grandpa Jo"),
    ("children-0-blanks-night-time", "8 o’clock"),
    ("children-0-blanks-night-place", "the kitchen"),
    ("children-0-own-0", "I feed the cat before I play."),
    ("children-1-name", "Mia"),
    ("children-1-band", "14-17"),
    *(("children-1-clauses", clause) for clause in CHOSEN),
    ("country", "us"),
    ("paper", "usual"),
]

# Two sides of a sheet, as on a table.
TABLE = """<!doctype html><title>The sheet</title><style>
body {{ margin: 0; padding: 24px; display: inline-flex; gap: 24px; background: #e8e4dc }}
img {{ display: block; box-shadow: 0 1px 6px #0006 }}
</style><body>{sides}"""
SIDE = '<img alt="" src="data:image/png;base64,{png}">'
SIDE_DPI = 80
# Every variant of the sheet at a glance: a row for each age, paper and colour, all pages of each sheet in it.
GLANCE = """<!doctype html><title>Every variant</title><style>
body {{ margin: 0; padding: 16px; width: max-content; font: 12px sans-serif; background: #e8e4dc }}
table {{ border-spacing: 16px 8px }} td {{ white-space: nowrap; vertical-align: top }} th {{ text-align: left }}
img {{ margin-right: 3px }}
</style><body><table><tr><th><th>{heads}</tr>{rows}</table>"""
GLANCE_DPI = 13


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what we started is ended, too
    PICTURES.mkdir(exist_ok=True)
    with serving(QUIZAPP_PUBLIC_URL=PUBLIC_URL) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        try:
            _take_all(browser, f"http://{ADDRESS}:{port}/en")
        finally:
            browser.close()


def _take_all(browser: Browser, site: str) -> None:
    with browser.new_context(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True) as phone:
        quiz = phone.new_page()
        quiz.goto(f"{site}/quiz")
        _answer_before(quiz, QUESTION)
        _keep("quiz", quiz.screenshot())
        _answer_all(quiz)
        _keep("result", quiz.screenshot())
        builder = phone.new_page()
        builder.goto(f"{site}/agreement")
        _fill(builder)
        _keep("builder", builder.screenshot())
        pdf = _pdf(phone, f"{site}/agreement", builder.input_value("[name=review]"))
    with browser.new_context() as table:
        _keep("variants", _at_a_glance(table.new_page()), LARGEST_OF_ALL)
        _keep("sheet", _on_a_table(table.new_page(), [_side(pdf, 1), _side(pdf, 2)]))


def _answer_before(quiz: Page, question: str) -> None:
    """A tap on each answer; the script then shows the next question."""
    for name, answer in list(ANSWERS.items())[: list(ANSWERS).index(question)]:
        _tap(quiz, name, answer)
    quiz.locator(f"[data-question={question}]").wait_for()


def _answer_all(quiz: Page) -> None:
    for name, answer in list(ANSWERS.items())[list(ANSWERS).index(QUESTION) :]:
        _tap(quiz, name, answer)
    quiz.locator("[data-finish]").tap()
    quiz.locator(".page-result").wait_for()


def _tap(quiz: Page, name: str, answer: str) -> None:
    quiz.locator(f"[name='{name}'][value='{answer}']").tap()


def _fill(builder: Page) -> None:
    """What is typed for the first child, and the part of the page where its lines begin."""
    for name, value in FAMILY:
        field = builder.locator(f"input[type=text][name='{name}']")
        if field.count():
            field.fill(value)
    lines = builder.locator("h3:has(+ .lines)").first
    lines.evaluate("heading => { document.activeElement.blur(); heading.scrollIntoView() }")


def _pdf(phone: BrowserContext, address: str, review: str) -> bytes:
    """The whole family's agreement, as the button of the builder asks for it."""
    form = urlencode([*FAMILY, ("review", review), ("do", "pdf")])
    answer = phone.request.post(address, data=form, headers={"Content-Type": "application/x-www-form-urlencoded"})
    if not answer.ok:
        raise RuntimeError(f"the sheet was not printed: {answer.status}")
    return answer.body()


def _side(pdf: bytes, number: int, dpi: int = SIDE_DPI) -> bytes:
    """One page as PNG; pages are counted from 1."""
    page = ["-f", str(number), "-l", str(number)]
    command = ["/usr/bin/pdftoppm", "-png", "-r", str(dpi), *page, "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout  # noqa: S603 - nothing typed


def _at_a_glance(page: Page) -> bytes:
    """All pages of every variant of the sheet, in a table."""
    pages = [_small_pages(job.print_html(html)) for html in sample.every_variant()]
    heads = [f"{size}, {' and '.join(tongues)}" for size, tongues in sample.SIZES]
    labels = [f"{band} {paper}<br>{ink}" for band, paper, ink in product(Band, Paper, Ink)]
    rows = (
        f"<tr><th>{label}" + "".join(f"<td>{cell}" for cell in pages[at * len(heads) :][: len(heads)])
        for at, label in enumerate(labels)
    )
    page.set_content(GLANCE.format(heads="<th>".join(heads), rows="".join(rows)))
    return _in_few_colours(page.locator("body").screenshot())


def _in_few_colours(png: bytes) -> bytes:
    """A third of the size; what is drawn has few colours anyway."""
    small = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").quantize(48).save(small, "PNG", optimize=True)
    return small.getvalue()


def _small_pages(pdf: bytes) -> str:
    sides = (_side(pdf, number + 1, GLANCE_DPI) for number in range(len(PdfReader(BytesIO(pdf)).pages)))
    return "".join(SIDE.format(png=b64encode(side).decode()) for side in sides)


def _on_a_table(page: Page, sides: list[bytes]) -> bytes:
    page.set_content(TABLE.format(sides="".join(SIDE.format(png=b64encode(side).decode()) for side in sides)))
    return page.locator("body").screenshot()


def _keep(name: str, png: bytes, largest: int = LARGEST) -> None:
    if len(png) > largest:
        raise RuntimeError(f"{name}.png would have {len(png) // 1024} KB; {largest // 1024} are allowed")
    (PICTURES / f"{name}.png").write_bytes(png)
    print(f"docs/pictures/{name}.png  {len(png) / 1024:.0f} KB")


if __name__ == "__main__":
    main()
