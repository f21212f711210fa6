"""The operating system that a provider does not have.

`componentize-py -s` replaces it by functions that end the provider. So standard
output and error go to the log, and time and randomness come from `renku`.

Python runs a module of this name before any other, so also `from time import time`
gets what stands here. While the component is made `renku` is not there yet: until
`begin` was called, everything is as it was.
"""

import builtins
import errno
import io
import linecache
import os
import random
import sys
import time

_begun = False
# The functions of `renku`, from the first call on.
invocation = None

# What would ask for files. The import system has functions of its own.
_FILES = (
    "access chdir chmod getcwd link listdir lstat mkdir open readlink remove rename "
    "replace rmdir scandir stat symlink truncate unlink utime"
).split()


def _replace():
    """Replaces what asks the operating system."""
    # The C version of `datetime` asks the clock itself, the other one asks `time`.
    sys.modules["_datetime"] = None
    os.urandom = random._urandom = _when_begun(_random_bytes, os.urandom)
    time.time_ns = _when_begun(lambda: invocation.now() * 1_000_000, time.time_ns)
    time.time = _when_begun(lambda: invocation.now() / 1000, time.time)
    # There is one clock, and it may be set back: elsewhere these never are.
    for name in ("monotonic", "perf_counter"):
        setattr(time, name, time.time)
        setattr(time, f"{name}_ns", time.time_ns)
    time.sleep = _when_begun(_sleep, time.sleep)
    for name, place in (("gmtime", 0), ("localtime", 0), ("ctime", 0), ("strftime", 1), ("asctime", 0)):
        setattr(time, name, _with_time(name, getattr(time, name), place))


def begin():
    """Called at the beginning of every call; what follows is for the first."""
    global _begun, invocation
    if _begun:
        return
    import wit_world.imports.invocation as invocation

    _begun = True
    sys.stdout, sys.stderr = _Log(invocation.Level.INFO), _Log(invocation.Level.WARN)
    sys.stdin = io.StringIO()
    builtins.open = io.open = builtins.input = _absent
    for name in filter(lambda name: hasattr(os, name), _FILES):
        setattr(os, name, _absent)
    # Else a traceback reads its source lines.
    linecache.lazycache = lambda *_: False
    # A module that was not imported while the component was made is an ordinary error.
    sys.path.clear()
    # The generator was seeded when the component was made, the same for everybody.
    random.seed(int.from_bytes(invocation.random_bytes(32)))


def _absent(*_, **__):
    raise OSError(errno.ENOSYS, "there are no files and no terminal in a provider")


def flush():
    """Logs a line that was not ended."""
    sys.stdout.flush()
    sys.stderr.flush()


def _when_begun(ours, theirs):
    return lambda *arguments: (ours if _begun else theirs)(*arguments)


def _random_bytes(length):
    parts = [
        invocation.random_bytes(min(1024, length - begin)) for begin in range(0, length, 1024)
    ]
    return b"".join(parts)


def _sleep(seconds):
    invocation.sleep(max(0, round(seconds * 1000)))


def _with_time(name, function, place):
    """Without its argument it means now."""

    def replaced(*arguments):
        if len(arguments) == place and _begun:
            seconds = invocation.now() // 1000
            moment = seconds if name in ("gmtime", "localtime", "ctime") else time.gmtime(seconds)
            arguments = (*arguments, moment)
        return function(*arguments)

    return replaced


class _Log:
    """A stream whose lines are messages."""

    encoding = "utf-8"
    errors = "replace"
    closed = False

    def __init__(self, level):
        self._level = level
        self._rest = ""

    def write(self, text):
        *lines, self._rest = (self._rest + text).split("\n")
        for line in filter(None, lines):
            invocation.log(self._level, line)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        if self._rest:
            invocation.log(self._level, self._rest)
            self._rest = ""

    def isatty(self):
        return False

    def writable(self):
        return True


_replace()
