"""The way through the product in a real browser, against the real server: with script and without, small and large."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from unicodedata import normalize

import pytest
from flask import Flask
from playwright.sync_api import Browser, Frame, Page, expect
from pypdf import PdfReader

from quizapp.model import Band, Content, Country
from tests.conftest import ANSWERS
from tests.tools.axe import axe_violations
from tests.tools.family_file import family_file
from tests.tools.fixtures import PATIENCE

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
# A desk's screen of 1280 by 1024 at 400 percent.
ZOOMED = {"width": 320, "height": 256}
# What is wider than the box that it stands in.
CUT_OFF = """[...document.querySelectorAll("main *")].filter(tag => tag.checkVisibility()
  && !tag.matches(".unseen, .enter, option, select, svg *") && tag.scrollWidth > tag.clientWidth + 1
  && getComputedStyle(tag).display !== "inline" && tag.clientWidth > 1).map(tag => tag.outerHTML.slice(0, 200))"""
# Whether what has the focus is in sight, with an outline around it or around its label.
FOCUS_IS_SEEN = """() => {
  const focused = document.activeElement;
  const label = focused.closest("label") ?? focused;
  const [box] = focused.getClientRects();
  const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const outlined = [focused, label].map(tag => getComputedStyle(tag))
    .some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  return outlined && box.width > 8 && box.height > 8 && label.contains(there);
}"""
# Half of the ways to look at a page for one language and half for the other: each language meets every pair of a
# size, colours and script, and both together every three. A page in two languages is one template and one style.
SEEN = {
    "en": [(PHONE, "light", True), (PHONE, "dark", False), (DESK, "light", False), (DESK, "dark", True)],
    "es": [(PHONE, "light", False), (PHONE, "dark", True), (DESK, "light", True), (DESK, "dark", False)],
}


def looks(lang: str) -> pytest.MarkDecorator:
    """A row for each way to look at a page in a language: size, colours, and whether script runs."""
    rows = [
        pytest.param(size, colours, script, id=f"{name_of(size)}-{colours}-{'script' if script else 'plain'}")
        for size, colours, script in SEEN[lang]
    ]
    return pytest.mark.parametrize(("size", "colours", "script"), rows)


def looks_with_script(lang: str) -> pytest.MarkDecorator:
    """Those of the rows in which script runs, which show both sizes and both colours."""
    rows = [
        pytest.param(size, colours, id=f"{name_of(size)}-{colours}") for size, colours, script in SEEN[lang] if script
    ]
    return pytest.mark.parametrize(("size", "colours"), rows)


@pytest.fixture
def keyboard(browser: Browser, served: str) -> Iterator[Page]:
    """The agreement's form on a desk, untouched."""
    with opened(browser, served, viewport=DESK) as page:
        page.goto("/en/agreement")
        yield page


def name_of(size: dict[str, int]) -> str:
    return "phone" if size is PHONE else "desk"


