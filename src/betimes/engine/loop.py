"""The steps that every path shares: append, read, ask, show. One lock serialises them."""

import threading
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from time import monotonic, perf_counter

import structlog

from betimes.domain.event import Event, Shown, Understood
from betimes.domain.fold import wanted_text
from betimes.domain.intent import Intent
from betimes.domain.item import Item
from betimes.domain.names import EventId, Locale, SlateId, TrainedKind, UserId
from betimes.domain.slate import Ask, Slate, Step
from betimes.engine.checks import fresh_id, ms_since
from betimes.engine.state import State
from betimes.errors import InvalidInput, ModelUnavailable, NotFound
from betimes.ports import Trained
from betimes.recommend.constraints import ConstraintConfig, Constraints
from betimes.recommend.factors import FactorModel
from betimes.recommend.features import Features
from betimes.recommend.rank import Ranker
from betimes.recommend.recommender import RecommendConfig, Recommender
from betimes.recommend.sequence import SequenceModel, SequenceWeights
from betimes.recommend.sources.adjacent import Adjacent
from betimes.recommend.sources.covisit import Covisit
from betimes.recommend.sources.factors import Factors
from betimes.recommend.sources.fresh import Fresh
from betimes.recommend.sources.neighbours import Neighbours
from betimes.recommend.sources.popular import Popular
from betimes.recommend.sources.repeat import Repeat
from betimes.recommend.sources.sequence import Sequence
from betimes.recommend.tables import Tables
from betimes.recommend.topics import Topics
from betimes.settings import Settings
from betimes.text import segment
from betimes.understand.cascade import Understanding
from betimes.write.draft import Writer

_log = structlog.get_logger()

#: How often it is looked whether another trained model was put to use.
_LOOK_SECONDS = 1.0


