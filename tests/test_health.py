"""The front door, and what an operator's machines ask for."""

import pytest

from tests.conftest import PageClient


@pytest.mark.parametrize("asked", ["en", "en-GB,en;q=0.9", "xx", "", "de;q=1,*;q=0.1"])
def test_the_front_door_leads_to_a_language_that_is_delivered(client: PageClient, asked: str) -> None:
    response = client.flask.get("/", headers={"Accept-Language": asked})
    assert response.status_code == 302
    assert response.headers["Location"] == "/en/"
    assert "Accept-Language" in response.headers["Vary"]


def test_health_is_told_in_one_word(client: PageClient) -> None:
    response = client.flask.get("/healthz")
    assert response.text == "ok\n"
    assert response.mimetype == "text/plain"


@pytest.mark.parametrize(
    "path", ["/en/", "/en/quiz", "/en/help", "/en/help/us", "/en/help/other", "/en/evidence", "/en/agreement"]
)
def test_a_page_keeps_what_every_page_promises(client: PageClient, path: str) -> None:
    assert client.get(path).select_one("main h1")
