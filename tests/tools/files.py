"""Files that somebody may send where a family file belongs: ours, odd ones, and some made to do harm."""

import zlib
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Any

from pypdf import PdfWriter
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

NAME = "family-agreement.json"
GIGABYTE = 1024**3


def pdf_with(data: bytes, name: str = NAME) -> bytes:
    """A PDF with an attachment."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    writer.add_attachment(name, data)
    return _written(writer)


def pdf_packing(data: bytes) -> bytes:
    """The same, with the attachment packed."""
    return attaching(stream(zlib.compress(data, 9), b"/Filter /FlateDecode"))


def without_attachment() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    return _written(writer)


def encrypted(data: bytes, password: str = "open sesame") -> bytes:  # noqa: S107 - it guards nothing
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    writer.add_attachment(NAME, data)
    writer.encrypt(password, algorithm="RC4-128")
    return _written(writer)


def twice(data: bytes) -> bytes:
    """Two attachments of the same name, of which none is the right one."""
    writer = PdfWriter()
    writer.add_attachment(NAME, data)
    writer.add_attachment(NAME, data)
    return _written(writer)


def sent_with(file: bytes, form: Mapping[str, Any], name: str = "x.pdf") -> tuple[bytes, str]:
    """The body that a browser sends of a form with a file, and of which kind the body is."""
    boundary, body = encode_multipart(MultiDict(form) | {"file": FileStorage(BytesIO(file), name)})
    return body, f'multipart/form-data; boundary="{boundary}"'


def _written(writer: PdfWriter) -> bytes:
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


@cache
def gigabyte() -> bytes:
    """A Flate stream that unpacks into a gigabyte of zeros."""
    packer = zlib.compressobj(1)
    block = bytes(2**20)
    return b"".join(packer.compress(block) for _ in range(GIGABYTE // len(block))) + packer.flush()


def assembled(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, of which the first is the catalogue."""
    file, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(file))
    return file + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(data), more, data)


def attaching(file: bytes, name: str = NAME) -> bytes:
    """A PDF whose attachment is this stream object."""
    return assembled(
        b"<</Type /Catalog /Names <</EmbeddedFiles <</Names [(%s) 2 0 R]>>>>>>" % name.encode(),
        b"<</Type /Filespec /F (%s) /UF (%s) /EF <</F 3 0 R>>>>" % (name.encode(), name.encode()),
        file,
    )


def bomb() -> bytes:
    """An attachment that unpacks into a gigabyte, packed twice so that the file is small."""
    return attaching(stream(zlib.compress(gigabyte(), 9), b"/Filter [/FlateDecode /FlateDecode]"))


def bomb_of_objects() -> bytes:
    """The list of the objects itself, and with it all else, in a stream that unpacks into a gigabyte."""
    packed = zlib.compress(gigabyte(), 9)
    filters = b"/Filter [/FlateDecode /FlateDecode]"
    table = stream(packed, b"/Type /XRef /W [1 4 2] /Size 99999999 /Root 1 0 R " + filters)
    return b"%PDF-1.7\n1 0 obj\n" + table + b"\nendobj\nstartxref\n9\n%%EOF\n"


def nested(depth: int = 300_000) -> bytes:
    """A list in a list in a list."""
    return assembled(b"<</Type /Catalog /Names %s%s>>" % (b"[" * depth, b"]" * depth))


def tree_without_end() -> bytes:
    """A tree of names that holds itself."""
    return assembled(b"<</Type /Catalog /Names <</EmbeddedFiles 2 0 R>>>>", b"<</Kids [2 0 R 2 0 R]>>")


def tree_that_doubles(depth: int = 60) -> bytes:
    """A tree of names with two branches at each knot, both of them the next knot."""
    knots = [b"<</Kids [%d 0 R %d 0 R]>>" % (number + 3, number + 3) for number in range(depth)]
    return assembled(b"<</Type /Catalog /Names <</EmbeddedFiles 2 0 R>>>>", *knots, b"<</Names []>>")


def table_without_end() -> bytes:
    """Two lists of objects, each of which names the other as the one before."""
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1 /Root 1 0 R /Prev %04d>>\n"
    return b"%PDF-1.7\n" + table % (9 + len(table % 0)) + table % 9 + b"startxref\n9\n%%EOF\n"


def reference_without_end() -> bytes:
    return assembled(b"2 0 R", b"3 0 R", b"2 0 R")


def huge_numbers() -> bytes:
    return assembled(b"<</Type /Catalog /Names <</EmbeddedFiles <</Names [%s]>>>>>>" % (b"9" * 1_500_000))


def truncated() -> bytes:
    whole = pdf_with(b"{}")
    return whole[: len(whole) // 2]


# By what they are. None of them holds the data of a family.
ODD = {
    "empty": lambda: b"",
    "text": lambda: b"Dear Grandma",
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(200),
    "only the beginning": lambda: b"%PDF-1.7\n",
    "without attachment": without_attachment,
    "another attachment": lambda: pdf_with(b"{}", "other.json"),
    "two attachments": lambda: twice(b"{}"),
    "encrypted": lambda: encrypted(b"{}"),
    "truncated": truncated,
    "five megabytes": lambda: pdf_packing(b'{"format": 1, "wording": "%s"}' % (b"x" * 5_000_000)),
    "bomb": bomb,
    "bomb of objects": bomb_of_objects,
    "nested": nested,
    "tree without end": tree_without_end,
    "tree that doubles": tree_that_doubles,
    "table without end": table_without_end,
    "reference without end": reference_without_end,
    "huge numbers": huge_numbers,
}
