"""Making a link: what a school types, what it gets, and that nothing but that is kept."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from quizapp import create_app
from quizapp.schools.office import Office
from tests.conftest import PATIENT, PageClient
from tests.test_journey import looks, looks_right, looks_right_without_script, opened
from tests.tools.axe import axe_violations
from tests.tools.nu import NuChecker

SCHOOL = {"name": "Hill School", "town": "Springfield", "languages": ["en", "es"]}
KEY = re.compile(r"[\w-]{32}")


@pytest.fixture
def office(app: Flask) -> Office:
    found: Office = app.extensions["quizapp"].office
    return found


@pytest.fixture
def own(tmp_path: Path, nu: NuChecker) -> Iterator[PageClient]:
    """A client of an application of its own, which lets one link be made."""
    app = create_app({"INSTANCE": tmp_path, "LINKS_PER_HOUR": 1} | PATIENT)
    yield PageClient(app.test_client(), nu)
    app.extensions["quizapp"].close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application as it is shipped, but for how many links may be made."""
    app = create_app({"INSTANCE": tmp_path_factory.mktemp("schools"), "LINKS_PER_HOUR": 1_000_000} | PATIENT)
    yield app
    app.extensions["quizapp"].close()


def made(client: PageClient, **typed: Any) -> tuple[str, str]:
    """The id of a new school and its key, as its page tells them."""
    page = client.post("/en/schools", SCHOOL | typed)
    return page.select_one(".given a")["href"].rsplit("/", 1)[1], page.select_one(".given__key").text


def test_a_school_gets_a_link_for_each_language_and_a_key(client: PageClient, office: Office) -> None:
    page = client.post("/en/schools", SCHOOL)
    links = [link["href"] for link in page.select(".given a")]
    id_ = links[0].rsplit("/", 1)[1]
    assert links == [f"http://localhost/{lang}/s/{id_}" for lang in ("en", "es")]
    assert KEY.fullmatch(page.select_one(".given__key").text)
    assert office.register.is_key(id_, page.select_one(".given__key").text)


def test_the_key_stands_on_that_page_only_and_in_no_cache(client: PageClient) -> None:
    answer = client.flask.post("/en/schools", data=SCHOOL)
    key = re.search(r'name="key" value="([^"]+)"', answer.text)[1]  # type: ignore[index]  # it is there
    assert answer.headers["Cache-Control"] == "no-store"
    id_ = re.search(r"/en/s/(\w+)", answer.text)[1]  # type: ignore[index]  # as above
    for path in (f"/en/s/{id_}", f"/en/schools/{id_}/kit", f"/en/schools/{id_}/totals", "/en/schools"):
        assert key not in client.flask.get(path).text


def test_the_file_holds_all_addresses_and_the_key(client: PageClient) -> None:
    id_, key = made(client, name="Hill & Sons’ School")
    answer = client.flask.post(f"/en/schools/{id_}/key", data={"key": key})
    lines = answer.text.splitlines()
    assert answer.headers["Content-Disposition"] == "attachment; filename=school-key.txt"
    assert answer.headers["Cache-Control"] == "no-store"
    assert lines[0] == "Hill & Sons’ School, Springfield"
    assert {key, f"http://localhost/en/s/{id_}", f"http://localhost/en/schools/{id_}/totals"} <= set(lines)


def test_the_file_is_for_whoever_has_the_key(client: PageClient) -> None:
    (one, _key), (_other, other_key) = made(client), made(client)
    client.post(f"/en/schools/{one}/key", {"key": other_key}, 403)
    client.post(f"/en/schools/{one}/key", {}, 403)


def test_names_are_kept_as_they_were_typed_but_for_spaces(client: PageClient, office: Office) -> None:
    id_, _key = made(client, name="  Escuela   Niño Jesús ", town="\tMálaga ", languages=["es"])
    school = office.register.find(id_)
    assert school
    assert (school.name, school.town, school.languages) == ("Escuela Niño Jesús", "Málaga", ("es",))


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7*7 }}", "=1+1", "O’Brien & Søn", "مدرسة", "学校 🎒"]
)
def test_a_name_is_text_wherever_it_stands(client: PageClient, name: str) -> None:
    page = client.post("/en/schools", SCHOOL | {"name": name})
    assert page.select_one("main .lead").text == f"{name}, Springfield"
    assert not page.select("main img, main script")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Type the name of the school."),
        ({"name": "  \t "}, "Type the name of the school."),
        ({"name": "\u200d"}, "Type the name of the school."),
        ({"name": "Call evil\u2024com"}, "Leave out web addresses and phone numbers"),
        ({"name": "Call ５５５ １２３ ４５６７"}, "Leave out web addresses and phone numbers"),
        ({"name": "x" * 81}, "Use at most 80 letters. There are 81 now."),
        ({"town": "x" * 61}, "Use at most 60 letters. There are 61 now."),
        ({"name": "a\u0378b"}, "We cannot print U+0378."),
        ({"name": "Call 555 123 4567"}, "Leave out web addresses and phone numbers"),
        ({"name": "See help.example.com"}, "Leave out web addresses and phone numbers"),
        ({"town": "https://evil"}, "Leave out web addresses and phone numbers"),
        ({"name": "write to me@school"}, "Leave out web addresses and phone numbers"),
        ({"languages": []}, "Choose at least one language."),
        ({"languages": ["xx"]}, "Choose at least one language."),
    ],
)
def test_a_mistake_is_explained_and_everything_typed_is_still_there(
    client: PageClient, typed: dict[str, Any], said: str
) -> None:
    given = SCHOOL | typed
    page = client.post("/en/schools", given, 422)
    assert said in page.select_one(".problems").text
    assert page.title.text.startswith("Error: ")
    assert (page.select_one("#name")["value"], page.select_one("#town")["value"]) == (given["name"], given["town"])
    ticked = {box["value"] for box in page.select("[name=languages][checked]")}
    assert ticked == set(given["languages"]) & {"en", "es"}


