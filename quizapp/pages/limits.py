"""How much may come from one network, by which names, and through whom.

No address is kept: only a code for it, which is another one every day.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerHour
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

# What one household or school is given of the long addresses.
_LONG_NETWORK = 56
# Schools whose families share a network, as behind the one address of a small town.
_SCHOOLS = 20
# Seconds that a link waits for the Redis that counts it.
_MOMENT = 0.5


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


def sent_by_another_site() -> bool:
    """Whether a page elsewhere made the browser send this form. Nobody has an authority here but that of a network.

    By Fetch Metadata, which no page can forge (https://www.w3.org/TR/fetch-metadata/). Older browsers do not say it.
    """
    return request.headers.get("Sec-Fetch-Site") == "cross-site"


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
        self._shared = FixedWindowRateLimiter(_storage(where))
        self._alone = FixedWindowRateLimiter(MemoryStorage())

    def takes(self) -> bool:
        """Whether the link of this request may be made. Asked once for each."""
        code = network(self._secret)
        try:
            return self._shared.hit(self._limit, "links", code)
        except StorageError:
            return self._alone.hit(self._limit, "links", code)


def _storage(where: str) -> Storage:
    """A Redis that is there and does not answer would hold every thread for ever, one link after the other."""
    if where.startswith("memory"):
        return MemoryStorage()
    # They take time to load, which only those pay who use them.
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    patience = {"socket_timeout": _MOMENT, "socket_connect_timeout": _MOMENT, "retry": Retry(NoBackoff(), 0)}
    return storage_from_string(where, wrap_exceptions=True, **patience)  # type: ignore[arg-type,return-value]  # what Redis takes, its types do not know


def asked_by_name(app: Flask, names: Sequence[str], public_url: str) -> None:
    """Answer by these names and by that of the public address; without any, by all."""
    if not names:
        return
    public = urlsplit(public_url).hostname
    trusted = [*(name.lower() for name in names), *([public] if public else [])]
    app.config["TRUSTED_HOSTS"] = trusted
    app.wsgi_app = _Machines(app.wsgi_app, trusted[0].lstrip("."))  # type: ignore[method-assign]  # Flask's own way
    app.register_error_handler(SecurityError, _another_name)


def _another_name(error: Exception) -> ResponseReturnValue:
    """Without a page, whose links would need a name; and without the name, which somebody made up."""
    return Response("This site has another name.\n", 400, mimetype="text/plain")


class _Machines:
    """Load balancers and the like ask for these by a bare address; they are answered as by our name.

    A name is the same in small and capital letters.
    """

    _PATHS = frozenset({"/healthz", "/readyz", "/metrics"})

    def __init__(self, wsgi: WSGIApplication, name: str) -> None:
        self._wsgi = wsgi
        self._name = name

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_machine = environ.get("PATH_INFO") in self._PATHS
        environ["HTTP_HOST"] = self._name if is_machine else environ.get("HTTP_HOST", "").lower()
        return self._wsgi(environ, start_response)


def behind_proxies(app: Flask, count: int) -> None:
    """Believe so many proxies what they say of a visitor's address, and of the name and the scheme that were asked for.

    Each says it at the end of what came before it, so that what a visitor sends along is never what is taken.
    """
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask's own way
