"""Ask to picks: mask, candidates from every source, rank, diversify, explore, explain."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Protocol

import numpy as np
import numpy.typing as npt

from betimes.domain.event import ActKind
from betimes.domain.intent import InterestKind
from betimes.domain.labels import describe
from betimes.domain.names import Locale, UserId, localised, variants
from betimes.domain.profile import Memory, Profile, Vector
from betimes.domain.slate import Ask, Empty, Pick, Step
from betimes.ports import Vectors
from betimes.recommend.arrays import Mask, RowArray, distinct
from betimes.recommend.columns import Columns
from betimes.recommend.constraints import Checked, Constraints
from betimes.recommend.diversify import diversified
from betimes.recommend.explain import emptiness, reasons
from betimes.recommend.features import Features, Measured
from betimes.recommend.interests import interests
from betimes.recommend.rank import Ranker, Situation, lasting
from betimes.recommend.sources import NO_COMPANIONS, NO_PAST, Companions, Found, Past, Query, Scores, Source, Visible
from betimes.recommend.sources.companions import lent
from betimes.recommend.sources.dense import Dense
from betimes.recommend.titles import holds
from betimes.recommend.topics import Topics

_COUNTS = {
    ActKind.VIEW: 0.3,
    ActKind.CLICK: 1.0,
    ActKind.LIKE: 1.5,
    ActKind.SAVE: 1.5,
    ActKind.BUY: 1.5,
    ActKind.RATE: 1.0,
    ActKind.DWELL: 0.5,
}


@dataclass(frozen=True, slots=True)
class RecommendConfig:
    """Settings of :class:`Recommender`.

    Attributes:
        per_source: candidates asked of each source.
        deadline_ms: sources that are not reached within this time are dropped and marked late.
        diversity: what full likeness to an earlier pick costs.
        explore: the chance that the last place of a full list goes to an item outside it: by its score, and
            the sooner the fewer acts on it are known, since what is new has to be tried to be judged.
        history: how many recent acts candidates are sought from.
        recency: how much less each older act counts.
        interests: how many directions of the recent acts are searched near, beside the need and the profile.
    """

    per_source: int = 150
    deadline_ms: float = 50.0
    diversity: float = 0.25
    explore: float = 0.05
    history: int = 30
    recency: float = 0.93
    interests: int = 2


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a request came to."""

    picks: tuple[Pick, ...]
    empty: Empty | None
    notes: tuple[str, ...]
    trace: tuple[Step, ...]


@dataclass(slots=True)
class _Watch:
    """Times the steps of one request."""

    steps: list[Step] = field(default_factory=list)
    start: float = field(default_factory=perf_counter)
    last: float = field(default_factory=perf_counter)

    def step(self, name: str) -> None:
        now = perf_counter()
        self.steps.append(Step(name, round((now - self.last) * 1e3, 3)))
        self.last = now

    def ms(self) -> float:
        return (perf_counter() - self.start) * 1e3


class Pasts(Protocol):
    """What each user acted on."""

    def of(self, user: UserId) -> Past:
        """The acts of a user that are kept."""

    def companions(self, user: UserId, rows: RowArray) -> Companions:
        """What users other than this one acted on around their latest acts on each row."""

    def tried(self, rows: RowArray) -> RowArray:
        """How many acts on each row are remembered."""


