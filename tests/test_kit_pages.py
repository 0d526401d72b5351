"""The page of a school's kit: everything on it works, and each of it is a file that says nothing of a family."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest
import zxingcpp
from bs4 import BeautifulSoup
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from quizapp import create_app
from quizapp.model import Band, School
from quizapp.pages.latest import Latest
from quizapp.pages.site import Site
from quizapp.printing import Busy, Failed, Output
from tests.conftest import PATIENT, PageClient
from tests.test_kit import AWKWARD
from tests.tools.axe import axe_violations
from tests.tools.nu import NuChecker

PUBLIC = "https://minute.example"
TODAY = date(2026, 11, 22)
NAMES = [
    "qr-{}.svg",
    "qr-{}.png",
    "social-{}.png",
    "button-{}.txt",
    "embed-{}.txt",
    "flyer-{}-a4.pdf",
    "flyer-{}-letter.pdf",
    *(f"newsletter-{length}-{{}}.{end}" for end in ("txt", "html") for length in ("short", "middle", "long")),
]
KINDS = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "txt": "text/plain",
    "pdf": "application/pdf",
    "html": "text/html",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that is known by an address of its own."""
    app = create_app({"INSTANCE": tmp_path_factory.mktemp("kit"), "PUBLIC_URL": PUBLIC} | PATIENT)
    yield app
    app.extensions["quizapp"].close()


@pytest.fixture(scope="module")
def site(app: Flask) -> Site:
    found: Site = app.extensions["quizapp"]
    return found


@pytest.fixture(scope="module")
def school(site: Site) -> School:
    made, _ = site.office.register.make("Zyxwelda School", "Springfield", ["en", "es"], TODAY)
    return made


@pytest.fixture(scope="module")
def awkward(site: Site) -> School:
    made, _ = site.office.register.make(AWKWARD, AWKWARD, ["en"], TODAY)
    return made


@pytest.fixture
def client(app: Flask, nu: NuChecker) -> PageClient:
    return PageClient(app.test_client(), nu)


@dataclass
class StubPrinter:
    """Prints what it was given as it is, or fails as a printer may."""

    failure: Exception | None = None
    asked: list[Output] = field(default_factory=list)

    def run(self, html: str, saved: bytes = b"", output: Output = Output.PDF) -> bytes:
        self.asked.append(output)
        if self.failure:
            raise self.failure
        return html.encode()


@pytest.fixture
def printer(app: Flask, site: Site, monkeypatch: pytest.MonkeyPatch) -> StubPrinter:
    stub = StubPrinter()
    monkeypatch.setitem(app.extensions, "quizapp", replace(site, printer=stub, blanks={}, handouts=Latest()))
    return stub


@pytest.fixture(scope="module")
def kit_zip(app: Flask, school: School) -> ZipFile:
    response = app.test_client().get(f"{base(school)}/kit.zip?country=us")
    assert response.status_code == 200
    return ZipFile(BytesIO(response.data))


def base(school: School, lang: str = "en") -> str:
    return f"/{lang}/schools/{school.id}/kit"


# The page


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_page_offers_every_file_of_every_language(client: PageClient, school: School, lang: str) -> None:
    page = client.get(base(school, lang))
    there = {str(tag.get("href", tag.get("src"))) for tag in page.select("main a, main img")}
    shown = [name.format(kit) for kit in ("en", "es") for name in NAMES if not name.endswith("txt")]
    assert [name for name in shown if f"{base(school, lang)}/{name}" not in there] == []
    assert {f"/{kit}/agreement/blank/{band}.pdf" for kit in ("en", "es") for band in Band} <= there
    assert {f"{PUBLIC}/en/s/{school.id}", f"{PUBLIC}/es/s/{school.id}"} <= there
    assert f"/{lang}/schools/{school.id}/totals" in there


def test_what_stands_in_a_box_is_what_stands_in_the_file(client: PageClient, school: School) -> None:
    boxes = client.get(base(school)).select("textarea[readonly]")
    assert len(boxes) == 10
    for box in boxes:
        name = f"{box['id']}.txt".replace("text-", "newsletter-")
        assert box.text == client.flask.get(f"{base(school)}/{name}").text, name
        assert box["lang"] == str(box["id"])[-2:]


def test_words_are_in_the_language_of_the_kit(client: PageClient, school: School) -> None:
    english, spanish = (client.flask.get(f"{base(school, lang)}/newsletter-short-en.txt").text for lang in ("en", "es"))
    assert english == spanish
    assert english.startswith("How is your family doing online?")


