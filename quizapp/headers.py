"""Security headers: one table, one hook, the reason beside each."""

from flask import Flask, Response, request

HEADERS = {
    # Nothing is loaded but our own style, script and pictures, and the icon that stands in the page itself; no script
    # and no style inline, nothing from elsewhere. No script of ours asks for more: connect-src lets a browser's checker
    # read robots.txt, and reaches nothing that a form or a picture does not reach.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # A sealed link is never told to the next site.
    "Referrer-Policy": "no-referrer",
    # What we call a PDF is a PDF.
    "X-Content-Type-Options": "nosniff",
    # No page of ours shares a window or a file with another site.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # We use no device feature, so none can be asked for in our name.
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "browsing-topics",
            "camera",
            "display-capture",
            "encrypted-media",
            "geolocation",
            "gyroscope",
            "idle-detection",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "publickey-credentials-get",
            "screen-wake-lock",
            "serial",
            "usb",
            "xr-spatial-tracking",
        )
    ),
}

# To a browser that came by TLS: two years by no other way. It speaks for our own name alone: what else stands below it,
# such as an old site of a school without TLS, is not ours to close. It is told on pages, for it holds for their files.
_BY_TLS = {"Strict-Transport-Security": "max-age=63072000"}

# Browsers heed the policy above; checkers, and browsers of ten years ago, look for this.
_UNFRAMED = {"X-Frame-Options": "DENY"}
# By endpoint: the quiz that a school puts on its own site, and nothing else, may stand in a frame of anyone's.
_FRAMED = {
    "newsletter.embed": {
        "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
            "frame-ancestors 'none'", "frame-ancestors *"
        ),
        # A site that takes nothing but what is meant for others, with COEP, may show it too.
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
    }
}

# By endpoint: what search engines may show, for it is the same for everyone. All else may be of one family or one
# school: a result, a builder with chosen lines, a link that counts for a school. robots.txt shuts them out of nothing,
# for a page that they may not read can still be listed, and it would not tell them this.
_FINDABLE = frozenset(
    {
        "quiz.home",
        "quiz.quiz",
        "result.example",
        "agreement.empty",
        "blank.sheet",
        "help.home",
        "help.country",
        "signs.signs",
        "signs.by_age",
        "evidence.evidence",
        "about.privacy",
        "about.accessibility",
        "schools.form",
    }
)
_UNFINDABLE = {"X-Robots-Tag": "noindex, nofollow"}


def add_headers(response: Response) -> Response:
    """Every response carries them. One that says nothing of caches stays out of shared ones.

    It is not `no-store`: this would throw away what a family typed when it goes back.
    """
    endpoint = request.endpoint or ""
    response.headers.extend(HEADERS | _FRAMED.get(endpoint, _UNFRAMED) | (_BY_TLS if request.is_secure else {}))
    if endpoint not in _FINDABLE:
        response.headers.extend(_UNFINDABLE)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def init_app(app: Flask) -> None:
    app.after_request(add_headers)
