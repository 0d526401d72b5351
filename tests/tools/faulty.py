"""The application with faults of ours in it, each of which quotes what a family typed, in every way there is."""

import logging
import threading
import warnings
from typing import NoReturn

from flask import request

from quizapp import create_app

app = create_app()


def jam(html: str, *more: object) -> NoReturn:
    """What a library might say of a name, then a fault whose words are the whole sheet."""
    logging.getLogger("library").error("cannot set %s", html)
    logging.getLogger("library").warning(f"cannot set {html}")
    logging.getLogger("library").error("%d", html)
    logging.getLogger(f"library.{len(html)}").error(ValueError(html), exc_info=ValueError(html))
    warnings.warn(html, stacklevel=1)
    dying = threading.Thread(target=breaks, args=(html,))
    dying.start()
    dying.join()
    breaks(html)


def breaks(*_values: object, **_named: object) -> NoReturn:
    try:
        raise KeyError(request.form if request else _values)
    except KeyError as error:
        raise RuntimeError(_values, _named) from error


app.extensions["quizapp"].printer.run = jam
# A page whose address is a secret.
app.view_functions["result.result"] = breaks
