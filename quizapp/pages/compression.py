"""Pages in the encoding that a browser likes best of those we have."""

import gzip
from collections.abc import Callable, Mapping

import brotli
from flask import Flask, Response, request

# A page that is kept is compressed once, as well as can be; a page for one visitor quickly.
KEPT: Mapping[str, Callable[[bytes], bytes]] = {"br": brotli.compress, "gzip": gzip.compress, "": bytes}
QUICK: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=4),
    "gzip": lambda body: gzip.compress(body, compresslevel=5),
}


def wanted() -> str:
    """The encoding for this request; '' for none."""
    return request.accept_encodings.best_match(["br", "gzip"], default="")


def mark(response: Response, encoding: str) -> None:
    """Tell browsers and caches which encoding it is."""
    response.vary.add("Accept-Encoding")
    if encoding:
        response.content_encoding = encoding


def compress(response: Response) -> Response:
    """For every page that is not compressed yet."""
    encoding = wanted()
    if response.mimetype == "text/html" and not response.vary:
        if encoding:
            response.set_data(QUICK[encoding](response.get_data()))
        mark(response, encoding)
    return response


def init_app(app: Flask) -> None:
    app.after_request(compress)
