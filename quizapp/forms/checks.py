"""What is wrong with a field, said to the person who filled it in."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, Form
from wtforms.validators import ValidationError

from quizapp import letters

# How far ahead a family may plan to look again.
MOST_YEARS = 5


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


class OneLanguage:
    """A size of print that has no room for two languages, which `between` parts in the form's language."""

    def __init__(self, between: str, size: str, message: Any) -> None:
        self.between = between
        self.size = size
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        if field.data == self.size and self.between in (form["language"].data or ""):
            raise ValidationError(str(self.message))


class Written:
    """A text that may not be left out."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        if letters.is_blank(field.data or ""):
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


def day_of(typed: str | None) -> date | None:
    """A day typed as 2027-02-22, or None where it is none."""
    try:
        return date.fromisoformat((typed or "").strip())
    except ValueError:
        return None
