"""The way off a page: one tap or Shift three times, and the back button does not bring the page back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from quizapp.config import Config
from tests.conftest import ANSWERS, FAMILY, PageClient
from tests.test_journey import PHONE, minute_by_form, minute_by_tap
from tests.tools.fixtures import PATIENCE

OUTSIDE = Config.LEAVE_TO
# What a browser shows of the outside: nothing of it is asked for by these tests.
WEATHER = "<!doctype html><html lang=en><title>Weather</title><h1>Weather</h1>"
PATHS = ["/en/help", "/en/help/us", "/es/help", "/en/agreement", "/es/agreement"]


@dataclass
class Outside:
    """What the world outside got to know, and what the visitor was asked on the way."""

    referrers: list[str | None] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        assert route.request.url == OUTSIDE
        self.referrers.append(route.request.header_value("referer"))
        route.fulfill(body=WEATHER, content_type="text/html")

    def ask(self, dialog: Dialog) -> None:
        self.questions.append(dialog.type)
        dialog.accept()


@contextmanager
def visited(browser: Browser, served: str, path: str, script: bool = True) -> Iterator[tuple[Page, Outside]]:
    """A page that was reached from the start page, on a phone. Leaving it checks what was told outside."""
    context = browser.new_context(base_url=served, viewport=PHONE, java_script_enabled=script)
    context.set_default_timeout(PATIENCE)
    page, outside = context.new_page(), Outside()
    context.route(lambda url: not url.startswith(served), outside.answer)
    page.on("dialog", outside.ask)
    page.goto("/en/")
    page.goto(path)
    yield page, outside
    assert outside.referrers in ([], [None])
    assert outside.questions == []
    context.close()


def leave_link(page: Page) -> None:
    page.locator("[data-leave]").click()


def shift(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


def capitals(page: Page, text: str) -> None:
    """As a hand types them: Shift is down while the letter is pressed."""
    for letter in text:
        page.keyboard.press(f"Shift+{letter}")


def is_gone(page: Page, served: str) -> None:
    """The page was left, and back shows the page before it."""
    page.wait_for_url(OUTSIDE)
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    page.go_back()
    assert page.url == f"{served}/en/"


@pytest.mark.parametrize("path", PATHS)
def test_one_tap_leaves_the_page_and_back_does_not_bring_it_back(browser: Browser, served: str, path: str) -> None:
    with visited(browser, served, path) as (page, _):
        leave_link(page)
        is_gone(page, served)


@pytest.mark.parametrize("path", PATHS)
def test_shift_three_times_leaves_the_page_and_back_does_not_bring_it_back(
    browser: Browser, served: str, path: str
) -> None:
    with visited(browser, served, path) as (page, _):
        shift(page, 3)
        is_gone(page, served)


@pytest.mark.parametrize("leave", [leave_link, lambda page: shift(page, 3)], ids=["tap", "Shift"])
def test_a_result_can_be_left_and_back_shows_the_quiz(
    browser: Browser, served: str, leave: Callable[[Page], None]
) -> None:
    with visited(browser, served, "/en/quiz") as (page, _):
        minute_by_tap(page)
        page.wait_for_url("**/en/result/*")
        leave(page)
        page.wait_for_url(OUTSIDE)
        page.go_back()
        assert page.url == f"{served}/en/quiz"


def test_the_link_can_be_used_by_keyboard(browser: Browser, served: str) -> None:
    with visited(browser, served, "/en/help") as (page, _):
        page.locator("[data-leave]").press("Enter")
        is_gone(page, served)


# What does not leave


@pytest.mark.parametrize("path", ["/en/help", "/en/agreement"])
def test_shift_twice_stays(browser: Browser, served: str, path: str) -> None:
    with visited(browser, served, path) as (page, outside):
        shift(page, 2)
        page.wait_for_timeout(500)
        assert page.url == f"{served}{path}"
        assert not outside.referrers


@pytest.mark.parametrize("path", ["/en/help", "/en/agreement"])
def test_a_shift_that_is_held_down_counts_once(browser: Browser, served: str, path: str) -> None:
    with visited(browser, served, path) as (page, outside):
        for _ in range(6):
            page.keyboard.down("Shift")
        page.wait_for_timeout(500)
        assert page.url == f"{served}{path}"
        assert not outside.referrers


@pytest.mark.parametrize("text", ["RIVERA", "ANA"])
def test_capitals_are_typed_and_nobody_leaves(browser: Browser, served: str, text: str) -> None:
    with visited(browser, served, "/en/agreement") as (page, outside):
        page.locator("input[name=family]").focus()
        capitals(page, text)
        expect(page.locator("input[name=family]")).to_have_value(text)
        page.wait_for_timeout(500)
        assert page.url == f"{served}/en/agreement"
        assert not outside.referrers


def test_shift_pressed_now_and_then_stays(browser: Browser, served: str) -> None:
    with visited(browser, served, "/en/help") as (page, outside):
        page.clock.install()
        for _ in range(4):
            shift(page, 1)
            page.clock.run_for(6_000)
        assert page.get_by_role("status").inner_text() == ""
        assert page.url == f"{served}/en/help"
        assert not outside.referrers


# What a visitor is told


@pytest.mark.parametrize("path", PATHS)
def test_each_shift_is_announced_and_a_letter_takes_it_back(browser: Browser, served: str, path: str) -> None:
    with visited(browser, served, path) as (page, _):
        link, told = page.locator("[data-leave]"), page.get_by_role("status")
        expect(told).to_have_text("")
        shift(page, 1)
        expect(told).to_have_text(str(link.get_attribute("data-more")).replace("{number}", "2"))
        shift(page, 1)
        expect(told).to_have_text(str(link.get_attribute("data-once")))
        page.keyboard.press("a")
        expect(told).to_have_text("")


# In the builder, with words that were not sent


@pytest.mark.parametrize("leave", [leave_link, lambda page: shift(page, 3)], ids=["tap", "Shift"])
def test_unsent_words_ask_nothing_of_someone_who_leaves(
    browser: Browser, served: str, leave: Callable[[Page], None]
) -> None:
    with visited(browser, served, "/en/agreement") as (page, outside):
        page.locator("input[name=family]").press_sequentially("Rivera")
        leave(page)
        is_gone(page, served)
        assert len(outside.referrers) == 1


def test_shift_leaves_from_within_a_field(browser: Browser, served: str) -> None:
    with visited(browser, served, "/en/agreement") as (page, _):
        page.locator("input[name=children-0-name]").focus()
        capitals(page, "LEO")
        shift(page, 3)
        is_gone(page, served)


# Without script


@pytest.mark.parametrize("path", PATHS)
def test_without_script_a_plain_link_leads_out(browser: Browser, served: str, path: str) -> None:
    with visited(browser, served, path, script=False) as (page, outside):
        leave_link(page)
        page.wait_for_url(OUTSIDE)
        expect(page.get_by_role("heading", name="Weather")).to_be_visible()
        assert len(outside.referrers) == 1


def test_without_script_a_result_can_be_left(browser: Browser, served: str) -> None:
    with visited(browser, served, "/en/quiz", script=False) as (page, _):
        minute_by_form(page)
        page.wait_for_url("**/en/result/*")
        leave_link(page)
        page.wait_for_url(OUTSIDE)


# Where it stands


def test_every_page_that_may_give_someone_away_can_be_left(client: PageClient) -> None:
    result = client.redirect("/en/quiz", ANSWERS)
    pages = [client.get(path) for path in ("/en/help", "/en/help/uk", "/en/agreement", result)]
    pages += [client.post("/en/agreement", {"do": "page"}, 422), client.post("/en/agreement", FAMILY | {"do": "child"})]
    for page in pages:
        (link,) = page.select("a[data-leave]")
        assert link["href"] == OUTSIDE
        assert "noreferrer" in link["rel"]


@pytest.mark.parametrize("path", ["/en/", "/en/quiz", "/en/signs", "/en/evidence", "/en/example"])
def test_other_pages_are_left_as_usual(client: PageClient, path: str) -> None:
    page = client.get(path)
    assert not page.select("[data-leave]")
    assert not page.select("script[src*='leave']")
