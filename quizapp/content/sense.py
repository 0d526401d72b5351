"""Does the content make sense? Rules across files, each a function that yields (noun, what is wrong with it)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches

from quizapp.model import Band, Chapter, Clause, Content, Disagreement, HelpLine, Question, Wording
from quizapp.texts import texts

BLANK = re.compile(r"\{([^{}]*)\}")
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
MAX_POINTS = 18
# What the program itself looks for.
NEEDED = {"urgent": ("no", "maybe", "yes"), "signs": ("no", "little", "clearly")}
OUTSIDE = ("outside-one", "outside-two")
SUGGESTED = 4
MOST_NAMED = 40
# Letters that a line of the sheet has room for, as of one in a family's own words; and its name where it is parked.
LONGEST_LINE = 120
LONGEST_TOPIC = 24
# The chapters that pages and sheets print by name.
CHAPTERS = ("warning", "adult-says", "starters")
FIRST_STEPS = ("child", "me")
# Holds two words together.
HARD_SPACE = "\N{NO-BREAK SPACE}"
LOOKED_UP = ("name", "who", "what", "phone", "call", "message", "url", "hours")

Problems = Iterator[tuple[object, str]]


def problems_of(content: Content) -> Problems:
    for rule in _RULES:
        yield from rule(content)


def _known(what: str, name: str, there: Iterable[str]) -> str:
    """All names that there are, or those most like the wrong one where there are too many to read."""
    names = list(there)
    if len(names) > MOST_NAMED:
        return f"no {what} is called {name}. The closest are: {', '.join(get_close_matches(name, names, 5, 0))}"
    return f"no {what} is called {name}. There are: {', '.join(names)}"


def text_problems(noun: object) -> Iterator[str]:
    """What is wrong with the texts of one noun, whatever the other files say."""
    for text in texts(noun):
        if not text.strip() or text != text.strip():
            yield f"a text is empty or has spaces at its ends: “{text}”"
        if re.search(r"[<>]|&\w+;", text):
            yield f"texts are words, without HTML: “{text}”"
        if re.search("['\"]", text):
            yield f"use curly quotation marks (’ “ ”), found a straight one: “{text}”"
        if not text.replace(HARD_SPACE, " ").isprintable():
            yield f"found {_unseen(text)}: delete it, and type the words around it anew"
        if not isinstance(noun, Clause | Wording) and re.search("[{}]", text):
            yield f"only lines of the agreement can hold blanks in braces, found “{text}”"


def _unseen(text: str) -> str:
    """The first sign in a text that has no look of its own: a tab, or what came along from a word processor."""
    place, sign = next((i, s) for i, s in enumerate(text) if not s.isprintable() and s != HARD_SPACE)
    return f"a sign that nobody sees (U+{ord(sign):04X}) behind “{text[max(0, place - 20) : place]}”"


def _factors_are_known(content: Content) -> Problems:
    resting: list[Question | Clause | Disagreement] = [
        *content.questions.values(),
        *content.clauses.values(),
        *content.disagreements.values(),
    ]
    for noun in resting:
        yield from ((noun, f"factors: {says}") for says in _unknown(content, noun.factors))
    for chapter in _chapters(content):
        for number, sign in enumerate(chapter.signs, 1):
            yield from ((chapter, f"signs.{number}.factors: {says}") for says in _unknown(content, sign.factors))
    for country in content.countries.values():
        for line in country.lines:
            yield from ((country, f"{line.id}: factors: {says}") for says in _unknown(content, line.factors))
    for step in content.steps.values():
        yield from ((step, f"factor: {says}") for says in _unknown(content, [step.factor]))


def _unknown(content: Content, names: Iterable[str]) -> Iterator[str]:
    left_out = {item.id: group.id for group in content.left_out.values() for item in group.items}
    for name in names:
        if name in left_out:
            yield f"{name} is left out of what we print: see questions/left-out, {left_out[name]}"
        elif name not in content.factors:
            yield _known("factor", name, content.factors)


def _chapters(content: Content) -> list[Chapter]:
    return [*content.signs.values(), *content.first_steps.values()]


def _sources_are_known(content: Content) -> Problems:
    for factor in content.factors.values():
        if factor.source not in content.sources:
            yield factor, f"{factor.id} names no source: {_known('source', factor.source, content.sources)}"
    for group in content.left_out.values():
        for item in group.items:
            if item.source not in content.sources:
                yield group, f"{item.id} names no source: {_known('source', item.source, content.sources)}"
            if item.id in content.factors:
                yield group, f"{item.id} is left out here, and stands in questions/factors as well"
    for source in content.sources.values():
        if source.study and not (source.year and source.size and source.limits):
            yield source, "a study needs its `year`, its `size` and its `limits`"


def _chapters_are_there(content: Content) -> Problems:
    for name in CHAPTERS:
        if name not in content.signs:
            yield content.quiz, f"no chapter of questions/signs is called {name}. There are: {', '.join(content.signs)}"
    for name in FIRST_STEPS:
        if name not in content.first_steps:
            there = ", ".join(content.first_steps)
            yield content.quiz, f"no chapter of questions/first-steps is called {name}. There are: {there}"
    if "starters" in content.signs:
        chapter = content.signs["starters"]
        for band in Band:
            if not any(not sign.ages or band in sign.ages for sign in chapter.signs):
                yield chapter, f"signs: there is nothing to begin a talk with for {band}"


def _answers_make_sense(content: Content) -> Problems:
    for question in content.questions.values():
        ids = [answer.id for answer in question.answers]
        if len(set(ids)) < len(ids):
            yield question, f"answers: an id stands twice: {', '.join(ids)}"
        for name in ids:
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
                yield question, f"answers: id: expected small letters with hyphens, such as not-sure, found {name}"
        if not question.habit:
            if any(answer.points for answer in question.answers):
                yield question, "answers: points need a habit; give the question a `habit` or take the points away"
            continue
        points = [answer.points for answer in question.answers]
        if min(points) != 0 or max(points) == 0:
            yield question, "answers: a scored question needs an answer with 0 points and one with more"
        if points != sorted(points):
            yield question, f"answers: expected the safest first, with points that never fall, found {points}"
        if wrong := [answer.said for answer in question.answers if answer.points and answer.said[:1].isupper()]:
            yield question, f"answers: `said` of an answer with points begins with a small letter, found “{wrong[0]}”"
        if any(answer.unsure and answer.points == max(points) for answer in question.answers):
            yield question, "answers: “not sure” may never cost as much as the most open answer"
        if any(answer.aim and (answer.unsure or answer.points == max(points)) for answer in question.answers):
            yield question, "answers: an aim is an answer to change to, so never “not sure” and never the most open one"
        if any(not answer.said for answer in question.answers):
            yield question, "answers: every answer of a scored question needs `said`, which reads it back"
        if not question.factors:
            yield question, "factors: a scored question must rest on at least one factor"


def _evenings_go_with_habits(content: Content) -> Problems:
    for question in content.questions.values():
        if question.habit and not question.evening:
            yield question, "evening is missing: what parents can do about the habit together"
        if question.evening and not question.habit:
            yield question, "evening: only a question with a `habit` has one; take it away"


def _the_quiz_is_whole(content: Content) -> Problems:
    habits = {question.id for question in content.questions.values() if question.habit}
    for name in ("age", "urgent", "signs"):
        if name not in content.questions:
            yield content.quiz, f"the quiz needs a question called {name}"
    if "age" in content.questions:
        ages = {answer.id for answer in content.questions["age"].answers}
        if ages != set(Band):
            yield content.questions["age"], f"answers: expected the ids {', '.join(Band)}, found {', '.join(ages)}"
    if set(content.quiz.priority) != habits or len(content.quiz.priority) != len(habits):
        differing = _differing(content.quiz.priority, habits)
        yield content.quiz, f"priority: expected each scored question once: {', '.join(sorted(habits))}; {differing}"
    worst = {name: max(answer.points for answer in content.questions[name].answers) for name in habits}
    if sum(worst.values()) != MAX_POINTS:
        each = ", ".join(f"{name} {points}" for name, points in sorted(worst.items()))
        yield (
            content.quiz,
            f"the points of the worst answers add up to {sum(worst.values())}, expected {MAX_POINTS}: {each}. "
            "Change `points` in the file of one of them",
        )
    starts = [level.least for level in content.quiz.levels]
    if starts != sorted(set(starts)) or starts[0] != 0 or starts[-1] > MAX_POINTS:
        yield content.quiz, f"levels: `least` must rise from 0 and be {MAX_POINTS} at most, found {starts}"


def _the_example_shows_a_result(content: Content) -> Problems:
    given = content.quiz.example
    # What the program looks for is another rule's to miss.
    ids = {question.id: [answer.id for answer in question.answers] for question in content.questions.values()}
    ids |= {"age": [*Band]} | {name: [*needed] for name, needed in NEEDED.items()}
    unknown = [name for name in given if name not in ids]
    for name in unknown:
        yield content.quiz, f"example: {_known('question', name, ids)}"
    for name, there in ids.items():
        if name in given and given[name] not in there:
            yield content.quiz, f"example: {name}: {_known('answer', given[name], there)}"
        elif name not in given and not unknown:
            yield content.quiz, f"example: {name} is missing; add one of its answers: {', '.join(there)}"
    for name in NEEDED:
        if given.get(name) in NEEDED[name] and given[name] != "no":
            yield content.quiz, f"example: {name}: expected no, so that a level is shown, found {given[name]}"


def _differing(found: Iterable[str], expected: set[str]) -> str:
    """How a list of names is not the one that is expected."""
    counted = Counter(found)
    wrong = {
        "missing": sorted(expected - set(counted)),
        "not a scored question": sorted(set(counted) - expected),
        "there twice": sorted(name for name, times in counted.items() if times > 1),
    }
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in wrong.items() if names)


def _steps_answer_habits(content: Content) -> Problems:
    habits = [question.id for question in content.questions.values() if question.habit]
    for step in content.steps.values():
        if step.id not in habits:
            yield step, _known("scored question", step.id, habits)
    for name in habits:
        question = content.questions[name]
        if name not in content.steps:
            yield question, f"there is no step for it: make questions/steps/{name}.toml"
        elif any(answer.unsure for answer in question.answers) and not content.steps[name].find_out:
            yield content.steps[name], "find_out is missing, and its question can be answered “not sure”"


def _clauses_make_sense(content: Content) -> Problems:
    blanks = [blank.id for blank in content.wording.blanks]
    habits = [question.id for question in content.questions.values() if question.habit]
    for clause in content.clauses.values():
        if clause.gap and clause.gap not in habits:
            yield clause, f"gap: {_known('scored question', clause.gap, habits)}"
        if clause.core and set(clause.lines) != set(Band):
            yield clause, f"lines: a core clause speaks to every age: {', '.join(Band)}"
        for says in _blanks_known(clause.lines.values(), blanks):
            yield clause, f"lines: {says}"
    for says in _blanks_known(content.wording.aloud.values(), blanks):
        yield content.wording, f"aloud: {says}"
    for name in OUTSIDE:
        if name not in blanks:
            yield content.wording, f"blanks: every sheet prints {name}. There are: {', '.join(blanks)}"
    for band in Band:
        fitting = [n for n in content.wording.defaults if n in content.clauses and band in content.clauses[n].lines]
        if len(fitting) < SUGGESTED:
            yield content.wording, f"defaults: {band} needs {SUGGESTED} lines to suggest, found {len(fitting)}"
    for name, times in Counter(content.wording.defaults).items():
        if times > 1:
            yield content.wording, f"defaults: {name} stands twice"
        if name not in content.clauses or content.clauses[name].core:
            there = [clause.id for clause in content.clauses.values() if not clause.core]
            yield content.wording, f"defaults: {_known('clause to choose', name, there)}"
    if set(content.wording.aloud) != set(Band):
        yield content.wording, f"aloud: expected a line for each age: {', '.join(Band)}"


def _clauses_fit_on_the_sheet(content: Content) -> Problems:
    for clause in content.clauses.values():
        for band, text in clause.lines.items():
            if len(text) > LONGEST_LINE:
                yield clause, f"lines.{band}: expected at most {LONGEST_LINE} letters, found {len(text)}: {text[:40]}…"
        if len(clause.topic) > LONGEST_TOPIC:
            yield clause, f"topic: expected at most {LONGEST_TOPIC} letters, found {len(clause.topic)}"
        for text in (clause.topic, clause.promise):
            if re.search("[{}]", text):
                yield clause, f"only `lines` can hold blanks in braces, found “{text}”"


def _blanks_known(lines: Iterable[str], blanks: Iterable[str]) -> Iterator[str]:
    for text in lines:
        for name in BLANK.findall(text):
            if name not in blanks:
                yield _known("blank", f"{{{name}}}", blanks)
        if re.search("[{}]", BLANK.sub("", text)):
            yield f"a brace is left open: “{text}”"


def _versions_are_months(content: Content) -> Problems:
    for noun in (content.quiz, content.wording):
        if not MONTH.fullmatch(noun.version):
            yield noun, f"version: expected a month such as 2026-11, found {noun.version}"


def _ids_stand_once(content: Content) -> Problems:
    lines = [(line.id, country) for country in content.countries.values() for line in country.lines]
    for entries in (
        lines,
        [(blank.id, content.wording) for blank in content.wording.blanks],
        [(level.id, content.quiz) for level in content.quiz.levels],
    ):
        seen: set[str] = set()
        for name, noun in entries:
            if name in seen:
                yield noun, f"{name} stands twice"
            seen.add(name)


def _the_program_finds_its_answers(content: Content) -> Problems:
    for name, needed in NEEDED.items():
        if name in content.questions:
            ids = [answer.id for answer in content.questions[name].answers]
            if set(ids) != set(needed):
                yield content.questions[name], f"answers: expected the ids {', '.join(needed)}, found {', '.join(ids)}"


def _help_is_reachable(content: Content) -> Problems:
    for country in content.countries.values():
        for line in country.lines:
            if not (line.phone or line.message or line.url):
                yield country, f"{line.id} has no phone, message or url"
            for field in line.recheck:
                if field not in LOOKED_UP:
                    yield country, f"{line.id}: recheck: {_known('field', field, LOOKED_UP)}"
            if not MONTH.fullmatch(line.checked):
                yield country, f"{line.id}: checked: expected a month such as 2026-11, found {line.checked}"
            for says in _stands_in(line, country.lines):
                yield country, f"{line.id}: instead_of: {says}"
            if line.phone and not line.call:
                yield country, f"{line.id}: call is missing: the digits that a phone dials for {line.phone}"
        for card in ("young", "full"):
            if country.lines and not any(line.verified and card in line.cards for line in country.lines):
                yield country, f"no verified line stands on the {card} card"


def _stands_in(line: HelpLine, lines: Iterable[HelpLine]) -> Iterator[str]:
    others = {other.id: other for other in lines if other.id != line.id}
    if line.instead_of and line.instead_of not in others:
        yield _known("line of this country", line.instead_of, others)
    elif line.instead_of and (not line.language or line.cards != others[line.instead_of].cards):
        yield "a line that stands in for another one needs a `language`, and the same `cards`"


_RULES: tuple[Callable[[Content], Problems], ...] = (
    _factors_are_known,
    _sources_are_known,
    _chapters_are_there,
    _answers_make_sense,
    _evenings_go_with_habits,
    _the_quiz_is_whole,
    _the_example_shows_a_result,
    _steps_answer_habits,
    _clauses_make_sense,
    _clauses_fit_on_the_sheet,
    _versions_are_months,
    _help_is_reachable,
    _ids_stand_once,
    _the_program_finds_its_answers,
)
