"""An editor who breaks a content file is told, in one plain line, what to mend and where."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quizapp import create_app
from quizapp.content import ROOT, ContentError, read
from quizapp.model import Band, Content

CONTACT = "questions/30-contact.toml"
URGENT = "questions/20-urgent.toml"
NIGHT = "agreement_templates/clauses/23-night.toml"
TELL = "agreement_templates/clauses/10-tell.toml"
WORDING = "agreement_templates/wording.toml"
QUIZ = "questions/quiz.toml"
FBI = "questions/factors/fbi.toml"
OUR = "questions/factors/our.toml"
STUDY = "questions/sources/noll-2009.toml"
NEW_ZEALAND = "questions/help/nz.toml"
HABITS = "contact, strangers, age-true, night, talk, promise, practice"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the shipped content, to break."""
    shutil.copytree(ROOT / "questions", tmp_path / "questions")
    unread = shutil.ignore_patterns("fonts", "sheets", "*.css")
    shutil.copytree(ROOT / "agreement_templates", tmp_path / "agreement_templates", ignore=unread)
    return tmp_path


def edit(root: Path, file: str, old: str, new: str) -> None:
    """Replaces it once. An ellipsis stands for any words of one line, and in what is new for those that stood there.

    So nobody who changes words has to change a test.
    """
    text = (root / file).read_text(encoding="utf-8")
    found = re.search("(.*?)".join(map(re.escape, old.split("…"))), text)
    assert found, f"{file} no longer holds {old!r}: choose another slip for this row"
    (words,) = found.groups() or ("",)
    slip = new.replace("…", words)
    (root / file).write_text(text[: found.start()] + slip + text[found.end() :], encoding="utf-8")


def problems(root: Path) -> tuple[str, ...]:
    with pytest.raises(ContentError) as caught:
        read(root)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def matches(told: str, expected: str) -> bool:
    """Is this the line? An ellipsis stands for any text."""
    return re.fullmatch(".*".join(map(re.escape, expected.split("…"))), told, re.DOTALL) is not None


def check_told(root: Path, file: str, expected: str) -> None:
    """One slip makes one problem of one line, which begins with the file."""
    found = problems(root)
    assert len(found) == 1, found
    assert "\n" not in found[0]
    assert matches(found[0], f"{file}: {expected}"), found[0]


