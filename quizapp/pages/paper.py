"""From a form without errors to what a family takes home: paper in each of its languages, its data, its dates."""

from dataclasses import replace
from datetime import UTC, date, datetime

from flask import g
from wtforms import Form

from quizapp import agreement as rules
from quizapp import forms
from quizapp.model import Family
from quizapp.pages import site as here
from quizapp.printing.savefile import pack
from quizapp.printing.sheets import Tongue, to_html


def family(form: Form) -> Family:
    return forms.family_from(here.content(), form.data, date.today(), g.lang)


def written(family: Family, only: int = 0) -> tuple[Tongue, ...]:
    """The agreement in each language of the paper, with every child's sheet or the one with this number."""
    return tuple(_in_language(family, code, only) for code in (family.language, family.beside) if code)


def document(tongues: tuple[Tongue, ...]) -> str:
    """The HTML that is printed."""
    address = here.address_of("evidence.evidence", tongues[0].locale).split("://")[-1]
    return to_html(tongues, address)


def save(family: Family) -> bytes:
    """The family's own data, for the one file that carries them."""
    return pack(here.site().languages[family.language].content, family)


def dates(family: Family) -> bytes:
    """The family's dates as a calendar file, in the language of the paper."""
    from quizapp import reminders  # its library takes a twentieth of a start, and few families ask for dates

    language, today = here.site().languages[family.language], date.today()
    return reminders.to_ics(
        language.content,
        {child.band for child in family.children},
        today,
        family.review or today,
        datetime.now(UTC),
        language.translations,
    )


def _in_language(family: Family, code: str, only: int) -> Tongue:
    language = here.site().languages[code]
    agreement = rules.write(language.content, replace(family, language=code))
    return Tongue(rules.only_sheet(agreement, only) if only else agreement, code, language.translations)
