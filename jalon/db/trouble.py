"""What of the machine an error comes from: no place, a database or a store away, a question too long."""

import errno
from enum import Enum
from typing import Final

import psycopg

NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class OutOfReach(OSError):
    """The store that keeps the documents does not answer, or refuses."""


class Trouble(Enum):
    """Why the machine could not do what it was asked."""

    FULL = "full"
    AWAY = "away"
    LONG = "long"
    OUT_OF_REACH = "out_of_reach"


def trouble_of(error: BaseException | None) -> Trouble | None:
    """What of the machine made this error, or one that it came from; None when the fault is ours."""
    while error is not None:
        if found := _trouble(error):
            return found
        error = error.__cause__ or error.__context__
    return None


def _trouble(error: BaseException) -> Trouble | None:
    if isinstance(error, psycopg.errors.DiskFull) or getattr(error, "errno", None) in NO_ROOM:
        return Trouble.FULL
    if isinstance(error, OutOfReach):
        return Trouble.OUT_OF_REACH
    if isinstance(error, psycopg.errors.QueryCanceled):
        return Trouble.LONG
    away = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return Trouble.AWAY if away else None
