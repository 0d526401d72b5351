"""The content as it is shipped, row by row: every question, answer, step, line, factor, source and help line."""

import re
from collections.abc import Iterable

import pytest
import textstat

from quizapp.agreement import blanks_in
from quizapp.content import ROOT, read
from quizapp.model import Answer, Band, Blank, Card, Clause, Country, Factor, HelpLine, Kind, Question, Source, Step
from quizapp.texts import texts

CONTENT = read()
QUESTIONS = list(CONTENT.questions.values())
SCORED = [question for question in QUESTIONS if question.habit]
ANSWERS = [(question, answer) for question in QUESTIONS for answer in question.answers]
STEPS = list(CONTENT.steps.values())
CLAUSES = list(CONTENT.clauses.values())
FACTORS = list(CONTENT.factors.values())
SOURCES = list(CONTENT.sources.values())
COUNTRIES = list(CONTENT.countries.values())
HELP_LINES = [line for country in COUNTRIES for line in country.lines]
ON_CARDS = [line for line in HELP_LINES if line.cards]

WORD = r"[a-z]{2,}(-[a-z]{2,})*"


def rows(noun: str, nouns: Iterable[object]) -> pytest.MarkDecorator:
    """A row each, told apart by its id."""
    return pytest.mark.parametrize(noun, nouns, ids=lambda noun: noun.id)


# Ids


@rows("noun", [*QUESTIONS, *STEPS, *CLAUSES, *CONTENT.wording.blanks, *CONTENT.quiz.levels])
def test_an_id_is_words(noun: Question) -> None:
    assert re.fullmatch(rf"({WORD}|a(-[a-z]+)+)", noun.id)


@pytest.mark.parametrize(("question", "answer"), ANSWERS, ids=lambda noun: noun.id)
def test_the_id_of_an_answer_is_words_or_an_age(question: Question, answer: Answer) -> None:
    assert re.fullmatch(WORD, answer.id) or (question.id == "age" and answer.id in set(Band))


@rows("factor", FACTORS)
def test_the_id_of_a_factor_tells_who_says_what(factor: Factor) -> None:
    assert re.fullmatch(r"[a-z]+[a-z0-9-]*(\.[a-z0-9][a-z0-9-]*){1,2}", factor.id)


@rows("line", HELP_LINES)
def test_the_id_of_a_help_line_tells_the_country_and_the_line(line: HelpLine) -> None:
    country = next(country for country in COUNTRIES if line in country.lines)
    assert line.id.split(".")[0] == country.id or (country.id == "other" and line.id.split(".")[0] in ("global", "eu"))
    assert re.fullmatch(r"[a-z]+\.[a-z0-9-]+", line.id)


@pytest.mark.parametrize("nouns", [HELP_LINES, FACTORS, CONTENT.wording.blanks, CONTENT.quiz.levels, CLAUSES])
def test_no_id_stands_twice(nouns: list[Clause]) -> None:
    ids = [noun.id for noun in nouns]
    assert len(ids) == len(set(ids))


# Evidence


@rows("question", SCORED)
def test_each_point_is_traced_to_who_documented_it_and_when(question: Question) -> None:
    assert question.factors
    for factor in question.factors:
        source = CONTENT.sources[CONTENT.factors[factor].source]
        assert source.organisation
        assert source.document
        assert source.year or source.read


@rows("factor", FACTORS)
def test_a_factor_names_its_source(factor: Factor) -> None:
    assert factor.source in CONTENT.sources
    assert factor.says.endswith(".")


@rows("factor", [factor for factor in FACTORS if factor.grade in "AB"])
def test_what_counts_as_measured_rests_on_a_study(factor: Factor) -> None:
    assert CONTENT.sources[factor.source].study


@rows("source", SOURCES)
def test_a_source_tells_who_what_and_when(source: Source) -> None:
    assert source.organisation.strip()
    assert source.document.strip()
    assert source.year is None or source.year <= source.read
    assert source.year or not source.study, "a study has a year"
    left_out = {item.source for group in CONTENT.left_out.values() for item in group.items}
    assert source.id in {factor.source for factor in FACTORS} | left_out, "nothing rests on it"


