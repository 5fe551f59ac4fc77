"""A request for a list, and the list: what is asked, scored, explained and shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from betimes.domain.intent import Constraint, Intent
from betimes.domain.names import ItemId, Locale, SlateId, UserId


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for a list.

    Attributes:
        at: the clock, aware UTC; decay, recency and lapsing constraints are reckoned from it.
        n: how many items.
        domain: one part of the catalogue, or all of it.
        exclude_seen: leave out what the user has bought or rated.
        seed: settles exploration; equal seed, time and state give an equal list.
    """

    user: UserId
    at: datetime
    locale: Locale
    n: int = 10
    domain: str | None = None
    exclude_seen: bool = True
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item stands where it does: one term of its score.

    Attributes:
        part: the name of the term in ``Pick.parts``.
        weight: its value there.
        text: the same for the reader, in their language.
        evidence: the words said or the act done that it rests on.
        domain: where that was said or done, if not in the item's own domain.
    """

    part: str
    weight: float
    text: str
    evidence: str = ""
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """Words shown beside an item or above a slate; ``by`` is ``template`` or a model's name."""

    text: str
    by: str = "template"


@dataclass(frozen=True, slots=True)
class Pick:
    """An item in a list. ``parts`` sum to ``score``; ``propensity`` is its chance of being shown."""

    item: ItemId
    score: float
    parts: Mapping[str, float]
    propensity: float = 1.0
    reasons: tuple[Reason, ...] = ()
    copy: Copy | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """Why a list is empty.

    Attributes:
        constraints: the smallest set found whose removal gives results.
        nearest: the item that comes closest, if there is any.
        text: both, for the reader.
    """

    constraints: tuple[Constraint, ...]
    nearest: ItemId | None
    text: str


Outcome = Literal["ok", "fallback", "late"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path and how it went."""

    name: str
    ms: float
    outcome: Outcome = "ok"


@dataclass(frozen=True, slots=True)
class Slate:
    """A list as it was shown.

    Attributes:
        as_of: the position in the event log that it reflects.
        shared: whether what was said and done in other domains than its own could count: by consent, or since it
            is over all domains.
        intent: the sentence it answers, if it answers one.
        notes: what the reader should know of it, such as a currency that was converted.
    """

    id: SlateId
    user: UserId
    at: datetime
    as_of: int
    locale: Locale
    picks: tuple[Pick, ...]
    domain: str | None = None
    intent: Intent | None = None
    copy: Copy | None = None
    empty: Empty | None = None
    notes: tuple[str, ...] = ()
    trace: tuple[Step, ...] = field(default=())
    shared: bool = True
