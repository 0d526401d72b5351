"""What a link holds: nobody reads it, nobody changes it, and it ends with its time."""

import random
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from stat import S_IMODE
from types import SimpleNamespace

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.agreement import MOST_CHOSEN
from quizapp.config import SettingsError
from quizapp.content import read
from quizapp.model import Band, Content
from quizapp.sealing import (
    Box,
    Broken,
    Expired,
    Link,
    Seal,
    answers_from_text,
    answers_to_text,
    choice_from_text,
    choice_to_text,
    school_from_text,
    secret_keys,
)

CONTENT = read()
OLD, NEW = "old-key-" + 32 * "o", "new-key-" + 32 * "n"
MONTH = timedelta(days=30)
SEAL = Seal([NEW], Link.RESULT, MONTH)
NOW = 1_800_000_000
CHOICES = {name: [answer.id for answer in question.answers] for name, question in CONTENT.questions.items()}
# What can be sealed: up to 127 bytes, without a space at the end, which no text of ours has.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=127).filter(
    lambda text: len(text.encode()) <= 127 and not text.endswith(" ")
)


def set_clock(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    monkeypatch.setattr("cryptography.fernet.time", SimpleNamespace(time=lambda: seconds))
    monkeypatch.setattr("quizapp.sealing.time", lambda: seconds)


def some_answers(number: int) -> Iterator[dict[str, str]]:
    draw = random.Random(number)
    for _ in range(number):
        yield {name: draw.choice(ids) for name, ids in CHOICES.items()}


# Closing and opening


@settings(deadline=None)
@given(TEXTS)
def test_what_was_sealed_is_opened_again(text: str) -> None:
    assert SEAL.open(SEAL.close(text)) == text


@settings(deadline=None)
@given(TEXTS)
def test_the_sealed_part_fits_into_an_address_and_tells_no_length(text: str) -> None:
    sealed = SEAL.close(text)
    assert set(sealed) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    assert len(sealed) == len(SEAL.close(""))


@pytest.mark.parametrize("text", ["x" * 128, "é" * 64])
def test_a_text_that_is_too_long_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="127"):
        SEAL.close(text)


@pytest.mark.parametrize("text", ["x" * 127, "é" * 63 + "x"])
def test_the_longest_text_is_sealed_and_opened(text: str) -> None:
    assert SEAL.open(SEAL.close(text)) == text


def test_the_same_answers_never_look_the_same() -> None:
    assert SEAL.close("the same") != SEAL.close("the same")


def test_a_link_with_one_letter_changed_is_broken() -> None:
    sealed = SEAL.close("some answers")
    for place, letter in enumerate(sealed):
        changed = sealed[:place] + ("A" if letter != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(Broken):
            SEAL.open(changed)


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_link_with_any_other_letter_in_a_place_is_broken(place: int) -> None:
    sealed = SEAL.close("some answers")
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
    letters = list(sealed)
    opened = []
    for letter in set(alphabet) - {sealed[place]}:
        letters[place] = letter
        try:
            opened.append(SEAL.open("".join(letters)))
        except Broken:
            continue
    assert opened == []


@pytest.mark.parametrize("place", [0, 100, 246])
@pytest.mark.parametrize("junk", ["!!!!", "....", "%0A%0", "éé"])
def test_a_link_with_something_put_in_is_broken(place: int, junk: str) -> None:
    sealed = SEAL.close("some answers")
    with pytest.raises(Broken):
        SEAL.open(sealed[:place] + junk + sealed[place:])


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 8, 100, 246])
def test_a_link_that_was_cut_is_broken(cut: int) -> None:
    sealed = SEAL.close("some answers")
    for part in (sealed[:-cut], sealed[cut:]):
        with pytest.raises(Broken):
            SEAL.open(part)


@pytest.mark.parametrize("foreign", ["", "=", "a", "gAAAAA", "0" * 247, "é" * 12, "\x00", "../../etc/passwd", "١٢٣"])
def test_what_we_never_sealed_is_broken(foreign: str) -> None:
    with pytest.raises(Broken):
        SEAL.open(foreign)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_stands_in_an_address_is_broken(foreign: str) -> None:
    with pytest.raises(Broken):
        SEAL.open(foreign)


def test_a_link_of_somebody_elses_key_is_broken() -> None:
    foreign = Fernet(Fernet.generate_key()).encrypt(b"some answers").decode().rstrip("=")
    with pytest.raises(Broken):
        SEAL.open(foreign)