def test_the_copy_of_the_shipped_content_has_no_problem(root: Path, content: Content) -> None:
    assert read(root) == content


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (CONTACT, "points = 2", 'points = "2"', 'answers.3.points: expected a whole number, found "2"'),
        (CONTACT, "points = 2", "points = 1.5", "answers.3.points: expected a whole number, found 1.5"),
        (CONTACT, "points = 2", "points = true", "answers.3.points: expected a whole number, found true"),
        (CONTACT, "points = 3", "points = 4", "answers.4.points: expected 3 or less, found 4"),
        (CONTACT, "points = 3", "points = -1", "answers.4.points: expected 0 or more, found -1"),
        (CONTACT, 'text = "…"', "text = 5", "text: expected text in quotes, found 5"),
        (CONTACT, "unsure = true", 'unsure = "yes"', 'answers.3.unsure: expected true or false, found "yes"'),
        (CONTACT, "factors = [", "factors = 1 #", "factors: expected a list in square brackets, found 1"),
        (FBI, 'grade = "C"', 'grade = "E"', "factor.1.grade: expected 'A', 'B', 'C' or 'D', found \"E\""),
        (STUDY, "year = 2009", "year = 1066", "year: expected 1990 or more, found 1066"),
        (STUDY, "year = 2009", 'year = "2009"', 'year: expected a whole number, found "2009"'),
        (STUDY, "read = 20", "read = 99", "read: expected 2100 or less, found 99…"),
        (
            NEW_ZEALAND,
            'kind = "crisis"',
            'kind = "crises"',
            "lines.2.kind: expected 'danger', 'crisis', …'support', found \"crises\"",
        ),
        (
            NEW_ZEALAND,
            'cards = ["young"',
            'cards = ["small"',
            "lines.2.cards.1: expected 'young' or 'full', found \"small\"",
        ),
        (
            NEW_ZEALAND,
            'checked = "20',
            'checked = "',
            'lines.1.checked: expected at least 7 letters, found "…',
        ),
        (NIGHT, '"8-10" = ', '"8-11" = ', "lines.8-11: expected '4-7', '8-10', '11-13' or '14-17', found \"8-11\""),
        (NIGHT, 'icon = "moon"', 'icon = "sun"', "icon: expected 'app', …'star', found \"sun\""),
        (
            WORDING,
            'rule = "middle"',
            'rule = "wide"',
            "blanks.1.rule: expected 'short', 'middle' or 'long', found \"wide\"",
        ),
    ],
)
def test_a_value_of_the_wrong_shape_is_told_with_what_is_allowed(
    root: Path, file: str, old: str, new: str, expected: str
) -> None:
    edit(root, file, old, new)
    check_told(root, file, expected)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            CONTACT,
            "habit =",
            "habbit =",
            "habbit is not known here. There are: answers, evening, factors, habit, … why",
        ),
        (NIGHT, "gap =", "gaps =", "gaps is not known here. There are: core, factors, gap, icon, … topic"),
        (CONTACT, "said =", "sayd =", "answers.1.sayd is not known here. There are: aim, id, … unsure"),
        (
            FBI,
            "grade =",
            "weight = 1\ngrade =",
            "factor.1.weight is not known here. There are: grade, id, says, source",
        ),
        (
            CONTACT,
            'id = "no-one"',
            'text_for = 1\nid = "no-one"',
            "answers.1.text_for is not known here. Move the line with text_for up, above the first line in brackets",
        ),
        (
            NIGHT,
            "[lines]",
            '[lines]\ncore = "yes"',
            "lines.core is not known here. Move the line with core up, above the first line in brackets",
        ),
        (CONTACT, 'why = "', '# why = "', "why is missing"),
        (CONTACT, 'id = "no-one"', "", "answers.1.id is missing"),
        (FBI, 'grade = "C"', "", "factor.1.grade is missing"),
        (TELL, "promise =", "# promise =", "promise is missing"),
        (NEW_ZEALAND, 'kind = "danger"', "", "lines.1.kind is missing"),
    ],
)
def test_a_key_that_is_unknown_or_missing_is_named(root: Path, file: str, old: str, new: str, expected: str) -> None:
    edit(root, file, old, new)
    check_told(root, file, expected)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (CONTACT, 'text = "', "text = ", "cannot be read as TOML: …line 2…"),
        (QUIZ, "[[levels]]", "[[levels]", "cannot be read as TOML: …line 26…"),
        (CONTACT, "points = 0", "points = no", "cannot be read as TOML: …line 10…"),
    ],
)
def test_a_file_that_is_not_toml_is_told_with_the_line(
    root: Path, file: str, old: str, new: str, expected: str
) -> None:
    edit(root, file, old, new)
    check_told(root, file, expected)


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ('text = "…"', 'text = "…', "straight quotation mark"),
        ('[[answers]]\nid = "no-one"', '[answers]\nid = "no-one"', "[name] where it is [[name]]"),
        ('habit = "', 'habit = "More"\nhabit = "', "The same key stands twice"),
        ('habit = "…"', "Messages", "line 1…: Messages. Each line is a key = a value"),
        ("habit =", "habit\N{NO-BREAK SPACE}=", "nothing but ordinary spaces between"),
        ("points = 2", "points = two", "line 23…: points = two. …A number is whole, and has no marks"),
        ("points = 2", "points = 1,5", "line 23…: points = 1,5. …A number is whole, and has no marks"),
        ('text = "…"', 'text = "… \\online?"', "in place of the backslash"),
        ('", "', '" "', 'a comma between its texts: ["one", "two"]'),
    ],
)
def test_a_slip_in_toml_is_told_with_what_to_look_for(root: Path, old: str, new: str, hint: str) -> None:
    edit(root, CONTACT, old, new)
    check_told(root, CONTACT, f"cannot be read as TOML: …{hint}…")


