"""The quiz and the family's form, built from content. Every field keeps what was typed, right or wrong."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, Form, FormField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from quizapp import letters
from quizapp.agreement import MOST_ADULTS, MOST_CHILDREN, MOST_CHOSEN, MOST_OWN, choosable, suggest
from quizapp.model import Band, Child, Content, Family, Paper, Question

LONGEST_NAME = 60
LONGEST_BLANK = 40
LONGEST_LINE = 120
# How far ahead a family may plan to look again.
MOST_YEARS = 5
# Where the usual paper is Letter.
LETTER_COUNTRIES = ("us", "ca")
USUAL_PAPER = "usual"


# What is wrong with a field, said to the person who filled it in


class Answered:
    """One of the offered answers must be chosen."""

    def __init__(self, ids: Iterable[str], message: Any) -> None:
        self.ids = frozenset(ids)
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        if field.data not in self.ids:
            raise ValidationError(str(self.message))


class Printable:
    """Not longer than the sheet has room for, and made of letters that can be printed."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, form: Form, field: Field) -> None:
        text = letters.tidy(field.data or "")
        if len(text) > self.longest:
            found = len(text)
            raise ValidationError(
                _("Use at most %(most)s letters. There are %(found)s now.", most=self.longest, found=found)
            )
        if names := letters.unprintable(text):
            listed = ", ".join(names)
            raise ValidationError(_("We cannot print %(names)s. Please write it in another way.", names=listed))


class AtMost:
    """A list with room for so many entries; empty ones do not count."""

    def __init__(self, most: int, message: Any) -> None:
        self.most = most
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        found = len([entry for entry in field.data or () if not isinstance(entry, str) or letters.tidy(entry)])
        if found > self.most:
            raise ValidationError(str(self.message) % {"most": self.most, "found": found})


class Written:
    """A text that may not be left out."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        if not letters.tidy(field.data or ""):
            raise ValidationError(str(self.message))


class Soon:
    """A day as 2027-02-22, from today on and within some years."""

    def __call__(self, form: Form, field: Field) -> None:
        today = date.today()
        day = day_of(field.data)
        if day is None:
            example = f"{today.year + 1}-01-31"
            raise ValidationError(_("Type the day as year-month-day, such as %(example)s.", example=example))
        if not 0 <= (day - today).days <= MOST_YEARS * 366:
            raise ValidationError(_("Choose a day between today and %(years)s years from now.", years=MOST_YEARS))


# The quiz


def quiz_form(content: Content) -> type[Form]:
    """A form with one choice for each question, in the words of `content`."""
    return type("QuizForm", (Form,), {name: _choice(question) for name, question in content.questions.items()})


def _choice(question: Question) -> Any:
    return RadioField(
        question.text,
        choices=[SelectChoice(answer.id, answer.text) for answer in question.answers],
        validate_choice=False,
        validators=[Answered((answer.id for answer in question.answers), _l("Choose one answer."))],
    )


# The family's form. Fields are named as the page posts them: children-0-name, children-0-blanks-adult-one.


def family_form(content: Content) -> type[Form]:
    """The builder's form, in the words of `content`."""
    countries = [SelectChoice("", _l("Choose a country"))]
    countries += [SelectChoice(country.id, country.name) for country in content.countries.values()]
    fields = {
        "family": StringField(_l("Family name (you can leave it out)"), validators=[Printable(LONGEST_NAME)]),
        "adults": FieldList(
            StringField(_l("Grown-up who signs"), validators=[Printable(LONGEST_NAME)]),
            validators=[AtMost(MOST_ADULTS, _l("%(most)s grown-ups can sign. There are %(found)s now."))],
        ),
        "children": FieldList(
            FormField(_child_form(content)),
            validators=[AtMost(MOST_CHILDREN, _l("There is room for %(most)s children. There are %(found)s now."))],
        ),
        "country": SelectField(
            _l("Country for the help lines"),
            choices=countries,
            validate_choice=False,
            validators=[Answered(content.countries, _l("Choose the country whose help lines are printed."))],
        ),
        "review": StringField(_l("When do you look at it again?"), validators=[Soon()]),
        "paper": RadioField(
            _l("Paper"),
            choices=[
                SelectChoice(USUAL_PAPER, _l("The usual one in our country")),
                SelectChoice(Paper.A4, "A4"),
                SelectChoice(Paper.LETTER, "Letter"),
            ],
            default=USUAL_PAPER,
            validate_choice=False,
            validators=[Answered((USUAL_PAPER, *Paper), _l("Choose a paper size."))],
        ),
    }
    return type("FamilyForm", (Form,), fields)