@pytest.mark.parametrize(("kind", "other"), [(Link.RESULT, Link.AGREEMENT), (Link.AGREEMENT, Link.RESULT)])
def test_no_kind_of_link_opens_as_the_other(kind: Link, other: Link) -> None:
    sealed = Seal([NEW], kind).close("some answers")
    assert Seal([NEW], kind).open(sealed) == "some answers"
    with pytest.raises(Broken):
        Seal([NEW], other).open(sealed)


def test_nothing_of_the_answers_can_be_read_in_a_link() -> None:
    answers = next(some_answers(1))
    text = answers_to_text(CONTENT, answers)
    sealed = SEAL.close(text)
    raw = urlsafe_b64decode(sealed + "=")
    for readable in (text, text[8:], *answers, *(answer for answer in answers.values() if len(answer) > 3)):
        assert readable not in sealed
        assert readable.encode() not in raw


# Keys


def test_after_a_change_of_keys_old_links_open_and_new_ones_are_sealed_with_the_new_key() -> None:
    before, between, after = Seal([OLD], Link.RESULT), Seal([NEW, OLD], Link.RESULT), Seal([NEW], Link.RESULT)
    assert between.open(before.close("kept")) == "kept"
    assert after.open(between.close("new")) == "new"
    with pytest.raises(Broken):
        before.open(between.close("new"))


def test_a_key_that_was_taken_out_opens_nothing() -> None:
    with pytest.raises(Broken):
        Seal([NEW], Link.RESULT).open(Seal([OLD], Link.RESULT).close("lost"))


@pytest.mark.parametrize("setting", [f"{NEW},{OLD}", f" {NEW} , {OLD} ,", f"{NEW},\n{OLD}"])
def test_keys_of_the_setting_are_taken_in_their_order(tmp_path: Path, setting: str) -> None:
    assert secret_keys(setting, tmp_path) == (NEW, OLD)
    assert list(tmp_path.iterdir()) == [], "a key that was given is written nowhere"


@pytest.mark.parametrize("setting", ["short", f"{NEW},short", 31 * "x"])
def test_a_short_key_is_refused_with_the_name_of_its_setting(tmp_path: Path, setting: str) -> None:
    with pytest.raises(ValueError, match=r"QUIZAPP_SECRET_KEY.*32") as caught:
        secret_keys(setting, tmp_path)
    assert "short" not in str(caught.value), "a key is never shown"


def test_a_key_of_the_shortest_length_is_taken(tmp_path: Path) -> None:
    assert secret_keys(32 * "x", tmp_path) == (32 * "x",)
    (tmp_path / "secret-key").write_text(32 * "y")
    assert secret_keys("", tmp_path) == (32 * "y",)


def test_a_key_is_never_written_outside_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "not-there"))
    secret_keys("", tmp_path / "instance")
    assert [path.name for path in (tmp_path / "instance").iterdir()] == ["secret-key"]


def test_a_key_is_made_at_the_first_start_that_only_its_owner_can_read(tmp_path: Path) -> None:
    instance = tmp_path / "new" / "instance"
    [key] = secret_keys("", instance)
    assert len(key) >= 32
    [kept] = instance.iterdir()
    assert S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text() == key


def test_the_key_is_the_same_at_the_next_start_and_another_one_elsewhere(tmp_path: Path) -> None:
    first = secret_keys("", tmp_path / "here")
    assert secret_keys(" , ", tmp_path / "here") == first
    assert secret_keys("", tmp_path / "there") != first


@pytest.mark.parametrize("kept", [b"", b"short", b"\xff\xfe"], ids=["empty", "short", "no text"])
def test_a_kept_key_that_was_spoilt_is_told_with_its_file_and_what_to_do(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "secret-key").write_bytes(kept)
    with pytest.raises(SettingsError, match=r"secret-key: expected a key of 32 .* Put the file back") as caught:
        secret_keys("", tmp_path)
    assert "\n" not in str(caught.value)


def test_a_kept_key_that_cannot_be_read_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret-key").mkdir()
    with pytest.raises(SettingsError, match="secret-key: cannot be made or read"):
        secret_keys("", tmp_path)


def start(instance: Path, together: Barrier, keys: "SimpleQueue[str]") -> None:
    together.wait(timeout=60)
    keys.put(secret_keys("", instance)[0])


