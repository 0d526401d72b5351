"""What a visitor waits for: the quiz page, and all that a first visit to it brings over the wire."""

from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from bench.load import rates
from bench.process import in_a_process
from bench.server import ADDRESS
from tests.tools.fixtures import CHROMIUM, CHROMIUM_OPTIONS

QUIZ = "/en/quiz"
# A route of the same server that does nothing but answer.
NOTHING = "/healthz"
# Short turns, so that both have their share of whatever else the machine does.
ROUNDS = 100
SECONDS = 0.1


@dataclass(frozen=True)
class Rate:
    """Answers per second of the quiz page and of the route that does nothing; `ratio` is the first by the second."""

    quiz: float
    nothing: float
    ratio: float


@dataclass(frozen=True)
class Visit:
    """What came over the wire, headers included, and how many requests brought it, how many from elsewhere."""

    bytes: int
    requests: int
    elsewhere: int


def rate(port: int) -> Rate:
    """The same server, the same connections, in turns."""
    turns = in_a_process(rates, (ADDRESS, port), (QUIZ, NOTHING), ROUNDS, SECONDS)
    quiz, nothing = zip(*turns, strict=True)
    return Rate(median(quiz), median(nothing), median(first / second for first, second in turns))


def first_visit(port: int) -> Visit:
    """In a browser that has never been here, until nothing more is loaded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        try:
            return _visit(browser, f"http://{ADDRESS}:{port}{QUIZ}")
        finally:
            browser.close()


def _visit(browser: Browser, address: str) -> Visit:
    page = browser.new_page()
    asked: list[dict[str, Any]] = []
    loaded: list[dict[str, Any]] = []
    network = page.context.new_cdp_session(page)
    network.on("Network.requestWillBeSent", lambda event: asked.append(event))
    network.on("Network.loadingFinished", lambda event: loaded.append(event))
    network.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    hosts = [urlsplit(event["request"]["url"]).netloc for event in asked]
    return Visit(
        # The encoded length of a finished request is all that came for it: its headers and its body, compressed.
        bytes=sum(int(event["encodedDataLength"]) for event in loaded),
        requests=len(hosts),
        elsewhere=sum(host != urlsplit(address).netloc for host in hosts),
    )
