"""The family's own data out of a PDF. The only module that knows pypdf; only reading processes import it."""

from io import BytesIO

from pypdf import PdfReader, PdfWriter

from quizapp.printing import Failed
from quizapp.printing.savefile import MOST_BYTES, NAME


def warm_up() -> None:
    """Read one as a family sends it: pypdf loads much of itself only then."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(72, 72)
    writer.add_attachment(NAME, b"{}")
    writer.write(file)
    attached(file.getvalue())


def attached(pdf: bytes) -> bytes:
    """Raises Failed when there is no attachment of ours, and whatever pypdf raises when this is no PDF."""
    found = PdfReader(BytesIO(pdf)).attachments.get(NAME, [])
    if len(found) != 1 or len(found[0]) > MOST_BYTES:
        raise Failed("no data of a family of ours")
    return bytes(found[0])