@pytest.mark.parametrize("again", range(5))
def test_processes_that_start_at_once_get_one_key(tmp_path: Path, again: int) -> None:
    fork = get_context("fork")
    together, keys = fork.Barrier(6), fork.SimpleQueue()
    processes = [fork.Process(target=start, args=(tmp_path, together, keys)) for _ in range(6)]
    for process in processes:
        process.start()
    found = {keys.get() for _ in processes}
    for process in processes:
        process.join()
    assert found == set(secret_keys("", tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"], "no draft is left behind"


def test_a_process_that_comes_second_takes_the_key_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(length: int) -> str:
        (tmp_path / "secret-key").write_text(OLD)
        return NEW

    monkeypatch.setattr("quizapp.sealing.secrets", SimpleNamespace(token_urlsafe=meanwhile))
    assert secret_keys("", tmp_path) == (OLD,)
    assert (tmp_path / "secret-key").read_text() == OLD


# Time


@pytest.mark.parametrize(("days", "opens"), [(0, True), (29, True), (31, False), (400, False)])
def test_a_link_works_for_its_time(monkeypatch: pytest.MonkeyPatch, days: int, opens: bool) -> None:
    set_clock(monkeypatch, NOW)
    sealed = SEAL.close("some answers")
    set_clock(monkeypatch, NOW + days * 24 * 3600)
    if opens:
        assert SEAL.open(sealed) == "some answers"
    else:
        with pytest.raises(Expired):
            SEAL.open(sealed)


@pytest.mark.parametrize("back", [61, 5 * 60, 3600, 40 * 24 * 3600])
def test_a_link_opens_after_the_clock_was_set_back_and_still_ends(monkeypatch: pytest.MonkeyPatch, back: int) -> None:
    set_clock(monkeypatch, NOW)
    sealed = SEAL.close("some answers")
    set_clock(monkeypatch, NOW - back)
    assert SEAL.open(sealed) == "some answers"
    set_clock(monkeypatch, NOW + 31 * 24 * 3600)
    with pytest.raises(Expired):
        SEAL.open(sealed)


def test_a_link_without_an_end_works_always(monkeypatch: pytest.MonkeyPatch) -> None:
    lasting = Seal([NEW], Link.AGREEMENT)
    set_clock(monkeypatch, NOW)
    sealed = lasting.close("4-7 talk")
    set_clock(monkeypatch, NOW + 10 * 365 * 24 * 3600)
    assert lasting.open(sealed) == "4-7 talk"


def test_a_broken_link_is_told_from_one_whose_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOW)
    sealed = SEAL.close("some answers")
    set_clock(monkeypatch, NOW + 31 * 24 * 3600)
    with pytest.raises(Broken):
        SEAL.open(sealed[:-8])


# Answers in a link


def test_answers_come_back_as_they_were_given() -> None:
    for answers in some_answers(2_000):
        assert answers_from_text(CONTENT, answers_to_text(CONTENT, answers)) == answers


@pytest.mark.parametrize("question", CHOICES)
def test_every_answer_of_every_question_comes_back(question: str) -> None:
    for answer in CHOICES[question]:
        answers = next(some_answers(1)) | {question: answer}
        assert answers_from_text(CONTENT, SEAL.open(SEAL.close(answers_to_text(CONTENT, answers)))) == answers


def test_all_answers_make_links_of_one_length_and_texts_of_their_own() -> None:
    texts = [answers_to_text(CONTENT, answers) for answers in some_answers(500)]
    assert {len(text) for text in texts} == {len(texts[0])}
    assert {len(SEAL.close(text)) for text in texts[:50]} == {len(SEAL.close(""))}


def test_the_id_of_a_school_travels_along_and_changes_neither_answers_nor_length() -> None:
    for answers in some_answers(50):
        text = SEAL.open(sealed := SEAL.close(answers_to_text(CONTENT, answers, "bcdf2345")))
        assert (answers_from_text(CONTENT, text), school_from_text(text)) == (answers, "bcdf2345")
        assert len(sealed) == len(SEAL.close(answers_to_text(CONTENT, answers)))


def test_a_link_without_a_school_opens_as_ever() -> None:
    for answers in some_answers(50):
        text = answers_to_text(CONTENT, answers)
        assert school_from_text(text) == ""
        assert text == text.strip()


def test_different_answers_are_never_mixed_up() -> None:
    habits = [CHOICES[name] for name in ("contact", "strangers", "signs")]
    answers = next(some_answers(1))
    texts = {
        answers_to_text(CONTENT, answers | {"contact": one, "strangers": two, "signs": three})
        for one, two, three in product(*habits)
    }
    assert len(texts) == 4 * 4 * 3


def with_answer_order_changed(content: Content) -> Content:
    night = content.questions["night"]
    turned = replace(night, answers=tuple(reversed(night.answers)))
    return replace(content, questions={**content.questions, "night": turned})


def with_answer_renamed(content: Content) -> Content:
    night = content.questions["night"]
    renamed = replace(night, answers=(*night.answers[:-1], replace(night.answers[-1], id="in-bed")))
    return replace(content, questions={**content.questions, "night": renamed})


def with_question_gone(content: Content) -> Content:
    return replace(content, questions={name: q for name, q in content.questions.items() if name != "night"})


def with_questions_in_another_order(content: Content) -> Content:
    return replace(content, questions=dict(reversed(list(content.questions.items()))))


@pytest.mark.parametrize(
    "change",
    [with_answer_order_changed, with_answer_renamed, with_question_gone, with_questions_in_another_order],
    ids=lambda change: change.__name__,
)
def test_answers_to_a_quiz_that_has_changed_since_are_never_misread(change: Callable[[Content], Content]) -> None:
    text = answers_to_text(CONTENT, next(some_answers(1)))
    changed = change(CONTENT)
    with pytest.raises(Expired):
        answers_from_text(changed, text)


@pytest.mark.parametrize("text", ["", "0123456", "x" * 18, "4-7 talk night"])
def test_a_text_that_holds_no_answers_of_this_quiz_is_over(text: str) -> None:
    with pytest.raises(Expired):
        answers_from_text(CONTENT, text)


def test_new_words_for_a_question_do_not_end_links() -> None:
    night = replace(CONTENT.questions["night"], text="Where do phones sleep?", why="Because.")
    reworded = replace(CONTENT, questions={**CONTENT.questions, "night": night})
    answers = next(some_answers(1))
    assert answers_from_text(reworded, answers_to_text(CONTENT, answers)) == answers


# Chosen lines in a link


@pytest.mark.parametrize("band", Band)
def test_a_choice_comes_back_sorted_with_its_age(band: Band) -> None:
    text = choice_to_text(band, ["talk", "age-true", "night", "contact"])
    assert choice_from_text(CONTENT, text) == (band, ("age-true", "contact", "night", "talk"))


def test_the_order_of_a_choice_shows_nothing() -> None:
    one = choice_to_text(Band.TEEN, ["talk", "night"])
    assert choice_to_text(Band.TEEN, ["night", "talk"]) == one == "14-17 night talk"


LONGEST_FIRST = sorted(CONTENT.clauses, key=len, reverse=True)


@pytest.mark.parametrize("names", [LONGEST_FIRST[:MOST_CHOSEN], *([name] for name in CONTENT.clauses), []])
def test_whatever_can_be_suggested_can_be_sealed(names: list[str]) -> None:
    text = choice_to_text(Band.TEEN, names)
    found = choice_from_text(CONTENT, SEAL.open(SEAL.close(text)))
    assert found == (Band.TEEN, tuple(sorted(names)))


@pytest.mark.parametrize("text", ["", "8-11 talk", "8-10 gone", "8-10  talk", "talk", "8-10 talk night gone"])
def test_a_choice_of_lines_that_are_gone_is_over(text: str) -> None:
    with pytest.raises(Expired):
        choice_from_text(CONTENT, text)


def test_a_choice_of_every_line_comes_back() -> None:
    assert choice_from_text(CONTENT, choice_to_text(Band.TEEN, list(CONTENT.clauses)))[1] == tuple(
        sorted(CONTENT.clauses)
    )


# What passes through other hands for a moment

BOX = Box([NEW])


@pytest.mark.parametrize("data", [b"", b"\x00 a sheet ", b"x" * 100_000])
def test_what_passes_through_other_hands_comes_back_and_cannot_be_read(data: bytes) -> None:
    closed = BOX.close(data)
    assert BOX.open(closed, 60) == data
    assert b"sheet" not in urlsafe_b64decode(closed)


def test_a_box_closed_with_the_key_before_opens_and_one_of_other_keys_or_a_link_does_not() -> None:
    assert Box([NEW, OLD]).open(Box([OLD]).close(b"sheet"), 60) == b"sheet"
    link = SEAL.close("sheet").encode()
    for foreign in (Box([OLD]).close(b"sheet"), link + b"=", b"sheet", BOX.close(b"sheet")[:-2]):
        with pytest.raises(ValueError, match="not sealed by us, or too long ago"):
            BOX.open(foreign, 60)


def test_what_was_closed_too_long_ago_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOW)
    closed = BOX.close(b"sheet")
    set_clock(monkeypatch, NOW + 60)
    assert BOX.open(closed, 60) == b"sheet"
    set_clock(monkeypatch, NOW + 61)
    with pytest.raises(ValueError, match="too long ago"):
        BOX.open(closed, 60)


def test_what_was_closed_before_the_clock_was_set_back_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOW)
    closed = BOX.close(b"sheet")
    set_clock(monkeypatch, NOW - 3600)
    assert BOX.open(closed, 60) == b"sheet"
