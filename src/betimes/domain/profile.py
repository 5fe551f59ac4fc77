"""The user model, and the two laws by which it moves: the moving average and decay."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from betimes.domain.event import ActKind, Event, Purpose
from betimes.domain.intent import Constraint, Interest, InterestKind, Polarity
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, Locale, SlateId, UserId

Vector = npt.NDArray[np.float32]


Number = TypeVar("Number", float, Vector)


def ema(old: Number, new: Number, alpha: float) -> Number:
    """The exponential moving average ``(1 - alpha) * old + alpha * new``, of numbers or vectors.

    Raises:
        ValueError: ``alpha`` is outside 0 to 1.

    >>> u = np.array([0.5, 0.3, 0.2])
    >>> interest = np.array([0.25, 0.05, 0.7])
    >>> ema(u, interest, 0.4).round(12).tolist()
    [0.4, 0.2, 0.4]
    """
    if not 0.0 <= alpha <= 1.0:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}")
    return (1.0 - alpha) * old + alpha * new


def decay(weight: float, age: timedelta, half_life: timedelta) -> float:
    """``weight * 2 ** (-age / half_life)``; an age below zero counts as none.

    >>> decay(0.8, timedelta(days=6), timedelta(days=3))
    0.2
    """
    return weight * float(2.0 ** -max(0.0, age / half_life))


@dataclass(frozen=True, slots=True)
class Memory:
    """How fast the profile learns and forgets.

    Attributes:
        half_life: how long each kind of interest takes to lose half its weight.
        alpha_said: the weight of a new sentence in the moving average, by kind of interest.
        alpha_act: the weight of an act; below zero it counts against the item.
        need_lasts: how long the conditions of a stated need hold.
        max_preferences: the weakest beyond this many are forgotten.
        max_recent: how many acts are kept as recent.
    """

    half_life: Mapping[InterestKind, timedelta] = field(
        default_factory=lambda: {
            InterestKind.NEED: timedelta(days=3),
            InterestKind.HOBBY: timedelta(days=180),
            InterestKind.TASTE: timedelta(days=90),
            InterestKind.MOOD: timedelta(hours=6),
        }
    )
    alpha_said: Mapping[InterestKind, float] = field(
        default_factory=lambda: {
            InterestKind.NEED: 0.6,
            InterestKind.HOBBY: 0.5,
            InterestKind.TASTE: 0.5,
            InterestKind.MOOD: 0.4,
        }
    )
    alpha_act: Mapping[ActKind, float] = field(
        default_factory=lambda: {
            ActKind.VIEW: 0.03,
            ActKind.CLICK: 0.15,
            ActKind.LIKE: 0.35,
            ActKind.DISLIKE: -0.35,
            ActKind.SAVE: 0.3,
            ActKind.BUY: 0.4,
            ActKind.RATE: 0.35,
            ActKind.SKIP: -0.05,
            ActKind.DWELL: 0.2,
        }
    )
    need_lasts: timedelta = timedelta(days=2)
    max_preferences: int = 200
    max_recent: int = 50


@dataclass(frozen=True, slots=True)
class Preference:
    """A lasting interest with its weight at a moment.

    Attributes:
        weight: 0 to 1 as it was at ``at``; see :meth:`now`.
        evidence: the words it was last read from, or the title of the item that was acted on.
        act: what was done with that item; none where the preference was said.
        domain: where that was said or done; none where it was in no domain in particular.
    """

    topic: str
    kind: InterestKind
    polarity: Polarity
    weight: float
    at: datetime
    evidence: str = ""
    act: ActKind | None = None
    domain: str | None = None

    def now(self, at: datetime, memory: Memory) -> float:
        """The weight at a later moment, decayed by the half-life of its kind."""
        return decay(self.weight, at - self.at, memory.half_life[self.kind])


@dataclass(frozen=True, slots=True)
class Recent:
    """A recent act."""

    item: ItemId
    kind: ActKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """All that is known of a user, as of one position in the log.

    Attributes:
        seq: the last event folded.
        at: the latest time at which something was understood, done or edited.
        vector: moving average of what was wanted and acted on, in the embedder's space, or none yet.
        constraints: those of the current need (with an end) and standing ones (without).
        focus: the interests of the current need; a new need replaces them.
        recent: latest acts, newest last.
        seen: items bought or rated.
        hidden: items refused.
        acts: how many acts were folded; the length of the history.
        paused: whether learning is switched off.
        consents: what they consented to and have not withdrawn.
        shown: the slate last shown.
        locale: the language last spoken.
        said: the sentence last understood.
        before: the profile just before that sentence was understood.
        since: what was folded after it, so that a later understanding of the same sentence can replace
            the first as if it had come at once.
    """

    user: UserId
    seq: int = 0
    at: datetime | None = None
    vector: Vector | None = field(default=None, compare=False)
    preferences: tuple[Preference, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    focus: tuple[Interest, ...] = ()
    focus_until: datetime | None = None
    recent: tuple[Recent, ...] = ()
    seen: frozenset[ItemId] = frozenset()
    hidden: frozenset[ItemId] = frozenset()
    acts: int = 0
    paused: bool = False
    consents: frozenset[Purpose] = frozenset()
    shown: SlateId | None = None
    locale: Locale | None = None
    said: EventId | None = None
    before: "Profile | None" = field(default=None, repr=False)
    since: tuple[Event, ...] = field(default=(), repr=False)

    def shared_with(self, domain: str | None) -> bool:
        """Whether what was said and done in other domains may count in this one; over all domains it does."""
        return domain is None or Purpose.DOMAINS in self.consents

    def active_constraints(self, at: datetime) -> tuple[Constraint, ...]:
        """The constraints that have not lapsed."""
        return tuple(c for c in self.constraints if c.until is None or c.until > at)

    def active_focus(self, at: datetime) -> tuple[Interest, ...]:
        """The interests of the current need, or none when it has lapsed."""
        return self.focus if self.focus_until is not None and self.focus_until > at else ()


class Space(Protocol):
    """What folding must know of the world beside the event: items, and what words mean."""

    def item(self, item: ItemId) -> Item | None:
        """The item, if the catalogue holds it."""

    def item_vector(self, item: ItemId) -> Vector | None:
        """The item's unit vector, if it has one."""

    def topic_vector(self, topic: str) -> Vector | None:
        """The unit vector of a topic, if there is an embedder."""
