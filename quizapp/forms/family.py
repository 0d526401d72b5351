"""The family's form, and the family that a filled form describes.

Fields are named as the page posts them: children-0-name, children-0-blanks-adult-one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from quizapp import letters
from quizapp.agreement import (
    MOST_ADULTS,
    MOST_CHILDREN,
    MOST_CHOSEN,
    MOST_OWN,
    blanks_in,
    choosable,
    filled_in,
    lines_of,
    suggest,
)
from quizapp.forms.checks import Answered, AtMost, OneLanguage, Printable, Soon, Written, day_of
from quizapp.model import Band, Child, Content, Family, Ink, Paper, Size

LONGEST_NAME = 60
LONGEST_BLANK = 40
LONGEST_LINE = 120
# Of ours, which hold names of blanks.
LONGEST_THEN = 240
# Where the usual paper is Letter.
LETTER_COUNTRIES = ("us", "ca")
USUAL_PAPER = "usual"
# The paper in the language of the screen.
SAME_LANGUAGE = "same"
# Between two languages that stand side by side.
AND = "+"


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
        "second": FieldList(
            StringField(_l("Grown-up who signs in the second home"), validators=[Printable(LONGEST_NAME)]),
            validators=[AtMost(MOST_ADULTS, _l("%(most)s grown-ups can sign. There are %(found)s now."))],
        ),
        "country": _country_field(content),
        "review": StringField(_l("When do you look at it again?"), validators=[Soon()]),
        "paper": _choice_field(
            _l("Paper"),
            {USUAL_PAPER: _l("The usual one in our country"), Paper.A4: "A4", Paper.LETTER: "Letter"},
            _l("Choose a paper size."),
        ),
        "size": _choice_field(
            _l("Size of the print"),
            {Size.NORMAL: _l("Normal: one sheet for each child"), Size.LARGE: _l("Large: easier to read, more pages")},
            _l("Choose the size of the print."),
            OneLanguage(AND, Size.LARGE, _l("Large print has room for one language. Choose one, or the normal size.")),
        ),
        "ink": _choice_field(
            _l("Colour"),
            {Ink.COLOUR: _l("In colour"), Ink.GREY: _l("In grey")},
            _l("Choose colour or grey."),
        ),
        "language": _choice_field(
            _l("Language of the paper"),
            {SAME_LANGUAGE: _l("The same as this page"), **languages, **_pairs(languages)},
            _l("Choose a language for the paper."),
        ),
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


def _choice_field(label: Any, choices: Mapping[str, Any], message: Any, *more: Any) -> Any:
    """One of a few, of which the first is the usual one."""
    return RadioField(
        label,
        choices=[SelectChoice(value, name) for value, name in choices.items()],
        default=next(iter(choices)),
        validate_choice=False,
        validators=[Answered(choices, message), *more],
    )


def _pairs(languages: Mapping[str, str]) -> dict[str, Any]:
    """Two languages side by side, by both codes."""
    return {
        f"{one}{AND}{other}": _l("%(one)s and %(other)s side by side", one=languages[one], other=languages[other])
        for one, other in combinations(languages, 2)
    }


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
        "clauses": SelectMultipleField(
            _l("Lines to choose"),
            choices=[SelectChoice(name, name) for name in words],
            validate_choice=False,
            validators=[AtMost(MOST_CHOSEN, _l("Choose at most %(most)s lines. There are %(found)s now."))],
        ),
        "words": FormField(type("WordsForm", (Form,), words)),
        "blanks": FormField(type("BlanksForm", (Form,), blanks)),
        "then": FormField(type("ThenForm", (Form,), {name: _optional(LONGEST_THEN) for name in content.clauses})),
        "keep": SelectMultipleField(
            _l("Keep the words we had"), choices=[SelectChoice(name, name) for name in words], validate_choice=False
        ),
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


def family_from(content: Content, typed: Mapping[str, Any], today: date, screen: str) -> Family:
    """The data of a form without errors -> the family that it describes. `screen`: the language of the page."""
    language, *beside = [screen] if typed["language"] == SAME_LANGUAGE else typed["language"].split(AND)
    return Family(
        name=letters.tidy(typed["family"] or ""),
        adults=_texts(typed["adults"]),
        children=tuple(_child(content, child) for child in typed["children"]),
        country=typed["country"],
        made=today,
        review=day_of(typed["review"]) or today,
        paper=_paper(typed["paper"], typed["country"]),
        language=language,
        beside="".join(beside),
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


def typed_again(content: Content, family: Family, said: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What the form held when a family wrote in the language of `content`; the days are for the caller to set.

    `said` are the lines of each child as they read then. Lines that are worded in another way now stand beside ours;
    lines that are no longer offered become lines of the child's own, as far as there is room. Names that are none of
    ours, which only a file that somebody changed can hold, are left out.
    """
    pair = f"{family.language}{AND}{family.beside}" if family.beside else family.language
    return {
        "family": family.name,
        "adults": list(family.adults),
        "second": list(family.second_home),
        "children": [_child_again(content, *one) for one in zip(family.children, said, strict=True)],
        "country": family.country,
        "paper": family.paper,
        "size": family.size,
        "ink": family.ink,
        "language": pair,
    }


def _child_again(content: Content, child: Child, said: Mapping[str, str]) -> dict[str, Any]:
    now = {clause.id: clause.lines.get(child.band, "") for clause in lines_of(content, child)}
    gone = [child.words.get(name) or filled_in(text, child.blanks) for name, text in said.items() if name not in now]
    changed = {name: text for name, text in said.items() if now.get(name, text) != text}
    words = {name: text for name, text in child.words.items() if name in content.clauses}
    # Words of ours that were kept, with their blanks filled, can be longer than what may be typed.
    kept = {name: text for name, text in words.items() if name in now and len(text) > LONGEST_LINE}
    return {
        "name": child.name,
        "band": child.band,
        "clauses": [name for name in child.clauses if name in now],
        "words": {name: text for name, text in words.items() if name not in kept},
        "blanks": {blank.id: child.blanks.get(blank.id, "") for blank in content.wording.blanks},
        "then": {name: _as_read(text, now[name], child.blanks) for name, text in changed.items()} | kept,
        "keep": list(kept),
        "own": [*child.own, *gone][:MOST_OWN],
    }


def _as_read(text: str, now: str, blanks: Mapping[str, str]) -> str:
    """A line of then, with what was typed in those of its blanks that the line of now does not ask for any more."""
    for name in set(blanks_in(text)) - set(blanks_in(now)):
        text = text.replace(f"{{{name}}}", blanks.get(name) or f"{{{name}}}")
    return text


def _texts(typed: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(text for entry in typed if (text := letters.tidy(entry or "")))


def _filled(typed: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, entry in typed.items() if (text := letters.tidy(entry or ""))}


def _paper(typed: str, country: str) -> Paper:
    return usual_paper(country) if typed == USUAL_PAPER else Paper(typed)


def usual_paper(country: str) -> Paper:
    """The paper that people of a country have at home."""
    return Paper.LETTER if country in LETTER_COUNTRIES else Paper.A4
