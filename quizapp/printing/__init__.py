"""From an agreement to a PDF, and back. HTML is the seam: words are made in the web process, print in another."""

from enum import StrEnum
from typing import Any, Protocol


class Output(StrEnum):
    """What a document becomes: a PDF, or a picture of its first page with a pixel for each px of the style sheet."""

    PDF = "pdf"
    PNG = "png"


class Busy(Exception):
    """The queue is full, or the deadline is over. Asking again later helps."""


class Overdue(Busy):
    """The job began, and did not end before its deadline."""


class Failed(Exception):
    """The job cannot be done, however often it is asked for."""


class Printer(Protocol):
    """What prints: processes of this machine, or workers behind a broker."""

    def warm_up(self, *job: Any) -> None: ...

    def run(self, html: str, saved: bytes = b"", output: Output = Output.PDF, /) -> bytes:
        """Raises Busy or Failed."""

    def ping(self) -> bool:
        """Whether what takes the jobs is there. Whether they are done only a job can tell."""

    def close(self) -> None: ...
