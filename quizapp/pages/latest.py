"""Files that were asked for last, so that the next one who asks need not wait."""

from collections import OrderedDict
from threading import Lock

# Flyers have about 50 KB.
_MOST = 200


class Latest:
    """Keeps so many files by name; those that nobody asked for in the longest time go first."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._changing = Lock()

    def get(self, name: str) -> bytes | None:
        with self._changing:
            if name in self._files:
                self._files.move_to_end(name)
            return self._files.get(name)

    def keep(self, name: str, file: bytes) -> None:
        with self._changing:
            self._files[name] = file
            if len(self._files) > self._most:
                self._files.popitem(last=False)
