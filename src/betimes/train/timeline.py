"""What happened, in one pinned order, ready to be played again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import numpy as np

from betimes.domain.event import Acted
from betimes.domain.item import Item
from betimes.domain.names import ItemId, UserId
from betimes.errors import InvalidInput
from betimes.remember.acts import weight_of


@dataclass(frozen=True, slots=True)
class Basket:
    """What a user went for at one time: distinct items, in the order of the file."""

    user: UserId
    at: datetime
    acts: tuple[Acted, ...]

    @property
    def items(self) -> tuple[ItemId, ...]:
        """What was gone for."""
        return tuple(act.item for act in self.acts)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A data set as it happened.

    Attributes:
        items: the catalogue, as the files have it at their end.
        baskets: in order of time; those of one moment in the order of the file.
        digest: SHA-256 over users, items and times in that order. Results can be compared where it is equal: the
            order of equal times alone changes a quarter of the targets on MovieLens.
    """

    name: str
    items: tuple[Item, ...]
    baskets: tuple[Basket, ...]
    digest: str

    @classmethod
    def of(cls, name: str, items: Sequence[Item], acts: Sequence[Acted], apart: timedelta) -> "Timeline":
        """A timeline of acts in any order; those against an item are left out.

        Args:
            apart: acts of a user that follow each other sooner than this are one basket; zero for those of the
                same moment only.
        """
        ordered = sorted((act for act in acts if weight_of(act) > 0.0), key=lambda act: act.at)
        digest = sha256()
        for act in ordered:
            digest.update(f"{act.user}\t{act.item}\t{act.at.isoformat()}\n".encode())
        open_: dict[UserId, list[Acted]] = {}
        closed: list[tuple[datetime, int, list[Acted]]] = []
        for place, act in enumerate(ordered):
            held = open_.get(act.user)
            if held is not None and act.at - held[-1].at <= apart:
                held.append(act)
            else:
                open_[act.user] = [act]
                closed.append((act.at, place, open_[act.user]))
        known = {item.id for item in items}
        baskets = []
        for at, _, held in closed:
            distinct: dict[ItemId, Acted] = {}
            for act in held:
                if act.item in known:
                    distinct.setdefault(act.item, act)
            if distinct:
                baskets.append(Basket(held[0].user, at, tuple(distinct.values())))
        return cls(name, tuple(items), tuple(baskets), digest.hexdigest())

    def one_by_one(self, by_chance: bool = False) -> "Timeline":
        """The same with each act as a basket of its own.

        Args:
            by_chance: those of one moment come in an order that a hash settles, so that nothing is learned from the
                order of the file, which may be that of a shelf as well as that of a choice.
        """
        singles = [Basket(b.user, act.at, (act,)) for b in self.baskets for act in b.acts]
        if not by_chance:
            return Timeline(self.name, self.items, tuple(sorted(singles, key=lambda b: b.at)), self.digest)

        def drawn(basket: Basket) -> bytes:
            [act] = basket.acts
            return sha256(f"{act.user}\t{act.item}\t{act.at.isoformat()}".encode()).digest()

        ordered = sorted(sorted(singles, key=drawn), key=lambda b: (b.at, b.user))
        digest = sha256(b"".join(drawn(basket) for basket in ordered))
        return Timeline(self.name, self.items, tuple(ordered), digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Span:
    """The parts of a timeline, as positions among its baskets: history, then training, then test.

    Attributes:
        train: where requests to learn from begin.
        test: where the requests that are scored begin.
    """

    train: int
    test: int

    @classmethod
    def of(cls, timeline: Timeline, test: float | timedelta, train: float = 3.0) -> "Span":
        """The last part for the test, and before it a stretch that many times as long to learn from.

        Args:
            test: a share of the baskets, or a time before the last of them.

        Raises:
            InvalidInput: too little lies before the test, or in it.
        """
        baskets = timeline.baskets
        if isinstance(test, timedelta):
            times = np.array([b.at.timestamp() for b in baskets])
            begin = times[-1] - test.total_seconds()
            starts = (begin - train * test.total_seconds(), begin)
            span = cls(*(int(np.searchsorted(times, start, side="right")) for start in starts))
        else:
            n = len(baskets)
            span = cls(int(n * max(0.1, 1.0 - test * (1.0 + train))), int(n * (1.0 - test)))
        if not 0 < span.train < span.test < len(baskets):
            raise InvalidInput(f"{timeline.name} is too short for a test of {test}; there are {len(baskets)} baskets")
        return span