@rows("step", STEPS)
def test_a_step_gives_a_documented_reason_and_the_time_it_takes(step: Step) -> None:
    assert CONTENT.questions[step.id].habit
    assert step.factor in CONTENT.factors
    assert re.search(r"\d+ minutes?\b", step.time)
    assert step.reason.endswith(".")


# The quiz


def test_there_are_ten_questions_of_which_seven_are_scored() -> None:
    assert [question.id for question in QUESTIONS][:2] == ["age", "urgent"]
    assert QUESTIONS[-1].id == "signs"
    assert len(QUESTIONS) == 10
    assert len(SCORED) == 7


@rows("question", QUESTIONS)
def test_a_question_asks_and_tells_why(question: Question) -> None:
    for text in (question.text, *question.text_for.values()):
        assert text.endswith("?")
    assert question.why.endswith(".")
    assert 2 <= len(question.answers) <= 4


@rows("question", SCORED)
def test_answers_stand_from_safe_to_open_and_read_back_whole(question: Question) -> None:
    points = [answer.points for answer in question.answers]
    assert points == sorted(points)
    for answer in question.answers:
        if answer.points:  # it is read back after “Because you said:”
            assert answer.said[0].islower()
            assert answer.said[-1] != "."
        else:
            assert answer.said[0].isupper()
            assert answer.said.endswith(".")


@pytest.mark.parametrize(("question", "answer"), ANSWERS, ids=lambda noun: noun.id)
def test_not_sure_is_marked_as_such_and_never_the_worst_answer(question: Question, answer: Answer) -> None:
    assert answer.unsure == (answer.text == "Not sure")
    if answer.unsure:
        assert 0 < answer.points < max(other.points for other in question.answers)
        assert CONTENT.steps[question.id].find_out


def test_the_plan_for_the_worst_day_begins_with_whose_fault_it_is_not() -> None:
    assert "not my fault" in CONTENT.wording.plan[0]


# Words that never stand in a text of ours

FORBIDDEN = ("stranger", "contract", "predator", "victim", "bad parent", "your fault", "naive")


@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_word_we_do_not_use_stands_nowhere(word: str) -> None:
    found = [text for text in texts(CONTENT) if re.search(rf"\b{word}s?\b", text, re.IGNORECASE)]
    assert [text for text in found if "not your fault" not in text.lower()] == []


@pytest.mark.parametrize("word", ["stranger", "contract"])
def test_no_page_and_no_sheet_uses_the_words_we_avoid(word: str) -> None:
    pages = [*(ROOT / "quizapp" / "templates").rglob("*.html"), *(ROOT / "agreement_templates").rglob("*.html")]
    said = [re.sub(r"\{%.*?%\}|\{#.*?#\}|content\.\w+", "", page.read_text(encoding="utf-8")) for page in pages]
    assert said
    assert [text for text in said if re.search(rf"\b{word}s?\b", text, re.IGNORECASE)] == []


def test_no_level_sounds_like_a_verdict() -> None:
    words = " ".join(text for level in CONTENT.quiz.levels for text in (level.name, level.line)).lower()
    assert not re.search(r"\b(risk|danger|fail|score|bad|poor|worst|high|low)\b", words)


# The agreement


@rows("clause", CLAUSES)
def test_a_line_speaks_to_its_ages_and_rests_on_factors(clause: Clause) -> None:
    assert {Band.MIDDLE, Band.TWEEN, Band.TEEN} <= set(clause.lines)
    assert clause.factors
    assert set(clause.factors) <= set(CONTENT.factors)
    assert clause.promise.startswith(("We ", "Our ", "Asking "))
    assert len(clause.topic) <= 24


def test_there_is_much_to_choose_from_for_every_age() -> None:
    assert len([clause for clause in CLAUSES if not clause.core]) >= 24
    for band in Band:
        assert len([clause for clause in CLAUSES if band in clause.lines]) >= 20


