"""What a visitor sends stays in memory."""

from io import BytesIO
from typing import IO

from flask import Request


class InMemory(Request):
    """A request whose files touch no disk: Flask would write those over 500 KB to a temporary file.

    How much memory that takes is bounded by `max_content_length`, as for the rest of the request.
    """

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()
