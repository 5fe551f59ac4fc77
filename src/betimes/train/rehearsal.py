"""The loop that serves, fed from a timeline: to learn a ranker from the past, and to be judged on it."""

from collections.abc import Sequence
from tempfile import TemporaryDirectory

import numpy as np

from betimes.domain.event import Acted
from betimes.domain.item import Item
from betimes.domain.names import ItemId
from betimes.domain.profile import Memory
from betimes.domain.slate import Ask
from betimes.engine.loop import Loop
from betimes.engine.state import State
from betimes.errors import InvalidInput
from betimes.ports import Embedder, Progress, batched, no_progress
from betimes.recommend.recommender import RecommendConfig
from betimes.recommend.tables import Tables
from betimes.settings import Settings
from betimes.stores import open_stores
from betimes.train.factors import FactorsConfig, fit_factors
from betimes.train.ranker import Judged, RankerConfig, fit_tables, sampled
from betimes.train.timeline import Basket, Span, Timeline

#: Baskets revealed at once while nothing is asked.
BATCH = 500
#: Lists by the score alone, however long they take.
PLAIN = RecommendConfig(diversity=0.0, explore=0.0, deadline_ms=float("inf"))


class Rehearsal:
    """An engine's loop over a database of its own.

    An item enters the catalogue when it is first acted on, since no data set says when it was first to be had; so
    the first act on an item is never foreseen, by this or by any peer.

    Args:
        factors: how the factor model is learned that :meth:`propose` proposes by; none to do without it.
    """

    name = "betimes"

    def __init__(
        self,
        timeline: Timeline,
        embedder: Embedder,
        config: RecommendConfig | None = None,
        factors: FactorsConfig | None = None,
    ) -> None:
        self._factors = factors
        self._folder = TemporaryDirectory()
        settings = Settings(db=f"sqlite:///{self._folder.name}/replay.db", model="none")
        self._stores = open_stores(settings.db)
        self._state = State(self._stores, embedder, Memory())
        self._loop = Loop(self._state, settings, config or PLAIN)
        self._waiting: dict[ItemId, Item] = {item.id: item for item in timeline.items}

    def use(self, tables: Tables | None) -> None:
        """Ranks by what was learned of behaviour."""
        self._loop.ranker.tables = tables

    def reveal(self, baskets: Sequence[Basket]) -> None:
        """Takes in what happened."""
        acts: list[Acted] = [act for basket in baskets for act in basket.acts]
        new = {act.item: self._waiting.pop(act.item) for act in acts if act.item in self._waiting}
        if new:
            self._stores.catalogue.put(list(new.values()))
        self._stores.log.append(acts)
        self._state.follow()

    def follow(self, timeline: Timeline, upto: int, progress: Progress = no_progress) -> None:
        """Takes in a timeline from its beginning up to a basket."""
        done = 0
        for batch in batched(timeline.baskets[:upto], BATCH):
            self.reveal(batch)
            done += len(batch)
            progress(done, upto)

    def propose(self, timeline: Timeline, upto: int) -> None:
        """Proposes from now on by models learned from what lies before a basket, where that is not too little."""
        if self._factors is None:
            return
        try:
            model = fit_factors((act for basket in timeline.baskets[:upto] for act in basket.acts), self._factors)
        except InvalidInput:
            model = None
        self._loop.factors.use(model)

    def ranked(self, request: Basket, n: int, *, again: bool) -> list[ItemId]:
        """The list that would be shown, without words and without exploring."""
        ask = self._ask(request, n, again=again)
        picks = self._loop.recommender.recommend(ask, self._state.profiles.get(ask.user), None, (), {}).picks
        return [pick.item for pick in picks]

    def judged(self, basket: Basket, *, again: bool) -> Judged:
        """The candidates before a basket, and which of them it holds."""
        ask = self._ask(basket, 10, again=again)
        rows, measured = self._loop.recommender.examine(ask, self._state.profiles.get(ask.user))
        taken = [self._state.rows.find(item) for item in basket.items]
        return Judged(measured, np.isin(rows, [row for row in taken if row is not None]))

    def learn(
        self,
        timeline: Timeline,
        span: Span,
        config: RankerConfig | None = None,
        most: int = 5_000,
        progress: Progress = no_progress,
    ) -> Tables:
        """Plays the training part and learns the ranker from it; the test part is not looked at.

        What proposes is learned from what lies before it, and again, for the test, from what lies before that.

        Args:
            most: at most so many baskets are learned from, evenly spread.
        """
        config = config or RankerConfig()
        chance = np.random.default_rng(config.seed)
        step = -(-(span.test - span.train) // most)
        requests: list[Judged] = []
        self.follow(timeline, span.train, progress)
        self.propose(timeline, span.train)
        for start in range(span.train, span.test, step):
            for again in (False, True):
                judged = sampled(self.judged(timeline.baskets[start], again=again), config, chance)
                if judged is not None:
                    requests.append(judged)
            self.reveal(timeline.baskets[start : min(start + step, span.test)])
            progress(start, span.test)
        tables = fit_tables(requests, config)
        self.use(tables)
        self.propose(timeline, span.test)
        return tables

    def _ask(self, request: Basket, n: int, *, again: bool) -> Ask:
        return Ask(request.user, request.at, "en", n, exclude_seen=not again)

    def close(self) -> None:
        """Removes the database."""
        self._stores.close()
        self._folder.cleanup()
