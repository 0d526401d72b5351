"""What a family chooses about its paper: the country of the help lines, paper, size, colour, languages."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from quizapp.forms.checks import Answered, OneLanguage
from quizapp.model import Content, Ink, Paper, Size

# Where the usual paper is Letter.
LETTER_COUNTRIES = ("us", "ca")
USUAL_PAPER = "usual"
# The paper in the language of the screen.
SAME_LANGUAGE = "same"
# Between two languages that stand side by side.
AND = "+"


def paper_fields(languages: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the form. `languages`: those of the paper, by code, each by its own name."""
    return {
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


def paper_of(typed: str, country: str) -> Paper:
    return usual_paper(country) if typed == USUAL_PAPER else Paper(typed)


def usual_paper(country: str) -> Paper:
    """The paper that people of a country have at home."""
    return Paper.LETTER if country in LETTER_COUNTRIES else Paper.A4


def languages_of(typed: str, screen: str) -> tuple[str, str]:
    """The language of the paper and the one beside it ("" for none), on a page in the language `screen`."""
    language, _and, beside = (screen if typed == SAME_LANGUAGE else typed).partition(AND)
    return language, beside


def languages_typed(language: str, beside: str) -> str:
    """The same as the form has it."""
    return f"{language}{AND}{beside}" if beside else language


def country_field(content: Content) -> Any:
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
