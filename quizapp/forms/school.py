"""What a school tells when it makes a link."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from quizapp.forms.checks import Printable, Written

LONGEST_SCHOOL = 80
LONGEST_TOWN = 60
# PS 118 is a name; six digits are the beginning of a phone number.
MOST_DIGITS = 5
_ADDRESS = re.compile(r"@|://|\bwww\b|\w\.[a-z]{2,}\b", re.IGNORECASE)


class NoAddress:
    """A name that sends nobody anywhere: whoever makes a link could put a false number beside the help lines."""

    def __call__(self, form: Form, field: Field) -> None:
        # Letters that look like others count as those; what is longer is refused for that.
        typed = unicodedata.normalize("NFKC", (field.data or "")[: 2 * LONGEST_SCHOOL])
        if _ADDRESS.search(typed) or sum(letter.isdigit() for letter in typed) > MOST_DIGITS:
            raise ValidationError(_("Leave out web addresses and phone numbers, please. Only the name."))


class Offered:
    """At least one of the languages, and none but those."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = frozenset(languages)

    def __call__(self, form: Form, field: Field) -> None:
        if not field.data or not self.languages.issuperset(field.data):
            raise ValidationError(_("Choose at least one language."))


def school_form(languages: Mapping[str, str]) -> type[Form]:
    """The form for a link. `languages`: those that are delivered, by code, each by its own name."""
    fields: dict[str, Any] = {
        "name": StringField(
            _l("Name of the school"),
            validators=[Written(_l("Type the name of the school.")), Printable(LONGEST_SCHOOL), NoAddress()],
        ),
        "town": StringField(_l("Town (you can leave it out)"), validators=[Printable(LONGEST_TOWN), NoAddress()]),
        "languages": SelectMultipleField(
            _l("Languages of your newsletter"),
            choices=[SelectChoice(code, name) for code, name in languages.items()],
            validate_choice=False,
            validators=[Offered(tuple(languages))],
        ),
    }
    return type("SchoolForm", (Form,), fields)
