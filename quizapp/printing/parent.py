"""Result -> the HTML of the adult's own sheet, in a given language. It is never a part of the agreement."""

from datetime import date
from functools import partial

from babel.support import NullTranslations

from quizapp.agreement import help_card
from quizapp.model import Card, Content, Country, Factor, Paper, Result, Source
from quizapp.printing.words import environment
from quizapp.result import aim


def to_html(
    content: Content,
    result: Result,
    country: Country | None,
    paper: Paper,
    made: date,
    locale: str,
    translations: NullTranslations,
) -> str:
    """Two pages. Without a country they print the emergency numbers and no help lines."""
    words = environment(locale, translations)
    return words.get_template("parent.html").render(
        content=content,
        result=result,
        country=country,
        help_lines=help_card(content, country.id, Card.FULL, locale) if country else (),
        aim=partial(aim, content),
        source_of=partial(_source_of, content),
        paper=paper,
        made=made,
        locale=locale,
    )


def _source_of(content: Content, factor: str) -> tuple[Factor, Source]:
    """A finding and the document that it stands in."""
    found = content.factors[factor]
    return found, content.sources[found.source]
