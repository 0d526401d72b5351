"""HTML -> PDF/UA-1. The only module that knows WeasyPrint; only printing processes import it.

A sheet has two sides; in large print, or in two languages, up to six; what a school hands out has one. Whether its
words fit is measured, not guessed: a sheet that needs more is laid out again, set closer, then with the signatures on
side two, and then closest.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from quizapp.content import ROOT
from quizapp.printing import Failed, savefile

FOLDER = ROOT / "agreement_templates"
STYLE = FOLDER / "print.css"
COLOURS = ROOT / "static" / "tokens.css"
GREYS = FOLDER / "grey.css"
TAGS = FOLDER / "base.css"
VARIANT = "pdf/ua-1"
NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)
DOCTYPE = "<!doctype html>"
SIDES = 2
ROOMY_SIDES = 6
HANDOUT_SIDES = 1
# Classes of print.css, one step after the other.
CLOSER = ("sheet--close", "sheet--closer", "sheet--closer sheet--late", "sheet--closer sheet--late sheet--closest")
# The end of a line of the template before a tag that does not stand in a line of text: no one sees it, and WeasyPrint
# makes a box of each before it finds out.
BETWEEN_TAGS = re.compile(r"\n+(?=</?(?!(?:b|small|span)\b)[a-z])")
# Where fonts, style and drawings of the sheet lie; the colours and the drawings are those of the screen.
OURS = (FOLDER, ROOT / "static")

# How a document says that its sheets have more sides than two, or fewer, and that it is in grey.
_ROOMY = re.compile(r'<html [^>]*class="[^">]*\b(?:large|beside)\b')
_HANDOUT = re.compile(r'<html [^>]*class="[^">]*\bhandout\b')
_GREY = re.compile(r'<html [^>]*class="[^">]*\bgrey\b')
# The classes of an earlier step.
_SET_CLOSER = r"(?: sheet--(?:close|closer|late|closest)(?= ))*"
_COLOUR = re.compile(rb"#([0-9a-f]{6})\b")


class OwnFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint comes without types
    """Reads our own files. Asking for anything else ends the print: the sheet needs nothing else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"file"}, allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        path = Path(url2pathname(urlsplit(url).path))
        if not any(folder in path.resolve().parents for folder in OURS):
            raise ValueError(f"not a file of ours: {url}")
        return super().fetch(url, headers)


class GreyFiles(OwnFiles):
    """The same files, with the drawings in grey."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        found = super().fetch(url, headers)
        if not url.endswith(".svg"):
            return found
        return URLFetcherResponse(url, _COLOUR.sub(_in_grey, found.read()), {"Content-Type": "image/svg+xml"})


def _in_grey(colour: re.Match[bytes]) -> bytes:
    """The grey that is as light as a colour such as #0b5a5e, by ITU-R BT.601."""
    red, green, blue = bytes.fromhex(colour[1].decode())
    return b"#" + bytes([round(0.299 * red + 0.587 * green + 0.114 * blue)] * 3).hex().encode()


class SheetHTML(HTML):  # type: ignore[misc]  # WeasyPrint comes without types
    """A document of our own templates, which are well-formed XML and use the tags that base.css tells.

    It takes the place of what reads any HTML, with its list of all tags, and takes a quarter of the time from a print.
    """

    def __init__(self, html: str, files: OwnFiles, tags: CSS) -> None:
        """Raises ParseError. Sets what `HTML.__init__` sets."""
        root = ElementTree.fromstring(html.strip().removeprefix(DOCTYPE))  # noqa: S314 - it has no entities, and is ours
        self.base_url = f"{FOLDER.as_uri()}/"
        self.url_fetcher = files
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element
        self._tags = tags

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [self._tags]


class Inks:
    """What depends on whether a document is in colour or in grey: the style, our files, the drawings by address."""

    def __init__(self, fonts: FontConfiguration, *colours: Path, files: OwnFiles) -> None:
        self.style = CSS(string=_style(*colours), base_url=STYLE.as_uri(), font_config=fonts, url_fetcher=files)
        self.files = files
        # Ours are few, and a document can ask for no others.
        self.pictures: dict[str, object] = {}


class Press:
    """Prints one document after another with one style sheet and one font configuration, which is what takes time."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()
        self._tags = CSS(filename=TAGS, url_fetcher=OwnFiles())
        self._colour = Inks(self._fonts, COLOURS, files=OwnFiles())
        self._grey = Inks(self._fonts, COLOURS, GREYS, files=GreyFiles())

    def print(self, html: str, saved: bytes = b"") -> bytes:
        """The document, with the family's own data in it. Raises Failed when it is not one of our templates' making."""
        data = [_attachment(saved)] if saved else []
        try:
            pages: bytes = self._fitting(html).write_pdf(pdf_variant=VARIANT, attachments=data)
        except FatalURLFetchingError as error:  # derives from BaseException: it would end the process
            raise Failed("the sheet asks for a file that is not ours") from error
        except ElementTree.ParseError as error:
            raise Failed("the sheet is not well-formed") from error
        return pages

    def _fitting(self, html: str) -> Document:
        """Every sheet on its two sides, as far as setting it closer can bring it there."""
        document = self._laid_out(html)
        most = _most_sides(html)
        for closer in CLOSER:
            if not (longer := _too_long(document, most)):
                break
            html = _set_closer(html, longer, closer)
            document = self._laid_out(html)
        return document

    def _laid_out(self, html: str) -> Document:
        inks = self._grey if _GREY.search(html) else self._colour
        document = SheetHTML(BETWEEN_TAGS.sub("", html), inks.files, self._tags)
        return document.render(
            stylesheets=[inks.style], font_config=self._fonts, cache=inks.pictures, pdf_variant=VARIANT
        )


def _style(*colours: Path) -> str:
    """The style sheet with the value of each variable in its place: WeasyPrint would look it up for each element."""
    css = STYLE.read_text()
    told = "".join(file.read_text() for file in colours)
    values = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", css + told))
    while (put := re.sub(r"var\((--[\w-]+)\)", lambda variable: values[variable[1]], css)) != css:
        css = put
    return css


def _attachment(saved: bytes) -> Attachment:
    """Without the hour in which it was made, so that the same family gives the same bytes."""
    return Attachment(string=saved, name=savefile.NAME, created=NO_DAY, modified=NO_DAY, relationship="Data")


def _most_sides(html: str) -> int:
    if _HANDOUT.search(html):
        return HANDOUT_SIDES
    return ROOMY_SIDES if _ROOMY.search(html) else SIDES


def _too_long(document: Document, most: int) -> list[str]:
    """The names of sheets on more pages than there may be. A sheet begins on the page that holds its name as an id."""
    begun, pages = "", Counter[str]()
    for page in document.pages:
        begun = next((name for name in page.anchors if name.startswith("sheet-")), begun)
        pages[begun] += 1
    return [name for name, number in pages.items() if name and number > most]


def _set_closer(html: str, names: Iterable[str], closer: str) -> str:
    """The same document with classes added to some sheets. What a family typed is escaped and holds no such tag."""
    for name in names:
        html = re.sub(rf'(<article data-sheet="{name}" class="sheet){_SET_CLOSER}', rf"\1 {closer}", html)
    return html