def _child_form(content: Content) -> type[Form]:
    words = {clause.id: _optional(LONGEST_LINE) for clause in content.clauses.values() if not clause.core}
    blanks = {blank.id: _optional(LONGEST_BLANK, blank.label) for blank in content.wording.blanks}
    fields = {
        "name": StringField(
            _l("First name or nickname"),
            validators=[Written(_l("Type a name for the sheet. We do not keep it.")), Printable(LONGEST_NAME)],
        ),
        "band": RadioField(
            _l("Age"),
            choices=[SelectChoice(band, band.replace("-", "–")) for band in Band],
            validate_choice=False,
            validators=[Answered(Band, _l("Choose an age."))],
        ),
        "clauses": SelectMultipleField(
            _l("Lines to choose"),
            choices=[SelectChoice(name, name) for name in words],
            validate_choice=False,
            validators=[AtMost(MOST_CHOSEN, _l("Choose at most %(most)s lines. There are %(found)s now."))],
        ),
        "words": FormField(type("WordsForm", (Form,), words)),
        "blanks": FormField(type("BlanksForm", (Form,), blanks)),
        "own": FieldList(
            _optional(LONGEST_LINE, _l("A line of your own")),
            min_entries=MOST_OWN,
            validators=[AtMost(MOST_OWN, _l("Write at most %(most)s lines of your own. There are %(found)s now."))],
        ),
    }
    return type("ChildForm", (Form,), fields)


def _optional(longest: int, label: Any = "") -> Any:
    return StringField(label, validators=[Printable(longest)])


# A filled form <-> values


def first_child(content: Content, band: Band, clauses: Sequence[str] = ()) -> dict[str, Any]:
    """What the form of a child begins with: given lines, or those of the age."""
    return {"band": band, "clauses": list(clauses or suggest(content, band, {}))}


def family_from(content: Content, typed: Mapping[str, Any], today: date) -> Family:
    """The data of a form without errors -> the family that it describes."""
    return Family(
        name=letters.tidy(typed["family"] or ""),
        adults=_texts(typed["adults"]),
        children=tuple(_child(content, child) for child in typed["children"]),
        country=typed["country"],
        made=today,
        review=day_of(typed["review"]) or today,
        paper=_paper(typed["paper"], typed["country"]),
    )


def _child(content: Content, typed: Mapping[str, Any]) -> Child:
    band = Band(typed["band"])
    there = {clause.id for clause in choosable(content, band)}
    return Child(
        name=letters.tidy(typed["name"]),
        band=band,
        clauses=tuple(sorted(there & set(typed["clauses"] or ()))),
        words=_filled(typed["words"]),
        blanks=_filled(typed["blanks"]),
        own=_texts(typed["own"]),
    )


def _texts(typed: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(text for entry in typed if (text := letters.tidy(entry or "")))


def _filled(typed: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, entry in typed.items() if (text := letters.tidy(entry or ""))}


def _paper(typed: str, country: str) -> Paper:
    if typed == USUAL_PAPER:
        return Paper.LETTER if country in LETTER_COUNTRIES else Paper.A4
    return Paper(typed)


def day_of(typed: str | None) -> date | None:
    """A day typed as 2027-02-22, or None where it is none."""
    try:
        return date.fromisoformat((typed or "").strip())
    except ValueError:
        return None
