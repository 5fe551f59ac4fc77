"""Which items are acted on together, with time decay, updated at each event."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from betimes.domain.event import Acted, Event
from betimes.domain.names import ItemId, UserId
from betimes.remember.acts import weight_of
from betimes.remember.decaying import ForwardDecay
from betimes.rows import Rows


@dataclass(frozen=True, slots=True)
class CovisitConfig:
    """Settings of :class:`Covisits`.

    Attributes:
        half_life: after this long a pair counts half.
        window: with how many of the user's latest items a new one is paired.
        within: how far apart in time the two acts may lie.
        neighbours: how many are kept per item; up to twice as many between prunings.
    """

    half_life: timedelta = timedelta(days=30)
    window: int = 10
    within: timedelta = timedelta(days=30)
    neighbours: int = 60


class _State(msgspec.Struct):
    ids: list[str]
    pairs: list[dict[int, float]]
    latest: dict[str, list[tuple[int, datetime]]]


class Covisits:
    """Decayed weights between items that one user acted on within a window, both ways.

    Memory is bounded by items times twice ``neighbours`` and users times ``window``.
    """

    def __init__(self, rows: Rows, config: CovisitConfig | None = None) -> None:
        self._rows = rows
        self._config = config or CovisitConfig()
        self._decay = ForwardDecay(self._config.half_life)
        self._pairs: dict[int, dict[int, float]] = {}
        self._latest: dict[UserId, deque[tuple[int, datetime]]] = {}

    def fold(self, event: Event) -> None:
        """Takes in one event; only acts in favour of an item count."""
        if not isinstance(event, Acted):
            return
        weight = weight_of(event)
        if weight <= 0.0:
            return
        row = self._rows.of(event.item)
        latest = self._latest.get(event.user)
        if latest is None:
            latest = self._latest[event.user] = deque(maxlen=self._config.window)
        scaled = weight * self._decay.factor(event.at)
        within = self._config.within
        for other, at in latest:
            if other != row and abs(event.at - at) <= within:
                self._add(row, other, scaled)
                self._add(other, row, scaled)
        latest.append((row, event.at))

    def _add(self, row: int, other: int, weight: float) -> None:
        near = self._pairs.get(row)
        if near is None:
            near = self._pairs[row] = {}
        near[other] = near.get(other, 0.0) + weight
        if len(near) > 2 * self._config.neighbours:
            kept = sorted(near.items(), key=lambda pair: (-pair[1], pair[0]))[: self._config.neighbours]
            self._pairs[row] = dict(kept)

    def near(self, row: int) -> dict[int, float]:
        """The neighbours of a row and their weights, which are comparable with each other only."""
        return self._pairs.get(row, {})

    def dump(self) -> bytes:
        """The state, by item id."""
        used = sorted(
            {*self._pairs, *(o for near in self._pairs.values() for o in near)}
            | {row for latest in self._latest.values() for row, _ in latest}
        )
        local = {row: i for i, row in enumerate(used)}
        return msgspec.msgpack.encode(
            _State(
                [self._rows.id(row) for row in used],
                [{local[o]: w for o, w in self._pairs.get(row, {}).items()} for row in used],
                {user: [(local[row], at) for row, at in latest] for user, latest in self._latest.items()},
            )
        )

    def load(self, state: bytes) -> None:
        """Replaces the state by a dumped one."""
        kept = msgspec.msgpack.decode(state, type=_State)
        self.clear()
        rows = [self._rows.of(ItemId(item)) for item in kept.ids]
        for i, near in enumerate(kept.pairs):
            if near:
                self._pairs[rows[i]] = {rows[o]: w for o, w in near.items()}
        for user, latest in kept.latest.items():
            self._latest[UserId(user)] = deque(((rows[i], at) for i, at in latest), maxlen=self._config.window)

    def clear(self) -> None:
        """Forgets everything."""
        self._pairs = {}
        self._latest = {}