@pytest.mark.parametrize("name", ["PS 118", "P.S. 118", "St. Mary’s", "Public School No. 12345", "The A.B.C. School"])
def test_a_name_with_a_number_or_a_full_stop_is_a_name(client: PageClient, name: str) -> None:
    made(client, name=name)


def test_one_network_cannot_make_links_without_end(own: PageClient) -> None:
    made(own)
    answer = own.flask.post("/en/schools", data=SCHOOL)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3600"
    page = own.post("/en/schools", SCHOOL, 429)
    assert "Many links came from your network" in page.select_one(".problems").text
    assert page.select_one("#name")["value"] == "Hill School"


def test_a_form_with_a_mistake_does_not_use_up_a_link(own: PageClient) -> None:
    own.post("/en/schools", SCHOOL | {"name": ""}, 422)
    made(own)


def test_an_operator_can_keep_the_making_of_links(tmp_path: Path, nu: NuChecker) -> None:
    app = create_app({"INSTANCE": tmp_path, "SELF_SERVICE": 0})
    client = PageClient(app.test_client(), nu)
    assert not client.get("/en/schools").select("form")
    client.post("/en/schools", SCHOOL, 403)
    assert app.extensions["quizapp"].office.register.all() == []
    app.extensions["quizapp"].close()


def test_while_the_database_is_away_nothing_typed_is_lost(tmp_path: Path, nu: NuChecker) -> None:
    (tmp_path / "schools.sqlite").write_text("no database " * 1000)
    app = create_app({"INSTANCE": tmp_path})
    client = PageClient(app.test_client(), nu)
    page = client.post("/en/schools", SCHOOL, 503)
    assert "We could not make the link just now" in page.select_one(".problems").text
    assert page.select_one("#name")["value"] == "Hill School"
    assert client.flask.post("/en/schools", data=SCHOOL).headers["Retry-After"]
    app.extensions["quizapp"].close()


def test_what_is_kept_of_a_school_is_what_the_page_says(client: PageClient, office: Office) -> None:
    id_, _key = made(client)
    [(school, day)] = [found for found in office.register.all() if found[0].id == id_]
    assert day == date.today()
    assert (school.name, school.town, school.languages, school.contact) == (
        "Hill School",
        "Springfield",
        ("en", "es"),
        "",
    )


@pytest.mark.timeout(600)
def test_ten_thousand_random_forms_never_break_it(app: Flask) -> None:
    """Of any letters, lengths and fields; some make a school, most do not, none is our fault."""
    draw = Random(1965)
    client = app.test_client()
    letters = "aZé ß\x00\x1f\u202e\ud7ff\uffffاש学🎒=<>'\"&;%{}@./0123456789\n\t"
    answers = set()
    for _ in range(10_000):
        form = {
            name: "".join(draw.choices(letters, k=draw.choice([0, 1, 3, 20, 80, 500])))
            for name in draw.sample(["name", "town", "languages", "languages", "do", "x"], draw.randint(0, 6))
        }
        chosen = {"languages": draw.choice([["en"], ["es", "en"], ["xx"], []])} if draw.random() < 0.5 else {}
        answers.add(client.post("/es/schools", data=form | chosen).status_code)
    assert answers == {200, 422}


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(served: str, browser: Browser, lang: str, scheme: Any) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": 320, "height": 800})
    page.goto(f"{served}/{lang}/schools")
    assert axe_violations(page) == []
    page.click("form#make button")
    assert axe_violations(page) == []
    page.fill("#name", "A school with a name that is quite long for such a small screen")
    page.click("form#make button")
    assert page.locator(".given__key").is_visible()
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


@looks("en")
def test_the_example_looks_right(
    browser: Browser, served: str, size: dict[str, int], colours: str, script: bool
) -> None:
    with opened(browser, served, viewport=size, color_scheme=colours, java_script_enabled=script) as page:
        page.goto("/en/example")
        (looks_right if script else looks_right_without_script)(page)


def test_a_link_is_made_by_keyboard_alone(served: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served}/en/schools")
    page.focus("#name")
    page.keyboard.type("Hill School")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your link is ready")
    with page.expect_download() as download:
        page.locator("section.notice form button").press("Enter")
    assert download.value.suggested_filename == "school-key.txt"
    page.close()