@pytest.mark.parametrize(
    "saved",
    [lambda data: b"\xef\xbb\xbf" + data, lambda data: data.replace(b"\n", b"\r\n")],
    ids=["a mark at the beginning", "lines of Windows"],
)
def test_a_file_saved_by_the_editor_of_windows_is_read(
    root: Path, content: Content, saved: Callable[[bytes], bytes]
) -> None:
    (root / CONTACT).write_bytes(saved((root / CONTACT).read_bytes()))
    assert read(root) == content


@pytest.mark.parametrize(
    "name",
    ["30-contact.toml.txt", "30-contact.TOML", "30 contact.toml", "30_contact.toml", "contact.toml", "30-contact"],
)
def test_a_file_whose_name_would_be_passed_over_is_told_with_an_example(root: Path, name: str) -> None:
    (root / CONTACT).rename(root / "questions" / name)
    assert problems(root)[0].startswith(f"questions/{name}: rename it: expected a name such as 30-contact.toml")


def test_a_folder_in_the_place_of_a_file_is_told(root: Path) -> None:
    (root / "questions/35-groups.toml").mkdir()
    check_told(root, "questions/35-groups.toml", "expected a file that can be opened, found: …")


@pytest.mark.parametrize("folder", ["questions/steps", "agreement_templates/clauses"])
def test_a_folder_that_nobody_may_open_is_told(root: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    def closed(path: Path) -> Iterator[Path]:
        if path == root / folder:
            raise PermissionError(13, "Permission denied")
        return inside(path)

    inside = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", closed)
    check_told(root, folder, "expected a folder that can be opened, found: Permission denied")


def test_a_line_for_small_children_without_a_picture_is_told_with_the_file_to_draw(root: Path) -> None:
    (root / NIGHT).rename(root / NIGHT.replace("night", "bedtime"))
    [told] = [says for says in problems(root) if "needs a picture" in says]
    assert "draw static/pictures/bedtime.svg, or leave this age out" in told


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"14-17" = "…"', f'"14-17" = "{"I can ask. " * 12}Yes."', "lines.14-17: expected at most 120 letters, …"),
        ('topic = "…"', f'topic = "{"Nights " * 4}now"', "topic: expected at most 24 letters, found 31"),
        ('promise = "', 'promise = "In {night-place}: ', "only `lines` can hold blanks in braces, found “…”"),
    ],
)
def test_a_line_that_the_sheet_has_no_room_for_is_told(root: Path, old: str, new: str, expected: str) -> None:
    edit(root, NIGHT, old, new)
    check_told(root, NIGHT, expected)


@pytest.mark.parametrize("name", ["Not Sure", "not_sure", "sí"])
def test_the_id_of_an_answer_is_small_letters_with_hyphens(root: Path, name: str) -> None:
    edit(root, CONTACT, 'id = "not-sure"', f'id = "{name}"')
    check_told(root, CONTACT, f"answers: id: expected small letters with hyphens, such as not-sure, found {name}")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_a_file_saved_as_unicode_of_windows_is_told(root: Path, encoding: str) -> None:
    (root / CONTACT).write_bytes((root / CONTACT).read_text(encoding="utf-8").encode(encoding))
    check_told(root, CONTACT, "save the file as UTF-8")


def test_a_file_that_is_not_utf8_is_told(root: Path) -> None:
    promise = "questions/80-promise.toml"
    edit(root, promise, 'why = "', 'why = "Children’s: ')
    (root / promise).write_bytes((root / promise).read_text(encoding="utf-8").encode("cp1252"))
    check_told(root, promise, "save the file as UTF-8")


