"""The quiz in a frame on the site of a school: in a real browser, from another site, third-party cookies blocked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, expect
from sqlalchemy import func, select

from quizapp.headers import HEADERS
from quizapp.schools.database import Database, address
from quizapp.schools.register import Register
from quizapp.schools.tables import counts
from tests.conftest import ANSWERS, FAMILY, PageClient
from tests.test_journey import (
    DESK,
    PHONE,
    looks_right,
    looks_right_without_script,
    minute_by_form,
    minute_by_tap,
    tap,
)
from tests.tools.fixtures import CHROMIUM, CHROMIUM_OPTIONS, PATIENCE
from tests.tools.server import serving

# Chromium as it will be for everyone, where no cookie of a third party is sent or kept.
COOKIES_BLOCKED = "--test-third-party-cookie-phaseout"
# Sites ask for this to be safe from each other; frames must then say that they may be there.
ISOLATED = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin"}
# What a frame may do that is locked up, which a site may ask for as well.
SANDBOX = (
    'sandbox="allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads"'
)


@dataclass
class Quiz:
    """A server with one school, and the addresses of its pages."""

    base: str
    school: str
    database: Database

    def __post_init__(self) -> None:
        self.home = f"{self.base}/en/s/{self.school}"
        self.embed = f"{self.home}/embed"


@dataclass
class SchoolSite:
    """The site of a school, which shows in a frame whatever its address asks for."""

    headers: dict[str, str] = field(default_factory=dict)
    sandbox: str = ""

    @contextmanager
    def shown(self, framed: str) -> Iterator[str]:
        """The address of a page with a frame. To a browser, localhost and 127.0.0.1 are two sites."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(framed))
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        server.server_close()

    def _handler(self, framed: str) -> type[BaseHTTPRequestHandler]:
        html = f'<!doctype html><title>School</title><h1>News</h1><iframe title="q" src="{framed}" {self.sandbox}'
        headers = {"Content-Type": "text/html", **self.headers}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(f'{html} width="320" height="640"></iframe><a href="/next">Next</a>'.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: it stands in for any site."""

        return Handler


@pytest.fixture(scope="module")
def quiz(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quiz]:
    instance = tmp_path_factory.mktemp("framed")
    with serving(instance) as base:
        database = Database(address("", instance))
        school, _key = Register(database).make("Zyxwelda School", "Qorbinath", ["en"], date(2026, 11, 22))
        yield Quiz(base, school.id, database)
        database.close()


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    """A second browser, which blocks third-party cookies."""
    blocking = browser.browser_type.launch(executable_path=CHROMIUM, args=[*CHROMIUM_OPTIONS, COOKIES_BLOCKED])
    yield blocking
    blocking.close()


@contextmanager
def framed(browser: Browser, address: str, site: SchoolSite | None = None, script: bool = True) -> Iterator[Page]:
    """The page of a school with our page in its frame."""
    with (site or SchoolSite()).shown(address) as outside:
        context = browser.new_context(java_script_enabled=script)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(outside)
        yield page
        assert context.cookies() == []
        context.close()


def inside(page: Page) -> Frame:
    [frame] = [frame for frame in page.frames if frame is not page.main_frame]
    return frame


def opened_by(context: BrowserContext, action: Callable[[], object]) -> Page:
    """The tab that an action opens, which knows nothing of the page that it came from."""
    with context.expect_page() as opened:
        action()
    opened.value.wait_for_load_state()
    return opened.value


with_and_without_script = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])


# In the frame


@with_and_without_script
def test_the_minute_in_a_frame_ends_with_a_result_in_a_tab(browser: Browser, quiz: Quiz, script: bool) -> None:
    with framed(browser, quiz.embed, script=script) as page:
        before = page.url
        result = opened_by(page.context, lambda: (minute_by_tap if script else minute_by_form)(inside(page)))
        assert result.url.startswith(f"{quiz.base}/en/result/")
        expect(result.locator("h1")).to_have_text("What your minute shows")
        assert (page.url, inside(page).url) == (before, quiz.embed)


@with_and_without_script
def test_yes_to_a_threat_opens_help_in_a_tab(browser: Browser, quiz: Quiz, script: bool) -> None:
    with framed(browser, quiz.embed, script=script) as page:
        frame = inside(page)
        if script:
            tap(frame, "age", "8-10")
        help_page = opened_by(page.context, lambda: say_yes(frame, script))
        assert help_page.url == f"{quiz.base}/en/help"
        expect(help_page.locator("h1")).to_have_text("Help, right now")
        assert frame.url == quiz.embed


def say_yes(frame: Frame, script: bool) -> None:
    frame.locator(".choice:has(input[name=urgent][value=yes])").click()
    if not script:
        frame.locator("[data-finish]").click()


def test_a_browser_that_refuses_the_tab_still_shows_the_way_to_help(browser: Browser, quiz: Quiz) -> None:
    with framed(browser, quiz.embed) as page:
        frame = inside(page)
        frame.evaluate("window.open = () => null")
        tap(frame, "age", "8-10")
        say_yes(frame, script=True)
        expect(frame.locator("[data-opened]")).to_be_visible()
        help_page = opened_by(page.context, frame.locator("[data-opened] a").click)
        assert help_page.url == f"{quiz.base}/en/help"


def test_another_answer_than_yes_takes_the_way_to_help_away_again(browser: Browser, quiz: Quiz) -> None:
    with framed(browser, quiz.embed) as page:
        frame = inside(page)
        tap(frame, "age", "8-10")
        opened_by(page.context, lambda: say_yes(frame, script=True))
        expect(frame.locator("[data-opened]")).to_be_visible()
        tap(frame, "urgent", "no")
        frame.locator("[data-back]").click()
        expect(frame.locator("[data-opened]")).to_be_hidden()


def test_maybe_shows_the_first_steps_in_the_frame_and_opens_the_rest_in_a_tab(browser: Browser, quiz: Quiz) -> None:
    with framed(browser, quiz.embed) as page:
        frame = inside(page)
        tap(frame, "age", "8-10")
        frame.locator(".choice:has(input[name=urgent][value=maybe])").click()
        expect(frame.get_by_text("Do not pay, and do not send anything more.")).to_be_visible()
        help_page = opened_by(page.context, frame.locator("[data-maybe] a").click)
        assert help_page.url == f"{quiz.base}/en/help"
        frame.locator("[data-maybe] [data-next]").click()
        expect(frame.locator(".progress__words")).to_have_text("3 of 10")


@with_and_without_script
@pytest.mark.parametrize(("link", "leads_to"), [(".bar__help", "/en/help"), (".bar__name", "/en/s/")])
def test_a_link_opens_a_tab_that_cannot_reach_back(
    browser: Browser, quiz: Quiz, link: str, leads_to: str, script: bool
) -> None:
    with framed(browser, quiz.embed, script=script) as page:
        opened = opened_by(page.context, inside(page).locator(link).click)
        assert urlsplit(opened.url).path.startswith(leads_to)
        assert not script or opened.evaluate("opener") is None
        assert inside(page).url == quiz.embed


def test_the_button_of_the_browser_goes_back_on_the_site_of_the_school(browser: Browser, quiz: Quiz) -> None:
    with framed(browser, quiz.embed) as page:
        first = page.url
        page.goto(f"{first}another")
        for name, value in list(ANSWERS.items())[:4]:
            tap(inside(page), name, value)
        page.go_back()
        assert page.url == first


def test_back_in_the_frame_keeps_the_answers(browser: Browser, quiz: Quiz) -> None:
    with framed(browser, quiz.embed) as page:
        frame = inside(page)
        for name, value in list(ANSWERS.items())[:3]:
            tap(frame, name, value)
        for number in (3, 2, 1):
            frame.locator("[data-back]").click()
            expect(frame.locator(".progress__words")).to_have_text(f"{number} of 10")
        assert frame.locator("input:checked").count() == 3


@pytest.mark.parametrize(
    "site",
    [
        pytest.param(SchoolSite(ISOLATED), id="isolated"),
        pytest.param(SchoolSite(sandbox=SANDBOX), id="sandbox"),
        pytest.param(SchoolSite({"Referrer-Policy": "unsafe-url"}), id="referrer"),
    ],
)
def test_careful_sites_can_show_it_too(browser: Browser, quiz: Quiz, site: SchoolSite) -> None:
    with framed(browser, quiz.embed, site) as page:
        result = opened_by(page.context, lambda: minute_by_tap(inside(page)))
        expect(result.locator("h1")).to_have_text("What your minute shows")


# Forms that a page elsewhere sends


def finished(quiz: Quiz) -> int:
    """Quizzes that were counted for the school."""
    with quiz.database.reading() as connection:
        found = connection.execute(select(func.max(counts.c.open_quizzes)).where(counts.c.school == quiz.school))
        return int(found.scalar() or 0)


@pytest.mark.parametrize("site", [SchoolSite(), SchoolSite(ISOLATED), SchoolSite(sandbox=SANDBOX)])
def test_a_minute_in_a_frame_is_counted(browser: Browser, quiz: Quiz, site: SchoolSite) -> None:
    school, _key = Register(quiz.database).make("Hill School", "", ["en"], date(2026, 11, 23))
    own = Quiz(quiz.base, school.id, quiz.database)
    with framed(browser, own.embed, site) as page:
        opened_by(page.context, lambda: minute_by_tap(inside(page)))
        until = monotonic() + PATIENCE / 1000
        while not finished(own) and monotonic() < until:
            page.wait_for_timeout(50)
    assert finished(own) == 1


def send_from(page: Page, address: str, fields: Mapping[str, str]) -> None:
    """What any page can make the browser of its visitors do."""
    page.evaluate(
        """([address, fields]) => {
            const form = Object.assign(document.createElement("form"), {method: "post", action: address});
            for (const [name, value] of fields) {
                form.append(Object.assign(document.createElement("input"), {name, value}));
            }
            document.body.append(form);
            form.submit();
        }""",
        [address, list(fields.items())],
    )


def test_a_site_cannot_have_its_visitors_make_links(browser: Browser, quiz: Quiz) -> None:
    with framed(browser, quiz.embed) as page:
        send_from(page, f"{quiz.base}/en/schools", {"name": "Made Up School", "languages": "en"})
        expect(page.locator(".problems")).to_contain_text("Another website sent this form")
        expect(page.locator("#name")).to_have_value("Made Up School")
        page.get_by_role("button", name="Make our link").click()
        expect(page.locator("h1")).to_have_text("Your link is ready")


def test_the_browser_lets_the_frame_keep_nothing(browser: Browser, quiz: Quiz) -> None:
    """Else the other tests here would not tell that the quiz does without."""
    with framed(browser, quiz.embed) as page, pytest.raises(Error, match="Access is denied"):
        inside(page).evaluate("localStorage.length")


# Every other page refuses


def refuses(browser: Browser, address: str) -> None:
    with framed(browser, address) as page:
        expect(inside(page).locator("body")).to_contain_text("ERR_BLOCKED_BY_RESPONSE")


@pytest.mark.parametrize(
    "path", ["/en/", "/en/quiz", "/en/help", "/en/agreement", "/en/result/x", "/en/s/{}", "/en/s/{}/quiz", "/en/nope"]
)
def test_every_other_page_refuses_to_stand_in_a_frame(browser: Browser, quiz: Quiz, path: str) -> None:
    refuses(browser, quiz.base + path.format(quiz.school))


def test_a_result_refuses_to_stand_in_a_frame(browser: Browser, quiz: Quiz) -> None:
    with framed(browser, quiz.embed) as page:
        result = opened_by(page.context, lambda: minute_by_tap(inside(page))).url
    refuses(browser, result)


def test_only_the_frame_and_its_own_errors_carry_other_headers(client: PageClient) -> None:
    frame = client.flask.get("/en/s/22222222/embed")
    assert frame.status_code == 404
    assert "frame-ancestors *" in frame.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame.headers
    assert frame.headers.getlist("Cross-Origin-Resource-Policy") == ["cross-origin"]
    others = [client.flask.get(path) for path in ("/en/s/22222222", "/en/s/22222222/quiz", "/en/quiz", "/en/help/us")]
    others += [client.flask.post("/en/s/22222222/quiz", data=given) for given in ({}, ANSWERS, {"urgent": "yes"})]
    others += [client.flask.post("/en/s/22222222/embed", data=ANSWERS), client.flask.post("/en/agreement", data=FAMILY)]
    for response in others:
        assert {name: response.headers.getlist(name) for name in HEADERS} == {
            name: [value] for name, value in HEADERS.items()
        }


def test_a_link_that_is_not_in_use_is_told_in_the_frame(browser: Browser, quiz: Quiz) -> None:
    with framed(browser, f"{quiz.base}/en/s/22222222/embed") as page:
        expect(inside(page).locator("h1")).to_have_text("This school link is not in use")
        opened = opened_by(page.context, inside(page).locator("main a.button").click)
        assert opened.url == f"{quiz.base}/en/"


# How they look


@pytest.mark.parametrize("path", ["", "/quiz", "/embed"])
@pytest.mark.parametrize(
    ("size", "colours", "script"),
    [(PHONE, "light", True), (PHONE, "dark", False), (DESK, "light", False), (DESK, "dark", True)],
)
def test_the_pages_of_a_school_look_right(
    browser: Browser, quiz: Quiz, path: str, size: dict[str, int], colours: str, script: bool
) -> None:
    context = browser.new_context(viewport=size, color_scheme=colours, java_script_enabled=script)
    page = context.new_page()
    for home in (quiz.home, quiz.home.replace("/en/", "/es/")):
        page.goto(home + path)
        (looks_right if script else looks_right_without_script)(page)
    context.close()
