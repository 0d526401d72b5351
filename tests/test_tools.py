"""A checker that finds nothing must have been able to find something."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from weasyprint import HTML

from tests.tools.axe import axe_violations
from tests.tools.nu import NuChecker
from tests.tools.verapdf import PdfUaChecker

GOOD_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>A page without a fault</title></head>
<body><main><h1>A page</h1><p><label>Your name <input name="name"></label></p></main></body>
</html>
"""
STRICT_POLICY = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'"


def pdf(html: str) -> bytes:
    printed = HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
    assert isinstance(printed, bytes)
    return printed


def test_the_html_checker_passes_a_good_page(nu: NuChecker) -> None:
    assert nu.problems(GOOD_PAGE) == []


@pytest.mark.parametrize(
    ("good", "bad", "finding"),
    [
        pytest.param("<p>", "<p><div></div>", "line 4: error: No “p” element in scope", id="error"),
        pytest.param("<main>", '<main id="a"><a id="a"></a>', "line 4: error: Duplicate ID “a”", id="duplicate id"),
        pytest.param("<p>", "<section></section><p>", "line 4: warning: Section lacks heading", id="warning"),
        pytest.param("<!DOCTYPE html>", "", "line 2: error: Start tag seen without seeing a doctype", id="no doctype"),
    ],
)
def test_the_html_checker_finds(nu: NuChecker, good: str, bad: str, finding: str) -> None:
    assert any(problem.startswith(finding) for problem in nu.problems(GOOD_PAGE.replace(good, bad)))


def test_the_pdf_checker_passes_a_good_pdf(pdfua: PdfUaChecker) -> None:
    assert pdfua.problems(pdf(GOOD_PAGE)) == []


@pytest.mark.parametrize(
    ("good", "bad", "finding"),
    [
        pytest.param("<title>A page without a fault</title>", "", "7.1-9 ", id="no title"),
        pytest.param("A page</h1>", "A \ue000</h1>", "7.21.8-1 ", id="letter without a glyph"),
        pytest.param("<p>", '<img src="data:image/svg+xml,<svg/>"><p>', "7.3-1 ", id="picture without words"),
    ],
)
def test_the_pdf_checker_finds(pdfua: PdfUaChecker, good: str, bad: str, finding: str) -> None:
    assert any(problem.startswith(finding) for problem in pdfua.problems(pdf(GOOD_PAGE.replace(good, bad))))


def test_the_pdf_checker_says_what_is_no_pdf_and_goes_on(pdfua: PdfUaChecker) -> None:
    (problem,) = pdfua.problems(b"not a PDF")
    assert problem.startswith("not a PDF that can be read")
    assert pdfua.problems(pdf(GOOD_PAGE)) == []


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page() as page:
        yield page


def show(page: Page, html: str) -> None:
    """As our own pages are served: under a policy that lets no foreign script run."""
    headers = {"Content-Type": "text/html", "Content-Security-Policy": STRICT_POLICY}
    page.route("**/*", lambda route: route.fulfill(body=html, headers=headers))
    page.goto("http://page.test/")


def test_axe_passes_a_good_page(page: Page) -> None:
    show(page, GOOD_PAGE)
    assert axe_violations(page) == []


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        pytest.param("<label>Your name ", "<label>", "label", id="field without a label"),
        pytest.param('lang="en"', "", "html-has-lang", id="no language"),
        pytest.param("h1>", "h4>", "page-has-heading-one", id="best practice"),
        pytest.param("<h1>", '<h1><font color="#ccc">pale</font>', "color-contrast", id="pale text"),
        pytest.param("<p>", "<button>.</button><button>.</button><p>", "target-size", id="small buttons"),
    ],
)
def test_axe_finds(page: Page, good: str, bad: str, rule: str) -> None:
    show(page, GOOD_PAGE.replace(good, bad))
    assert any(problem.startswith(f"{rule} (") for problem in axe_violations(page))


def test_axe_looks_with_the_content_security_policy_in_force(page: Page) -> None:
    show(page, GOOD_PAGE.replace("</main>", "</main><script>document.title = 'run'</script>"))
    assert axe_violations(page) == []
    assert page.title() == "A page without a fault"