@pytest.mark.parametrize("file", [QUIZ, WORDING])
def test_a_file_that_every_page_needs_is_missed(root: Path, file: str) -> None:
    (root / file).unlink()
    check_told(root, file, "the file is missing")


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            CONTACT,
            '"fbi.begin.any-platform"',
            '"fbi.begin.any"',
            "factors: no factor is called fbi.begin.any. The closest are: …fbi.begin.any-platform, …",
        ),
        (
            NIGHT,
            '"khurana-2015.bedroom"',
            '"khurana.bed"',
            "factors: no factor is called khurana.bed. The closest are: …khurana-2015.bedroom, …",
        ),
        (
            "questions/steps/night.toml",
            "khurana-2015.bedroom",
            "khurana.bed",
            "factor: no factor is called khurana.bed. The closest are: …khurana-2015.bedroom, …",
        ),
        (
            FBI,
            'source = "fbi-sextortion"',
            'source = "fbi-sextorsion"',
            "fbi.begin.any-platform names no source: no source is called fbi-sextorsion. The closest are: …sextortion…",
        ),
        (NIGHT, 'gap = "night"', 'gap = "nigth"', f"gap: no scored question is called nigth. There are: {HABITS}"),
        (
            NIGHT,
            "{night-time}",
            "{night-tme}",
            "lines: no blank is called {night-tme}. There are: adult-one, …night-time, …",
        ),
        (NIGHT, "{night-place}", "{}", "lines: no blank is called {}. There are: adult-one, …"),
        (
            WORDING,
            '"14-17" = "{my-no}"',
            '"14-17" = "{my-on}"',
            "aloud: no blank is called {my-on}. There are: adult-one, …my-no, …",
        ),
        (
            WORDING,
            'defaults = ["talk"',
            'defaults = ["talks"',
            "defaults: no clause to choose is called talks. There are: …talk…",
        ),
        (
            WORDING,
            'defaults = ["talk"',
            'defaults = ["tell"',
            "defaults: no clause to choose is called tell. There are: …",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_told_with_those_that_exist(
    root: Path, file: str, old: str, new: str, expected: str
) -> None:
    edit(root, file, old, new)
    check_told(root, file, expected)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (CONTACT, "points = 2", "points = 3", "answers: “not sure” may never cost as much as the most open answer"),
        (URGENT, 'id = "maybe"', 'id = "maybe"\npoints = 1', "answers: points need a habit; …"),
        (CONTACT, 'id = "known"', 'id = "no-one"', "answers: an id stands twice: no-one, no-one, not-sure, anyone"),
        (
            CONTACT,
            'said = "…"',
            "",
            "answers: every answer of a scored question needs `said`, …",
        ),
        (
            "questions/40-strangers.toml",
            "points = 1",
            "points = 3",
            "answers: expected the safest first, with points that never fall, found [0, 3, 2, 3]",
        ),
        (
            CONTACT,
            'unsure = true\nsaid = "',
            'unsure = true\nsaid = "You: ',
            "answers: `said` of an answer with points begins with a small letter, found “You: …”",
        ),
        (CONTACT, 'text = "', 'text = "{adult-one}: ', "only lines of the agreement can hold blanks …"),
        (CONTACT, 'text = "', 'text = "Who\t', "found a sign that nobody sees (U+0009) behind “Who”: …"),
        (CONTACT, 'text = "', 'text = "Who\u200b ', "found a sign that nobody sees (U+200B) behind “Who”: …"),
        (WORDING, 'defaults = ["talk"', 'defaults = ["talk", "talk"', "defaults: talk stands twice"),
        (WORDING, 'version = "2026-', 'version = "26-', "version: expected a month such as 2026-11, found 26-…"),
        (QUIZ, 'version = "2026-', 'version = "Dec 2026-', "version: expected a month such as 2026-11, found Dec …"),
        (CONTACT, "evening =", "# evening =", "evening is missing: what parents can do about the habit together"),
        (
            CONTACT,
            'evening = "',
            'evening = "" # "',
            "evening is missing: what parents can do about the habit together",
        ),
        (
            URGENT,
            "text =",
            'evening = "Talk."\ntext =',
            "evening: only a question with a `habit` has one; take it away",
        ),
        (CONTACT, "factors = [", "factors = [] # [", "factors: a scored question must rest on at least one factor"),
        (
            FBI,
            'id = "fbi.begin.threatens-harm"',
            'id = "fbi.begin.any-platform"',
            "fbi.begin.any-platform stands twice",
        ),
        (
            "questions/steps/contact.toml",
            "find_out =",
            "# find_out =",
            "find_out is missing, and its question can be answered “not sure”",
        ),
        (
            QUIZ,
            '"promise", "contact"',
            '"promise"',
            "priority: expected each scored question once: age-true, contact, …",
        ),
        (
            QUIZ,
            '"promise", "contact"',
            '"promise", "contact", "contact"',
            "priority: expected each scored question once: …",
        ),
        (QUIZ, "least = 5", "least = 11", "levels: `least` must rise from 0 and …, found [0, 11, 10]"),
        (QUIZ, "least = 0", "least = 1", "levels: `least` must rise from 0 and …, found [1, 5, 10]"),
        (QUIZ, "least = 10", "least = 19", "levels: `least` must rise from 0 and …, found [0, 5, 19]"),
        (QUIZ, 'night = "varies"', "", "example: night is missing; add one of its answers: outside, varies, bedroom"),
        (QUIZ, 'night = "varies"', 'night = "some"', "example: night: no answer is called some. There are: outside, …"),
        (QUIZ, 'night = "varies"', 'nights = "varies"', "example: no question is called nights. There are: age, …"),
        (
            QUIZ,
            'urgent = "no"',
            'urgent = "maybe"',
            "example: urgent: expected no, so that a level is shown, found maybe",
        ),
        (TELL, '"8-10" = ', "# ", "lines: a core clause speaks to every age: 4-7, 8-10, 11-13, 14-17"),
        (WORDING, '"8-10" = "No', '# "', "aloud: expected a line for each age: 4-7, 8-10, 11-13, 14-17"),
        (NEW_ZEALAND, 'call = "1737"', 'call = ""', "nz.1737: call is missing: the digits that a phone dials for 1737"),
        (
            NEW_ZEALAND,
            'url = "https://takeitdown.ncmec.org"',
            'url = ""',
            "nz.take-it-down has no phone, message or url",
        ),
        (NEW_ZEALAND, 'cards = ["young", "full"]', 'cards = ["full"]', "no verified line stands on the young card"),
        (
            "questions/10-age.toml",
            'id = "8-10"',
            'id = "8-11"',
            "answers: expected the ids 4-7, 8-10, 11-13, 14-17, found …8-11…",
        ),
    ],
)
def test_content_that_makes_no_sense_is_told(root: Path, file: str, old: str, new: str, expected: str) -> None:
    edit(root, file, old, new)
    check_told(root, file, expected)


