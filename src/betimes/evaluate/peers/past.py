"""What the peers remember alike: who took what when, sums that decay, and who took what together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from betimes.evaluate.contender import Items
from betimes.recommend.sources import latest_first

#: A day in seconds.
DAY = 86_400.0

#: The share of popularity that orders what a peer cannot tell apart; see :mod:`betimes.evaluate.peers`.
TINY = 1e-6

#: Half-lives between two rescalings of :class:`Decaying`, about half of what a 32-bit float spans.
_SPAN = 60.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What one user took, one entry per item and basket, in order.

    Attributes:
        items: the items; shape ``(taken,)``, as are all.
        baskets: the number of each one's basket among the user's, from 0.
        moments: when, in seconds since 1970.
    """

    items: Items
    baskets: Items
    moments: npt.NDArray[np.float64]


_NOTHING = Taken(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


class Past:
    """What each user took so far."""

    def __init__(self, users: int) -> None:
        self._taken = [_NOTHING] * users

    def add(self, user: int, items: Items, at: float) -> None:
        """Adds a basket."""
        old = self._taken[user]
        basket = old.baskets[-1] + 1 if len(old.baskets) else 0
        self._taken[user] = Taken(
            np.concatenate([old.items, items]),
            np.concatenate([old.baskets, np.full(len(items), basket)]),
            np.concatenate([old.moments, np.full(len(items), at)]),
        )

    def of(self, user: int) -> Taken:
        """What the user took."""
        return self._taken[user]

    def latest(self, user: int, n: int | None = None) -> Items:
        """The user's ``n`` latest distinct items, the latest first; all of them by default."""
        return latest_first(self._taken[user].items)[:n]

    def pairs(self) -> tuple[Items, Items]:
        """Everything as users and items, both of shape ``(taken,)``, with repeats."""
        users = np.repeat(np.arange(len(self._taken)), [len(taken.items) for taken in self._taken])
        return users, np.concatenate([taken.items for taken in self._taken])


class Decaying:
    """Sums of which each contribution halves in ``half_life_days``, in 32 bits.

    A contribution is scaled up by its time since a landmark instead of all others down (forward decay: Cormode
    et al., ICDE 2009). The landmark moves on before the scale leaves the range of the floats.

    Attributes:
        sums: what is kept. Its ratios are true at all times; its scale is that of the landmark.
    """

    def __init__(self, shape: tuple[int, ...], half_life_days: float) -> None:
        self.sums: npt.NDArray[np.float32] = np.zeros(shape, np.float32)
        self._half_life = half_life_days * DAY
        self._landmark = 0.0

    def add(self, where: tuple[Items, ...], at: float) -> None:
        """Adds 1 at each place of an index without repeats."""
        age = self._half_lives(at)
        if age > _SPAN:
            self.sums *= 2.0**-age
            self._landmark, age = at, 0.0
        self.sums[where] += 2.0**age

    def scale(self, at: float) -> float:
        """What to multiply :attr:`sums` by for their values at a moment not before the latest contribution."""
        return float(2.0 ** -self._half_lives(at))

    def _half_lives(self, at: float) -> float:
        return (at - self._landmark) / self._half_life


class Together:
    """How many users took both of two items, ever.

    Attributes:
        counts: shape ``(items, items)``, symmetric; on the diagonal, how many took the item.
    """

    def __init__(self, items: int) -> None:
        self.counts: npt.NDArray[np.float32] = np.zeros((items, items), np.float32)

    def add(self, before: Items, items: Items) -> None:
        """Counts what a user takes, beside the distinct items that the same user took before."""
        new = np.setdiff1d(items, before)
        self.counts[np.ix_(new, new)] += 1
        self.counts[np.ix_(new, before)] += 1
        self.counts[np.ix_(before, new)] += 1
