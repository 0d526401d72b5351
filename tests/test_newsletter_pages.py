"""The link of a school: its landing page, the quiz under it, what is counted, and what never carries its name."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from time import monotonic, sleep

import pytest
from bs4 import Tag
from flask import Flask

from quizapp import create_app
from quizapp.model import School
from quizapp.pages.site import Site
from quizapp.schools import Unavailable
from quizapp.schools.office import Office
from quizapp.schools.register import _ID_LENGTH, _LETTERS
from quizapp.schools.totals import BATCH
from quizapp.sealing import school_from_text
from tests.conftest import ANSWERS, FAMILY, PageClient, check_response
from tests.tools.nu import NuChecker

# Nobody listens there, and no file can be there.
AWAY = ("postgresql://nobody@127.0.0.1:1/none", "sqlite:////proc/nowhere/schools.sqlite")
NAME, TOWN = "Wexbridge School", "Marlowick"
PAGES = ("", "/quiz", "/embed")
UNCHECKED = "This name was typed by whoever made this link. We have not checked it."


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


@pytest.fixture
def office(app: Flask) -> Office:
    found: Office = app.extensions["quizapp"].office
    return found


@pytest.fixture
def school(office: Office) -> School:
    return made(office)


def made(office: Office, name: str = NAME, town: str = TOWN, **changed: object) -> School:
    """A new school; what `changed` says, an operator changed later."""
    school, _key = office.register.make(name, town, ["en", "es"], date(2026, 11, 22))
    office.register.change(replace(school, **changed))
    return replace(school, **changed)


def a_minute_later(office: Office, school: School) -> None:
    """What an office remembers of a school is over."""
    office.forget(school.id)


# The pages


def test_the_landing_page_says_who_passed_it_on_and_that_nobody_checked(client: PageClient, school: School) -> None:
    page = client.get(f"/en/s/{school.id}")
    assert "Passed on by Wexbridge School , Marlowick" in words(page.main)
    assert words(page.select_one(".passed-on .small")) == UNCHECKED
    assert "Questions?" not in page.get_text()
    assert page.select_one("main a.button")["href"] == f"/en/s/{school.id}/quiz"


def test_a_school_without_a_town_is_named_without_a_comma(client: PageClient, office: Office) -> None:
    page = client.get(f"/en/s/{made(office, town='').id}")
    assert words(page.select_one(".passed-on p")) == "Passed on by Wexbridge School"


def test_a_contact_that_was_checked_stands_on_the_landing_page_alone(client: PageClient, office: Office) -> None:
    school = made(office, contact="Ms Ortiz, 555 0100")
    landing, *others = [client.get(f"/en/s/{school.id}{path}") for path in PAGES]
    assert "Questions? Ms Ortiz, 555 0100" in words(landing.main)
    assert not [page for page in others if "Ortiz" in page.get_text()]


@pytest.mark.parametrize("path", ["/quiz", "/embed"])
def test_the_quiz_of_a_school_names_it_and_asks_the_same(client: PageClient, school: School, path: str) -> None:
    page, plain = client.get(f"/en/s/{school.id}{path}"), client.get("/en/quiz")
    assert "Wexbridge School" in words(page.select_one(".passed-on"))
    assert "We have not checked this name." in words(page.select_one(".passed-on"))
    names = "fieldset h2, .choice, .why"
    assert [words(tag) for tag in page.select(names)] == [words(tag) for tag in plain.select(names)]


def test_the_pages_of_a_school_lead_to_each_other(client: PageClient, school: School) -> None:
    home = f"/en/s/{school.id}"
    for path in PAGES:
        assert client.get(home + path).select_one(".bar__name")["href"] == home
    page = client.get(f"{home}/quiz")
    assert page.select_one("form")["action"] == f"{home}/quiz"
    assert page.select_one("form")["data-help"] == "/en/help"
    assert page.select_one("header button[formaction]")["formaction"] == f"/es/s/{school.id}/quiz"
    assert client.get(home).select_one(".bar__languages a")["href"] == f"/es/s/{school.id}"


def test_a_change_of_language_stays_with_the_school_and_keeps_every_answer(client: PageClient, school: School) -> None:
    page = client.post(f"/es/s/{school.id}/quiz", ANSWERS | {"do": "update"})
    assert page.form["action"] == f"/es/s/{school.id}/quiz"
    assert len(page.select("input[checked]")) == 10


def test_what_is_missing_is_asked_under_the_school_again(client: PageClient, school: School) -> None:
    page = client.post(f"/en/s/{school.id}/quiz", ANSWERS | {"night": ""}, 422)
    assert page.form["action"] == f"/en/s/{school.id}/quiz"
    assert len(page.select("input[checked]")) == 9


@pytest.mark.parametrize("path", ["/en/", "/en/quiz", "/en/help", "/en/signs"])
def test_other_pages_know_no_school(client: PageClient, path: str) -> None:
    page = client.get(path)
    assert page.select_one(".bar__name")["href"] == "/en/"
    assert not page.select(".passed-on, base, [href*='/s/'], [action*='/s/'], [formaction*='/s/']")


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7*7 }}{% raw %}",
        "%(name)s %s",
        "a</bdi></title><base href=//evil>",
        "</p><form action=//evil>",
    ],
)
def test_a_name_is_text_whatever_it_says(client: PageClient, office: Office, name: str) -> None:
    school = made(office, name=name, town=name, contact=name)
    for path in PAGES:
        page = client.get(f"/en/s/{school.id}{path}")
        assert [tag.string for tag in page.select(".passed-on bdi")] == [name, name]
        assert not page.select("img, [onerror], base[href], [action*=evil]")


def test_a_long_name_in_another_direction_breaks_nothing(client: PageClient, office: Office) -> None:
    school = made(office, name="مدرسة" * 40, town="W" * 200)
    for path in PAGES:
        assert len(client.get(f"/en/s/{school.id}{path}").select(".passed-on bdi")) == 2


# Links of nobody


@pytest.mark.parametrize("path", PAGES)
def test_a_link_that_is_not_in_use_leads_to_the_plain_quiz(client: PageClient, office: Office, path: str) -> None:
    for id_ in ("22222222", made(office, blocked=True).id):
        page = client.get(f"/en/s/{id_}{path}", 404)
        assert words(page.h1) == "This school link is not in use"
        assert page.select_one("main a.button")["href"] == "/en/"
        assert "Wexbridge" not in page.get_text()


@pytest.mark.parametrize(
    "id_", ["x", "2345678", "234567890", "aeiouaei", "BCDFGHJK", "bcdfghj%00", "<b>", "%F0%9F%92%A9"]
)
def test_what_is_no_id_is_told_at_once(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch, id_: str
) -> None:
    monkeypatch.setattr(app.extensions["quizapp"].office, "find", None)
    for path in PAGES:
        client.get(f"/en/s/{id_}{path}", 404)
    client.post(f"/en/s/{id_}/quiz", ANSWERS, 404)


def test_every_id_that_is_made_opens(client: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one with the rarest letters: each of them stands in one of these."""
    monkeypatch.setattr(
        app.extensions["quizapp"].office, "find", lambda id_, _seconds: School(id_, NAME, TOWN, ("en",))
    )
    for start in range(0, len(_LETTERS), _ID_LENGTH):
        client.get(f"/en/s/{(_LETTERS[start:] + _LETTERS)[:_ID_LENGTH]}")


