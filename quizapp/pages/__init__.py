"""What a visitor meets: one blueprint for each errand."""

from quizapp.pages import (
    about,
    agreement,
    blank,
    errors,
    evidence,
    health,
    help,
    kit,
    newsletter,
    quiz,
    result,
    schools,
    signs,
    totals,
)

BLUEPRINTS = tuple(
    module.bp
    for module in (
        quiz,
        newsletter,
        result,
        agreement,
        blank,
        help,
        signs,
        evidence,
        about,
        schools,
        kit,
        totals,
        health,
        errors,
    )
)
