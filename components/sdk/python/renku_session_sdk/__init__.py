"""What a provider written in Python depends on.

A provider is a module with a class `Provider`, and `Hibernation` and `Logs` where
its engine can do that:

    import renku_session_sdk as sdk

    class Provider(sdk.Provider):
        def session_list(self, request): ...

The calls and what they mean are documented in `wit/`. What the provider may call
is in `wit_world.imports`: `containers`, `http`, `prompt`, `repository` and
`invocation`, as far as `wit/world.wit` names them.

In the sandbox there are no files, no network and no operating system. `print` and
`logging` go to the log of `renku`; `time`, `datetime`, `random`, `secrets` and
`os.urandom` ask `renku`. An exception that nobody catches becomes an error of the
provider; `-v` shows where it was.
"""

from .calls import Details, Hibernation, Logs, Provider
from .errors import (
    Err,
    conflict,
    denied,
    error,
    invalid_input,
    is_not_found,
    not_found,
    other,
    timeout,
    unauthenticated,
    unavailable,
    unsupported,
)
from .helpers import config, now, readable_name, rfc3339, session

__all__ = [
    "Details",
    "Err",
    "Hibernation",
    "Logs",
    "Provider",
    "config",
    "conflict",
    "denied",
    "error",
    "invalid_input",
    "is_not_found",
    "not_found",
    "now",
    "other",
    "readable_name",
    "rfc3339",
    "session",
    "timeout",
    "unauthenticated",
    "unavailable",
    "unsupported",
]
