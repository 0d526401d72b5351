"""The key for a school's totals."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField

from quizapp.forms.checks import Written


def _tidy(typed: str | None) -> str:
    """Without what comes along when a key is copied out of a letter."""
    return "".join(letter for letter in typed or "" if letter.isprintable()).strip()


class KeyForm(Form):  # type: ignore[misc]  # WTForms has no types
    key = StringField(_l("Your key"), filters=[_tidy], validators=[Written(_l("Paste your key here."))])
