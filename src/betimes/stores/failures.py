"""Errors of the drivers in our own words: what is wrong, where, and how to mend it."""

import sqlite3

from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError

from betimes.errors import BetimesError, InvalidInput, StoreCorrupt, StoreError, StoreUnavailable

_Meaning = tuple[type[StoreError], str]

_LOCKED: _Meaning = (
    StoreUnavailable,
    "is locked by another process; let it finish or end it, then try again",
)
_READ_ONLY: _Meaning = (
    StoreUnavailable,
    "is read-only; allow writing to it (for a file: also to its folder), or copy it to where you may write",
)
_DAMAGED: _Meaning = (
    StoreCorrupt,
    "is damaged or cut short; restore it from a backup, or import again into a new one",
)

#: By primary result code (https://sqlite.org/rescode.html).
_SQLITE: dict[int, _Meaning] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: (StoreCorrupt, "is not a SQLite database, or is damaged; check the path"),
    sqlite3.SQLITE_CANTOPEN: (
        StoreUnavailable,
        "cannot be opened; check that its folder exists and may be written to",
    ),
    sqlite3.SQLITE_FULL: (StoreUnavailable, "cannot grow: the disk is full; free some space"),
    sqlite3.SQLITE_IOERR: (StoreUnavailable, "cannot be read or written; check the disk"),
}

_REFUSED: _Meaning = (
    StoreUnavailable,
    "refuses this user; grant it the right to create and write tables in its schema",
)

#: By SQLSTATE or its class (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_POSTGRES: dict[str, _Meaning] = {
    "55P03": _LOCKED,
    "40P01": _LOCKED,
    "25006": _READ_ONLY,
    "42501": _REFUSED,
    "3F": _REFUSED,
    "28": (StoreUnavailable, "refuses this user or password; check the URL"),
    "3D": (StoreUnavailable, "does not exist; create it with createdb, or check the URL"),
    "53": (StoreUnavailable, "has no room left (connections, memory or disk); free some"),
    "57": (StoreUnavailable, "is shutting down or starting; try again"),
    "08": (StoreUnavailable, "cannot be reached; check that the server runs and the URL is right"),
    "XX": _DAMAGED,
}


def translate(error: SQLAlchemyError | sqlite3.Error | UnicodeEncodeError, where: str) -> BetimesError:
    """What an error of a driver means to the user of the database ``where``."""
    if isinstance(error, DataError | UnicodeEncodeError):
        return InvalidInput(f"the database {where} cannot hold a value: {_brief(error)}")
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        # Python's own complaints, such as use after closing, carry no code.
        meaning = _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    else:
        state = getattr(cause, "sqlstate", None) or ("08" if isinstance(error, DBAPIError) else "")
        meaning = _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    kind, words = meaning or (StoreError, "failed")
    return kind(f"the database {where} {words} ({_brief(error)})")


def _brief(error: Exception) -> str:
    """The driver's own first line, without the statement or its values, which may be personal."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(cause).strip().partition("\n")[0] or type(cause).__name__
