"""HTML -> PDF/UA-1. The only module that knows WeasyPrint; only printing processes import it."""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from quizapp.content import ROOT
from quizapp.printing import PrintError

FOLDER = ROOT / "agreement_templates"
STYLE = FOLDER / "print.css"
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
            document = HTML(string=html, base_url=f"{FOLDER.as_uri()}/", url_fetcher=self._fetcher)
            pages: bytes = document.write_pdf(
                pdf_variant="pdf/ua-1", stylesheets=[self._style], font_config=self._fonts, cache=self._pictures
            )
        except FatalURLFetchingError as error:  # derives from BaseException: it would end the process
            raise PrintError("the sheet asks for a file that is not ours") from error
        return pages
