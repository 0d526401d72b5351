"""The way of a school in a real browser: a link, its QR code, twelve families, the totals of a closed batch."""

import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ANSWERS
from tests.test_counting import wait_for
from tests.test_journey import DESK, PHONE, opened

FAMILIES = 12


def made(page: Page, name: str) -> tuple[str, str]:
    """The address for the newsletter and the key of a school that is made here."""
    page.goto("/en/schools")
    page.fill("#name", name)
    page.get_by_role("button", name="Make our link").click()
    address = page.locator(".given a").first.inner_text()
    return address, page.locator(".given__key").inner_text()


def scanned(page: Page) -> str:
    """What a phone reads from the QR code that the kit offers as a picture."""
    picture = page.request.get(page.locator("a[href$='qr-en.png']").first.get_attribute("href") or "")
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.body())).convert("L"))
    return str(code.text)


def answered(page: Page, address: str) -> None:
    """The whole minute of a family, from the link in its newsletter."""
    page.goto(address)
    page.get_by_role("link", name="Start the minute").click()
    for question, answer in ANSWERS.items():
        page.check(f"[name='{question}'][value='{answer}']")
    page.get_by_role("button", name="See what it says").last.click()
    expect(page.locator("h1")).to_have_text("What your minute shows")


def shown(page: Page, address: str, key: str) -> str:
    """The totals that a key opens, as they are read."""
    page.goto(address)
    page.fill("main input[name=key]", key)
    page.locator("main form button").first.click()
    return page.locator("main").inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_school_learns_about_its_families_and_about_none_of_them(served: str, browser: Browser, script: bool) -> None:
    with opened(browser, served, viewport=DESK) as office:
        address, key = made(office, "Hill School")
        _other_address, other_key = made(office, "Lake School")
        id_ = address.rsplit("/", 1)[1]
        office.goto(f"/en/schools/{id_}/kit")
        assert scanned(office) == address
        for _ in range(FAMILIES):
            with opened(browser, served, viewport=PHONE, java_script_enabled=False) as phone:
                answered(phone, address)
    with opened(browser, served, viewport=DESK, java_script_enabled=script) as office:
        totals = f"/en/schools/{id_}/totals"
        wait_for(lambda: "10" in shown(office, totals, key).split())
        assert "12" not in shown(office, totals, key).split()
        refused = shown(office, totals, other_key)
        assert "Hill School" in refused
        assert "10" not in refused.split()
