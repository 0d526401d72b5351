"""What the log may say of a fault: where it happened and of which kind, never what a family typed.

The words of an error often quote the value that caused it, so they stay out.
"""

import logging
import traceback

from flask import Flask


def init_app(app: Flask) -> None:
    app.logger.addFilter(without_words)


def without_words(record: logging.LogRecord) -> bool:
    """Keeps the places and the kind of an error, and drops its words."""
    if record.exc_info:
        kind, _error, places = record.exc_info
        record.exc_text = "".join(traceback.format_tb(places)) + (kind.__name__ if kind else "")
        record.exc_info = None
    return True
