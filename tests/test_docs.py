"""What the documentation lists is what the code does."""

import ast
import re
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


THREATS = [line for line in (DOCS / "threats.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]


@pytest.mark.parametrize("line", THREATS)
def test_whatever_is_said_to_stop_someone_is_shown_by_tests_that_exist(line: str) -> None:
    shown = re.findall(r"`(tests/test_\w+\.py)::(test_\w+)`", line.split("|")[-2])
    assert shown, "name a test that shows it"
    for file, name in shown:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{file} has no {name}"


def test_what_is_not_stopped_is_said() -> None:
    assert "**A dishonest operator.**" in (DOCS / "threats.md").read_text(encoding="utf-8").split("not stopped")[-1]
