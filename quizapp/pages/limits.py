"""How much may come from one network. No address is kept: only a code for it, which is another one every day."""

from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, request
from flask_limiter import Limiter, RateLimitExceeded
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.middleware.proxy_fix import ProxyFix

from quizapp.config import Config

# What one household or school is given of the long addresses.
_LONG_NETWORK = 56


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
        self._seen = FixedWindowRateLimiter(MemoryStorage())

    def holds(self, school: str) -> bool:
        """Whether the quiz of this request is one of a burst. Asked once for each quiz."""
        return not self._seen.hit(self._limit, school, network(self._secret))


class Links:
    """Lets so many links an hour be made from one network. While Redis is away, each web process counts for itself."""

    def __init__(self, app: Flask, config: Config, secret: str) -> None:
        self._rate = f"{config.LINKS_PER_HOUR} per hour"
        self._limiter = Limiter(
            lambda: network(secret),
            app=app,
            storage_uri=config.LIMITER_URL,
            in_memory_fallback_enabled=True,
            swallow_errors=True,
        )

    def takes(self) -> bool:
        """Whether the link of this request may be made. Asked once for each."""
        try:
            with self._limiter.limit(self._rate):
                return True
        except RateLimitExceeded:
            return False


def behind_proxies(app: Flask, count: int) -> None:
    """Believe so many proxies what they say of a visitor's address."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask's own way