@contextmanager
def opened(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    """A fresh browser at an address. Leaving it checks what it was asked for and told."""
    context = browser.new_context(base_url=address, **options)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    yield page
    assert [url for url in asked if not url.startswith(address)] == []
    assert [text for text in told if "status of 4" not in text and "status of 5" not in text] == []
    assert context.cookies() == []
    context.close()


def looks_right(page: Page) -> None:
    """Accessible by all that a machine can tell, and no wider than the screen."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is wider than the screen"


@contextmanager
def as_seen_without_script(page: Page) -> Iterator[Page]:
    """The page as it stands, in a second browser in which our scripts do not load: axe itself needs a script."""
    scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    context = page.context.browser.new_context(viewport=page.viewport_size, color_scheme=scheme)
    copy = context.new_page()
    html = page.content()
    copy.route("**/*.js", lambda route: route.abort())
    copy.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    copy.goto(page.url)
    yield copy
    context.close()


def looks_right_without_script(page: Page) -> None:
    with as_seen_without_script(page) as copy:
        looks_right(copy)


def question(page: Page) -> str:
    return page.locator("fieldset:not([hidden]) h2").inner_text()


def tap(page: Page | Frame, name: str, value: str) -> None:
    """Tap an answer of the question on screen, in any language, and wait for the next one."""
    before = page.locator(".progress__words").inner_text()
    page.locator(f"fieldset:not([hidden]) .choice:has(input[name='{name}'][value='{value}'])").click()
    expect(page.locator(".progress__words")).not_to_have_text(before)


def minute_by_tap(page: Page | Frame) -> None:
    """Answers to the ten questions, one at a time, in any language."""
    *answers, (name, value) = ANSWERS.items()
    for question, answer in answers:
        tap(page, question, answer)
    page.locator(f".choice:has(input[name='{name}'][value='{value}'])").click()
    page.locator("[data-finish]").click()


def minute_by_form(page: Page | Frame) -> None:
    """The same in one plain form."""
    for name, value in ANSWERS.items():
        page.locator(f"input[name='{name}'][value='{value}']").check()
    page.locator("[data-finish]").click()


def type_family(page: Page) -> None:
    page.get_by_label("Family name").fill("Rivera")
    page.get_by_label("Grown-up who signs first").fill("Ana Rivera")
    page.get_by_label("First name or nickname").first.fill("Leo")
    page.get_by_label("Country for the help lines").select_option("us")


def printed(page: Page, button: str = "Download the PDF", name: str = "family-agreement.pdf") -> PdfReader:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    assert download.value.suggested_filename == name
    return PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))


@looks("en")
def test_a_parent_gets_from_the_start_page_to_the_printed_sheet(
    browser: Browser, served: str, script: bool, size: dict[str, int], colours: str
) -> None:
    minute, looked_at = (minute_by_tap, looks_right) if script else (minute_by_form, looks_right_without_script)
    with opened(browser, served, viewport=size, color_scheme=colours, java_script_enabled=script) as page:
        page.goto("/")
        assert page.url == f"{served}/en/"
        looked_at(page)
        page.get_by_role("link", name="Start the minute").click()
        looked_at(page)
        minute(page)
        assert "/en/result/" in page.url
        looked_at(page)
        page.get_by_text("How this was scored").first.click()
        looked_at(page)
        page.get_by_role("link", name="Build our agreement").click()
        looked_at(page)
        page.get_by_role("button", name="Show our agreement").click()
        expect(page).to_have_title(re.compile("^Error: "))
        looked_at(page)
        type_family(page)
        page.get_by_role("button", name="Show our agreement").click()
        expect(page.get_by_role("heading", name="Leo’s page")).to_be_visible()
        looked_at(page)
        assert "Leo’s page" in printed(page).pages[0].extract_text()
        with page.expect_download() as dates:
            page.get_by_role("button", name="Add the dates to a calendar").click()
        assert dates.value.suggested_filename == "family-dates.ics"
        expect(page.locator("h1")).to_have_text("The Rivera family agreement")


@pytest.mark.parametrize(
    "path", ["/en/help", "/en/help/us", "/en/help/other", "/en/evidence", "/en/agreement", "/en/nope"]
)
@looks_with_script("en")
def test_every_other_page_looks_right(
    browser: Browser, served: str, path: str, size: dict[str, int], colours: str
) -> None:
    with opened(browser, served, viewport=size, color_scheme=colours) as page:
        page.goto(path)
        looks_right(page)


@pytest.fixture
def quiz(browser: Browser, served: str) -> Iterator[Page]:
    """The quiz on a phone with script."""
    with opened(browser, served, viewport=PHONE, has_touch=True) as page:
        page.goto("/en/quiz")
        yield page


def test_a_tap_moves_on_and_an_arrow_key_does_not(quiz: Page, content: Content) -> None:
    tap(quiz, "age", "8-10")
    assert question(quiz) == content.questions["urgent"].text
    quiz.locator("fieldset:not([hidden]) input").first.focus()
    quiz.keyboard.press("ArrowDown")
    quiz.keyboard.press("ArrowUp")
    quiz.wait_for_timeout(400)
    assert quiz.locator(".progress__words").inner_text() == "2 of 10"
    assert quiz.locator("fieldset:not([hidden]) input:checked").get_attribute("value") == "no"
    quiz.get_by_role("button", name="Next").click()
    assert quiz.locator(".progress__words").inner_text() == "3 of 10"


def test_the_quiz_can_be_done_by_keyboard_alone(quiz: Page) -> None:
    for number in range(1, 11):
        assert quiz.locator(".progress__words").inner_text() == f"{number} of 10"
        quiz.locator("fieldset:not([hidden]) input").first.press(" ")
        quiz.locator("fieldset:not([hidden]) input:checked").press("Tab")
        while quiz.evaluate("!document.activeElement.matches('.button')"):
            quiz.keyboard.press("Tab")
        quiz.keyboard.press("Enter")
    quiz.wait_for_url("**/en/result/*")


def test_a_screen_reader_hears_the_next_question(quiz: Page) -> None:
    tap(quiz, "age", "8-10")
    assert quiz.evaluate("document.activeElement.textContent") == question(quiz)


def test_yes_to_a_threat_leads_to_help_at_once(quiz: Page) -> None:
    tap(quiz, "age", "8-10")
    quiz.locator(".choice:has(input[name=urgent][value=yes])").click()
    quiz.wait_for_url("**/en/help")


def test_maybe_shows_three_first_steps_in_the_quiz(quiz: Page) -> None:
    tap(quiz, "age", "8-10")
    quiz.locator(".choice:has(input[name=urgent][value=maybe])").click()
    expect(quiz.get_by_text("Do not pay, and do not send anything more.")).to_be_visible()
    looks_right(quiz)
    help_button, carry_on = (
        quiz.get_by_role("link", name="Show me what to do"),
        quiz.get_by_role("button", name="Carry on"),
    )
    assert help_button.bounding_box()["height"] == carry_on.bounding_box()["height"]
    carry_on.click()
    assert quiz.locator(".progress__words").inner_text() == "3 of 10"


def test_next_without_an_answer_says_what_to_do(quiz: Page) -> None:
    quiz.get_by_role("button", name="Next").click()
    expect(quiz.get_by_text("Choose one answer.").first).to_be_visible()
    assert quiz.locator(".progress__words").inner_text() == "1 of 10"


def test_back_in_the_page_and_on_the_phone_keeps_the_answers(quiz: Page) -> None:
    tap(quiz, "age", "11-13")
    tap(quiz, "urgent", "no")
    quiz.get_by_role("button", name="Back").click()
    expect(quiz.locator(".progress__words")).to_have_text("2 of 10")
    quiz.go_back()
    expect(quiz.locator(".progress__words")).to_have_text("1 of 10")
    assert quiz.locator("input[name=age]:checked").get_attribute("value") == "11-13"


def test_back_from_the_result_keeps_the_answers_and_start_again_does_not(quiz: Page) -> None:
    minute_by_tap(quiz)
    quiz.wait_for_url("**/en/result/*")
    quiz.go_back()
    expect(quiz.locator(".progress__words")).to_have_text("10 of 10")
    assert quiz.locator("input:checked").count() == 10
    quiz.get_by_role("button", name="See what it says").click()
    quiz.get_by_role("link", name="Start again").click()
    expect(quiz.locator(".progress__words")).to_have_text("1 of 10")
    assert quiz.locator("input:checked").count() == 0


@pytest.mark.parametrize("age", Band)
def test_the_minute_has_at_most_125_words(quiz: Page, age: str) -> None:
    words = 0
    *answers, last = (ANSWERS | {"age": age}).items()
    for answer in (*answers, last):
        shown = quiz.locator("fieldset:not([hidden]) h2, fieldset:not([hidden]) .choice__text").all_inner_texts()
        words += sum(len(text.split()) for text in shown)
        if answer is not last:
            tap(quiz, *answer)
    assert 0 < words <= 125


def test_young_children_are_asked_in_words_of_their_age(quiz: Page, content: Content) -> None:
    tap(quiz, "age", "4-7")
    said = content.questions["practice"].text_for[Band.EARLY]
    assert said in quiz.locator("[data-question=practice] h2").text_content()


@pytest.fixture
def builder(browser: Browser, served: str) -> Iterator[Page]:
    """The agreement's form on a phone with script, a family typed in."""
    with opened(browser, served, viewport=PHONE) as page:
        page.goto("/en/agreement")
        type_family(page)
        yield page


def test_going_back_from_the_agreement_keeps_what_was_typed(builder: Page) -> None:
    builder.get_by_label("Our own line 1").fill("We eat without screens")
    builder.get_by_role("button", name="Show our agreement").click()
    expect(builder.get_by_text("We eat without screens")).to_be_visible()
    builder.go_back()
    expect(builder.get_by_label("Our own line 1")).to_have_value("We eat without screens")
    expect(builder.get_by_label("First name or nickname")).to_have_value("Leo")


def test_going_back_past_an_added_child_keeps_what_was_typed(builder: Page) -> None:
    builder.get_by_role("button", name="Add a child").click()
    builder.get_by_label("First name or nickname").nth(1).fill("Mia")
    builder.get_by_role("button", name="Show our agreement").click()
    expect(builder.get_by_role("heading", name="Mia’s page")).to_be_visible()
    builder.go_back()
    expect(builder.get_by_label("First name or nickname").nth(1)).to_have_value("Mia")


def test_change_something_brings_the_form_back_as_it_was(builder: Page) -> None:
    builder.get_by_label("Our own line 3").fill("Dad asks before he posts")
    builder.get_by_role("button", name="Show our agreement").click()
    builder.get_by_role("button", name="Change something").click()
    expect(builder.get_by_label("Our own line 3")).to_have_value("Dad asks before he posts")
    expect(builder.get_by_label("Country for the help lines")).to_have_value("us")


def test_each_child_has_a_sheet_and_each_sheet_a_button(builder: Page) -> None:
    builder.get_by_role("button", name="Add a child").click()
    builder.get_by_label("First name or nickname").nth(1).fill("Mia")
    builder.get_by_role("button", name="Show our agreement").click()
    assert len(printed(builder).pages) == 4
    only = printed(builder, "Only Mia’s sheet", "family-agreement-sheet.pdf")
    assert len(only.pages) == 2
    assert "Mia’s page" in only.pages[0].extract_text()


def test_the_words_of_the_lines_follow_the_age(builder: Page, content: Content) -> None:
    builder.locator(".choice").filter(has_text="14–17").click()
    expect(builder.get_by_text(content.clauses["secrets"].lines[Band.TEEN])).to_be_visible()


def on_the_page(lines: int, own: int) -> str:
    return f"On this page now: {lines} of 9 lines, {own} of 3 of your own."


def test_the_lines_of_a_page_are_counted_as_they_come_and_go(builder: Page) -> None:
    count = builder.locator(".count")
    expect(count).to_have_text(on_the_page(9, 0))
    night = builder.locator("input[value=night]")
    night.uncheck()
    expect(count).to_have_text(on_the_page(8, 0))
    night.check()
    builder.get_by_label("Our own line 2").fill("We eat together")
    expect(count).to_have_text(on_the_page(9, 1))
    builder.get_by_label("Our own line 2").fill("  ")
    expect(count).to_have_text(on_the_page(9, 0))


def test_a_line_for_other_ages_is_counted_only_while_the_age_fits(builder: Page) -> None:
    count = builder.locator(".count")
    builder.locator("input[value=night]").uncheck()
    builder.locator("details.more summary").first.click()
    builder.locator("input[value=younger]").check()
    expect(count).to_have_text(on_the_page(9, 0))
    builder.locator("input[name=children-0-band][value='4-7']").check()
    expect(count).to_have_text(on_the_page(8, 0))
    builder.locator("input[name=children-0-band][value='8-10']").check()
    expect(count).to_have_text(on_the_page(9, 0))


def test_the_count_is_that_of_each_child(builder: Page) -> None:
    builder.get_by_role("button", name="Add a child").click()
    builder.locator("input[name=children-1-clauses][value=talk]").uncheck()
    expect(builder.locator(".count")).to_have_text([on_the_page(9, 0), on_the_page(8, 0)])


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_swap_shows_the_new_line_and_puts_the_focus_there(browser: Browser, served: str, script: bool) -> None:
    with opened(browser, served, viewport=PHONE, java_script_enabled=script) as page:
        page.goto("/en/agreement")
        type_family(page)
        page.locator("button[value=swap-1-night]").click()
        expect(page.locator("input[value=new-apps]")).to_be_focused()
        expect(page.locator("input[value=new-apps]")).to_be_in_viewport()
        expect(page.locator("input[value=new-apps]")).to_be_checked()
        expect(page.locator("input[value=night]")).not_to_be_checked()
        expect(page.get_by_label("First name or nickname")).to_have_value("Leo")


@pytest.mark.parametrize(("button", "field"), [("Add a child", "children-1-name"), ("Add a grown-up", "adults-2")])
def test_a_new_field_has_the_focus(builder: Page, button: str, field: str) -> None:
    builder.get_by_role("button", name=button).click()
    expect(builder.locator(f"input[name={field}]")).to_be_focused()
    expect(builder.locator(f"input[name={field}]")).to_be_in_viewport()


def asked_before_a_reload(page: Page) -> list[str]:
    """What the browser asks when somebody reloads, who then says no."""
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("setTimeout(() => location.reload(), 0)")
    page.wait_for_timeout(500)
    return asked


def test_a_reload_of_an_unsent_form_asks_first(builder: Page) -> None:
    assert asked_before_a_reload(builder) == ["beforeunload"]
    expect(builder.get_by_label("First name or nickname")).to_have_value("Leo")


def test_a_reload_after_an_answer_asks_again_when_something_is_typed(builder: Page) -> None:
    builder.get_by_role("button", name="Add a grown-up").click()
    builder.get_by_label("Another grown-up who signs").last.fill("Jo")
    assert asked_before_a_reload(builder) == ["beforeunload"]


def test_a_reload_after_a_download_asks_only_for_what_came_later(builder: Page) -> None:
    printed(builder)
    builder.get_by_label("Our own line 1").fill("We eat together")
    assert asked_before_a_reload(builder) == ["beforeunload"]
    printed(builder)
    assert asked_before_a_reload(builder) == []


def test_going_back_brings_the_words_and_the_count_of_the_age_that_was_chosen(builder: Page, content: Content) -> None:
    builder.locator("input[name=children-0-band][value='14-17']").check()
    builder.locator("input[value=night]").uncheck()
    builder.get_by_role("button", name="Show our agreement").click()
    builder.get_by_role("link", name="Need help now?").click()
    builder.go_back()
    builder.go_back()
    expect(builder.locator("input[name=children-0-band][value='14-17']")).to_be_checked()
    expect(builder.get_by_text(content.clauses["secrets"].lines[Band.TEEN])).to_be_visible()
    expect(builder.locator(".count")).to_have_text(on_the_page(8, 0))


def test_enter_in_a_field_loses_nothing(builder: Page) -> None:
    builder.get_by_label("Our own line 1").press("Enter")
    expect(builder.get_by_label("First name or nickname")).to_have_value("Leo")


# In Spanish, and from one language to the other


SPANISH = {"locale": "es-MX", "timezone_id": "America/Mexico_City"}


@pytest.fixture(scope="session")
def spanish(app: Flask) -> Content:
    """The content in Spanish, as it is shipped."""
    found: Content = app.extensions["quizapp"].languages["es"].content
    return found


def type_spanish_family(page: Page) -> None:
    page.locator("input[name=family]").fill("Ibáñez")
    page.locator("input[name=adults-0]").fill("Ana Ibáñez")
    page.locator("input[name=children-0-name]").fill("Íñigo")
    page.locator("#country").select_option("us")


def spanish_print(page: Page, spanish: Content) -> None:
    """The sheet that is downloaded is in Spanish from the first to the last word."""
    with page.expect_download() as download:
        page.locator("main button[value=pdf]").click()
    pdf = PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))
    text = " ".join(" ".join(side.extract_text() for side in pdf.pages).split())
    assert pdf.trailer["/Root"]["/Lang"] == "es"
    assert "Íñigo" in text
    core = [clause.lines[Band.MIDDLE].split("{")[0].strip() for clause in spanish.clauses.values() if clause.core]
    assert not [line for line in core if line not in text]


