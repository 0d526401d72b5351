"""The checkers, the browser and the server, each started once and only when a test asks for it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from quizapp.printing import job
from quizapp.schools.database import Database, address
from tests.tools.nu import NuChecker
from tests.tools.paper import in_process
from tests.tools.server import serving
from tests.tools.services import Postgres, postgres, redis_process
from tests.tools.verapdf import PdfUaChecker

CHROMIUM = "/usr/bin/chromium"
# Tests may run as root, for whom Chromium has no sandbox; and nothing is asked of its maker's servers.
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds to wait for what a page will show or download. It ends a wait in vain; a busy machine may be slow.
PATIENCE = 60_000


@pytest.fixture(scope="session")
def nu() -> Iterator[NuChecker]:
    with NuChecker() as checker:
        yield checker


@pytest.fixture(scope="session")
def pdfua() -> Iterator[PdfUaChecker]:
    with PdfUaChecker() as checker:
        yield checker


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server, for tests that change nothing about it."""
    with serving(tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="session")
def process() -> Iterator[ProcessPoolExecutor]:
    """A printing process, which leaves this one as it is."""
    with ProcessPoolExecutor(1, get_context("spawn"), job.begin_printing) as pool:
        yield pool


@pytest.fixture(scope="session")
def printed(process: ProcessPoolExecutor) -> Callable[[str], bytes]:
    """HTML to a PDF. A line in the log of a library fails the test."""

    @cache
    def printed(html: str) -> bytes:
        pdf, said = process.submit(in_process, html).result()
        assert said == []
        return pdf

    return printed


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgres]:
    """A PostgreSQL of these tests' own. Who pauses or stops it starts it again."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    """The address of a Redis of these tests' own."""
    with redis_process() as (_process, address):
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database, of each kind in turn."""
    setting = request.getfixturevalue("postgresql").database() if request.param == "postgresql" else ""
    database = Database(address(setting, tmp_path))
    yield database
    database.close()
