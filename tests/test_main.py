"""`python -m quizapp` tells an editor, before anyone else sees it, whether the content is right."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from quizapp.__main__ import main
from quizapp.content import ROOT, ContentError
from quizapp.model import Content


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code with its content, to break."""
    for name in ("quizapp", "questions", "agreement_templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    return tmp_path


def run(copy: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-W", "error", "-m", "quizapp"], cwd=copy, capture_output=True, text=True)


def test_right_content_ends_well_and_is_counted(copy: Path, content: Content) -> None:
    done = run(copy)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{len(content.questions)} questions, {len(content.clauses)} clauses, ")
    assert "no problems" in done.stdout.splitlines()[0]


def test_wrong_content_ends_badly_with_a_line_for_each_problem(copy: Path) -> None:
    for name in ("quiz.toml", "30-contact.toml"):
        (copy / "questions" / name).write_text("text = no", encoding="utf-8")
    done = run(copy)
    assert done.returncode == 1
    assert sorted(line.split(":")[0] for line in done.stdout.splitlines()) == [
        "questions/30-contact.toml",
        "questions/quiz.toml",
    ]
    assert done.stderr == "", "an editor gets sentences, no traceback"


def test_every_field_to_look_up_again_before_launch_is_listed(
    content: Content, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main() == 0
    printed = capsys.readouterr().out.splitlines()[1:]
    lines = [line for country in content.countries.values() for line in country.lines if line.recheck]
    assert len(printed) == len(lines)
    for line, text in zip(lines, printed, strict=True):
        assert text.startswith("to look up again before launch: ")
        assert text.endswith(f"{line.id} ({', '.join(line.recheck)})")


def test_each_problem_is_printed_as_it_was_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Content:
        raise ContentError(["one.toml: first", "two.toml: second"])

    monkeypatch.setattr("quizapp.__main__.read", broken)
    assert main() == 1
    assert capsys.readouterr().out == "one.toml: first\ntwo.toml: second\n"
