"""Checks of what callers give, with errors that say what, where and how to mend it."""

import math
from datetime import UTC, datetime, timedelta
from time import perf_counter
from uuid import uuid4

from betimes.domain.event import ActKind
from betimes.domain.names import UserId
from betimes.errors import InvalidEvent, InvalidInput

_VALUE_UPTO = {ActKind.RATE: 5.0, ActKind.DWELL: 86_400.0}


def valid_user(user: str) -> UserId:
    """The user's id.

    Raises:
        InvalidInput: it is not 1 to 256 printable characters.
    """
    if not isinstance(user, str) or not user.strip() or len(user) > 256 or not user.isprintable():
        raise InvalidInput(f"a user is named by 1 to 256 printable characters, not {str(user)[:40]!r}")
    return UserId(user)


def valid_time(at: datetime | None, skew: timedelta) -> datetime:
    """The time in UTC; now if none is given.

    Raises:
        InvalidEvent: it has no time zone, lies in the future by more than ``skew`` or before the year 1 in UTC.
    """
    now = datetime.now(UTC)
    if at is None:
        return now
    if at.tzinfo is None:
        raise InvalidEvent(f"the time {at.isoformat()} has no time zone; give one, such as +00:00")
    if at > now + skew:
        raise InvalidEvent(
            f"the time {at.isoformat()} lies in the future (now {now.isoformat(timespec='seconds')}); "
            "check the clock that made it"
        )
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise InvalidEvent(f"the time {at.isoformat()} is out of range: it lies before the year 1 in UTC") from error


def valid_kind(kind: ActKind | str, value: float | None) -> ActKind:
    """The kind of an act, with the value it needs.

    Raises:
        InvalidEvent: the kind is unknown, or its value is missing or out of range.
    """
    try:
        known = ActKind(kind)
    except ValueError as error:
        raise InvalidEvent(f"there is no kind of act {kind!r}; use one of: {', '.join(ActKind)}") from error
    limit = _VALUE_UPTO.get(known)
    if limit is not None and (value is None or not math.isfinite(value) or not 0.0 <= value <= limit):
        raise InvalidEvent(f"{known} needs a value between 0 and {limit:g}, not {value}")
    return known


def fresh_id() -> str:
    """An id that nothing has yet."""
    return uuid4().hex


def ms_since(clock: float) -> float:
    """Milliseconds since a reading of ``perf_counter``."""
    return round((perf_counter() - clock) * 1e3, 3)