class Recommender:
    """The path from a request to ranked, explained picks, over states that others keep current."""

    def __init__(
        self,
        columns: Columns,
        constraints: Constraints,
        topics: Topics,
        dense: Dense,
        sources: Sequence[Source],
        pasts: Pasts,
        features: Features,
        ranker: Ranker,
        memory: Memory,
        config: RecommendConfig | None = None,
    ) -> None:
        self._columns = columns
        self._constraints = constraints
        self._topics = topics
        self._dense = dense
        self._sources = sources
        self._pasts = pasts
        self._features = features
        self._ranker = ranker
        self._memory = memory
        self._config = config or RecommendConfig()

    def recommend(
        self,
        ask: Ask,
        profile: Profile,
        need: Vector | None,
        words: Sequence[str],
        learned: Mapping[str, float],
    ) -> Ranked:
        """The picks for a request.

        Args:
            need: unit vector of what is wanted now, if something is.
            words: tokens of the same, for lexical search.
            learned: factors learned for the parts of the score.
        """
        watch = _Watch()
        focus = profile.active_focus(ask.at)
        checked = self._constraints.check(profile.active_constraints(ask.at), ask.locale, ask.domain)
        hard = [c for c in checked if c.constraint.hard]
        base = self._base(ask, profile)
        allowed = base
        for c in hard:
            if c.mask is not None:
                allowed = allowed & c.mask
        n_allowed = int(np.count_nonzero(allowed))
        watch.step("mask")
        if n_allowed == 0:
            things = ("、" if ask.locale == "zh" else ", ").join(
                localised(i.topic, ask.locale) for i in focus if i.kind is InterestKind.NEED and i.polarity > 0
            )
            empty = emptiness(base, hard, self._columns, self._constraints, ask.locale, things)
            watch.step("explain")
            return Ranked((), empty, _notes(checked, ask.locale, set()), tuple(watch.steps))
        query = self._query(ask, profile, allowed, need, words)
        watch.step("history")
        found = self._gather(query, watch)
        rows = self._candidates(query, found)
        soft = tuple(c for c in checked if not c.constraint.hard)
        rates = self._constraints.rates_to(self._constraints.currency(ask.locale))
        tastes = lasting(profile, focus, self._topics, self._memory, ask.at)
        weighed = self._ranker.tables is not None
        vectors = self._dense.vectors(rows)
        measured = self._features.measure(query, found, rows, vectors, rates) if weighed else None
        watch.step("features")
        situation = Situation(ask, profile, focus, vectors, need, soft, found, measured, rates, tastes)
        parts = self._ranker.parts(situation, rows, learned)
        scores = np.sum(list(parts.values()), axis=0) if parts else np.zeros(len(rows))
        watch.step("rank")
        chosen = self._choose(ask, rows, vectors, scores)
        watch.step("diversify")
        picks = [self._pick(rows, parts, choice, situation, query) for choice in chosen]
        shown = rows[[c.index for c in chosen]]
        notes = (*self._not_found(situation, shown), *_notes(checked, ask.locale, self._columns.currencies_of(shown)))
        watch.step("explain")
        return Ranked(tuple(picks), None, notes, tuple(watch.steps))

    def examine(self, ask: Ask, profile: Profile) -> tuple[RowArray, Measured]:
        """The candidates of a request without words, and what behaviour says of them, as a list would be made."""
        allowed = self._base(ask, profile)
        query = self._query(ask, profile, allowed, None, ())
        found = self._gather(query, _Watch())
        rows = self._candidates(query, found)
        rates = self._constraints.rates_to(self._constraints.currency(ask.locale))
        return rows, self._features.measure(query, found, rows, self._dense.vectors(rows), rates)

    def _query(self, ask: Ask, profile: Profile, allowed: Mask, need: Vector | None, words: Sequence[str]) -> Query:
        past = self._past(ask, profile)
        history = self._history(profile)
        rows = np.array([row for row, _ in history], dtype=np.int64)
        counts = np.array([counts for _, counts in history])
        several = interests(self._dense.vectors(rows), counts, self._config.interests)
        vectors = tuple(v for v in (need, profile.vector, *several) if v is not None)
        companions = self._pasts.companions(ask.user, rows) if history else NO_COMPANIONS
        n_allowed = int(np.count_nonzero(allowed))
        return Query(ask, allowed, n_allowed, vectors, tuple(words), history, past, companions)

    def _past(self, ask: Ask, profile: Profile) -> Past:
        """The acts that may speak: none while learning is switched off, those of other domains with consent alone."""
        if profile.paused:
            return NO_PAST
        past = self._pasts.of(ask.user)
        if ask.domain is None or profile.shared_with(ask.domain):
            return past
        here = self._columns.of_domain(ask.domain)[past.rows]
        return Visible(past.rows[here], past.at[here], past.weight[here])

    def _candidates(self, query: Query, found: Mapping[str, Found]) -> RowArray:
        """What the sources propose, ascending, filled up with other allowed rows when that is too little."""
        proposed = [f.rows[: self._config.per_source] for f in found.values()]
        rows = distinct(np.concatenate(proposed)) if proposed else np.zeros(0, dtype=np.int64)
        if len(rows) < query.ask.n:
            rows = np.union1d(rows, np.flatnonzero(query.allowed)[: max(query.ask.n, 50)])
        return rows

    def _base(self, ask: Ask, profile: Profile) -> Mask:
        """Rows that could be shown were there no constraints: listed, the thing asked for, not refused or had."""
        mask = self._columns.listed(ask.domain)
        things = self._topics.things(profile.active_focus(ask.at))
        if things is not None and np.any(mask & things):
            mask &= things
        left_out = profile.hidden | profile.seen if ask.exclude_seen else profile.hidden
        for item in left_out:
            row = self._columns.rows.find(item)
            if row is not None:
                mask[row] = False
        return mask

    def _not_found(self, situation: Situation, shown: RowArray) -> tuple[str, ...]:
        """A word to who asked for a thing when none of the items shown bears its name."""
        names = [i.topic for i in situation.needs]
        if not names or any(self._bears(int(row), name) for row in shown for name in names):
            return ()
        if situation.ask.locale == "zh":
            return (f"没有找到“{'、'.join(localised(n, 'zh') for n in names)}”，以下是意思相近的",)
        return (f"found no {', '.join(localised(n, 'en') for n in names)}; these are near in meaning",)

    def _bears(self, row: int, name: str) -> bool:
        """Whether a row's title or one of its traits is what was named, or a trait is a part of its name."""
        title = self._columns.title(row).casefold()
        names = [n.casefold() for n in variants(name)]
        if any(holds(title, n) for n in names):
            return True
        parts = [p.casefold() for t in self._columns.traits(row) for p in variants(t) if len(p) > 1]
        return any(holds(n, p) for n in names for p in parts) or any(
            trait in self._topics.values(name) for trait in self._columns.traits(row)
        )

    def _history(self, profile: Profile) -> tuple[tuple[int, float], ...]:
        found: dict[int, float] = {}
        for age, recent in enumerate(reversed(profile.recent)):
            row = self._columns.rows.find(recent.item)
            counts = _COUNTS.get(recent.kind, 0.0)
            if row is not None and counts > 0.0 and row not in found:
                found[row] = counts * self._config.recency**age
                if len(found) == self._config.history:
                    break
        return tuple(found.items())

    def _gather(self, query: Query, watch: _Watch) -> dict[str, Found]:
        gathered: dict[str, Found] = {}
        for source in self._sources:
            if watch.ms() > self._config.deadline_ms:
                watch.steps.append(Step(source.name, 0.0, "late"))
                continue
            gathered[source.name] = Found(*source.candidates(query, self._config.per_source))
            watch.step(source.name)
        return gathered

    def _choose(self, ask: Ask, rows: RowArray, vectors: Vectors, scores: Scores) -> list["_Choice"]:
        order = np.lexsort((rows, -scores))
        head = order[: max(5 * ask.n, 50)]
        picked, charges = diversified(scores[head], vectors[head], ask.n, self._config.diversity)
        chosen = [
            _Choice(int(head[p]), {"diversity": charge} if charge else {}, 1.0)
            for p, charge in zip(picked, charges, strict=True)
        ]
        explores = self._config.explore > 0.0 and len(chosen) == ask.n >= 3
        return self._explored(ask, rows, scores, order, chosen) if explores else chosen

    def _explored(
        self, ask: Ask, rows: RowArray, scores: Scores, order: RowArray, chosen: list["_Choice"]
    ) -> list["_Choice"]:
        """The same list, its last place given now and then to an item outside it, with the chances of both."""
        tried = self._pasts.tried(rows)
        # What nobody acted on yet can only be found good by being shown, however low its score.
        worth_trying = tried == 0
        worth_trying[order[: 10 * ask.n]] = True
        worth_trying[[c.index for c in chosen]] = False
        outside = np.flatnonzero(worth_trying)
        if len(outside) == 0:
            return chosen
        last = chosen[-1]
        chance = np.random.default_rng(ask.seed)
        if chance.random() >= self._config.explore:
            return [*chosen[:-1], _Choice(last.index, last.extra, 1.0 - self._config.explore)]
        weights = np.exp(scores[outside] - scores[outside].max()) / np.sqrt(1.0 + tried[outside])
        weights /= weights.sum()
        drawn = int(chance.choice(len(outside), p=weights))
        index = int(outside[drawn])
        lift = float(scores[last.index]) + sum(last.extra.values()) - float(scores[index])
        return [*chosen[:-1], _Choice(index, {"explore": lift}, self._config.explore * float(weights[drawn]))]

    def _pick(
        self,
        rows: RowArray,
        parts: Mapping[str, npt.NDArray[np.float64]],
        choice: "_Choice",
        situation: Situation,
        query: Query,
    ) -> Pick:
        row = int(rows[choice.index])
        own = {name: float(values[choice.index]) for name, values in parts.items() if values[choice.index] != 0.0}
        own |= choice.extra
        why = reasons(row, own, situation, self._columns, self._topics, partial(lent, query))
        return Pick(self._columns.rows.id(row), sum(own.values()), own, choice.propensity, why)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A candidate chosen for a place: its position among the candidates, added parts, and its chance."""

    index: int
    extra: dict[str, float]
    propensity: float


def _notes(checked: Sequence[Checked], locale: Locale, shown: Set[str]) -> tuple[str, ...]:
    """What a reader should know of how the conditions were checked, given the currencies they are shown."""
    notes = []
    for c in checked:
        said = describe(c.constraint, locale)
        if c.mask is None:
            notes.append(f"这里没有可核对“{said}”的信息" if locale == "zh" else f"nothing here tells whether: {said}")
        elif c.currency is not None and shown - {c.currency}:
            notes.append(
                f"其他币种的价格已换算成 {c.currency}"
                if locale == "zh"
                else f"prices in other currencies were converted to {c.currency}"
            )
    return tuple(dict.fromkeys(notes))
