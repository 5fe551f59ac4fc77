"""Features to score: every part is a factor times a feature, and the parts sum to the score."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from betimes.domain.intent import Interest, InterestKind
from betimes.domain.profile import Memory, Preference, Profile, Vector
from betimes.domain.slate import Ask
from betimes.recommend.columns import Columns, RowArray
from betimes.recommend.constraints import Checked
from betimes.recommend.sources import Scores
from betimes.recommend.sources.dense import Dense
from betimes.recommend.sources.popular import Standing
from betimes.recommend.topics import Topics

#: Parts that rest on what was said, on what was done, and on the item alone.
LANGUAGE = ("topic", "words", "meaning", "likes", "conditions", "price")
BEHAVIOUR = ("taste", "history", "covisit")
PARTS = (*LANGUAGE, *BEHAVIOUR, "popular", "fresh")

#: Wishes that mean a low price rather than a property of the item.
_CHEAP = (
    "便宜",
    "性价比",
    "实惠",
    "划算",
    "cheap",
    "affordable",
    "budget",
    "inexpensive",
    "good value",
    "value for money",
)


@dataclass(frozen=True, slots=True)
class RankConfig:
    """Initial factors; what is learned multiplies them.

    Attributes:
        factor: the factor of each part.
        gate_half: the number of acts at which behaviour has half its pull.
        behaviour_from: the share of their factor that behaviour parts have with no history.
        language_to: the share of their factor that language parts keep with a long history.
        fresh_half_life_days: an item this old is half as fresh.
    """

    factor: Mapping[str, float] = field(
        default_factory=lambda: {
            "topic": 2.0,
            "words": 0.6,
            "meaning": 0.9,
            "likes": 0.7,
            "conditions": 2.5,
            "price": 0.6,
            "taste": 0.6,
            "history": 0.5,
            "covisit": 0.8,
            "popular": 0.3,
            "fresh": 0.15,
        }
    )
    gate_half: float = 10.0
    behaviour_from: float = 0.4
    language_to: float = 0.7
    fresh_half_life_days: float = 30.0


@dataclass(frozen=True, slots=True)
class Situation:
    """All that features are computed from, beside the rows.

    Attributes:
        need: unit vector of what is wanted now, if something is.
        soft: the soft constraints, checked.
        sourced: what each source found: rows to their score relative to its best, 0 to 1.
        rates: what one unit of each currency is worth, in any one measure.
    """

    ask: Ask
    profile: Profile
    focus: tuple[Interest, ...]
    need: Vector | None
    soft: tuple[Checked, ...]
    sourced: Mapping[str, Mapping[int, float]]
    rates: Mapping[str, float]

    @property
    def needs(self) -> tuple[Interest, ...]:
        """The things asked for."""
        return tuple(i for i in self.focus if i.kind is InterestKind.NEED and i.polarity > 0)

    @property
    def wishes(self) -> tuple[Interest, ...]:
        """What else is in focus: how the thing should be, and what is not wanted."""
        return tuple(i for i in self.focus if i.kind is not InterestKind.NEED or i.polarity < 0)


class Ranker:
    """Computes features and parts. The same code serves requests and replays."""

    def __init__(
        self,
        columns: Columns,
        topics: Topics,
        dense: Dense,
        standing: Standing,
        memory: Memory,
        config: RankConfig | None = None,
    ) -> None:
        self._columns = columns
        self._topics = topics
        self._dense = dense
        self._standing = standing
        self._memory = memory
        self._config = config or RankConfig()

    def parts(
        self, situation: Situation, rows: RowArray, learned: Mapping[str, float]
    ) -> dict[str, npt.NDArray[np.float64]]:
        """The parts of the score of each row, by name; parts that are zero for all rows are left out."""
        factors = self.factors(situation.profile.acts, learned)
        parts = {}
        for name, feature in self.features(situation, rows).items():
            if np.any(feature):
                parts[name] = factors[name] * feature
        return parts

    def factors(self, acts: int, learned: Mapping[str, float]) -> dict[str, float]:
        """The factor of each part for a user with a history of ``acts`` acts.

        Language carries the new user and behaviour the known one: with ``g = acts / (acts + gate_half)``
        behaviour goes from ``behaviour_from`` to 1 and language from 1 to ``language_to``.
        """
        config = self._config
        g = acts / (acts + config.gate_half)
        gate = dict.fromkeys(LANGUAGE, 1.0 - (1.0 - config.language_to) * g)
        gate["conditions"] = 1.0
        gate |= dict.fromkeys(BEHAVIOUR, config.behaviour_from + (1.0 - config.behaviour_from) * g)
        return {p: config.factor[p] * gate.get(p, 1.0) * learned.get(p, 1.0) for p in PARTS}

    def features(self, situation: Situation, rows: RowArray) -> dict[str, npt.NDArray[np.float64]]:
        """The features of each row, about -1 to 1 each."""
        focus, profile, at = situation.focus, situation.profile, situation.ask.at
        zero = np.zeros(len(rows))
        traits = [self._columns.traits(int(row)) for row in rows]
        return {
            "topic": self._topic(situation.needs, traits),
            "words": _found(situation.sourced.get("lexical"), rows),
            "meaning": zero if situation.need is None else self._dense.contrast(situation.need, rows),
            "likes": self._likes(situation.wishes, traits),
            "conditions": self._conditions(situation.soft, rows),
            "price": self._cheapness(situation, rows),
            "taste": self._taste(lasting(profile, focus, self._memory, situation.ask), traits),
            "history": zero if profile.vector is None else self._dense.contrast(profile.vector, rows),
            "covisit": _found(situation.sourced.get("covisit"), rows),
            "popular": self._standing.of(rows),
            "fresh": self._freshness(rows, at.timestamp()),
        }

    def _topic(self, needs: Sequence[Interest], traits: Sequence[tuple[str, ...]]) -> Scores:
        out = np.zeros(len(traits))
        for interest in needs:
            match = self._topics.values(interest.topic)
            if match:
                out = np.maximum(out, [max((match.get(t, 0.0) for t in row), default=0.0) for row in traits])
        return out

    def _likes(self, wishes: Sequence[Interest], traits: Sequence[tuple[str, ...]]) -> Scores:
        weights: dict[str, float] = {}
        for interest in wishes:
            for value, match in self._topics.values(interest.topic).items():
                weights[value] = weights.get(value, 0.0) + interest.polarity * interest.strength * match
        return _summed(weights, traits)

    def _taste(self, preferences: Sequence[tuple[Preference, float]], traits: Sequence[tuple[str, ...]]) -> Scores:
        weights: dict[str, float] = {}
        for preference, weight in preferences:
            for value, match in self._topics.values(preference.topic).items():
                weights[value] = weights.get(value, 0.0) + preference.polarity * weight * match
        return _summed(weights, traits)

    def _conditions(self, soft: Sequence[Checked], rows: RowArray) -> Scores:
        """Minus how far conditions are missed, each up to 1; several ``=`` on one field are one."""
        missed: dict[object, Scores] = {}
        for c in soft:
            if c.mask is not None:
                one = (c.constraint.field, None if c.constraint.op == "=" else c.constraint)
                missed[one] = -c.missed(rows)
        return sum(missed.values(), np.zeros(len(rows)))

    def _cheapness(self, situation: Situation, rows: RowArray) -> Scores:
        sign = sum(i.polarity for i in situation.wishes if any(word in i.topic.casefold() for word in _CHEAP))
        prices = self._columns.worth(situation.rates, rows)
        known = ~np.isnan(prices)
        steps, step = np.unique(prices[known], return_inverse=True)
        out = np.zeros(len(rows))
        if sign != 0 and len(steps) > 1:
            out[known] = np.sign(sign) * (1.0 - step / (len(steps) - 1))
        return out

    def _freshness(self, rows: RowArray, now: float) -> Scores:
        age_days = (now - self._columns.published()[rows]) / 86_400.0
        fresh = 2.0 ** -(np.maximum(age_days, 0.0) / self._config.fresh_half_life_days)
        return np.asarray(np.where(age_days < 0.0, 0.0, fresh))


def lasting(
    profile: Profile, focus: Sequence[Interest], memory: Memory, ask: Ask, n: int = 40
) -> list[tuple[Preference, float]]:
    """The strongest preferences that are not already in focus, with their weight now.

    Earlier needs are left out while there is a present one: who asks for a film is done with phones.
    """
    named = {i.topic for i in focus}
    kept = [
        (p, p.now(ask.at, memory))
        for p in profile.preferences
        if p.topic not in named and not (focus and p.kind is InterestKind.NEED)
    ]
    kept.sort(key=lambda pair: -pair[1])
    return [pair for pair in kept[:n] if pair[1] > 0.01]


def _found(source: Mapping[int, float] | None, rows: RowArray) -> Scores:
    if not source:
        return np.zeros(len(rows))
    return np.array([source.get(int(row), 0.0) for row in rows])


def _summed(weights: Mapping[str, float], traits: Sequence[tuple[str, ...]]) -> Scores:
    if not weights:
        return np.zeros(len(traits))
    return np.array([math.tanh(sum(weights.get(t, 0.0) for t in row)) for row in traits])
