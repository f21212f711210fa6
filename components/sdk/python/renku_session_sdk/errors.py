"""Errors of the contract: kind and message first, then what helps.

A message is one sentence that begins in lower case and ends without a full stop;
`help` is what the user can type or change next. They are raised:

    raise sdk.not_found(f"there is no session `{name}`", help="run `renku session ls`")

What a function of `renku` refuses is raised as the same `Err`; its `value` is the
record, so `except sdk.Err as failure: failure.value.kind`.
"""

from componentize_py_types import Err
from wit_world.imports.types import Error, ErrorKind


def error(kind, message, help=None, causes=()):
    """An error of this kind."""
    return Err(Error(kind, message, help, list(causes)))


def invalid_input(message, help=None, causes=()):
    """The user's input cannot work."""
    return error(ErrorKind.INVALID_INPUT, message, help, causes)


def not_found(message, help=None, causes=()):
    """The named session, image or project does not exist."""
    return error(ErrorKind.NOT_FOUND, message, help, causes)


def conflict(message, help=None, causes=()):
    """It exists already, or its state does not allow this."""
    return error(ErrorKind.CONFLICT, message, help, causes)


def unauthenticated(message, help=None, causes=()):
    """A login is missing or has expired."""
    return error(ErrorKind.UNAUTHENTICATED, message, help, causes)


def denied(message, help=None, causes=()):
    """The user, a grant or the engine forbids this."""
    return error(ErrorKind.DENIED, message, help, causes)


def unavailable(message, help=None, causes=()):
    """The engine or service cannot be reached or is broken."""
    return error(ErrorKind.UNAVAILABLE, message, help, causes)


def timeout(message, help=None, causes=()):
    """It took longer than allowed."""
    return error(ErrorKind.TIMEOUT, message, help, causes)


def other(message, help=None, causes=()):
    """None of the other kinds."""
    return error(ErrorKind.OTHER, message, help, causes)


def unsupported(message, help=None, causes=()):
    """The engine or service cannot do what was asked."""
    return error(ErrorKind.UNSUPPORTED, message, help, causes)


def is_not_found(failure):
    """Whether an `Err` says that the thing does not exist."""
    return failure.value.kind is ErrorKind.NOT_FOUND
