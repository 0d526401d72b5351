"""The quiz, the family's form and the school's. Every field keeps what was typed, right or wrong."""

from quizapp.forms.again import typed_again
from quizapp.forms.checks import day_of
from quizapp.forms.family import family_form, family_from, first_child
from quizapp.forms.paper import usual_paper
from quizapp.forms.quiz import quiz_form
from quizapp.forms.school import school_form

__all__ = [
    "day_of",
    "family_form",
    "family_from",
    "first_child",
    "quiz_form",
    "school_form",
    "typed_again",
    "usual_paper",
]
