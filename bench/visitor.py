"""A visitor who uses everything once: the quiz, its result, the agreement and what is taken home, a school's kit."""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.conftest import ANSWERS, FAMILY

SCHOOL = {"name": "Hill School", "languages": ["en", "es"]}
PAGES = ("/en/", "/en/signs", "/en/help/us", "/en/evidence", "/es/quiz")
BOUNDARY = "--of-a-form--"
FILE = 'Content-Disposition: form-data; name="file"; filename="family.pdf"\r\nContent-Type: application/pdf'

_BUILDER = re.compile(r'href="(/en/agreement/[^"#]+)"')
_KIT = re.compile(r"(/en/)s(/[\w-]+)")


def use_everything(address: str) -> None:
    """Raises URLError where the server answers with anything but a page or a file."""
    for path in PAGES:
        _get(address + path)
    result = _post(f"{address}/en/quiz", ANSWERS).decode()
    _get(address + unescape(_found(_BUILDER, result)[1]))
    for button in ("page", "calendar", "second"):
        _post(f"{address}/en/agreement", FAMILY | {"do": button})
    pdf = _post(f"{address}/en/agreement", FAMILY | {"do": "pdf"})
    _send(f"{address}/en/agreement/open", pdf)
    made = _post(f"{address}/en/schools", SCHOOL).decode()
    _get(address + r"{}schools{}/kit/kit.zip".format(*_found(_KIT, made).groups()))


def _get(address: str) -> bytes:
    return _ask(address)


def _post(address: str, form: Mapping[str, object]) -> bytes:
    """The page at the end: the answer to a form often sends on to another."""
    return _ask(address, urlencode(form, doseq=True).encode())


def _send(address: str, file: bytes) -> None:
    body = f"--{BOUNDARY}\r\n{FILE}\r\n\r\n".encode() + file + f"\r\n--{BOUNDARY}--\r\n".encode()
    _ask(address, body, f"multipart/form-data; boundary={BOUNDARY}")


def _ask(address: str, body: bytes | None = None, kind: str = "application/x-www-form-urlencoded") -> bytes:
    request = Request(address, body, {"Content-Type": kind})  # noqa: S310 - our own address
    with urlopen(request) as answer:  # noqa: S310 - our own address
        return bytes(answer.read())


def _found(what: re.Pattern[str], page: str) -> re.Match[str]:
    found = what.search(page)
    if not found:
        raise ValueError(f"a page without {what.pattern}")
    return found
