"""`python -m quizapp`: check all settings and content, list every problem, and tell what to look up again."""

import sys
from datetime import date

from quizapp import languages
from quizapp.config import Config, SettingsError
from quizapp.content import ContentError, coverage, freshness, read
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
    problems = [*wrong, *_too_long(content), *_unused(content), *old, *_wrongly_translated(config)]
    print(*(problems or ["no problems"]), sep="\n")
    print(_counted(content))
    for hint in [*freshness.getting_old(content, today), *_to_look_up(content)]:
        print(hint)
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
    says = f"all questions and answers have {words} words, expected {MOST_WORDS} at most: say one of them in fewer"
    return [says] if words > MOST_WORDS else []


def _words(content: Content, band: Band) -> int:
    questions = content.questions.values()
    asked = [question.text_for.get(band, question.text) for question in questions]
    answers = [answer.text for question in questions for answer in question.answers]
    return sum(len(text.split()) for text in [*asked, *answers])


def _unused(content: Content) -> list[str]:
    return [
        f"{name} is used by nothing: let something rest on it, or move it to questions/left-out"
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
