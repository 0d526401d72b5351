"""What a visitor meets: one blueprint for each errand."""

from quizapp.pages import agreement, errors, evidence, health, help, quiz

BLUEPRINTS = tuple(module.bp for module in (quiz, agreement, help, evidence, health, errors))
