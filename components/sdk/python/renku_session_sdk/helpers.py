"""What most providers need: configuration, names, times, sessions."""

import json

from wit_world.imports import invocation
from wit_world.imports.types import Session, SessionStatus

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def config(request):
    """What the user configured, as a dictionary. `renku` has checked it against the
    schema of the manifest."""
    return json.loads(request.config())


def now():
    """The time now, RFC 3339 in UTC: `2026-11-23T14:05:09Z`."""
    return rfc3339(invocation.now())


def rfc3339(milliseconds):
    """Milliseconds since 1970-01-01T00:00:00Z as RFC 3339 in UTC, to the second."""
    import time

    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(milliseconds // 1000))


def readable_name(slug):
    """`<slug>-<5 characters a-z0-9>`, which starts with a letter."""
    if not slug[:1].isalpha():
        slug = f"session-{slug}".rstrip("-")
    # 252 = 7 · 36: every character is equally likely.
    letters = [_LETTERS[byte % 36] for byte in invocation.random_bytes(64) if byte < 252]
    return f"{slug}-{''.join(letters[:5])}"


def session(name, status=SessionStatus.UNKNOWN, **more):
    """A session; what is not said is not known."""
    fields = dict.fromkeys(("url", "image", "project", "branch", "commit", "started_at", "reason"))
    fields |= {"ports": []} | more
    return Session(name=name, status=status, **fields)