STARTERS = "questions/signs/90-starters.toml"
ME = "questions/first-steps/20-me.toml"
PAYING = "questions/disagreements/10-paying.toml"
LEFT_OUT = "questions/left-out/10-too-old.toml"
UNITED_STATES = "questions/help/us.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (ME, 'factors = ["', 'factors = ["x', "signs.1.factors: no factor is called x…. The closest are: …"),
        (PAYING, 'factors = ["', 'factors = ["x', "factors: no factor is called x…. The closest are: …"),
        (UNITED_STATES, 'factors = ["', 'factors = ["x', "us.…: factors: no factor is called x…. The closest are: …"),
        (LEFT_OUT, 'source = "', 'source = "x', "… names no source: no source is called x…. The closest are: …"),
        (STUDY, "year = 2009", "", "a study needs its `year`, its `size` and its `limits`"),
        (STUDY, "limits = ", "# limits = ", "a study needs its `year`, its `size` and its `limits`"),
        (NIGHT, "factors = [", "factors = [] # [", "factors: expected at least 1, found []"),
        (ME, "factors = [", "factors = [] # [", "signs.1.factors: expected at least 1, found []"),
        (CONTACT, "unsure = true", "unsure = true\naim = true", "answers: an aim is an answer to change to, …"),
        (
            NEW_ZEALAND,
            'checked = "',
            'checked = "In ',
            "nz.…: checked: expected a month such as 2026-11, …",
        ),
        (
            UNITED_STATES,
            'instead_of = "us.988"',
            'instead_of = "us.9888"',
            "us.988-es: instead_of: no line of this country is called us.9888. There are: …us.988, …",
        ),
        (
            UNITED_STATES,
            'language = "es"\ninstead_of',
            "instead_of",
            "us.988-es: instead_of: a line that stands in for another one needs a `language`, and the same `cards`",
        ),
    ],
)
def test_evidence_that_does_not_hold_together_is_told(root: Path, file: str, old: str, new: str, expected: str) -> None:
    edit(root, file, old, new)
    check_told(root, file, expected)