@looks("es")
def test_a_parent_who_reads_spanish_gets_from_the_front_door_to_the_printed_sheet(
    browser: Browser, served: str, spanish: Content, script: bool, size: dict[str, int], colours: str
) -> None:
    minute, looked_at = (minute_by_tap, looks_right) if script else (minute_by_form, looks_right_without_script)
    with opened(browser, served, viewport=size, color_scheme=colours, java_script_enabled=script, **SPANISH) as page:
        page.goto("/")
        assert page.url == f"{served}/es/"
        looked_at(page)
        page.locator("main a.button").click()
        looked_at(page)
        minute(page)
        page.wait_for_url("**/es/result/*")
        looked_at(page)
        page.locator(".build a.button").click()
        page.wait_for_url("**/es/agreement/*")
        looked_at(page)
        type_spanish_family(page)
        page.locator("main button[value=page]").click()
        expect(page.get_by_role("heading", name="Íñigo")).to_be_visible()
        looked_at(page)
        spanish_print(page, spanish)


@pytest.mark.parametrize(
    "path", ["/es/help", "/es/help/us", "/es/help/other", "/es/evidence", "/es/agreement", "/es/nope"]
)
@looks_with_script("es")
def test_every_other_page_looks_right_in_spanish(
    browser: Browser, served: str, path: str, size: dict[str, int], colours: str
) -> None:
    with opened(browser, served, viewport=size, color_scheme=colours, **SPANISH) as page:
        page.goto(path)
        looks_right(page)


