"""The classes that a provider derives from.

Every call of the contract that a subclass defines is guarded: what is raised in
it and is no error of the contract becomes one, instead of ending the provider
without a word.
"""

import functools
import traceback

# What stands for the operating system; Python has run it before anything else.
import sitecustomize as surroundings
from componentize_py_types import Err
from wit_world.imports import invocation
from wit_world.imports.types import Error, ErrorKind, ImageState

from .errors import error, unsupported


class _Guarded:
    """Guards the public methods of its subclasses."""

    def __init_subclass__(cls, **arguments):
        super().__init_subclass__(**arguments)
        for name, method in list(vars(cls).items()):
            if callable(method) and not name.startswith("_"):
                setattr(cls, name, _guard(method))


def _guard(method):
    @functools.wraps(method)
    def guarded(*arguments):
        surroundings.begin()
        try:
            return method(*arguments)
        except Err as failure:
            # Anything else than the record of the contract cannot be passed on.
            if isinstance(failure.value, Error):
                raise
            raise _unexpected(failure) from None
        except (Exception, SystemExit, KeyboardInterrupt) as failure:
            raise _unexpected(failure) from None
        finally:
            surroundings.flush()

    return guarded


def _unexpected(failure):
    for line in "".join(traceback.format_exception(failure)).splitlines():
        invocation.log(invocation.Level.DEBUG, line)
    kind = ErrorKind.OTHER
    if isinstance(failure, MemoryError):
        kind = ErrorKind.RESOURCE_EXHAUSTED
    what = "".join(traceback.format_exception_only(failure)).strip()
    frames = traceback.extract_tb(failure.__traceback__)
    place = [f"in {frames[-1].filename}, line {frames[-1].lineno}"] if frames else []
    return error(
        kind,
        "the provider failed unexpectedly",
        help="report it to the provider's author; `-vv` shows where it failed",
        causes=[what, *place],
    )


class Provider(_Guarded):
    """What every provider can do. Define `session_provider`, `session_list`,
    `session_start`, `session_stop` and `session_url`; the others have a default."""

    def pre_start_checks(self, request, candidate_image):
        """Keeps the image."""
        return None

    def find_image(self, request, image):
        """For engines that bring their own images: it is there."""
        return ImageState.LOCAL

    def build_image(self, request, descriptor, image):
        """For engines that build none."""
        raise unsupported("this provider builds no images")


class Hibernation(_Guarded):
    """For engines that can put a session aside: `pause` and `resume`."""


class Logs(_Guarded):
    """For engines that keep what a session prints: `session_logs`."""


class Details(_Guarded):
    """For engines that know more about sessions than every engine does:
    `session_details`. A draft of the next contract; `docs/provider-guide.md` says how
    to build with it."""
