"""How much may come from one network. No address is kept: only a code for it, which is another one every day."""

from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, request
from limits import RateLimitItemPerHour
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.middleware.proxy_fix import ProxyFix

# What one household or school is given of the long addresses.
_LONG_NETWORK = 56
# Schools whose families share a network, as behind the one address of a small town.
_SCHOOLS = 20


def network(secret: str) -> str:
    """A code for the network of this request, by a secret and the day. It never stands beside an address."""
    day = datetime.now(UTC).date().isoformat()
    key = digest(secret.encode(), f"quizapp networks of {day}".encode(), sha256)
    return digest(key, _network_of(request.remote_addr or "").encode(), sha256).hex()[:32]


def _network_of(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:  # a socket of this machine has none
        return ""
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(ip_network(f"{found}/{_LONG_NETWORK}", strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


class Bursts:
    """Tells whether more than `most` quizzes of a school come from one network in an hour; only this process knows."""

    def __init__(self, most: int, secret: str) -> None:
        self._secret = secret
        self._limit = RateLimitItemPerHour(most)
        self._all = RateLimitItemPerHour(most * _SCHOOLS)
        self._seen = FixedWindowRateLimiter(MemoryStorage())

    def holds(self, school: str) -> bool:
        """Whether the quiz of this request is one of a burst. Asked once for each quiz.

        Whoever makes up schools without end fills no memory with them: of one network only so many are told apart.
        """
        code = network(self._secret)
        return not (self._seen.hit(self._all, code) and self._seen.hit(self._limit, code, school))


class Links:
    """Lets `most` links an hour be made from one network.

    `where` they are counted: memory, or a Redis that all processes share. While it is away each counts for itself.
    """

    def __init__(self, most: int, where: str, secret: str) -> None:
        self._secret = secret
        self._limit = RateLimitItemPerHour(most)
        self._shared = FixedWindowRateLimiter(storage_from_string(where, wrap_exceptions=True))
        self._alone = FixedWindowRateLimiter(MemoryStorage())

    def takes(self) -> bool:
        """Whether the link of this request may be made. Asked once for each."""
        code = network(self._secret)
        try:
            return self._shared.hit(self._limit, "links", code)
        except StorageError:
            return self._alone.hit(self._limit, "links", code)


def behind_proxies(app: Flask, count: int) -> None:
    """Believe so many proxies what they say of a visitor's address."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask's own way