@looks_with_script("en")
def test_the_evidence_looks_right_with_everything_open(
    browser: Browser, served: str, size: dict[str, int], colours: str
) -> None:
    evidence_looks_right(browser, served, "en", size, colours)


@looks_with_script("es")
def test_the_evidence_looks_right_with_everything_open_in_spanish(
    browser: Browser, served: str, size: dict[str, int], colours: str
) -> None:
    evidence_looks_right(browser, served, "es", size, colours)


def evidence_looks_right(browser: Browser, served: str, lang: str, size: dict[str, int], colours: str) -> None:
    with opened(browser, served, viewport=size, color_scheme=colours) as page:
        page.goto(f"/{lang}/evidence")
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        looks_right(page)


def answered(page: Page) -> dict[str, str]:
    checked = page.locator("[data-quiz] input:checked")
    pairs: list[list[str]] = checked.evaluate_all("all => all.map(one => [one.name, one.value])")
    return {str(name): str(value) for name, value in pairs}


@pytest.mark.parametrize(("there", "here"), [("en", "es"), ("es", "en")])
def test_a_change_of_language_in_the_middle_of_the_quiz_keeps_the_answers_and_the_place(
    browser: Browser, served: str, there: str, here: str
) -> None:
    first = dict(list(ANSWERS.items())[:4])
    with opened(browser, served, viewport=PHONE) as page:
        page.goto(f"/{there}/quiz")
        for name, value in first.items():
            tap(page, name, value)
        page.locator("header .switch").click()
        page.wait_for_url(f"**/{here}/quiz")
        assert answered(page) == first
        expect(page.locator("fieldset:not([hidden])")).to_have_attribute("data-question", "age-true")
        for name, value in list(ANSWERS.items())[4:-1]:
            tap(page, name, value)
        page.locator("input[name=signs][value=no]").check()
        page.locator("[data-finish]").click()
        page.wait_for_url(f"**/{here}/result/*")


