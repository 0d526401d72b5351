"""`python -m quizapp` tells an editor, before anyone else sees it, whether the content is right."""

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from quizapp import languages
from quizapp.__main__ import main
from quizapp.content import ROOT, ContentError
from quizapp.model import Content


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code with its content, to break."""
    for name in ("quizapp", "questions", "agreement_templates", "static"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    return tmp_path


def run(copy: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-W", "error", "-m", "quizapp"], cwd=copy, capture_output=True, text=True)


def test_right_content_ends_well_and_is_counted(copy: Path, content: Content) -> None:
    done = run(copy)
    assert done.returncode == 0, done.stderr
    *_hints, counted, last = done.stdout.splitlines()
    assert last == "no problems", "where it is seen, below hints of any number"
    assert counted.startswith(f"{len(content.questions)} questions, {len(content.clauses)} clauses, ")
    assert f"{len(content.factors)} of {len(content.factors)} findings are used" in counted


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
    printed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("to look up again")]
    lines = [line for country in content.countries.values() for line in country.lines if line.recheck]
    assert len(printed) == len(lines)
    for line, text in zip(lines, printed, strict=True):
        assert text == f"to look up again before launch: {line.id} ({', '.join(line.recheck)})"


@pytest.mark.parametrize(("months", "told", "ends"), [(6, False, 0), (7, True, 0), (12, True, 0), (13, True, 1)])
def test_a_help_line_grows_old(
    content: Content, capsys: pytest.CaptureFixture[str], months: int, told: bool, ends: int
) -> None:
    line = content.countries["us"].lines[0]
    year, month = divmod(int(line.checked[:4]) * 12 + int(line.checked[5:]) - 1 + months, 12)
    assert main(date(year, month + 1, 28)) == ends
    assert (f"{line.id} was checked {months} months ago" in capsys.readouterr().out) == told


def test_a_quiz_that_takes_more_than_a_minute_is_told(
    content: Content, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    question = replace(content.questions["contact"], text="Who can write to your child, by day and by night?")
    more = replace(content, questions={**content.questions, "contact": question})
    monkeypatch.setattr("quizapp.__main__.read", lambda: more)
    assert main() == 1
    assert capsys.readouterr().out.splitlines()[-1].endswith("expected 125 at most: shorten one")


@pytest.mark.parametrize(
    "saved",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M0 0',
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9mm" height="9mm"/>',
        b"<html/>",
    ],
    ids=["nothing", "a photo", "cut off", "without a viewBox", "a page"],
)
def test_a_picture_that_would_leave_an_empty_box_is_told(copy: Path, saved: bytes) -> None:
    (copy / "static/pictures/night.svg").write_bytes(saved)
    done = run(copy)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("static/pictures/night.svg: expected a drawing saved as plain SVG")


def test_a_finding_that_nothing_rests_on_is_named(
    content: Content, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    idle = replace(next(iter(content.factors.values())), id="fbi.fact.idle")
    more = replace(content, factors={**content.factors, idle.id: idle})
    monkeypatch.setattr("quizapp.__main__.read", lambda: more)
    assert main() == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("questions/factors: fbi.fact.idle is used by nothing")


def test_a_translation_that_lost_a_placeholder_is_named(copy: Path) -> None:
    file = languages.file_of("es", copy / "quizapp/translations")
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r'(msgstr ".*)\{night-place\}', r"\1{night-plaza}", text, count=1), encoding="utf-8")
    done = run(copy)
    assert done.returncode == 1
    assert "es/LC_MESSAGES/messages.po: “" in done.stdout
    assert "{night-plaza}, which the text does not have" in done.stdout


def test_each_problem_is_printed_as_it_was_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Content:
        raise ContentError(["one.toml: first", "two.toml: second"])

    monkeypatch.setattr("quizapp.__main__.read", broken)
    assert main() == 1
    assert capsys.readouterr().out == "one.toml: first\ntwo.toml: second\n"