@rows("clause", CLAUSES)
def test_a_line_has_a_picture(clause: Clause) -> None:
    assert (ROOT / "static" / "icons" / f"{clause.icon}.svg").is_file()


@rows("clause", [CONTENT.clauses[name] for name in CONTENT.wording.defaults])
def test_a_line_to_fill_up_with_answers_a_habit_of_the_same_name_and_comes_first(clause: Clause) -> None:
    assert clause.gap == clause.id
    assert CONTENT.questions[clause.gap].habit
    assert next(other for other in CLAUSES if other.gap == clause.gap) is clause


def test_no_line_answers_the_promise_which_a_core_line_makes_already() -> None:
    assert "promise" not in {clause.gap for clause in CLAUSES}


def test_there_are_five_core_lines_and_four_to_fill_up_with_for_every_age() -> None:
    assert len([clause for clause in CLAUSES if clause.core]) == 5
    for band in Band:
        assert len([name for name in CONTENT.wording.defaults if band in CONTENT.clauses[name].lines]) >= 4


@rows("blank", CONTENT.wording.blanks)
def test_a_blank_is_asked_for_on_some_sheet(blank: Blank) -> None:
    lines = [text for clause in CLAUSES for text in clause.lines.values()] + list(CONTENT.wording.aloud.values())
    used = {name for text in lines for name in blanks_in(text)} | {"outside-one", "outside-two"}
    assert blank.id in used


def child_texts() -> list[str]:
    """All that stands on some child's sheet."""
    lines = [text for clause in CLAUSES for text in clause.lines.values()]
    cards = [text for line in ON_CARDS for text in (line.name, line.feel, line.message) if text]
    return [*lines, *CONTENT.wording.aloud.values(), *CONTENT.wording.plan, *CONTENT.wording.review, *cards]


@pytest.mark.parametrize("text", child_texts())
def test_a_childs_sheet_tells_nothing_of_a_result(text: str) -> None:
    words = r"\b(scores?|risky?|risks|results?|quiz|points?|levels?|answers|because you)\b"
    assert not re.search(words, text.lower())
    told = [level.name for level in CONTENT.quiz.levels] + [question.text for question in QUESTIONS]
    told += [answer.said for _, answer in ANSWERS if answer.said]
    assert not [part for part in told if part.lower() in text.lower()]


@pytest.mark.parametrize("text", child_texts())
def test_a_childs_sheet_holds_no_words_that_frighten(text: str) -> None:
    assert not re.search(r"suicid|traffick|abus|exploit|assault|rape|porn|sextort|self-harm|die\b|dying", text.lower())


# Help lines


@rows("line", HELP_LINES)
def test_a_help_line_is_verified_and_says_when_and_where(line: HelpLine) -> None:
    assert line.verified
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", line.checked)
    assert line.source.strip()
    assert line.who
    assert line.what.endswith(".")


@rows("line", HELP_LINES)
def test_what_a_phone_dials_is_the_number_that_is_printed(line: HelpLine) -> None:
    printed = re.findall(r"\d[\d -]*", re.sub(r"\(.*\)", "", line.phone)) or [""]
    assert line.call.removeprefix("+") in [re.sub(r"\D", "", number) for number in printed]
    assert re.fullmatch(r"(\+?\d+)?", line.call)


LETTERS_OF_KEYS = {2: "abc", 3: "def", 4: "ghi", 5: "jkl", 6: "mno", 7: "pqrs", 8: "tuv", 9: "wxyz"}
KEYS = {letter: str(key) for key, letters in LETTERS_OF_KEYS.items() for letter in letters}


@rows("line", [line for line in HELP_LINES if re.search(r"\([\d-]*[A-Z]", line.phone)])
def test_a_number_spelled_in_letters_is_the_same_number(line: HelpLine) -> None:
    [spelled] = re.findall(r"\(([\w -]+)\)", line.phone)
    dialled = "".join(KEYS.get(letter.lower(), letter) for letter in spelled if letter.isalnum()).removeprefix("1")
    assert dialled.startswith(line.call.removeprefix("+1"))


