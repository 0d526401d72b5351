"""Which findings are used, and by what: nothing is collected that does not reach a reader."""

from collections.abc import Iterable, Iterator

from quizapp.model import Chapter, Content


def uses(content: Content) -> dict[str, list[str]]:
    """The ids of all factors, each with the names of what rests on it."""
    found: dict[str, list[str]] = {name: [] for name in content.factors}
    for place, names in _places(content):
        for name in names:
            found.setdefault(name, []).append(place)
    return found


def unused(content: Content) -> list[str]:
    """The ids of factors that nothing rests on."""
    return [name for name, places in uses(content).items() if not places]


def _places(content: Content) -> Iterator[tuple[str, Iterable[str]]]:
    for question in content.questions.values():
        yield f"question {question.id}", question.factors
    for step in content.steps.values():
        yield f"step {step.id}", [step.factor]
    for clause in content.clauses.values():
        yield f"clause {clause.id}", clause.factors
    for disagreement in content.disagreements.values():
        yield f"disagreement {disagreement.id}", disagreement.factors
    for country in content.countries.values():
        for line in country.lines:
            yield f"help line {line.id}", line.factors
    yield from _of_chapters(content.signs.values())
    yield from _of_chapters(content.first_steps.values())


def _of_chapters(chapters: Iterable[Chapter]) -> Iterator[tuple[str, Iterable[str]]]:
    for chapter in chapters:
        for number, sign in enumerate(chapter.signs, 1):
            yield f"{chapter.id}, sign {number}", sign.factors