def test_a_school_with_one_language_has_a_kit_in_this_one(client: PageClient, awkward: School) -> None:
    page = client.get(base(awkward, "es"))
    assert [section["id"] for section in page.select("section.kit")] == ["kit-en"]
    client.get(f"{base(awkward)}/qr-es.svg", 404)


@pytest.mark.parametrize("name", ["", "/newsletter-long-en.html", "/flyer-en-a4.pdf"])
@pytest.mark.usefixtures("printer")
def test_the_name_of_a_school_is_text_everywhere(client: PageClient, awkward: School, name: str) -> None:
    page = BeautifulSoup(client.flask.get(base(awkward) + name).data, "html.parser")
    assert not [script for script in page.select("script") if "alert" in script.text]
    assert AWKWARD in page.text


def test_no_file_with_a_code_names_the_school(client: PageClient, awkward: School) -> None:
    assert b"alert" not in client.flask.get(f"{base(awkward)}/qr-en.svg").data


@pytest.mark.parametrize(
    "name",
    [
        "/qr-fr.svg",
        "/qr-en.gif",
        "/flyer-en-a5.pdf",
        "/flyer-en-A4.pdf",
        "/newsletter-huge-en.txt",
        "/kit.tar",
        "/..%2fkit.zip",
        "/qr-en.svg/",
    ],
)
def test_an_unknown_name_leads_nowhere(client: PageClient, school: School, name: str) -> None:
    client.get(base(school) + name, 404)


@pytest.mark.parametrize("name", ["", "/kit.zip", "/qr-en.svg"])
def test_an_unknown_school_has_no_kit(client: PageClient, name: str) -> None:
    page = client.get(f"/en/schools/nothere1/kit{name}", 404)
    assert "This school link is not in use" in page.text


# The files


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.usefixtures("printer")
def test_a_file_is_a_download_that_anyone_may_keep_for_an_hour(
    client: PageClient, school: School, name: str, lang: str
) -> None:
    name = name.format(lang)
    response = client.flask.get(f"{base(school)}/{name}")
    assert response.status_code == 200
    assert response.mimetype == KINDS[name.rsplit(".", 1)[1]]
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_code_opens_the_link_in_its_language(client: PageClient, school: School, lang: str) -> None:
    with Image.open(BytesIO(client.flask.get(f"{base(school)}/qr-{lang}.png").data)) as image:
        assert [code.text for code in zxingcpp.read_barcodes(image)] == [f"{PUBLIC}/{lang}/s/{school.id}"]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_picture_has_the_size_that_posts_show(client: PageClient, school: School, lang: str) -> None:
    picture = client.flask.get(f"{base(school)}/social-{lang}.png").data
    with Image.open(BytesIO(picture)) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(picture) < 300 * 1024


def test_a_sheet_is_printed_once(client: PageClient, printer: StubPrinter, school: School) -> None:
    for name in ("flyer-en-a4.pdf", "flyer-en-a4.pdf", "social-en.png", "social-en.png", "flyer-en-letter.pdf"):
        client.flask.get(f"{base(school)}/{name}")
    assert printer.asked == [Output.PDF, Output.PNG, Output.PDF]


@pytest.mark.usefixtures("printer")
def test_another_name_shows_on_the_flyer_at_once(client: PageClient, site: Site) -> None:
    made, _ = site.office.register.make("Old School", "", ["en"], TODAY)
    before = client.flask.get(f"{base(made)}/flyer-en-a4.pdf").text
    site.office.register.change(replace(made, name="New School"))
    site.office.forget(made.id)
    after = client.flask.get(f"{base(made)}/flyer-en-a4.pdf").text
    assert ("Old School" in before, "New School" in after, "Old School" in after) == (True, True, False)


@pytest.mark.parametrize("failure", [Busy(), Failed("it died twice")], ids=["busy", "broken"])
@pytest.mark.parametrize("name", ["kit.zip?country=us", "flyer-en-a4.pdf", "social-es.png"])
def test_a_busy_printer_asks_to_come_back(
    client: PageClient, printer: StubPrinter, school: School, failure: Exception, name: str
) -> None:
    printer.failure = failure
    page = client.get(f"{base(school)}/{name}", 503)
    assert page.select_one("main a")["href"].rstrip("?") == f"{base(school)}/{name}"
    response = client.flask.get(f"{base(school)}/{name}")
    assert int(response.headers["Retry-After"]) > 0
    assert "public" not in response.headers["Cache-Control"]


def test_what_was_printed_before_the_printer_was_busy_is_kept(
    client: PageClient, printer: StubPrinter, school: School
) -> None:
    client.flask.get(f"{base(school)}/flyer-en-a4.pdf")
    printer.failure = Busy()
    assert client.flask.get(f"{base(school)}/flyer-en-a4.pdf").status_code == 200


# All of it


