"""Requests that no browser makes, drawn at random and the same for the same seed, and what is answered to them."""

import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from bench.server import ADDRESS
from quizapp import create_app
from tests.conftest import ANSWERS, FAMILY

AT_ONCE = 8
# Seconds without an answer after which nobody waits any longer.
PATIENCE = 30
FORMS = ("/en/quiz", "/es/quiz", "/en/agreement", "/en/agreement/open", "/en/schools", "/en/s/22222222/quiz")
FIELDS = [(name, str(value)) for name, value in (ANSWERS | FAMILY).items()]
METHODS = (
    "GET",
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PATCH",
    "get",
    "G\tT",
    "Ü",
    "",
)
PIECES = (
    b"%", b"%zz", b"%00", b"%ff%fe", b"%c0%ae", b"%2e%2e%2f", b"../", b"..\\", b"//", b";", b"\x00", b"\x7f", b"\xff",
    b"\xe2\x80\xae", b"'", b'"', b"<script>", b"{{7*7}}", b"${x}", b"%0d%0aSet-Cookie:a=b", b" ", b"\t", b"~", b"\\",
    b"-1", b"9" * 40, b"%F0%9F%98%80", b"nan", b"1e999", b"\xc2\xb2", b"%D9%A3", b"a" * 900,
)  # fmt: skip
HEADERS = (
    b"Accept-Encoding: %s", b"Accept-Encoding: gzip;q=%s, br;q=nan, *;q=0", b"Accept-Encoding: identity;q=0",
    b"Accept-Language: %s", b"Accept-Language: es;q=%s, en-%s", b"Accept-Language: *;q=0, ,;,=", b"Cookie: %s=%s",
    b"Range: bytes=%s-%s", b"If-Modified-Since: %s", b"If-None-Match: %s", b"Host: %s", b"Host: a, b", b"Accept: %s",
    b"X-Forwarded-For: %s", b"X-Forwarded-Host: %s", b"Expect: 100-continue", b"Expect: %s", b"Upgrade: %s",
    b"Content-Type: %s", b"Content-Type: multipart/form-data", b"Content-Type: text/plain; charset=%s",
    b"Content-Encoding: %s", b"Transfer-Encoding: %s", b"Content-Length: %s", b"Connection: %s", b"%s", b"%s: %s",
    b"Referer: %s", b"Sec-Fetch-Site: %s", b" folded: %s",
)  # fmt: skip

_ARGUMENT = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Hostile:
    """`is_whole`: an answer is due. Else the request ends before its end, and hanging up is answer enough."""

    sent: bytes
    is_whole: bool = True


def paths() -> tuple[str, ...]:
    """Every address that the application has, with marks where something belongs."""
    with TemporaryDirectory() as folder:
        app = create_app({"INSTANCE": Path(folder)})
        app.extensions["quizapp"].close()
        return tuple(
            sorted({_ARGUMENT.sub("<>", rule.rule.replace("<lang>", "en")) for rule in app.url_map.iter_rules()})
        )


def requests(number: int, there: Sequence[str], seed: int = 1) -> Iterator[Hostile]:
    random = Random(seed)
    for _ in range(number):
        yield random.choice(KINDS)(random, there)


def sent(port: int, some: Sequence[Hostile]) -> tuple[Counter[str], float]:
    """How often each answer came, and the longest that anybody waited for one."""
    with ThreadPoolExecutor(AT_ONCE) as visitors:
        told = list(visitors.map(partial(_answer, port), some))
    return Counter(answer for answer, _seconds in told), max(seconds for _answer, seconds in told)


def _answer(port: int, hostile: Hostile) -> tuple[str, float]:
    began = time.monotonic()
    try:
        with socket.create_connection((ADDRESS, port), timeout=PATIENCE) as connection:
            found = _status(connection, hostile)
    except TimeoutError:
        found = f"no answer in {PATIENCE} s"
    except (OSError, HTTPException):
        found = "no answer" if hostile.is_whole else "hung up"
    return found, time.monotonic() - began


def _status(connection: socket.socket, hostile: Hostile) -> str:
    """Who is refused by the head of a request may still be sending the rest of it."""
    try:
        connection.sendall(hostile.sent)
        connection.shutdown(socket.SHUT_WR)
    except (BrokenPipeError, ConnectionResetError):
        pass
    answer = HTTPResponse(connection, method=hostile.sent.partition(b" ")[0].decode("latin-1"))
    answer.begin()
    answer.read()
    return str(answer.status)


# Kinds: what is drawn, and the addresses that there are -> a request


def _odd_path(random: Random, there: Sequence[str]) -> Hostile:
    return Hostile(_head(random, "GET", _path(random, there)))


