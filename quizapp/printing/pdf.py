"""HTML -> PDF/UA-1. The only module that knows WeasyPrint; only printing processes import it.

A sheet has two sides. Whether its words fit is measured, not guessed: a sheet that needs a third page is laid out
again, set closer, and then with the signatures on side two.
"""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from quizapp.content import ROOT
from quizapp.printing import PrintError

FOLDER = ROOT / "agreement_templates"
STYLE = FOLDER / "print.css"
VARIANT = "pdf/ua-1"
SIDES = 2
# Classes of print.css, one step after the other.
CLOSER = ("sheet--close", "sheet--closer", "sheet--closer sheet--late")
# Where fonts, style and drawings of the sheet lie; the colours and the drawings are those of the screen.
OURS = (FOLDER, ROOT / "static")


class OwnFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint comes without types
    """Reads our own files. Asking for anything else ends the print: the sheet needs nothing else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"file"}, allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        path = Path(url2pathname(urlsplit(url).path))
        if not any(folder in path.resolve().parents for folder in OURS):
            raise ValueError(f"not a file of ours: {url}")
        return super().fetch(url, headers)


class Press:
    """Prints one document after another with one style sheet and one font configuration, which is what takes time."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()
        self._fetcher = OwnFiles()
        # Drawings by address: ours are few, and a document can ask for no others.
        self._pictures: dict[str, object] = {}
        self._style = CSS(filename=STYLE, font_config=self._fonts, url_fetcher=self._fetcher)

    def print(self, html: str) -> bytes:
        """Raises PrintError when the document asks for a file that is not ours."""
        try:
            pages: bytes = self._fitting(html).write_pdf(pdf_variant=VARIANT)
        except FatalURLFetchingError as error:  # derives from BaseException: it would end the process
            raise PrintError("the sheet asks for a file that is not ours") from error
        return pages

    def _fitting(self, html: str) -> Document:
        """Every sheet on its two sides, as far as setting it closer can bring it there."""
        document = self._laid_out(html)
        for closer in CLOSER:
            if not (longer := _too_long(document)):
                break
            html = _set_closer(html, longer, closer)
            document = self._laid_out(html)
        return document

    def _laid_out(self, html: str) -> Document:
        document = HTML(string=html, base_url=f"{FOLDER.as_uri()}/", url_fetcher=self._fetcher)
        return document.render(
            stylesheets=[self._style], font_config=self._fonts, cache=self._pictures, pdf_variant=VARIANT
        )


def _too_long(document: Document) -> list[str]:
    """The ids of sheets on more pages than two: each page of a sheet holds its id."""
    pages = Counter(name for page in document.pages for name in page.anchors if name.startswith("sheet-"))
    return [name for name, number in pages.items() if number > SIDES]


def _set_closer(html: str, names: Iterable[str], closer: str) -> str:
    """The same document with classes added to some sheets. What a family typed is escaped and holds no such tag."""
    for name in names:
        html = re.sub(rf'(<article id="{name}" class="sheet)(?: sheet--closer?)*', rf"\1 {closer}", html)
    return html
