"""Fixtures that every test may use: the application, and a client that checks each page it loads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp import create_app
from quizapp.content import read
from quizapp.model import Content
from tests.tools.nu import NuChecker

pytest_plugins = ["tests.tools.fixtures"]

# A day to look again is one that lies ahead, whenever the tests run.
REVIEW = date.today() + timedelta(days=91)
# A family like many: every answer and every field that the pages ask for.
ANSWERS = {
    "age": "8-10",
    "urgent": "no",
    "contact": "anyone",
    "strangers": "sometimes",
    "age-true": "yes",
    "night": "varies",
    "talk": "weekly",
    "promise": "not-sure",
    "practice": "not-yet",
    "signs": "no",
}
FAMILY = {
    "family": "Rivera",
    "adults-0": "Ana Rivera",
    "adults-1": "Tom Rivera",
    "children-0-name": "Leo",
    "children-0-band": "8-10",
    "children-0-clauses": ["contact", "night", "practice", "talk"],
    "children-0-blanks-adult-one": "Mum",
    "children-0-own-0": "I feed the cat first",
    "country": "us",
    "review": REVIEW.isoformat(),
    "paper": "usual",
    "size": "normal",
    "ink": "colour",
    "language": "same",
}


# Printing and reading give way to everything else: on a busy machine they take longer than a family would wait.
PATIENT = {"PRINT_SECONDS": 120, "OPEN_SECONDS": 60, "DATABASE_SECONDS": 60}


@pytest.fixture(scope="session")
def content() -> Content:
    """The content as it is shipped."""
    return read()


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def app(instance: Path) -> Iterator[Flask]:
    """The application as it is shipped, with a folder of its own and a database that is up to date."""
    app = create_app({"INSTANCE": instance} | PATIENT)
    office = app.extensions["quizapp"].office
    office.ask(office.register.all)
    yield app
    app.extensions["quizapp"].close()


@dataclass
class PageClient:
    """Loads pages as a browser would, and fails when one breaks what every page promises."""

    flask: FlaskClient
    nu: NuChecker

    def get(self, path: str, status: int = 200, **options: Any) -> BeautifulSoup:
        return self._page(self.flask.get(path, **options), status)

    def post(self, path: str, data: Mapping[str, Any] | bytes, status: int = 200, **options: Any) -> BeautifulSoup:
        return self._page(self.flask.post(path, data=data, **options), status)

    def redirect(self, path: str, data: Mapping[str, Any] | None = None, status: int = 303) -> str:
        """Where a page sends the browser on to: a form that was posted, or else an address that was opened."""
        response = self.flask.get(path) if data is None else self.flask.post(path, data=data)
        check_response(response)
        assert response.status_code == status, f"{path} answered {response.status}"
        return response.headers["Location"]

    def _page(self, response: TestResponse, status: int) -> BeautifulSoup:
        check_response(response)
        assert response.status_code == status, f"{response.request.path} answered {response.status}"
        page = BeautifulSoup(response.text, "html.parser")
        check_page(page)
        assert self.nu.problems(response.text) == []
        return page


def check_response(response: TestResponse) -> None:
    """What holds for every response: no cookie, and the headers that lock the page down."""
    assert "Set-Cookie" not in response.headers
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def check_page(page: BeautifulSoup) -> None:
    """What holds for every page, beyond valid HTML."""
    headings = page.select("h1")
    assert len(headings) == 1, "a page has one h1"
    heading, title = (" ".join(found.text.split()) for found in (headings[0], page.title))
    assert title.removeprefix("Error: ").startswith(heading), f"the title “{title}” does not begin with “{heading}”"
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert not page.select("style, [style], script:not([src]), [onclick]"), "style or script inside the page"
    for link in page.select("a[href^='#']"):
        assert link["href"][1:] in ids, f"the link {link['href']} leads nowhere"
    for tag in page.select("[src], link[href]:not([rel=icon][href^='data:image/svg+xml,'])"):
        assert re.match("/(?!/)", tag.get("src", tag.get("href"))), "something is loaded from elsewhere"
    assert page.select_one("a.bar__help"), "every page leads to help"
    assert page.select_one("meta[name=description]")["content"].strip(), "nothing to show below the title in a search"


@pytest.fixture
def client(app: Flask, nu: NuChecker) -> PageClient:
    return PageClient(app.test_client(), nu)
