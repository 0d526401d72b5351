"""How long ago a help line was looked up. A number that rang a year ago may ring with someone else today."""

from collections.abc import Iterator
from datetime import date

from quizapp.model import Content, HelpLine

# Months after which a line should be, and must be, looked up again.
SOON = 6
LATEST = 12


def months_since(checked: str, today: date) -> int:
    """From a month such as "2026-11" to the month of a day."""
    year, month = checked.split("-")
    return (today.year - int(year)) * 12 + today.month - int(month)


def getting_old(content: Content, today: date) -> Iterator[str]:
    """A line of text for each help line checked more than six months ago."""
    for line in _lines(content):
        months = months_since(line.checked, today)
        if SOON < months <= LATEST:
            says = f"{line.id} was checked {months} months ago"
            yield f"questions/help: {says}. Look it up again, and write the month into `checked`"


def too_old(content: Content, today: date) -> Iterator[str]:
    """A line of text for each help line checked more than twelve months ago: it may not be released."""
    for line in _lines(content):
        months = months_since(line.checked, today)
        if months > LATEST:
            says = f"{line.id} was checked {months} months ago; {LATEST} is the most"
            yield f"questions/help: {says}. Look it up again before a release, and write the month into `checked`"


def _lines(content: Content) -> Iterator[HelpLine]:
    for country in content.countries.values():
        yield from (line for line in country.lines if line.verified)
