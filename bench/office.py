"""The same words by way of LibreOffice, as document assembly does it: a .docx file, and a headless office that prints.

The file has headings, paragraphs and tables with their frames; a heading row is told, which PDF/UA asks for. No more
is designed. It is made before the clock starts.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from bs4 import BeautifulSoup, Tag
from docx.oxml import OxmlElement

from quizapp.printing import job

# The second is the office's own setting for PDFs that can be read aloud.
PLAIN = "pdf"
READABLE = 'pdf:writer_pdf_Export:{"PDFUACompliance":{"type":"boolean","value":"true"}}'
# It prints with the fonts that we print with.
ENVIRONMENT = os.environ | {"FONTCONFIG_FILE": str(job.FONTS)}
START_SECONDS = 60


def document(html: str) -> bytes:
    """A .docx file with the words of the sheets in their order."""
    page, made = BeautifulSoup(html, "html.parser"), docx.Document()
    made.core_properties.title = _words(page.select_one("title"))
    for tag in page.select("article :is(h1, h2, h3, p, li, table)"):
        _add(made, tag)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _add(made: Any, tag: Tag) -> None:
    if tag.name == "table":
        _add_table(made, tag)
    elif tag.name in {"h1", "h2", "h3"}:
        made.add_heading(_words(tag), int(tag.name[1]))
    else:
        made.add_paragraph(_words(tag))


def _add_table(made: Any, tag: Tag) -> None:
    cells = [[_words(cell) for cell in row.select("th, td")] for row in tag.select("tr")]
    table = made.add_table(len(cells), max(map(len, cells)), style="Table Grid")
    for row, words in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, words, strict=False):
            cell.text = text
    if tag.thead:
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _words(tag: Tag | None) -> str:
    return " ".join(tag.get_text().split()) if tag else ""


class Office:
    """An office with a profile of its own in a folder, which prints one document."""

    def __init__(self, folder: Path, html: str) -> None:
        folder.mkdir()
        self._folder, self._file = folder, folder / "sheets.docx"
        self._file.write_bytes(document(html))

    def pdf(self, kind: str = READABLE) -> bytes:
        """One call for one PDF. While an office with this profile is open, it does the work, and else a new one."""
        made = self._file.with_suffix(".pdf")
        made.unlink(missing_ok=True)
        self._run("--convert-to", kind, "--outdir", str(self._folder), str(self._file)).wait()
        return made.read_bytes()

    @contextmanager
    def open(self) -> Iterator[Callable[[], bytes]]:
        """An office that stays, with a document open, for without one it ends after the first PDF."""
        other = shutil.copy(self._file, self._folder / "open.docx")
        office = self._run(str(other))
        try:
            self._wait_until_it_stays(office)
            yield self.pdf
        finally:
            office.terminate()
            office.wait()

    def _wait_until_it_stays(self, office: subprocess.Popen[bytes]) -> None:
        """It holds a lock beside the document that it has opened."""
        lock, deadline = self._folder / ".~lock.open.docx#", time.monotonic() + START_SECONDS
        while not lock.exists():
            if office.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the office did not start")
            time.sleep(0.05)

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        profile = f"-env:UserInstallation={(self._folder / 'profile').as_uri()}"
        return subprocess.Popen(
            ["soffice", profile, "--headless", "--norestore", *arguments],
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