@pytest.mark.parametrize("blocked", [True, False], ids=["blocked", "unknown"])
def test_a_family_gets_its_result_though_the_link_is_not_in_use(
    client: PageClient, office: Office, blocked: bool
) -> None:
    id_ = made(office, blocked=True).id if blocked else "33333333"
    client.get(client.redirect(f"/en/s/{id_}/quiz", ANSWERS))


def test_an_answer_waits_for_no_database(
    app: Flask, client: PageClient, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["quizapp"].office, "find", None)
    assert client.redirect(f"/en/s/{school.id}/quiz", ANSWERS).startswith("/en/result/")
    client.post(f"/en/s/{school.id}/quiz", {}, 422)


# Kept pages


def test_a_page_of_a_school_may_be_kept_by_anyone_for_five_minutes(client: PageClient, school: School) -> None:
    for path in PAGES:
        first = client.flask.get(f"/en/s/{school.id}{path}")
        assert first.headers["Cache-Control"] == "public, max-age=300"
        again = client.flask.get(f"/en/s/{school.id}{path}", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_page_of_a_school_is_made_once(app: Flask, client: PageClient, school: School) -> None:
    stills = app.extensions["quizapp"].school_stills
    key = (f"/en/s/{school.id}", school)
    client.get(key[0])
    kept = stills[key]
    client.get(key[0])
    assert stills[key] is kept


@pytest.mark.parametrize("path", PAGES)
def test_a_new_name_and_a_block_show_after_a_minute(
    client: PageClient, office: Office, school: School, path: str
) -> None:
    client.get(f"/en/s/{school.id}{path}")
    office.register.change(replace(school, name="Vlimpertz School"))
    a_minute_later(office, school)
    assert "Vlimpertz School" in words(client.get(f"/en/s/{school.id}{path}").main)
    office.register.change(replace(school, blocked=True))
    a_minute_later(office, school)
    client.get(f"/en/s/{school.id}{path}", 404)


def test_only_so_many_pages_of_schools_are_kept(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    site: Site = app.extensions["quizapp"]
    site.school_stills.clear()
    monkeypatch.setattr(site.office, "find", lambda id_, _seconds: School(id_, NAME, TOWN, ("en",)))
    monkeypatch.setattr("quizapp.pages.site._KEPT", 3)
    for letter in "bcdfg":
        client.flask.get(f"/en/s/{letter * 8}")
    assert [path for path, _school in site.school_stills] == [f"/en/s/{letter * 8}" for letter in "dfg"]


# What is counted


def quizzes(office: Office, school: School) -> dict[str, int]:
    """Quizzes in closed batches, by language, once nothing waits to be counted."""
    until = monotonic() + 60
    while office.counting.waiting and monotonic() < until:
        sleep(0.02)
    return {tally.lang: tally.quizzes for tally in office.counters.totals(school.id)}


def take(client: PageClient, school: School, times: int, lang: str = "en") -> None:
    for _ in range(times):
        client.redirect(f"/{lang}/s/{school.id}/quiz", ANSWERS)


def test_ten_quizzes_make_a_batch_and_nine_make_none(client: PageClient, office: Office, school: School) -> None:
    take(client, school, BATCH - 1)
    assert quizzes(office, school) == {}
    take(client, school, 1)
    assert quizzes(office, school) == {"en": BATCH}


def test_each_language_has_batches_of_its_own(client: PageClient, office: Office, school: School) -> None:
    take(client, school, BATCH - 1, "en")
    take(client, school, BATCH, "es")
    assert quizzes(office, school) == {"es": BATCH}


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        pytest.param(ANSWERS | {"urgent": "yes"}, 303, id="a cry for help"),
        pytest.param(ANSWERS | {"do": "update"}, 200, id="another language"),
        pytest.param(ANSWERS | {"night": ""}, 422, id="a gap"),
        pytest.param(ANSWERS | {"night": "nonsense"}, 422, id="nonsense"),
    ],
)
def test_what_is_no_finished_quiz_is_not_counted(
    client: PageClient, office: Office, school: School, answers: Mapping[str, str], status: int
) -> None:
    for _ in range(BATCH):
        assert client.flask.post(f"/en/s/{school.id}/quiz", data=answers).status_code == status
    take(client, school, BATCH - 1)
    assert quizzes(office, school) == {}


