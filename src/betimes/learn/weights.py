"""Ranking weights, learned online from what was shown and what was done with it."""

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from betimes.domain.event import Acted, ActKind, Event, Shown
from betimes.domain.names import ItemId, SlateId

_FOR = {ActKind.CLICK: 0.5, ActKind.LIKE: 1.0, ActKind.SAVE: 1.0, ActKind.BUY: 1.5}


@dataclass(frozen=True, slots=True)
class LearnConfig:
    """Settings of :class:`Weights`.

    Attributes:
        rate: step of one comparison.
        limit: a weight stays within ``exp(±limit)`` of its initial value.
        slates: how many recent slates are remembered to learn from; later acts teach nothing.
    """

    rate: float = 0.02
    limit: float = 1.5
    slates: int = 2_000


class _Slate(msgspec.Struct):
    order: list[str]
    parts: dict[str, dict[str, float]]
    acted: set[str] = msgspec.field(default_factory=set)


class _State(msgspec.Struct):
    log_scale: dict[str, float]
    slates: dict[str, _Slate]


@dataclass(slots=True)
class Weights:
    """A factor for each part of the score.

    An item that was acted on should have scored above those shown higher that were passed over (the
    "click > skip above" reading of Joachims, KDD 2002, which does not mistake a low position for a
    dislike). For each such pair the logistic loss of the score difference is stepped down. As a part
    is its factor times a feature, the gradient by the factor's logarithm is the part itself, so what
    is stored with the slate is all that is needed, and factors stay positive.
    """

    config: LearnConfig = field(default_factory=LearnConfig)
    _log_scale: dict[str, float] = field(default_factory=dict)
    _slates: OrderedDict[str, _Slate] = field(default_factory=OrderedDict)

    def scale(self) -> Mapping[str, float]:
        """The factor of each part that was learned; parts not named keep 1."""
        return {part: math.exp(value) for part, value in self._log_scale.items()}

    def fold(self, event: Event) -> None:
        """Takes in one event; slates shown and acts on them count."""
        if isinstance(event, Shown):
            slate = event.slate
            if slate.picks:
                self._slates[slate.id] = _Slate(
                    [p.item for p in slate.picks], {p.item: dict(p.parts) for p in slate.picks}
                )
                if len(self._slates) > self.config.slates:
                    self._slates.popitem(last=False)
        elif isinstance(event, Acted) and event.slate is not None:
            gain = _FOR.get(event.kind, 0.0)
            if gain > 0.0:
                self._learn(event.slate, event.item, gain)

    def _learn(self, slate_id: SlateId, item: ItemId, gain: float) -> None:
        slate = self._slates.get(slate_id)
        if slate is None or item not in slate.parts:
            return
        slate.acted.add(item)
        chosen = slate.parts[item]
        for other in slate.order[: slate.order.index(item)]:
            if other not in slate.acted:
                self._step(chosen, slate.parts[other], gain)

    def _step(self, chosen: dict[str, float], passed: dict[str, float], gain: float) -> None:
        scale = self._log_scale
        names = chosen.keys() | passed.keys()
        ahead = sum(chosen.get(n, 0.0) - passed.get(n, 0.0) for n in names)
        pull = gain * self.config.rate / (1.0 + math.exp(min(50.0, ahead)))
        for name in sorted(names):
            moved = scale.get(name, 0.0) + pull * (chosen.get(name, 0.0) - passed.get(name, 0.0))
            scale[name] = max(-self.config.limit, min(self.config.limit, moved))

    def dump(self) -> bytes:
        """The state."""
        return msgspec.msgpack.encode(_State(self._log_scale, dict(self._slates)))

    def load(self, state: bytes) -> None:
        """Replaces the state by a dumped one."""
        kept = msgspec.msgpack.decode(state, type=_State)
        self._log_scale = kept.log_scale
        self._slates = OrderedDict(kept.slates)

    def clear(self) -> None:
        """Forgets everything."""
        self._log_scale = {}
        self._slates = OrderedDict()