def test_what_is_left_out_cannot_be_rested_on(root: Path, content: Content) -> None:
    group = content.left_out["too-old"]
    edit(root, CONTACT, '"fbi.begin.any-platform"', f'"{group.items[0].id}"')
    expected = f"factors: {group.items[0].id} is left out of what we print: see questions/left-out, too-old"
    check_told(root, CONTACT, expected)


def test_what_is_left_out_is_not_printed_as_well(root: Path, content: Content) -> None:
    name = content.left_out["too-old"].items[0].id
    edit(root, LEFT_OUT, f'id = "{name}"', 'id = "fbi.begin.any-platform"')
    expected = "fbi.begin.any-platform is left out here, and stands in questions/factors as well"
    found = problems(root)
    assert f"{LEFT_OUT}: {expected}" in found


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (STARTERS, "no chapter of questions/signs is called starters. There are: …"),
        (ME, "no chapter of questions/first-steps is called me. There are: child"),
    ],
)
def test_a_chapter_that_pages_print_by_name_is_missed(root: Path, file: str, expected: str) -> None:
    (root / file).unlink()
    check_told(root, QUIZ, expected)


def test_an_age_with_nothing_to_begin_a_talk_with_is_told(root: Path) -> None:
    text = (root / STARTERS).read_text(encoding="utf-8")
    older = re.sub(r"^ages = .*\n", "", text, flags=re.MULTILINE)
    older = re.sub(r"^factors = .*$", r'\g<0>\nages = ["8-10", "11-13", "14-17"]', older, flags=re.MULTILINE)
    (root / STARTERS).write_text(older, encoding="utf-8")
    check_told(root, STARTERS, "signs: there is nothing to begin a talk with for 4-7")


def test_points_that_do_not_add_up_are_told_with_their_sum(root: Path) -> None:
    edit(root, "questions/60-night.toml", "points = 2", "points = 3")
    check_told(root, QUIZ, "the points of the worst answers add up to 19, expected 18: age-true 2, …night 3, …")


def test_a_help_line_that_nobody_verified_does_not_stand_on_a_card(root: Path) -> None:
    text = (root / NEW_ZEALAND).read_text(encoding="utf-8")
    before, line = text.split('id = "nz.1737"')
    line = line.replace("verified = true", "verified = false", 1)
    (root / NEW_ZEALAND).write_text(f'{before}id = "nz.1737"{line}', encoding="utf-8")
    check_told(root, NEW_ZEALAND, "no verified line stands on the young card")


def test_a_step_for_an_unknown_question_is_told(root: Path) -> None:
    shutil.copy(root / "questions/steps/night.toml", root / "questions/steps/nigth.toml")
    check_told(root, "questions/steps/nigth.toml", f"no scored question is called nigth. There are: {HABITS}")


def test_a_scored_question_without_a_step_is_told_with_the_file_to_make(root: Path) -> None:
    (root / "questions/steps/night.toml").unlink()
    check_told(root, "questions/60-night.toml", "there is no step for it: make questions/steps/night.toml")


@pytest.mark.parametrize("name", ["20-urgent", "95-signs"])
def test_a_question_that_the_program_relies_on_is_missed(root: Path, name: str) -> None:
    (root / f"questions/{name}.toml").unlink()
    check_told(root, QUIZ, f"the quiz needs a question called {name[3:]}")


