"""What happened. The ordered log of events is the truth; everything else is folded from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from betimes.domain.intent import Constraint, Intent, Interest
from betimes.domain.names import EventId, ItemId, SlateId, UserId
from betimes.domain.slate import Copy, Slate


class ActKind(StrEnum):
    """What a person did with an item."""

    VIEW = "view"
    CLICK = "click"
    LIKE = "like"
    DISLIKE = "dislike"
    SAVE = "save"
    BUY = "buy"
    RATE = "rate"
    SKIP = "skip"
    DWELL = "dwell"


class Purpose(StrEnum):
    """What a person may consent to, beyond being served.

    TRAINING: that sentences of theirs whose reading they corrected teach the language model.
    DOMAINS: that what they said and did in one domain counts in the others.
    """

    TRAINING = "training"
    DOMAINS = "domains"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What all events carry.

    Attributes:
        id: chosen by the caller, so that the same event sent twice is stored once.
        at: when it happened, aware UTC.
        seq: its place in the log, from 1; 0 before it is stored.
    """

    id: EventId
    user: UserId
    at: datetime
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Event):
    """A person said something, word for word.

    Attributes:
        domain: where they said it; none where it was in no domain in particular, and counts in all.
    """

    text: str
    domain: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood(Event):
    """What a sentence was taken to mean. A later one for the same sentence replaces the earlier.

    Attributes:
        domain: where the sentence was said, repeated here, for profiles are folded from readings.
    """

    said: EventId
    intent: Intent
    domain: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Event):
    """A slate was shown, whole, so that it can be shown and explained again. ``id`` is the slate's."""

    slate: Slate


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Event):
    """Copy that a model wrote after its slate was shown.

    Attributes:
        copies: the copy of each item it was written for.
        copy: the line above the slate, if it was written anew.
    """

    slate: SlateId
    copies: Mapping[ItemId, Copy]
    copy: Copy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted(Event):
    """A person did something with an item.

    Attributes:
        slate: the list it was shown in, if it was.
        value: stars for ``rate`` (0 to 5), seconds for ``dwell``; otherwise none.
    """

    item: ItemId
    kind: ActKind
    value: float | None = None
    slate: SlateId | None = None


ChangeOp = Literal[
    "set_interest",
    "drop_interest",
    "add_constraint",
    "drop_constraint",
    "hide",
    "unhide",
    "pause",
    "resume",
    "consent",
    "withdraw",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a person changes in their own profile; ``op`` says which of the other fields it uses."""

    op: ChangeOp
    interest: Interest | None = None
    constraint: Constraint | None = None
    item: ItemId | None = None
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Event):
    """A person changed their own profile."""

    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased(Event):
    """A person was forgotten: every earlier event of theirs is gone from the log."""
