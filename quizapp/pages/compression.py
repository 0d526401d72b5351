"""Pages in the encoding that a browser likes best of those we have."""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli
from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

# A page that is kept is compressed once, as well as can be; a page for one visitor quickly.
KEPT: Mapping[str, Callable[[bytes], bytes]] = {"br": brotli.compress, "gzip": gzip.compress, "": bytes}
QUICK: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=4),
    "gzip": lambda body: gzip.compress(body, compresslevel=5),
}


def wanted() -> str:
    """The encoding for this request; '' for none."""
    return _best(request.headers.get("Accept-Encoding", ""))


@lru_cache(100)
def _best(accepted: str) -> str:
    """Browsers are few, and each asks in the same words every time."""
    found: str = parse_accept_header(accepted).best_match(["br", "gzip"], default="")
    return found


def mark(response: Response, encoding: str) -> None:
    """Tell browsers and caches which encoding it is."""
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding


def compress(response: Response) -> Response:
    """For every page that is not compressed yet."""
    if response.mimetype == "text/html" and "Vary" not in response.headers:
        if encoding := wanted():
            response.set_data(QUICK[encoding](response.get_data()))
        mark(response, encoding)
    return response


def init_app(app: Flask) -> None:
    app.after_request(compress)
