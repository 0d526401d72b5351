"""The family's form, and the family that a filled form describes.

Fields are named as the page posts them: children-0-name, children-0-blanks-adult-one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from quizapp import letters
from quizapp.agreement import MOST_ADULTS, MOST_CHILDREN, MOST_CHOSEN, MOST_OWN, choosable, suggest
from quizapp.forms.checks import Answered, AtMost, Printable, Soon, Written, day_of
from quizapp.model import Band, Child, Content, Family, Paper

LONGEST_NAME = 60
LONGEST_BLANK = 40
LONGEST_LINE = 120
# Where the usual paper is Letter.
LETTER_COUNTRIES = ("us", "ca")
USUAL_PAPER = "usual"
# The paper in the language of the screen.
SAME_LANGUAGE = "same"


def family_form(content: Content, languages: Mapping[str, str]) -> type[Form]:
    """The builder's form, in the words of `content`. `languages`: those of the paper, by code, each by its own name."""
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
        "country": _country_field(content),
        "review": StringField(_l("When do you look at it again?"), validators=[Soon()]),
        "paper": _paper_field(),
        "language": _language_field(languages),
    }
    return type("FamilyForm", (Form,), fields)


def _country_field(content: Content) -> Any:
    countries = [SelectChoice(country.id, country.name) for country in content.countries.values()]
    return SelectField(
        _l("Country for the help lines"),
        choices=[SelectChoice("", _l("Choose a country")), *countries],
        validate_choice=False,
        validators=[Answered(content.countries, _l("Choose the country whose help lines are printed."))],
    )


def _paper_field() -> Any:
    return RadioField(
        _l("Paper"),
        choices=[
            SelectChoice(USUAL_PAPER, _l("The usual one in our country")),
            SelectChoice(Paper.A4, "A4"),
            SelectChoice(Paper.LETTER, "Letter"),
        ],
        default=USUAL_PAPER,
        validate_choice=False,
        validators=[Answered((USUAL_PAPER, *Paper), _l("Choose a paper size."))],
    )


def _language_field(languages: Mapping[str, str]) -> Any:
    return RadioField(
        _l("Language of the paper"),
        choices=[
            SelectChoice(SAME_LANGUAGE, _l("The same as this page")),
            *(SelectChoice(code, name) for code, name in languages.items()),
        ],
        default=SAME_LANGUAGE,
        validate_choice=False,
        validators=[Answered((SAME_LANGUAGE, *languages), _l("Choose a language for the paper."))],
    )


def language_from(typed: str, screen: str) -> str:
    """The language of the paper, from the field of a form without errors and the language of the screen."""
    return screen if typed == SAME_LANGUAGE else typed


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


def first_child(content: Content, band: Band, clauses: Sequence[str] = ()) -> dict[str, Any]:
    """What the form of a child begins with: given lines, or those of the age."""
    return {"band": band, "clauses": list(clauses or suggest(content, band, {}))}


def family_from(content: Content, typed: Mapping[str, Any], today: date, language: str) -> Family:
    """The data of a form without errors -> the family that it describes. `language`: that of the paper."""
    return Family(
        name=letters.tidy(typed["family"] or ""),
        adults=_texts(typed["adults"]),
        children=tuple(_child(content, child) for child in typed["children"]),
        country=typed["country"],
        made=today,
        review=day_of(typed["review"]) or today,
        paper=_paper(typed["paper"], typed["country"]),
        language=language,
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
    return usual_paper(country) if typed == USUAL_PAPER else Paper(typed)


def usual_paper(country: str) -> Paper:
    """The paper that people of a country have at home."""
    return Paper.LETTER if country in LETTER_COUNTRIES else Paper.A4