@pytest.mark.parametrize("more", [[], ["age-true"], ["age-true", "night"]], ids=["at once", "one on", "two on"])
def test_back_after_a_change_of_language_goes_one_question_back(browser: Browser, served: str, more: list[str]) -> None:
    names = list(ANSWERS)
    with opened(browser, served, viewport=PHONE) as page:
        page.goto("/en/quiz")
        for name in names[:4]:
            tap(page, name, ANSWERS[name])
        page.locator("header .switch").click()
        page.wait_for_url("**/es/quiz")
        for name in more:
            tap(page, name, ANSWERS[name])
        page.locator("[data-back]").click()
        expect(page.locator("fieldset:not([hidden])")).to_have_attribute("data-question", names[3 + len(more)])
        assert page.url.endswith("/es/quiz")
        assert answered(page) == {name: ANSWERS[name] for name in names[: 4 + len(more)]}


def test_a_change_of_language_without_script_keeps_the_answers(browser: Browser, served: str) -> None:
    some = {"age": "14-17", "night": "bedroom", "signs": "little"}
    with opened(browser, served, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/en/quiz")
        for name, value in some.items():
            page.locator(f"input[name='{name}'][value='{value}']").check()
        page.locator("header .switch").click()
        page.wait_for_url("**/es/quiz")
        kept = {
            str(tag.get_attribute("name")): str(tag.get_attribute("value"))
            for tag in page.locator("[data-quiz] input[checked]").all()
        }
        assert kept == some


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_enter_in_the_quiz_never_changes_the_language(browser: Browser, served: str, script: bool) -> None:
    with opened(browser, served, viewport=PHONE, java_script_enabled=script) as page:
        page.goto("/en/quiz")
        page.locator("input[name=age][value='4-7']").check()
        page.locator("input[name=age][value='4-7']").press("Enter")
        page.wait_for_timeout(500)
        expect(page.locator("html")).to_have_attribute("lang", "en")


def in_builder(page: Page) -> dict[str, list[str]]:
    """Everything that stands in the fields of the builder."""
    entries: list[list[str]] = page.locator("[data-builder]").evaluate("form => [...new FormData(form)]")
    found: dict[str, list[str]] = {}
    for name, value in entries:
        found.setdefault(name, []).append(value)
    return found


def test_a_change_of_language_in_the_builder_keeps_all_that_was_typed(builder: Page) -> None:
    builder.get_by_role("button", name="Add a child").click()
    builder.locator("input[name=children-1-name]").fill("Mia 🦄 <b>")
    builder.locator("input[name=children-1-band][value='14-17']").check()
    builder.locator("input[name=children-1-own-2]").fill("Papá pregunta antes de publicar")
    builder.locator(".agree-line details summary").first.click()
    builder.locator("input[name^=children-0-words]").first.fill("In our own words")
    builder.locator("input[name=review]").fill((date.today() + timedelta(days=97)).isoformat())
    builder.locator("summary").filter(has_text="two homes").click()
    builder.locator("input[name=second-1]").fill("Jo")
    for name, value in {"paper": "Letter", "size": "large", "ink": "grey", "language": "es"}.items():
        builder.locator(f"input[name={name}][value='{value}']").check()
    before = in_builder(builder)
    builder.locator("header .switch").click()
    builder.wait_for_url("**/es/agreement")
    assert in_builder(builder) == before
    builder.locator("header .switch").click()
    builder.wait_for_url("**/en/agreement")
    assert in_builder(builder) == before


def test_the_agreement_can_be_read_and_printed_in_another_language(builder: Page, spanish: Content) -> None:
    builder.locator("input[name=children-0-name]").fill("Íñigo")
    builder.get_by_role("button", name="Show our agreement").click()
    builder.locator("header .switch").click()
    expect(builder.locator("html")).to_have_attribute("lang", "es")
    expect(builder.get_by_role("heading", name="Íñigo")).to_be_visible()
    spanish_print(builder, spanish)


# With many children, with a file that is opened again, and in little room


def add_five_children(page: Page) -> None:
    for number, name in enumerate(("Mia", "Maximiliano", "Zoe", "Ben", "Eve"), 1):
        page.locator("button[value=child]").click()
        page.locator(f"input[name=children-{number}-name]").fill(name)
    page.locator("input[name=children-1-band][value='4-7']").check()
    page.locator("input[name=children-2-band][value='14-17']").check()


def choose_file(page: Page, file: bytes) -> None:
    page.locator("summary").first.click()
    page.locator("input[name=file]").set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": file})
    page.locator("button[value=open]").click()


def looks_right_with_six_children_and_an_old_file(page: Page, lang: str, file: bytes, script: bool) -> None:
    looked_at = looks_right if script else looks_right_without_script
    page.goto(f"/{lang}/agreement")
    choose_file(page, b"%PDF-1.7 of somebody else")
    expect(page.locator("#file-wrong")).to_be_visible()
    looked_at(page)
    page.locator("input[name=file]").set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": file})
    page.locator("button[value=open]").click()
    expect(page.locator(".changed").first).to_be_visible()
    looked_at(page)
    add_five_children(page)
    page.locator("input[name=language][value='en+es']").check()
    page.locator("button[value=update]").first.press("Enter")
    looked_at(page)
    page.locator("main button[value=page]").click()
    expect(page.locator(".sheet")).to_have_count(12)
    looked_at(page)


@looks("en")
def test_six_children_and_a_file_from_another_day_look_right(
    browser: Browser, served: str, content: Content, script: bool, size: dict[str, int], colours: str
) -> None:
    with opened(browser, served, viewport=size, color_scheme=colours, java_script_enabled=script) as page:
        looks_right_with_six_children_and_an_old_file(page, "en", family_file(content), script)


@looks("es")
def test_six_children_and_a_file_from_another_day_look_right_in_spanish(
    browser: Browser, served: str, content: Content, script: bool, size: dict[str, int], colours: str
) -> None:
    with opened(browser, served, viewport=size, color_scheme=colours, java_script_enabled=script) as page:
        looks_right_with_six_children_and_an_old_file(page, "es", family_file(content), script)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_nothing_is_cut_off_at_four_times_the_size(browser: Browser, served: str, content: Content, lang: str) -> None:
    with opened(browser, served, viewport=ZOOMED, color_scheme="dark") as page:
        page.goto(f"/{lang}/agreement")
        choose_file(page, family_file(content))
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        looks_right(page)
        assert page.evaluate(CUT_OFF) == []
        page.locator("main button[value=page]").click()
        expect(page.locator(".sheet")).to_be_visible()
        looks_right(page)
        assert page.evaluate(CUT_OFF) == []


# By keyboard alone


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus, which is seen at every step on the way."""
    for _ in range(300):
        page.keyboard.press("Tab")
        focus_is_seen(page)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never gets to {selector}")


def focus_is_seen(page: Page) -> None:
    assert page.evaluate(FOCUS_IS_SEEN), page.evaluate("document.activeElement.outerHTML")


def test_the_agreement_can_be_made_and_printed_by_keyboard_alone(keyboard: Page) -> None:
    press, write = keyboard.keyboard.press, keyboard.keyboard.type
    tab_to(keyboard, "input[name=family]")
    write("Rivera")
    tab_to(keyboard, "input[name=children-0-name]")
    write("Leo")
    tab_to(keyboard, "input[name=children-0-band]")
    press("ArrowRight")
    expect(keyboard.locator("input[name=children-0-band][value='11-13']")).to_be_focused()
    tab_to(keyboard, "input[value=night]")
    press("Space")
    expect(keyboard.locator(".count")).to_have_text(on_the_page(8, 0))
    press("Space")
    expect(keyboard.locator(".count")).to_have_text(on_the_page(9, 0))
    tab_to(keyboard, "button[value=swap-1-night]")
    press("Enter")
    expect(keyboard.locator("input[value=new-apps]")).to_be_focused()
    focus_is_seen(keyboard)
    tab_to(keyboard, "details.more > summary")
    press("Enter")
    tab_to(keyboard, "input[value=night]")
    tab_to(keyboard, "#country")
    write("United States")
    expect(keyboard.locator("#country")).to_have_value("us")
    tab_to(keyboard, "button[value=page]")
    press("Enter")
    expect(keyboard.get_by_role("heading", name="Leo’s page")).to_be_visible()
    tab_to(keyboard, "main button[value=pdf]")
    with keyboard.expect_download() as download:
        press("Enter")
    assert download.value.suggested_filename == "family-agreement.pdf"


def test_enter_in_any_text_field_loses_nothing_and_goes_nowhere(keyboard: Page) -> None:
    tab_to(keyboard, "input[name=family]")
    keyboard.keyboard.type("Rivera")
    for name in ("family", "adults-0", "children-0-name", "children-0-blanks-adult-one", "children-0-own-2"):
        keyboard.locator(f"input[name={name}]").fill(f"{name} x")
        before = in_builder(keyboard)
        with keyboard.expect_navigation():
            keyboard.keyboard.press("Enter")
        assert in_builder(keyboard) == before
        assert keyboard.url.endswith("/en/agreement")


# Help on one page of paper


@pytest.mark.parametrize("country", ["", "us", "uk", "ca", "ie", "au", "nz", "other"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_help_prints_on_one_page(browser: Browser, served: str, app: Flask, lang: str, country: str) -> None:
    content = app.extensions["quizapp"].languages[lang].content
    with opened(browser, served, viewport=DESK) as page:
        page.goto(f"/{lang}/help/{country}".rstrip("/"))
        papers = [PdfReader(io.BytesIO(page.pdf(format=paper))).pages for paper in ("A4", "Letter")]
    steps = [sign.text for chapter in content.first_steps.values() for sign in chapter.signs]
    lines = lines_to_print(content.countries[country], lang) if country else []
    for (side,) in papers:
        # A browser draws some letters together, such as the two of "fi".
        printed = "".join(normalize("NFKC", side.extract_text()).split())
        assert not [text for text in (*steps, *lines) if "".join(text.split()) not in printed]


def lines_to_print(country: Country, lang: str) -> list[str]:
    """The names of all lines but those in another language, and those that one in this language stands in for."""
    spoken = [line for line in country.lines if line.verified and line.language in ("", lang)]
    replaced = {line.instead_of for line in spoken}
    return [line.name for line in spoken if line.id not in replaced]