def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The schools that quizzes are counted for, as they come."""
    found: list[str] = []
    monkeypatch.setattr(app.extensions["quizapp"].office.counting, "add", lambda count: found.append(count.school))
    return found


def test_the_plain_quiz_and_opened_pages_are_not_counted(
    app: Flask, client: PageClient, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = counted(app, monkeypatch)
    client.get(client.redirect("/en/quiz", ANSWERS))
    client.get(f"/en/s/{school.id}/quiz")
    assert found == []
    client.get(client.redirect(f"/en/s/{school.id}/quiz", ANSWERS))
    assert found == [school.id], "opening the result counts nothing more"


@pytest.mark.parametrize(
    ("sender", "counts"), [("same-origin", True), ("same-site", True), ("none", True), ("cross-site", False)]
)
def test_what_a_page_elsewhere_makes_a_browser_send_is_answered_and_not_counted(
    app: Flask, client: PageClient, school: School, monkeypatch: pytest.MonkeyPatch, sender: str, counts: bool
) -> None:
    found = counted(app, monkeypatch)
    sent = client.flask.post(f"/en/s/{school.id}/quiz", data=ANSWERS, headers={"Sec-Fetch-Site": sender})
    client.get(sent.headers["Location"])
    assert found == [school.id] * counts


def test_a_burst_from_one_network_is_counted_apart(
    app: Flask, client: PageClient, office: Office, school: School
) -> None:
    most = app.extensions["quizapp"].config.BURST
    take(client, school, most + BATCH)
    assert quizzes(office, school) == {"en": most}
    assert {tally.quizzes for tally in office.counters.bursts(school.id)} == {BATCH}


def test_whatever_goes_wrong_with_a_count_a_family_gets_its_result(
    app: Flask, client: PageClient, school: School, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(one: object) -> None:
        raise RuntimeError(one)

    monkeypatch.setattr(app.extensions["quizapp"].office.counting, "add", fails)
    client.get(client.redirect(f"/en/s/{school.id}/quiz", ANSWERS))
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [
        "a quiz was not counted: RuntimeError"
    ]


# Where the id of a school goes, and where it does not


@pytest.fixture
def result(client: PageClient, school: School) -> str:
    """The address of a result of a quiz taken by the link of a school."""
    return client.redirect(f"/en/s/{school.id}/quiz", ANSWERS)


def text_of(app: Flask, address: str) -> str:
    site: Site = app.extensions["quizapp"]
    kind = site.agreement_seal if "/agreement/" in address else site.result_seal
    return kind.open(address.rsplit("/", 1)[1])


def test_the_link_of_a_result_carries_the_id_where_nobody_reads_it(
    app: Flask, client: PageClient, school: School, result: str
) -> None:
    assert school_from_text(text_of(app, result)) == school.id
    assert school.id not in result
    assert len(result) == len(client.redirect("/en/quiz", ANSWERS))


def test_a_result_leads_back_to_the_quiz_of_its_school_and_passes_its_link_on(
    client: PageClient, school: School, result: str
) -> None:
    page = client.get(result)
    assert page.select_one(".build .small a")["href"] == f"/en/s/{school.id}/quiz"
    assert f"http://localhost/en/s/{school.id}" in words(page.select_one(".pass-on"))
    assert NAME not in page.get_text()


def test_nothing_else_of_a_result_depends_on_the_school(client: PageClient, school: School, result: str) -> None:
    def without_links(address: str) -> str:
        html = client.flask.get(address).text.replace(f"/s/{school.id}/quiz", "/quiz")
        html = html.replace(f"/en/s/{school.id}", "/en/").replace(address.rsplit("/", 1)[1], "sealed")
        return re.sub(r"/en/agreement/[\w-]{100,}", "/en/agreement/chosen", html)

    assert without_links(result) == without_links(client.redirect("/en/quiz", ANSWERS))


def test_the_link_of_the_agreement_carries_no_school(
    app: Flask, client: PageClient, school: School, result: str
) -> None:
    plain = client.get(client.redirect("/en/quiz", ANSWERS))
    links = [page.select_one(".build a.button")["href"] for page in (client.get(result), plain)]
    assert text_of(app, str(links[0])) == text_of(app, str(links[1]))
    assert school.id not in text_of(app, str(links[0]))


class Press:
    """A printer that keeps what it is to print."""

    def __init__(self) -> None:
        self.html: list[str] = []

    def run(self, html: str, *more: bytes) -> bytes:
        self.html += [html, *(part.decode() for part in more)]
        return b"%PDF"


def test_help_agreement_and_every_sheet_know_no_school(
    app: Flask, client: PageClient, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = Press()
    monkeypatch.setitem(app.extensions, "quizapp", replace(app.extensions["quizapp"], printer=press))
    came_from = {"Referer": f"http://localhost/en/s/{school.id}"}
    start = f"/en/s/{school.id}/quiz"
    result = client.redirect(start, ANSWERS)
    builder = str(client.get(result).select_one(".build a.button")["href"])
    seen = [client.flask.get(path, headers=came_from) for path in (builder, f"{result}/parent-sheet.pdf")]
    seen += [client.flask.get(client.redirect(start, ANSWERS | {"urgent": "yes"}), headers=came_from)]
    for do in ("page", "pdf", "pdf-2", "calendar", "child"):
        seen.append(client.flask.post("/en/agreement", data=FAMILY | {"do": do}, headers=came_from))
    assert {response.status_code for response in seen} == {200}
    assert len(press.html) >= 3
    for text in (*press.html, *(response.text for response in seen), *(str(response.headers) for response in seen)):
        assert not [mark for mark in (NAME, TOWN, school.id, "/s/") if mark in text]


# With the database away


@pytest.fixture(scope="module", params=AWAY, ids=["PostgreSQL", "SQLite"])
def away(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, nu: NuChecker
) -> Iterator[PageClient]:
    """A client of an application whose database is not there."""
    app = create_app({"INSTANCE": tmp_path_factory.mktemp("away"), "DATABASE_URL": request.param})
    yield PageClient(app.test_client(), nu)
    app.extensions["quizapp"].close()


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_do_without_the_name_while_the_database_is_away(away: PageClient, path: str) -> None:
    before = monotonic()
    away.flask.get(f"/en/s/22222222{path}")
    assert monotonic() - before < 5, "a family waits"
    page = away.get(f"/en/s/22222222{path}")
    assert not page.select(".passed-on")
    assert page.select_one("form[action='/en/s/22222222/quiz'], a.button[href='/en/s/22222222/quiz']")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_without_its_name_is_kept_by_nobody_else(away: PageClient, path: str) -> None:
    response = away.flask.get(f"/en/s/22222222{path}")
    check_response(response)
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_a_family_gets_its_result_while_the_database_is_away(away: PageClient) -> None:
    page = away.get(away.redirect("/en/s/22222222/quiz", ANSWERS))
    assert page.select_one("a[href='/en/s/22222222/quiz']")
    assert away.redirect("/en/s/22222222/quiz", {"urgent": "yes"}) == "/en/help"
    away.post("/en/s/22222222/quiz", {}, 422)


def test_families_are_told_what_the_school_sees(client: PageClient, school: School) -> None:
    told = "The school sees totals in tens, never your answers."
    assert told in words(client.get(f"/en/s/{school.id}").main)
    assert told not in words(client.get("/en/").main)


def test_a_page_has_its_name_again_when_the_database_is_back(
    app: Flask, client: PageClient, office: Office, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(office, "find", unavailable())
        assert not client.get(f"/en/s/{school.id}").select(".passed-on")
    assert NAME in words(client.get(f"/en/s/{school.id}").main)


def unavailable() -> Callable[[str, float], School]:
    def find(id_: str, _seconds: float) -> School:
        raise Unavailable

    return find


@pytest.mark.parametrize(
    "path", ["s/%00", "s/aaaaaaaa", "schools/%00/kit", "schools/%00/kit/x.pdf", "schools/%00/totals"]
)
def test_for_what_is_no_id_of_a_school_no_database_is_asked(away: PageClient, path: str) -> None:
    assert "school" in words(away.get(f"/en/{path}", 404).main)
