"""The ten questions as a form."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField
from wtforms.fields.choices import SelectChoice

from quizapp.forms.checks import Answered
from quizapp.model import Content, Question


def quiz_form(content: Content) -> type[Form]:
    """A form with one choice for each question, in the words of `content`."""
    return type("QuizForm", (Form,), {name: _choice(question) for name, question in content.questions.items()})


def _choice(question: Question) -> Any:
    return RadioField(
        question.text,
        choices=[SelectChoice(answer.id, answer.text) for answer in question.answers],
        validate_choice=False,
        validators=[Answered((answer.id for answer in question.answers), _l("Choose one answer."))],
    )
