"""Accessibility: axe-core, run in the page that a browser shows."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js"
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    # The one rule of WCAG 2.2 AA that axe leaves out unless it is asked for.
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


def axe_violations(page: Page) -> list[str]:
    """Each place that breaks a rule of WCAG 2.2 A or AA or a best practice; empty when none was found.

    The browser's own debugger carries the script in, and the page's content security policy stays in force:
    it holds for what the page loads.
    """
    for frame in page.frames:
        frame.evaluate(SCRIPT.read_text(encoding="utf-8"))
    result = page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [_problem(rule, place) for rule in result["violations"] for place in rule["nodes"]]


def _problem(rule: dict[str, Any], place: dict[str, Any]) -> str:
    why = " ".join(place["failureSummary"].split())
    return f"{rule['id']} ({rule['impact']}): {rule['help']}. At {place['html']}: {why}"
