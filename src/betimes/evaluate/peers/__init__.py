"""The classical recommenders that Betimes is compared with in a replay.

Each is a :class:`~betimes.evaluate.contender.Contender` made of a number of users, a number of items and a
configuration. Time must not run backwards. A model that is fitted is fitted again when it is asked and its
last fit is old, on what was revealed until then. Everywhere a share of popularity too small to turn any
preference orders the items that a peer cannot tell apart, and all of them for a user without a past.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from betimes.errors import InvalidInput
from betimes.evaluate.contender import Contender
from betimes.evaluate.peers.als import Als, AlsConfig
from betimes.evaluate.peers.covisits import CovisitsConfig, WindowedCovisits
from betimes.evaluate.peers.ease import Ease, EaseConfig
from betimes.evaluate.peers.frequency import (
    PersonalFrequency,
    PersonalFrequencyConfig,
    Popularity,
    PopularityConfig,
)
from betimes.evaluate.peers.itemknn import ItemKnn, ItemKnnConfig
from betimes.evaluate.peers.sasrec import Sasrec, SasrecConfig
from betimes.evaluate.peers.tifuknn import TifuKnn, TifuKnnConfig

__all__ = [
    "NAMES",
    "Als",
    "AlsConfig",
    "CovisitsConfig",
    "Ease",
    "EaseConfig",
    "ItemKnn",
    "ItemKnnConfig",
    "PersonalFrequency",
    "PersonalFrequencyConfig",
    "Popularity",
    "PopularityConfig",
    "Sasrec",
    "SasrecConfig",
    "TifuKnn",
    "TifuKnnConfig",
    "WindowedCovisits",
    "peers",
]

_MAKERS: dict[str, Callable[[int, int], Contender]] = {
    "popularity 3d": Popularity,
    "personal frequency": PersonalFrequency,
    "covisits 7d": WindowedCovisits,
    "last item covisits": lambda users, items: WindowedCovisits(users, items, CovisitsConfig(window=1)),
    "item knn": ItemKnn,
    "ease": Ease,
    "ease last 10": lambda users, items: Ease(users, items, EaseConfig(history=10)),
    "als": Als,
    "tifu knn": TifuKnn,
}

#: The peers that run in this environment, in the order of a report.
NAMES = tuple(_MAKERS)


def peers(users: int, items: int, names: Sequence[str] = NAMES, sasrec_python: Path | None = None) -> list[Contender]:
    """Fresh peers for so many users and items, by name; by default all but ``sasrec``.

    Args:
        sasrec_python: the interpreter of the environment that ``sasrec`` runs in.

    Raises:
        InvalidInput: a name that no peer has.
        ModelUnavailable: the library of ``als`` or the environment of ``sasrec`` is missing.
    """
    makers = _MAKERS | {Sasrec.name: lambda users, items: Sasrec(users, items, sasrec_python)}
    unknown = [name for name in names if name not in makers]
    if unknown:
        raise InvalidInput(f"there is no peer {', '.join(map(repr, unknown))}; choose from {', '.join(makers)}")
    return [makers[name](users, items) for name in names]
