"""What the documentation lists is what the code does."""

import runpy
from pathlib import Path

import pytest

from quizapp.content import ROOT, read

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def score() -> dict[str, object]:
    return runpy.run_path(str(DOCS / "score.py"))


def test_what_is_said_of_totals_is_what_they_do() -> None:
    written = runpy.run_path(str(DOCS / "totals.py"))["written"]()
    assert written == Path(DOCS / "totals.md").read_text(encoding="utf-8"), "bring it up to date with: make totals"


def test_the_tables_of_the_score_are_those_of_today(score: dict[str, object]) -> None:
    written = score["written"](read())  # type: ignore[operator]  # a function of the file that was run
    assert written == Path(DOCS / "score.md").read_text(encoding="utf-8"), "bring it up to date with: make score"
