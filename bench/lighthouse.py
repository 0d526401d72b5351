"""`python -m bench.lighthouse`: what Lighthouse says of our pages on a phone, behind nginx with TLS as they are served.

It is not among the checkers of the tests, for two hundred packages come with it. Where `lighthouse` is not on the
PATH, LIGHTHOUSE names it: `npm install --prefix /some/folder lighthouse` puts it into node_modules/.bin there.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from bench.server import serving
from bench.table import machine
from tests.conftest import ANSWERS
from tests.tools.fixtures import CHROMIUM, CHROMIUM_OPTIONS
from tests.tools.nginx import NAME, Nginx, nginx

PROGRAM = os.environ.get("LIGHTHOUSE", "lighthouse")
PATHS = ("", "quiz", "help", "agreement", "signs", "schools", "example")
# Other work on the machine costs points: the middle one of so many runs counts.
RUNS = 3
ATTEMPTS = 3
SECONDS = 150
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
HEAD = ("page", *CATEGORIES, "less than whole")


def main(languages: Sequence[str]) -> None:
    print(machine(), flush=True)
    with _site() as site:
        pages = [_result(site, language) for language in languages]
        pages += [f"/{language}/{path}" for language in languages for path in PATHS]
        print(*_lines(HEAD, ("-",) * len(HEAD)), sep="\n", flush=True)
        for page in pages:
            print(*_lines(_row(page, [_reported(site, page) for _ in range(RUNS)])), flush=True)


def _lines(*rows: tuple[str, ...]) -> list[str]:
    """Of a table in Markdown."""
    return [f"| {' | '.join(row)} |" for row in rows]


@contextmanager
def _site() -> Iterator[Nginx]:
    address = f"https://{NAME}"
    with (
        serving(QUIZAPP_PROXIES="1", QUIZAPP_HOSTS=NAME, QUIZAPP_PUBLIC_URL=address) as port,
        TemporaryDirectory(prefix="lighthouse-") as folder,
        nginx(Path(folder), f"http://127.0.0.1:{port}") as site,
    ):
        yield site


def _result(site: Nginx, language: str) -> str:
    """The page that answers lead to."""
    response, _ = site.ask(f"/{language}/quiz", urlencode(ANSWERS).encode())
    return response.headers["Location"]


def _reported(site: Nginx, page: str) -> dict[str, Any]:
    """One run; another one when Lighthouse itself fails, as it does now and then on a busy machine."""
    for _ in range(ATTEMPTS - 1):
        with suppress(subprocess.SubprocessError):
            return _run(site, page)
    return _run(site, page)


def _run(site: Nginx, page: str) -> dict[str, Any]:
    """Chromium takes nginx for the site of that name, and its certificate for a true one."""
    flags = ["--headless", *CHROMIUM_OPTIONS, "--ignore-certificate-errors"]
    flags += [f"--host-resolver-rules='MAP {NAME}:443 127.0.0.1:{site.port}'"]
    command = [PROGRAM, f"https://{NAME}{page}", "--quiet", "--output=json", "--no-enable-error-reporting"]
    ran = subprocess.run(
        [*command, f"--chrome-flags={' '.join(flags)}"],
        env=os.environ | {"CHROME_PATH": CHROMIUM},
        stdout=subprocess.PIPE,
        timeout=SECONDS,
        check=True,
    )
    report: dict[str, Any] = json.loads(ran.stdout)
    return report


def _row(page: str, reports: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    scores = [
        str(round(100 * median(report["categories"][name]["score"] for report in reports))) for name in CATEGORIES
    ]
    lost = {name for report in reports for name in _lost(report)}
    return page if "/result/" not in page else page[:10] + " ...", *scores, ", ".join(sorted(lost))


def _lost(report: dict[str, Any]) -> Iterator[str]:
    """The audits that cost a category something."""
    for name in CATEGORIES:
        for audit in report["categories"][name]["auditRefs"]:
            score = report["audits"][audit["id"]]["score"]
            if audit["weight"] and score is not None and score < 0.9:
                yield audit["id"]


if __name__ == "__main__":
    main(sys.argv[1:] or ("en", "es"))
