"""`python -m quizapp`: check all settings and content, list every problem, and tell what to look up again."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from quizapp import languages
from quizapp.config import Config, SettingsError
from quizapp.content import ROOT, ContentError, coverage, freshness, read
from quizapp.model import Band, Content

# Of all questions and answers, for a quiz that takes a minute.
MOST_WORDS = 125


def main(today: date | None = None) -> int:
    """1 when something must be mended before a release, else 0."""
    config, wrong = _settings()
    try:
        content = read()
    except ContentError as error:
        print(*wrong, *error.problems, sep="\n")
        return 1
    today = today or date.today()
    old = freshness.too_old(content, today)
    problems = [*wrong, *_too_long(content), *_undrawn(content), *_unused(content), *old, *_wrongly_translated(config)]
    for hint in [*freshness.getting_old(content, today), *_to_look_up(content)]:
        print(hint)
    # Last, where it is seen: the hints can be more than a window shows.
    print(_counted(content))
    print(*(problems or ["no problems"]), sep="\n")
    return int(bool(problems))


def _settings() -> tuple[Config, tuple[str, ...]]:
    """Those of the environment; or the defaults, and what is wrong."""
    try:
        return Config.from_environment(), ()
    except SettingsError as error:
        return Config(), error.problems


def _counted(content: Content) -> str:
    lines = sum(len(country.lines) for country in content.countries.values())
    used = len(content.factors) - len(coverage.unused(content))
    left_out = sum(len(group.items) for group in content.left_out.values())
    return (
        f"{len(content.questions)} questions, {len(content.clauses)} clauses, {lines} help lines; "
        f"{used} of {len(content.factors)} findings are used, {left_out} more are left out, each for a reason"
    )


def _too_long(content: Content) -> list[str]:
    words = max(_words(content, band) for band in Band)
    says = f"questions: all questions and answers have {words} words, expected {MOST_WORDS} at most: shorten one"
    return [says] if words > MOST_WORDS else []


def _undrawn(content: Content) -> Iterator[str]:
    """Small children tell the lines apart by their pictures: one that cannot be drawn leaves an empty box."""
    for clause in content.clauses.values():
        name = f"static/pictures/{clause.id}.svg"
        if Band.EARLY in clause.lines and not _is_drawing(ROOT / name):
            yield f"{name}: expected a drawing saved as plain SVG, with a viewBox. Draw or save it again"


def _is_drawing(file: Path) -> bool:
    try:
        root = ElementTree.fromstring(file.read_bytes())  # noqa: S314 - Our own file, nobody sends it.
    except (OSError, ElementTree.ParseError):
        return False
    return root.tag == "{http://www.w3.org/2000/svg}svg" and "viewBox" in root.attrib


def _words(content: Content, band: Band) -> int:
    questions = content.questions.values()
    asked = [question.text_for.get(band, question.text) for question in questions]
    answers = [answer.text for question in questions for answer in question.answers]
    return sum(len(text.split()) for text in [*asked, *answers])


def _unused(content: Content) -> list[str]:
    return [
        f"questions/factors: {name} is used by nothing: let something rest on it, or move it to questions/left-out"
        for name in coverage.unused(content)
    ]


def _wrongly_translated(config: Config) -> list[str]:
    return [line for lang in config.LANGUAGES for line in languages.problems(lang, config.TRANSLATIONS)]


def _to_look_up(content: Content) -> list[str]:
    return [
        f"to look up again before launch: {line.id} ({', '.join(line.recheck)})"
        for country in content.countries.values()
        for line in country.lines
        if line.recheck
    ]


if __name__ == "__main__":
    sys.exit(main())