class Loop:
    """Understand, remember, recommend, write, over the state of one process."""

    def __init__(self, state: State, settings: Settings, config: RecommendConfig | None = None) -> None:
        self.state = state
        self.settings = settings
        self.lock = threading.RLock()
        self.understanding = Understanding(state.lexicon)
        self.writer = Writer()
        self._looked_at = float("-inf")
        self._in_use: dict[TrainedKind, Trained] = {}
        constraints = Constraints(state.columns, ConstraintConfig(rates=settings.rates))
        topics = Topics(state.columns)
        self.sequence = Sequence(state.rows)
        self.factors = Factors(state.rows)
        sources = (
            state.dense,
            state.lexical,
            Covisit(7.0),
            Covisit(180.0, "covisit_long"),
            Adjacent(180.0),
            Neighbours(state.histories),
            Repeat(),
            self.sequence,
            self.factors,
            Popular(state.popularity),
            Fresh(state.columns),
        )
        self.ranker = Ranker(state.columns, topics, state.dense, state.popularity)
        self.recommender = Recommender(
            state.columns,
            constraints,
            topics,
            state.dense,
            sources,
            state.histories,
            Features(state.columns, state.dense, state.trends),
            self.ranker,
            state.memory,
            config or RecommendConfig(explore=settings.explore),
        )

    def follow(self) -> None:
        """Takes in all that is new: in the catalogue, in the log and, looked at once a second, what is trained."""
        self.state.follow()
        now = monotonic()
        if now - self._looked_at >= _LOOK_SECONDS:
            self._looked_at = now
            self.follow_trained()

    def follow_trained(self) -> None:
        """Serves by what is in use among what was trained."""
        trained = self.state.stores.trained
        in_use = trained.in_use()
        if in_use == self._in_use:
            return
        self._in_use, before = in_use, self._in_use
        kinds: tuple[tuple[TrainedKind, Callable[[bytes | None], None]], ...] = (
            ("ranker", self._rank_by),
            ("sequence", self._propose_by),
            ("factors", self._fold_into),
        )
        for kind, serve in kinds:
            one = in_use.get(kind)
            if one == before.get(kind):
                continue
            try:
                serve(trained.body(kind, one.name) if one else None)
            except (InvalidInput, ModelUnavailable) as error:
                # One that was trained by another version must not keep lists from being made.
                _log.warning("trained_not_usable", kind=kind, name=one.name if one else None, reason=str(error))
                serve(None)

    def _rank_by(self, body: bytes | None) -> None:
        self.ranker.tables = None if body is None else Tables.load(body)

    def _propose_by(self, body: bytes | None) -> None:
        self.sequence.use(None if body is None else SequenceModel(SequenceWeights.parse(body)))

    def _fold_into(self, body: bytes | None) -> None:
        self.factors.use(None if body is None else FactorModel.load(body))

    def append(self, event: Event) -> Event:
        """Stores one event and folds it, and whatever others stored before it."""
        [stored] = self.state.stores.log.append([event])
        with self.lock:
            if stored.seq == self.state.seq + 1:
                self.state.fold(stored)
            else:
                self.state.follow_log()
        return stored

    def read(self, user: UserId, text: str, at: datetime, domain: str | None = None) -> Intent:
        """What a sentence means by rules, in the light of the list its speaker saw last where they say it."""
        self.follow()
        about = self.state.profiles.get(user, domain).shown
        shown = self.shown(about) if about is not None else []
        return self.understanding.read(text, at=at, shown=shown, about=about)

    def last_slate(self, user: UserId) -> Slate | None:
        """The slate a user was shown last."""
        shown = self.state.profiles.get(user).shown
        found = self.state.stores.log.find(EventId(shown)) if shown else None
        return found.slate if isinstance(found, Shown) else None

    def shown(self, slate: SlateId) -> list[Item]:
        """The items of a slate, in its order, as they are now."""
        found = self.state.stores.log.find(EventId(slate))
        if not isinstance(found, Shown):
            return []
        return list(self.state.items([p.item for p in found.slate.picks]).values())

    def understood(self, said: Event, text: str, domain: str | None) -> Intent:
        """What a stored sentence means by rules, recorded; that on record where it was sent before."""
        name = EventId(f"{said.id}:rules")
        known = self.state.stores.log.find(name)
        if isinstance(known, Understood):
            return known.intent
        intent = self.read(said.user, text, said.at, domain)
        self.append(Understood(id=name, user=said.user, at=said.at, said=said.id, intent=intent, domain=domain))
        return intent

    def check(self, n: int, domain: str | None) -> None:
        """Refuses a request that cannot be met, over states that have taken in all that is new.

        Raises:
            InvalidInput: ``n`` is out of range.
            NotFound: the catalogue has no such domain.
        """
        self.follow()
        if not 1 <= n <= 100:
            raise InvalidInput(f"n must lie between 1 and 100, not {n}")
        if domain is not None and domain not in self.state.columns.domains:
            known = ", ".join(sorted(self.state.columns.domains)) or "none yet: import items first"
            raise NotFound(f"there is no domain {domain!r} in the catalogue; it has: {known}")

    def ask(
        self,
        user: UserId,
        at: datetime,
        n: int,
        domain: str | None,
        locale: Locale | None,
        exclude_seen: bool = True,
    ) -> Ask:
        """A checked request, over states that have taken in all that is new; errors are those of :meth:`check`."""
        self.check(n, domain)
        locale = locale or self.state.profiles.get(user).locale or "zh"
        seed = zlib.crc32(f"{user} {self.state.seq}".encode())
        return Ask(user, at, locale, n, domain, exclude_seen, seed)

    def show(self, ask: Ask, intent: Intent | None, before: tuple[Step, ...]) -> Slate:
        """Recommends, writes copy from templates, records the slate and returns it."""
        clock = perf_counter()
        profile = self.state.profiles.get(ask.user, ask.domain)
        focus = profile.active_focus(ask.at)
        wanted = wanted_text(focus)
        need = self.state.topic_vector(wanted)
        embed = Step("embed", ms_since(clock))
        ranked = self.recommender.recommend(
            ask, profile, need, segment(wanted) if wanted else (), self.state.weights.scale()
        )
        clock = perf_counter()
        items = self.state.items([p.item for p in ranked.picks])
        constraints = profile.active_constraints(ask.at)
        picks = tuple(
            replace(p, copy=self.writer.item_copy(items[p.item], ask.locale, focus, constraints)) for p in ranked.picks
        )
        copy = self.writer.slate_copy(list(items.values()), ask.locale, focus, constraints, ranked.empty)
        write = Step("write", ms_since(clock))
        slate = Slate(
            id=SlateId(fresh_id()),
            user=ask.user,
            at=ask.at,
            as_of=self.state.seq,
            locale=ask.locale,
            picks=picks,
            domain=ask.domain,
            shared=profile.shared_with(ask.domain),
            intent=intent,
            copy=copy,
            empty=ranked.empty,
            notes=ranked.notes,
            trace=(*before, embed, *ranked.trace, write),
        )
        self.append(Shown(id=EventId(slate.id), user=ask.user, at=ask.at, slate=slate))
        return slate
