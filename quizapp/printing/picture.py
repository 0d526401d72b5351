"""A page of a PDF as a picture. The only module that knows PDFium; only printing processes import it."""

from io import BytesIO

from pypdfium2 import PdfDocument

# Pixels for a point: a px of the style sheet is a 96th of an inch, a point of the PDF a 72nd.
_SCALE = 96 / 72


def first_page(pdf: bytes) -> bytes:
    """The first page as PNG."""
    out = BytesIO()
    with PdfDocument(pdf) as document:
        document[0].render(scale=_SCALE).to_pil().save(out, "PNG", optimize=True)
    return out.getvalue()
