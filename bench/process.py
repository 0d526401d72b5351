"""Work in a fresh process, which ends with it."""

from collections.abc import Callable
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def in_a_process(work: Callable[P, T], *args: P.args, **values: P.kwargs) -> T:
    """What `work` returns, a function of a module. The process is ended even when we are interrupted."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, args, values)