@rows("line", [line for line in HELP_LINES if line.url])
def test_an_address_is_a_safe_one(line: HelpLine) -> None:
    assert re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]{2,}(/[\w./-]*)?", line.url)


@rows("line", [line for line in HELP_LINES if line.recheck])
def test_a_field_to_look_up_again_is_a_field_and_is_told_when_empty(line: HelpLine) -> None:
    assert set(line.recheck) <= {"phone", "call", "message", "url", "hours"}
    for field in line.recheck:
        assert getattr(line, field) or field == "hours"


@rows("line", ON_CARDS)
def test_a_line_on_a_card_is_named_by_a_feeling_and_has_room(line: HelpLine) -> None:
    assert line.feel
    assert len(line.feel) <= 50
    assert len(line.name) <= 40


@rows("country", COUNTRIES)
def test_a_country_shows_danger_and_crisis_first(country: Country) -> None:
    kinds = [list(Kind).index(line.kind) for line in country.lines]
    assert kinds == sorted(kinds)
    assert Kind.CRISIS in {line.kind for line in country.lines}
    assert Kind.REPORT in {line.kind for line in country.lines}
    assert Kind.IMAGES in {line.kind for line in country.lines}


@rows("country", COUNTRIES)
def test_a_country_has_one_line_for_the_young_and_a_whole_card_for_the_rest(country: Country) -> None:
    assert len([line for line in country.lines if Card.YOUNG in line.cards]) == 1
    full = [line.kind for line in country.lines if Card.FULL in line.cards]
    assert {Kind.CRISIS, Kind.REPORT, Kind.IMAGES} <= set(full)
    assert len(full) <= 6


@rows("country", [country for country in COUNTRIES if country.id != "other"])
def test_a_country_has_an_emergency_number_which_is_its_first_line(country: Country) -> None:
    first = country.lines[0]
    assert first.kind is Kind.DANGER
    assert country.emergency == first.phone
    assert first.call in country.emergency


# How easy it reads: all texts of a kind together, as one can read them


def ease(lines: Iterable[str]) -> float:
    """The school grade by Flesch and Kincaid, with a name in each blank and each text a sentence of its own."""
    filled = [re.sub(r"\{[^}]*\}", "Mum", line) for line in lines if line]
    ended = [line if re.search(r"[.?!]”?$", line) else f"{line}." for line in filled]
    return textstat.flesch_kincaid_grade(" ".join(ended))


def hardest(lines: Iterable[str]) -> str:
    return " | ".join(sorted(lines, key=lambda line: -ease([line]))[:3])


PARENTS = {
    "questions": [question.text for question in QUESTIONS],
    "answers read back": [answer.said for _, answer in ANSWERS if answer.said],
    "why we ask": [question.why for question in QUESTIONS],
    "steps": [text for step in STEPS for text in texts(step)],
    "levels": [text for level in CONTENT.quiz.levels for text in texts(level)],
    "limits": list(CONTENT.quiz.limits),
    "never asked": list(CONTENT.quiz.never_asked),
    "promises": [*(clause.promise for clause in CLAUSES), *CONTENT.wording.promises],
    "factors": [factor.says for factor in FACTORS],
    "help lines": [line.what for line in HELP_LINES],
}


@pytest.mark.parametrize("kind", PARENTS)
def test_what_parents_read_is_plain(kind: str) -> None:
    assert ease(PARENTS[kind]) <= 6, hardest(PARENTS[kind])


@pytest.mark.parametrize("kind", [kind for kind in PARENTS if len(PARENTS[kind]) >= 30])
def test_longer_texts_for_parents_are_plain_by_another_measure_too(kind: str) -> None:
    ended = [line if line.endswith((".", "?", "!", "”")) else f"{line}." for line in PARENTS[kind]]
    assert textstat.smog_index(" ".join(ended)) <= 8


def test_the_measure_of_ease_tells_easy_from_hard() -> None:
    assert ease(["I tell {adult-one}.", "My body is mine"]) < 2
    assert ease(["Institutional confidentiality considerations necessitate organisational accountability"]) > 15