@pytest.mark.parametrize(
    ("file", "before"),
    [
        (CONTACT, "text = "),
        (CONTACT, 'id = "known"\ntext = '),
        (QUIZ, "line = "),
        (TELL, "promise = "),
        (WORDING, "plan = [\n  "),
        (WORDING, "review = [\n  "),
        ("questions/steps/talk.toml", "time = "),
        (NEW_ZEALAND, "name = "),
        (OUR, "says = "),
    ],
)
@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda text: f"<b>{text}</b>", "texts are words, without HTML: “<b>{text}</b>”"),
        (lambda text: f"{text} &amp; more", "texts are words, without HTML: “{text} &amp; more”"),
        (lambda text: f"{text} Don't", "use curly quotation marks (’ “ ”), found a straight one: “{text} Don't”"),
        (lambda text: f"{text} ", "a text is empty or has spaces at its ends: “{text} ”"),
        (lambda text: f" {text}", "a text is empty or has spaces at its ends: “ {text}”"),
        (lambda text: "", "…"),
    ],
    ids=["tag", "entity", "straight quote", "space behind", "space before", "empty"],
)
def test_a_text_that_would_print_badly_is_told(
    root: Path, file: str, before: str, spoil: Callable[[str], str], expected: str
) -> None:
    edit(root, file, f'{before}"…"', f'{before}"{spoil("…")}"')
    check_told(root, file, expected.format(text="…"))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (URGENT, 'id = "yes"', 'id = "yes-now"'),
        (URGENT, 'id = "maybe"', 'id = "perhaps"'),
        ("questions/95-signs.toml", 'id = "no"', 'id = "none"'),
        ("questions/95-signs.toml", 'id = "little"', 'id = "a-little"'),
        ("questions/95-signs.toml", 'id = "clearly"', 'id = "clear"'),
    ],
)
def test_an_answer_that_the_program_looks_for_cannot_be_renamed(root: Path, file: str, old: str, new: str) -> None:
    edit(root, file, old, new)
    [told] = problems(root)
    assert told.startswith(f"{file}: answers")
    assert new.split('"')[1] in told
    assert old.split('"')[1] in told


@pytest.mark.parametrize("blank", ["outside-one", "outside-two"])
def test_a_blank_that_every_sheet_prints_is_missed(root: Path, blank: str) -> None:
    edit(root, WORDING, f'id = "{blank}"', f'id = "{blank}-adult"')
    [told] = problems(root)
    assert told.startswith(f"{WORDING}: blanks")
    assert blank in told


def test_a_brace_that_is_left_open_is_told(root: Path) -> None:
    edit(root, NIGHT, "{night-place}", "{night-place")
    [told] = problems(root)
    assert told.startswith(f"{NIGHT}: lines")
    assert "{night-place" in told


def test_an_age_with_too_few_lines_to_suggest_is_told(root: Path) -> None:
    edit(root, WORDING, 'defaults = ["talk", "practice", "contact", "night"', 'defaults = ["talk"')
    assert all(told.startswith(f"{WORDING}: defaults") for told in problems(root))


@pytest.mark.parametrize(
    ("file", "old", "new", "twin"),
    [
        (NEW_ZEALAND, 'id = "nz.netsafe"', 'id = "nz.1737"', "nz.1737"),
        (NEW_ZEALAND, 'id = "nz.netsafe"', 'id = "uk.childline"', "uk.childline"),
        (WORDING, 'id = "adult-two"', 'id = "adult-one"', "adult-one"),
        (QUIZ, 'id = "start-here"', 'id = "a-few-things"', "a-few-things"),
    ],
)
def test_an_entry_that_was_copied_with_its_id_is_told(root: Path, file: str, old: str, new: str, twin: str) -> None:
    edit(root, file, old, new)
    assert any("twice" in told and twin in told for told in problems(root))


def test_a_field_to_look_up_again_exists(root: Path) -> None:
    edit(root, NEW_ZEALAND, 'recheck = ["phone"]', 'recheck = ["fone"]')
    [told] = problems(root)
    assert told.startswith(f"{NEW_ZEALAND}: ")
    assert "fone" in told


def test_a_clause_without_words_for_an_age_is_only_left_out_there(root: Path) -> None:
    edit(root, NIGHT, '"11-13" = ', "# ")
    assert Band.TWEEN not in read(root).clauses["night"].lines


