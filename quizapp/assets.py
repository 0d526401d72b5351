"""Style, script and drawings as they are served: compressed, under an address that changes with any of them."""

import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

SOURCE = Path(__file__).parent.parent / "static"
# What need not be written in another way inside such an address, which compresses well as it is.
_READABLE = "/:='()"
FOREVER = 365 * 24 * 3600
# One request less on a phone: the tokens that paper shares, then what only the screen needs.
STYLE = ("tokens.css", "app.css")


def icon() -> str:
    """The icon of every page, as an address that holds it: one request less on a first visit."""
    return f"data:image/svg+xml,{quote((SOURCE / 'icons' / 'icon.svg').read_text(), safe=_READABLE)}"


def init_app(app: Flask, instance: Path, headers: Mapping[str, str]) -> str:
    """Serve the assets, with these headers, before Flask is asked. Returns the prefix of their addresses."""
    version = _version(SOURCE)
    built = instance / "static" / version
    if not built.exists():
        _build(built)
    prefix = f"/static/{version}/"

    def add_headers(given: Headers, path: str, url: str) -> None:
        for name, value in headers.items():
            given[name] = value

    served = WhiteNoise(
        app.wsgi_app,
        max_age=FOREVER,
        immutable_file_test=lambda path, url: True,
        add_headers_function=add_headers,
    )
    served.add_files(str(built), prefix=prefix)
    app.wsgi_app = served  # type: ignore[method-assign]  # Flask's own way to wrap an application
    return prefix


def _version(folder: Path) -> str:
    digest = sha256()
    for path in _files(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in {".css", ".js", ".svg"})


def _compress(path: Path) -> None:
    """Beside it, in each encoding that makes it smaller."""
    list(Compressor(quiet=True).compress(str(path)))


def _build(built: Path) -> None:
    """Made aside and then moved, so that processes starting at once never see half of it."""
    draft = built.with_suffix(f".{id(built)}")
    shutil.copytree(SOURCE, draft)
    (draft / "style.css").write_text("\n".join((draft / name).read_text() for name in STYLE))
    for name in STYLE:
        (draft / name).unlink()
    with ThreadPoolExecutor() as pool:
        list(pool.map(_compress, _files(draft)))
    try:
        draft.rename(built)
    except OSError:  # another process was faster
        shutil.rmtree(draft)