def test_the_zip_holds_all_of_it_under_plain_names(kit_zip: ZipFile) -> None:
    blanks = [f"blank-agreement-{{}}-{band}.pdf" for band in Band]
    assert set(kit_zip.namelist()) == {
        f"{lang}/{name.format(lang)}" for lang in ("en", "es") for name in NAMES + blanks
    }
    assert all(name.isascii() and "zyxwelda" not in name.lower() for name in kit_zip.namelist())
    assert kit_zip.testzip() is None


def test_the_blank_sheets_name_no_school_and_the_help_lines_of_the_country(kit_zip: ZipFile) -> None:
    for name in (name for name in kit_zip.namelist() if "blank" in name):
        read = subprocess.run(["pdftotext", "-", "-"], input=kit_zip.read(name), stdout=subprocess.PIPE, check=True)
        text = read.stdout.decode()
        assert "1-800" in text, name
        assert "zyxwelda" not in text.lower() + str(kit_zip.read(name)).lower(), name


def test_the_flyer_names_the_school(kit_zip: ZipFile) -> None:
    flyer = kit_zip.read("en/flyer-en-a4.pdf")
    read = subprocess.run(["pdftotext", "-", "-"], input=flyer, stdout=subprocess.PIPE, check=True)
    assert "Passed on by Zyxwelda School, Springfield" in read.stdout.decode()


def test_the_zip_is_the_same_when_all_of_it_is_printed_again(
    app: Flask, site: Site, client: PageClient, awkward: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.flask.get(f"{base(awkward)}/kit.zip")
    monkeypatch.setitem(app.extensions, "quizapp", replace(site, blanks={}, handouts=Latest()))
    assert client.flask.get(f"{base(awkward)}/kit.zip").data == first.data
    assert first.headers["Content-Disposition"] == f"attachment; filename=school-kit-{awkward.id}.zip"


@pytest.mark.parametrize(("country", "size"), [("us", "Letter"), ("uk", "A4"), ("", "A4"), ("xx", "A4")])
@pytest.mark.usefixtures("printer")
def test_the_blank_sheets_are_those_of_a_country(client: PageClient, school: School, country: str, size: str) -> None:
    response = client.flask.get(f"{base(school)}/kit.zip?country={country}")
    with ZipFile(BytesIO(response.data)) as opened:
        assert f"size: {size} }}".encode() in opened.read("en/blank-agreement-en-8-10.pdf")


# In a browser


@pytest.fixture(scope="module")
def address(app: Flask, school: School) -> Iterator[str]:
    """Where the page of the kit is served."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}{base(school)}"
    server.shutdown()
    thread.join()


@pytest.fixture
def opened(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page, in a browser with the options of the test."""
    options: dict[str, Any] = getattr(request, "param", {})
    page = browser.new_context(**options).new_page()
    page.goto(address)
    yield page
    page.context.close()


@pytest.mark.parametrize(
    "opened",
    [
        {"viewport": {"width": width, "height": 800}, "color_scheme": c}
        for width in (320, 1280)
        for c in ("light", "dark")
    ],
    indirect=True,
)
def test_the_page_is_fit_for_everyone(opened: Page) -> None:
    for address in (opened.url, opened.url.replace("/en/", "/es/")):
        opened.goto(address)
        assert axe_violations(opened) == []
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("opened", [{"permissions": ["clipboard-read", "clipboard-write"]}, {}], indirect=True)
def test_a_button_copies_a_text(opened: Page) -> None:
    opened.get_by_role("button", name=re.compile(r"^Copy\s?: Short")).first.click()
    expect(opened.locator("[role=status]").first).to_have_text("Copied")
    opened.get_by_role("button", name=re.compile(r"^Copy\s?: Middle")).first.click()
    expect(opened.locator("[role=status]").first).to_have_text("")
    opened.context.grant_permissions(["clipboard-read"])
    text = opened.locator("#text-middle-en").input_value()
    assert opened.evaluate("navigator.clipboard.readText()") == text


@pytest.mark.parametrize("opened", [{"java_script_enabled": False}], indirect=True)
def test_without_script_there_is_no_button_that_does_nothing(opened: Page) -> None:
    expect(opened.locator("[data-copy]").first).to_be_hidden()
    expect(opened.locator("#text-short-en")).to_be_visible()


def test_the_code_on_the_page_can_be_scanned_from_it(opened: Page, school: School, tmp_path: Path) -> None:
    shown = opened.locator("#kit-es img").screenshot()
    with Image.open(BytesIO(shown)) as image:
        assert [code.text for code in zxingcpp.read_barcodes(image.convert("L"))] == [f"{PUBLIC}/es/s/{school.id}"]
