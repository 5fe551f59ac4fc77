"""Features to score: every part is a factor times a feature, and the parts sum to the score."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt

from betimes.domain.intent import Interest, InterestKind
from betimes.domain.profile import Memory, Preference, Profile, Vector
from betimes.domain.slate import Ask
from betimes.ports import Vectors
from betimes.recommend.arrays import RowArray
from betimes.recommend.columns import Columns, traits
from betimes.recommend.constraints import Checked
from betimes.recommend.features import Measured
from betimes.recommend.sources import Found, Scores
from betimes.recommend.sources.dense import Dense
from betimes.recommend.sources.popular import Standing
from betimes.recommend.tables import Tables
from betimes.recommend.topics import Topics

#: Parts that rest on what was said, on what was done, and on the item alone.
LANGUAGE = ("topic", "words", "meaning", "likes", "conditions", "price")
BEHAVIOUR = ("taste", "history", "covisit", "neighbours", "sequence", "factors", "repeat")
PARTS = (*LANGUAGE, *BEHAVIOUR, "popular", "fresh", "spend")
#: Parts that are learned from what people do, once :class:`Tables` are.
LEARNED = ("history", "covisit", "neighbours", "sequence", "factors", "repeat", "popular", "fresh", "spend")

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
        learned_in_focus: what the learned parts keep of their pull while something is asked for, so that
            habit does not drown the words.
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
            "neighbours": 0.4,
            "sequence": 0.4,
            "factors": 0.4,
            "repeat": 0.6,
            "popular": 0.3,
            "fresh": 0.15,
            "spend": 0.0,
        }
    )
    gate_half: float = 10.0
    behaviour_from: float = 0.4
    language_to: float = 0.7
    fresh_half_life_days: float = 30.0
    learned_in_focus: float = 0.3


@dataclass(frozen=True, slots=True)
class Situation:
    """All that features of some rows are computed from.

    Attributes:
        vectors: unit vectors of the rows.
        need: unit vector of what is wanted now, if something is.
        soft: the soft constraints, checked.
        found: what each source found.
        measured: what behaviour says of the rows; none when no tables are there to weigh it.
        rates: what one unit of each currency is worth, in any one measure.
        tastes: the lasting preferences that count now, by each of the catalogue's values they touch, with
            the weight they lend to it.
    """

    ask: Ask
    profile: Profile
    focus: tuple[Interest, ...]
    vectors: Vectors
    need: Vector | None
    soft: tuple[Checked, ...]
    found: Mapping[str, Found]
    measured: Measured | None
    rates: Mapping[str, float]
    tastes: Mapping[str, Sequence[tuple[float, Preference]]]

    @property
    def needs(self) -> tuple[Interest, ...]:
        """The things asked for."""
        return tuple(i for i in self.focus if i.kind is InterestKind.NEED and i.polarity > 0)

    @property
    def wishes(self) -> tuple[Interest, ...]:
        """What else is in focus: how the thing should be, and what is not wanted."""
        return tuple(i for i in self.focus if i.kind is not InterestKind.NEED or i.polarity < 0)


class Ranker:
    """Computes features and parts. The same code serves requests and replays.

    Attributes:
        tables: what was learned of behaviour; without it, behaviour counts by the factors of the settings. It
            may be replaced while requests are served.
    """

    def __init__(
        self,
        columns: Columns,
        topics: Topics,
        dense: Dense,
        standing: Standing,
        config: RankConfig | None = None,
    ) -> None:
        self._columns = columns
        self._topics = topics
        self._dense = dense
        self._standing = standing
        self._config = config or RankConfig()
        self.tables: Tables | None = None

    def parts(
        self, situation: Situation, rows: RowArray, learned: Mapping[str, float]
    ) -> dict[str, npt.NDArray[np.float64]]:
        """The parts of the score of each row, by name; parts that are zero for all rows are left out."""
        tables, measured = self.tables, situation.measured
        judged = tables.parts(measured) if tables is not None and measured is not None else None
        factors = self.factors(situation.profile.acts, learned)
        parts = {}
        for name, feature in self.features(situation, rows).items():
            if np.any(feature) and (judged is None or name not in LEARNED):
                parts[name] = factors[name] * feature
        if judged is not None:
            pull = self._config.learned_in_focus if situation.focus else 1.0
            for name, part in judged.items():
                parts[name] = pull * learned.get(name, 1.0) * part
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
        vector = situation.profile.vector
        zero = np.zeros(len(rows))
        vectors = situation.vectors
        had = self._columns.entries(rows)
        wished = self._weights((i.topic, i.polarity * i.strength) for i in situation.wishes)
        tasted = {v: sum(w * p.polarity for w, p in lent) for v, lent in situation.tastes.items()}
        return {
            "topic": had.largest(traits(self._named(situation.needs))),
            "words": _relative(situation.found, rows, "lexical"),
            "meaning": zero if situation.need is None else self._dense.contrast(situation.need, vectors),
            "likes": np.tanh(had.summed(traits(wished))),
            "conditions": self._conditions(situation.soft, rows),
            "price": self._cheapness(situation, rows),
            "taste": np.tanh(had.summed(traits(tasted))),
            "history": zero if vector is None else self._dense.contrast(vector, vectors),
            "covisit": _relative(situation.found, rows, "covisit", "covisit_long", "adjacent"),
            "neighbours": _relative(situation.found, rows, "neighbours"),
            "sequence": _relative(situation.found, rows, "sequence"),
            "factors": _relative(situation.found, rows, "factors"),
            "repeat": _relative(situation.found, rows, "repeat"),
            "popular": self._standing.of(rows),
            "fresh": self._freshness(rows, situation.ask.at.timestamp()),
        }

    def _named(self, needs: Sequence[Interest]) -> dict[str, float]:
        """How exactly each of the catalogue's values is a thing asked for."""
        named: dict[str, float] = {}
        for interest in needs:
            for value, match in self._topics.values(interest.topic).items():
                named[value] = max(named.get(value, 0.0), match)
        return named

    def _weights(self, topics: Iterable[tuple[str, float]]) -> dict[str, float]:
        """What weighted topics lend to each of the catalogue's values."""
        weights: dict[str, float] = {}
        for topic, weight in topics:
            for value, match in self._topics.values(topic).items():
                weights[value] = weights.get(value, 0.0) + weight * match
        return weights

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
    profile: Profile, focus: Sequence[Interest], topics: Topics, memory: Memory, at: datetime, n: int = 40
) -> dict[str, list[tuple[float, Preference]]]:
    """The strongest preferences that are not already in focus, by each of the catalogue's values they touch.

    Earlier needs are left out while there is a present one: who asks for a film is done with phones.

    Returns:
        For each value, the preferences that touch it with the weight they lend to it now.
    """
    named = {i.topic for i in focus}
    kept = [
        (p.now(at, memory), p)
        for p in profile.preferences
        if p.topic not in named and not (focus and p.kind is InterestKind.NEED)
    ]
    kept.sort(key=lambda pair: -pair[0])
    lent: dict[str, list[tuple[float, Preference]]] = {}
    for weight, preference in kept[:n]:
        if weight > 0.01:
            for value, match in topics.values(preference.topic).items():
                lent.setdefault(value, []).append((weight * match, preference))
    return lent


def _relative(found: Mapping[str, Found], rows: RowArray, *sources: str) -> Scores:
    """The mean over sources of what each thinks of the rows, relative to its best."""
    of_each = [found[name].relative(rows) for name in sources if name in found]
    return np.mean(of_each, axis=0) if of_each else np.zeros(len(rows))