@pytest.mark.parametrize(("file", "id_in_file"), [(CONTACT, "message"), (NIGHT, "nights"), (STUDY, "noll")])
def test_an_id_comes_from_the_name_of_the_file_alone(root: Path, file: str, id_in_file: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    (root / file).write_text(f'id = "{id_in_file}"\n{text}', encoding="utf-8")
    [told] = problems(root)
    assert told.startswith(f"{file}: id")


@pytest.mark.parametrize(
    ("file", "twin"),
    [(CONTACT, "questions/35-contact.toml"), (NIGHT, "agreement_templates/clauses/30-night.toml")],
)
def test_two_files_of_one_name_are_told(root: Path, file: str, twin: str) -> None:
    shutil.copy(root / file, root / twin)
    [told] = problems(root)
    assert told.startswith(f"{twin}: ")
    assert "twice" in told


@pytest.mark.parametrize("table", ["[[factors]]", "[factor]"])
def test_a_table_of_another_name_is_never_passed_over(root: Path, table: str) -> None:
    extra = f'{table}\nid = "new.one"\nsays = "Something new."\nsource = "gsr"\ngrade = "C"\n'
    (root / "questions/factors/new.toml").write_text(extra, encoding="utf-8")
    found = problems(root)
    assert all(told.startswith("questions/factors/new.toml: factor") for told in found)
    assert not any(".:" in told for told in found), "a key that ends in a dot is no key"


def test_a_file_of_the_editors_own_system_does_not_disturb(root: Path, content: Content) -> None:
    (root / "questions/.DS_Store").write_bytes(b"\x00\x01")
    (root / "questions/30-contact.toml~").write_text("old", encoding="utf-8")
    assert read(root) == content


def test_all_problems_of_shape_are_told_at_once(root: Path) -> None:
    edit(root, CONTACT, "points = 2", 'points = "2"')
    edit(root, CONTACT, "unsure = true", "unsure = 1")
    edit(root, NIGHT, "gap =", "gaps =")
    edit(root, QUIZ, "least = 5", 'least = "5"')
    (root / WORDING).unlink()
    found = problems(root)
    assert sorted(told.split(":")[0] for told in found) == sorted([CONTACT, CONTACT, NIGHT, QUIZ, WORDING])


def test_all_problems_of_sense_are_told_at_once(root: Path) -> None:
    edit(root, CONTACT, '"fbi.begin.any-platform"', '"fbi.begin.any"')
    edit(root, NIGHT, 'gap = "night"', 'gap = "nigth"')
    edit(root, QUIZ, "least = 5", "least = 11")
    edit(root, NEW_ZEALAND, 'call = "1737"', 'call = ""')
    found = problems(root)
    assert sorted(told.split(":")[0] for told in found) == sorted([CONTACT, NIGHT, QUIZ, NEW_ZEALAND])


def test_a_problem_of_shape_does_not_hide_a_text_with_html_elsewhere(root: Path) -> None:
    edit(root, CONTACT, "points = 2", 'points = "2"')
    edit(root, NIGHT, 'promise = "', 'promise = "<b>Our</b> ')
    found = problems(root)
    assert sorted(told.split(":")[0] for told in found) == sorted([CONTACT, NIGHT])


def test_the_application_does_not_start_on_broken_content(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(root, CONTACT, "points = 2", 'points = "2"')
    monkeypatch.setattr("quizapp.content.read", lambda: read(root))
    with pytest.raises(ContentError, match=r"answers\.3\.points"):
        create_app({"INSTANCE": tmp_path / "instance"})


def test_every_page_holds_when_a_line_has_no_words_for_an_age(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(root, NIGHT, '"11-13" = ', "# ")
    monkeypatch.setattr("quizapp.content.read", lambda: read(root))
    app = create_app({"INSTANCE": tmp_path / "instance"})
    statuses = [app.test_client().get(f"/en/{page}").status_code for page in ("evidence", "agreement", "quiz")]
    app.extensions["quizapp"].close()
    assert statuses == [200, 200, 200]


def test_ids_and_order_come_from_the_names_of_the_files(content: Content) -> None:
    assert list(content.questions)[:3] == ["age", "urgent", "contact"]
    assert [clause.id for clause in content.clauses.values()] == list(content.clauses)
    assert list(content.clauses)[:2] == ["tell", "no-trouble"]


def test_countries_come_in_the_order_that_their_files_give(content: Content) -> None:
    orders = [country.order for country in content.countries.values()]
    assert orders == sorted(orders)
    assert next(iter(content.countries)) == "us"
    assert list(content.countries)[-1] == "other"