def _odd_query(random: Random, there: Sequence[str]) -> Hostile:
    query = b"&".join(_noise(random) + b"=" + _noise(random) for _ in range(random.choice((1, 3, 40, 2000))))
    return Hostile(_head(random, "GET", _path(random, there) + b"?" + query))


def _odd_method(random: Random, there: Sequence[str]) -> Hostile:
    path = random.choice(there).replace("<>", "x").encode()
    return Hostile(_head(random, random.choice(METHODS), path, b"Content-Length: 0"))


def _odd_headers(random: Random, there: Sequence[str]) -> Hostile:
    """Some of them promise a body that never comes."""
    path = random.choice(there).replace("<>", "x").encode()
    given = [_filled(random, random.choice(HEADERS)) for _ in range(random.choice((1, 2, 5, 80)))]
    return Hostile(_head(random, random.choice(("GET", "POST")), path, *given, *given[:1]), False)


def _odd_form(random: Random, there: Sequence[str]) -> Hostile:
    """Fields of ours with anything in them, some twice, some of nobody's."""
    names = random.sample(FIELDS, random.randint(0, len(FIELDS)))
    fields = [(name, value if random.random() < 0.6 else _text(random)) for name, value in names]
    fields += [(_text(random), _text(random)), *fields[:2], ("do", random.choice(("update", "page", _text(random))))]
    return _posted(random, urlencode(fields, errors="surrogatepass").encode())


def _odd_body(random: Random, there: Sequence[str]) -> Hostile:
    return _posted(random, b"&".join(_noise(random) for _ in range(random.choice((1, 30, 1500)))))


def _files(random: Random, there: Sequence[str]) -> Hostile:
    """Forms in parts, with a file: whole, cut off, with broken edges or heads."""
    edge = random.choice((b"xx", b"x" * 70, b""))
    part = b'Content-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n' % (_noise(random)[:60], _noise(random))
    body = b"--" + edge + b"\r\n" + part + random.randbytes(random.choice((0, 20, 5000, 600_000)))
    body += random.choice((b"\r\n--" + edge + b"--\r\n", b"\r\n--" + edge, b""))
    return _posted(random, body, b"multipart/form-data; boundary=" + edge)


def _cut_off(random: Random, there: Sequence[str]) -> Hostile:
    whole = _odd_form(random, there).sent
    return Hostile(whole[: random.randrange(len(whole))], False)


def _too_large(random: Random, there: Sequence[str]) -> Hostile:
    return _posted(random, b"family=" + b"a" * random.choice((400_000, 3_000_000, 4_000_000)))


def _accents(random: Random, there: Sequence[str]) -> Hostile:
    """On one letter, in no order: to put so many in order takes a minute."""
    text = "a" + random.choice((20_000, 90_000)) * "\u0301" + 80_000 * "\u0323"
    name = random.choice((b"family", b"name", b"children-0-name"))
    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n' % name
    return _posted(random, part + text.encode() + b"\r\n--x--\r\n", b"multipart/form-data; boundary=x")


def _nonsense(random: Random, there: Sequence[str]) -> Hostile:
    return Hostile(random.randbytes(random.choice((1, 50, 3000))) + b"\r\n\r\n", False)


_RARE = (_too_large, _accents, _nonsense)
KINDS: tuple[Callable[[Random, Sequence[str]], Hostile], ...] = (
    *(_odd_path, _odd_query, _odd_method, _odd_headers, _odd_form, _odd_form, _odd_body, _files, _cut_off) * 5,
    *_RARE,
)


def _head(random: Random, method: str, path: bytes, *headers: bytes) -> bytes:
    version = random.choice((b"1.1", b"1.1", b"1.1", b"1.0", b"9.9"))
    lines = [method.encode() + b" " + path + b" HTTP/" + version, b"Host: localhost", b"Connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _posted(random: Random, body: bytes, kind: bytes = b"application/x-www-form-urlencoded") -> Hostile:
    length = b"Content-Length: %d" % len(body)
    path = random.choice(FORMS).encode()
    return Hostile(_head(random, "POST", path, b"Content-Type: " + kind, length) + body)


def _path(random: Random, there: Sequence[str]) -> bytes:
    parts = random.choice(there).encode().split(b"<>")
    path = parts[0] + b"".join(_noise(random) + part for part in parts[1:])
    return path if len(parts) > 1 else path + random.choice((b"", b"/", _noise(random)))


def _noise(random: Random) -> bytes:
    return b"".join(random.choice((*PIECES, b"night", b"a")) for _ in range(random.randint(0, 3)))


def _text(random: Random) -> str:
    return _noise(random).decode(errors="surrogateescape") + chr(
        random.choice((0, 1, 8, 27, 0x202E, 0xFFFF, 0x10FFFF, 0xD800))
    )


def _filled(random: Random, header: bytes) -> bytes:
    return re.sub(b"%s", lambda _: _noise(random), header)
