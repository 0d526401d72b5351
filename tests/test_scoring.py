"""The score keeps its promises for every set of answers that the quiz can get."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.content import read
from quizapp.model import Assessment, Band, Change, Outcome
from quizapp.scoring import assess, chosen, is_urgent, scored, what_if
from quizapp.texts import reworded

# As they were settled: the scored habits, most protective first.
HABITS = ("promise", "contact", "talk", "strangers", "practice", "night", "age-true")
SIGNS = ("no", "little", "clearly")
Habits = tuple[str, ...]

CONTENT = read()
POINTS = {name: {answer.id: answer.points for answer in CONTENT.questions[name].answers} for name in HABITS}
LEVELS = [level.id for level in CONTENT.quiz.levels]


def answers_of(habits: Habits, age: str = "8-10", urgent: str = "no", signs: str = "no") -> dict[str, str]:
    return dict(zip(HABITS, habits, strict=True)) | {"age": age, "urgent": urgent, "signs": signs}


def every_habit() -> Iterator[Habits]:
    return product(*POINTS.values())


@pytest.fixture(scope="module")
def outcomes() -> Mapping[tuple[Habits, str], Assessment]:
    """What each set of answers without a threat says, by habits and signs."""
    return {
        (habits, signs): assess(CONTENT, answers_of(habits, signs=signs)) for habits in every_habit() for signs in SIGNS
    }


def lost(habits: Habits) -> int:
    return sum(POINTS[name][answer] for name, answer in zip(HABITS, habits, strict=True))


def rank(found: Assessment) -> int:
    """The level counted from 0; where none may be named, the one that signs lead to at the least."""
    return 2 if found.level is None else LEVELS.index(found.level)


def changes(habits: Habits) -> Iterator[tuple[int, Habits]]:
    """Each set of answers that differs in one habit, with the points that it costs more."""
    for number, name in enumerate(HABITS):
        for answer, points in POINTS[name].items():
            yield points - POINTS[name][habits[number]], (*habits[:number], answer, *habits[number + 1 :])


def test_there_are_as_many_outcomes_as_we_say() -> None:
    habits = len(list(every_habit()))
    answers = {name: len(CONTENT.questions[name].answers) for name in ("age", "urgent", "signs")}
    assert habits == 3_456
    assert habits * answers["age"] * answers["urgent"] * answers["signs"] == 124_416


def test_the_scored_habits_and_their_weights_are_those_we_explain() -> None:
    assert tuple(question.id for question in scored(CONTENT)) == HABITS
    most = {name: max(points.values()) for name, points in POINTS.items()}
    assert most == {"promise": 3, "contact": 3, "talk": 3, "strangers": 3, "practice": 2, "night": 2, "age-true": 2}
    assert sum(most.values()) == 18


def test_every_set_of_answers_has_one_outcome_and_age_never_decides_it() -> None:
    for habits, urgent, signs in product(every_habit(), ("no", "maybe", "yes"), SIGNS):
        of_ages = [assess(CONTENT, answers_of(habits, band, urgent, signs)) for band in Band]
        assert all(found == of_ages[0] for found in of_ages)
        expected = {"yes": Outcome.HELP}.get(urgent, Outcome.CHECK_IN if signs == "clearly" else Outcome.LEVEL)
        assert of_ages[0].outcome is expected


def test_a_threat_leads_to_help_and_to_nothing_else() -> None:
    for habits, signs in product(every_habit(), SIGNS):
        assert assess(CONTENT, answers_of(habits, urgent="yes", signs=signs)) == Assessment(Outcome.HELP)


@pytest.mark.parametrize("others", [{}, {"age": "8-10"}, {"contact": "nobody"}, {"signs": "clearly", "": ""}])
def test_a_threat_leads_to_help_whatever_else_is_missing_or_wrong(others: dict[str, str]) -> None:
    answers = {"urgent": "yes", **others}
    assert is_urgent(answers)
    assert assess(CONTENT, answers) == Assessment(Outcome.HELP)


@pytest.mark.parametrize("answers", [{}, {"urgent": "no"}, {"urgent": "maybe"}, {"urgent": "YES"}, {"signs": "yes"}])
def test_only_a_yes_to_a_threat_is_urgent(answers: dict[str, str]) -> None:
    assert not is_urgent(answers)


@pytest.mark.parametrize(("urgent", "maybe"), [("no", False), ("maybe", True)])
def test_a_maybe_is_kept_for_the_result_and_changes_nothing_else(urgent: str, maybe: bool) -> None:
    for habits in every_habit():
        found = assess(CONTENT, answers_of(habits, urgent=urgent))
        assert found.maybe is maybe
        assert found.points == assess(CONTENT, answers_of(habits)).points


def test_a_safer_answer_never_raises_and_a_worse_one_never_lowers_the_level(
    outcomes: Mapping[tuple[Habits, str], Assessment],
) -> None:
    for (habits, signs), found in outcomes.items():
        for more, changed in changes(habits):
            step = rank(outcomes[changed, signs]) - rank(found)
            assert step * more >= 0, (habits, changed, signs)


def test_fewer_signs_never_raise_the_level(outcomes: Mapping[tuple[Habits, str], Assessment]) -> None:
    for habits in every_habit():
        ranks = [rank(outcomes[habits, signs]) for signs in SIGNS]
        assert ranks == sorted(ranks)


def test_one_habit_moves_the_level_by_at_most_one_step(outcomes: Mapping[tuple[Habits, str], Assessment]) -> None:
    for (habits, signs), found in outcomes.items():
        for _, changed in changes(habits):
            assert abs(rank(outcomes[changed, signs]) - rank(found)) <= 1, (habits, changed, signs)


def test_the_level_follows_from_the_points_alone_while_there_are_no_signs(
    outcomes: Mapping[tuple[Habits, str], Assessment],
) -> None:
    for habits in every_habit():
        points = lost(habits)
        expected = "under-way" if points <= 4 else "a-few-things" if points <= 9 else "start-here"
        assert outcomes[habits, "no"].level == expected, habits


def test_every_level_and_every_number_of_points_can_be_reached(
    outcomes: Mapping[tuple[Habits, str], Assessment],
) -> None:
    reached = Counter(found.level for found in outcomes.values())
    assert set(reached) == {*LEVELS, None}
    assert {lost(habits) for habits in every_habit()} == set(range(19))


def test_a_little_of_signs_is_never_told_that_all_is_well(
    outcomes: Mapping[tuple[Habits, str], Assessment],
) -> None:
    for habits in every_habit():
        assert rank(outcomes[habits, "little"]) == max(1, rank(outcomes[habits, "no"]))
        assert outcomes[habits, "little"].signs == "little"


def test_clear_signs_name_no_level_and_keep_the_steps(outcomes: Mapping[tuple[Habits, str], Assessment]) -> None:
    for habits in every_habit():
        found = outcomes[habits, "clearly"]
        assert found.outcome is Outcome.CHECK_IN
        assert found.level is None
        assert found.steps == outcomes[habits, "no"].steps


def test_signs_are_never_added_to_the_points(outcomes: Mapping[tuple[Habits, str], Assessment]) -> None:
    for habits in every_habit():
        assert outcomes[habits, "no"].points == outcomes[habits, "little"].points == outcomes[habits, "clearly"].points


def test_each_point_is_that_of_an_answer_and_all_of_them_add_up(
    outcomes: Mapping[tuple[Habits, str], Assessment],
) -> None:
    for (habits, _), found in outcomes.items():
        assert found.points == {name: POINTS[name][answer] for name, answer in zip(HABITS, habits, strict=True)}
        assert sum(found.points.values()) == lost(habits)


def test_there_are_at_most_three_steps_by_points_lost_and_then_by_protection(
    outcomes: Mapping[tuple[Habits, str], Assessment],
) -> None:
    for (habits, _), found in outcomes.items():
        places = {name: (-found.points[name], HABITS.index(name)) for name in HABITS if found.points[name]}
        assert found.steps == tuple(sorted(places, key=places.__getitem__))[:3], habits


def test_each_habit_goes_well_or_costs_points_and_never_both(
    outcomes: Mapping[tuple[Habits, str], Assessment],
) -> None:
    for found in outcomes.values():
        costly = [name for name, points in found.points.items() if points]
        assert sorted([*found.well, *costly]) == sorted(HABITS)


def test_what_goes_well_is_told_most_protective_first(outcomes: Mapping[tuple[Habits, str], Assessment]) -> None:
    for found in outcomes.values():
        assert list(found.well) == sorted(found.well, key=HABITS.index)


def test_each_not_sure_is_something_to_find_out(outcomes: Mapping[tuple[Habits, str], Assessment]) -> None:
    for (habits, _), found in outcomes.items():
        unsure = [name for name, answer in zip(HABITS, habits, strict=True) if answer == "not-sure"]
        assert list(found.find_out) == unsure


@pytest.mark.parametrize("missing", [*HABITS, "urgent", "signs"])
def test_a_missing_answer_is_refused(missing: str) -> None:
    answers = answers_of(next(every_habit()))
    del answers[missing]
    with pytest.raises(KeyError, match=missing):
        assess(CONTENT, answers)


@pytest.mark.parametrize("question", [*HABITS, "urgent", "signs"])
@pytest.mark.parametrize("answer", ["", "Yes", "nobody", "3"])
def test_an_unknown_answer_is_refused(question: str, answer: str) -> None:
    answers = answers_of(next(every_habit())) | {question: answer}
    with pytest.raises(KeyError):
        assess(CONTENT, answers)
    with pytest.raises(KeyError) as refused:
        chosen(CONTENT, answers, question)
    assert refused.value.args == (answer,)


def test_the_answer_that_was_given_is_found() -> None:
    found = chosen(CONTENT, {"night": "varies"}, "night")
    assert (found.id, found.points) == ("varies", 1)


NAMES = st.sampled_from(list(CONTENT.questions)) | st.text(max_size=8)
ANSWERS = st.sampled_from([answer.id for question in CONTENT.questions.values() for answer in question.answers])
FULL = st.fixed_dictionaries(
    {name: st.sampled_from([answer.id for answer in question.answers]) for name, question in CONTENT.questions.items()}
)


@settings(deadline=None)
@given(st.dictionaries(NAMES, ANSWERS | st.text(max_size=8), max_size=15) | FULL)
def test_whatever_is_posted_is_assessed_or_refused(answers: dict[str, str]) -> None:
    whole = all(
        answers.get(name) in {answer.id for answer in CONTENT.questions[name].answers}
        for name in (*HABITS, "urgent", "signs")
    )
    if whole or is_urgent(answers):
        assert isinstance(assess(CONTENT, answers), Assessment)
    else:
        with pytest.raises(KeyError):
            assess(CONTENT, answers)


@settings(deadline=None)
@given(FULL, st.dictionaries(st.text(max_size=5).filter(lambda name: name not in CONTENT.questions), st.text()))
def test_nothing_but_the_answers_decides(answers: dict[str, str], others: dict[str, str]) -> None:
    again = dict(reversed(list(answers.items()))) | others
    assert assess(CONTENT, again) == assess(CONTENT, answers)


def test_the_same_answers_give_the_same_result_in_every_language() -> None:
    answers = answers_of(("not-yet", "anyone", "rarely", "often", "not-yet", "bedroom", "no"))
    translated = reworded(CONTENT, str.upper)
    assert assess(translated, answers) == assess(CONTENT, answers)
    assert sum(assess(translated, answers).points.values()) == 18


# What would change it

AIMS = {name: [answer.id for answer in CONTENT.questions[name].answers if answer.aim] for name in HABITS}


def better_by(habits: Habits, count: int) -> list[tuple[int, frozenset[Change]]]:
    """Each set of so many changes to an aim that reaches a better level, with the points it moves, tried one by one."""
    found = []
    now = assess(CONTENT, answers_of(habits))
    for names in combinations(HABITS, count):
        for aims in product(*(AIMS[name] for name in names)):
            answers = answers_of(habits) | dict(zip(names, aims, strict=True))
            moved = [POINTS[n][habits[HABITS.index(n)]] - POINTS[n][aim] for n, aim in zip(names, aims, strict=True)]
            if min(moved) > 0 and rank(assess(CONTENT, answers)) < rank(now):
                found.append((sum(moved), frozenset(map(Change, names, aims))))
    return found


def test_what_if_finds_the_smallest_changes_that_reach_a_better_level_wherever_there_are_any() -> None:
    for habits in every_habit():
        offered = frozenset(what_if(CONTENT, answers_of(habits)))
        reaching = better_by(habits, 1) or better_by(habits, 2)
        smallest = min((moved for moved, _ in reaching), default=0)
        assert not offered if not reaching else (smallest, offered) in reaching


def test_following_what_if_really_reaches_a_better_level() -> None:
    for habits, signs in product(every_habit(), SIGNS):
        answers = answers_of(habits, signs=signs)
        if changes := what_if(CONTENT, answers):
            after = answers | {change.question: change.answer for change in changes}
            assert rank(assess(CONTENT, after)) < rank(assess(CONTENT, answers))


def test_what_if_says_nothing_where_no_change_of_habits_helps() -> None:
    for habits in every_habit():
        assert what_if(CONTENT, answers_of(habits, signs="clearly")) == ()
        assert what_if(CONTENT, answers_of(habits, urgent="yes")) == ()
        if lost(habits) < CONTENT.quiz.levels[2].least:
            assert what_if(CONTENT, answers_of(habits, signs="little")) == (), "signs set this level"


def test_nobody_is_told_to_end_a_friendship_or_to_be_unsure() -> None:
    assert AIMS["strangers"] == []
    unsure = {(name, answer.id) for name in HABITS for answer in CONTENT.questions[name].answers if answer.unsure}
    assert not unsure & {(name, aim) for name in HABITS for aim in AIMS[name]}


def test_the_more_protective_habit_comes_first_among_equal_changes() -> None:
    best = {name: min(points, key=points.__getitem__) for name, points in POINTS.items()}
    habits = tuple((best | {"promise": "not-yet", "contact": "anyone"}).values())
    assert what_if(CONTENT, answers_of(habits)) == (Change("promise", "yes"),)
