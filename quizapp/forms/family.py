"""The family's form, and the family that a filled form describes.

Fields are named as the page posts them: children-0-name, children-0-blanks-adult-one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from quizapp import letters
from quizapp.agreement import (
    MOST_ADULTS,
    MOST_CHILDREN,
    MOST_CHOSEN,
    MOST_OWN,
    choosable,
    filled_in,
    suggest,
)
from quizapp.forms.checks import Answered, AtMost, Printable, Soon, Written, day_of
from quizapp.forms.paper import country_field, languages_of, paper_fields, paper_of
from quizapp.model import Band, Child, Content, Family, Ink, Size

LONGEST_NAME = 60
LONGEST_BLANK = 40
LONGEST_LINE = 120
# Of ours, which hold names of blanks.
LONGEST_THEN = 240


def family_form(content: Content, languages: Mapping[str, str]) -> type[Form]:
    """The builder's form, in the words of `content`. `languages`: those of the paper, by code, each by its own name."""
    fields = {
        "family": StringField(_l("Family name (you can leave it out)"), validators=[Printable(LONGEST_NAME)]),
        "adults": _signers(_l("Grown-up who signs")),
        "children": FieldList(
            FormField(_child_form(content)),
            validators=[AtMost(MOST_CHILDREN, _l("There is room for %(most)s children. There are %(found)s now."))],
        ),
        "second": _signers(_l("Grown-up who signs in the second home")),
        "country": country_field(content),
        "review": StringField(_l("When do you look at it again?"), validators=[Soon()]),
        **paper_fields(languages),
    }
    return type("FamilyForm", (Form,), fields)


def _signers(label: Any) -> Any:
    return FieldList(
        StringField(label, validators=[Printable(LONGEST_NAME)]),
        validators=[AtMost(MOST_ADULTS, _l("%(most)s grown-ups can sign. There are %(found)s now."))],
    )


def _child_form(content: Content) -> type[Form]:
    """`then` holds lines as they read when a file was made that was opened again; `keep` names those to keep so."""
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
        "clauses": _some(
            words,
            _l("Lines to choose"),
            AtMost(MOST_CHOSEN, _l("Choose at most %(most)s lines. There are %(found)s now.")),
        ),
        "words": FormField(type("WordsForm", (Form,), words)),
        "blanks": FormField(type("BlanksForm", (Form,), blanks)),
        "then": FormField(type("ThenForm", (Form,), {name: _optional(LONGEST_THEN) for name in content.clauses})),
        "keep": _some(words, _l("Keep the words we had")),
        "own": FieldList(
            _optional(LONGEST_LINE, _l("A line of your own")),
            min_entries=MOST_OWN,
            validators=[AtMost(MOST_OWN, _l("Write at most %(most)s lines of your own. There are %(found)s now."))],
        ),
    }
    return type("ChildForm", (Form,), fields)


def _some(names: Iterable[str], label: Any, *validators: Any) -> Any:
    """Any of these; other names are no mistake, and are left out later."""
    choices = [SelectChoice(name, name) for name in names]
    return SelectMultipleField(label, choices=choices, validate_choice=False, validators=validators)


def _optional(longest: int, label: Any = "") -> Any:
    return StringField(label, validators=[Printable(longest)])


def first_child(content: Content, band: Band, clauses: Sequence[str] = ()) -> dict[str, Any]:
    """What the form of a child begins with: given lines, or those of the age."""
    return {"band": band, "clauses": list(clauses or suggest(content, band, {}))}


def family_from(content: Content, typed: Mapping[str, Any], today: date, screen: str) -> Family:
    """The data of a form without errors -> the family that it describes. `screen`: the language of the page."""
    language, beside = languages_of(typed["language"], screen)
    return Family(
        name=letters.tidy(typed["family"] or ""),
        adults=_texts(typed["adults"]),
        children=tuple(_child(content, child) for child in typed["children"]),
        country=typed["country"],
        made=today,
        review=day_of(typed["review"]) or today,
        paper=paper_of(typed["paper"], typed["country"]),
        language=language,
        beside=beside,
        size=Size(typed["size"]),
        ink=Ink(typed["ink"]),
        second_home=_texts(typed["second"]),
    )


def _child(content: Content, typed: Mapping[str, Any]) -> Child:
    band = Band(typed["band"])
    there = {clause.id for clause in choosable(content, band)}
    blanks = _filled(typed["blanks"])
    keep = there & set(typed["keep"] or ())
    kept = {name: filled_in(text, blanks) for name, text in _filled(typed["then"]).items() if name in keep}
    return Child(
        name=letters.tidy(typed["name"]),
        band=band,
        clauses=tuple(sorted(there & set(typed["clauses"] or ()))),
        words=kept | _filled(typed["words"]),
        blanks=blanks,
        own=_texts(typed["own"]),
    )


def _texts(typed: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(text for entry in typed if (text := letters.tidy(entry or "")))


def _filled(typed: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, entry in typed.items() if (text := letters.tidy(entry or ""))}
