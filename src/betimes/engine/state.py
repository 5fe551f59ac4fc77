"""What one process holds in memory: the catalogue's columns and indexes, and the states folded from the log."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from betimes.domain.event import Erased, Event
from betimes.domain.item import Item
from betimes.domain.names import ItemId
from betimes.domain.profile import Memory, Vector
from betimes.learn.weights import Weights
from betimes.ports import Embedder, Progress, Revised, Stores, batched, no_progress
from betimes.recommend.columns import Columns
from betimes.recommend.sources.dense import Dense
from betimes.recommend.sources.lexical import Lexical
from betimes.remember.histories import Histories
from betimes.remember.popularity import Popularity
from betimes.remember.profiles import Profiles
from betimes.remember.trends import Trends
from betimes.rows import Rows
from betimes.understand.lexicon import Lexicon

_BATCH = 2_000
#: A snapshot is kept after so many events, or this part of all, so that keeping them costs a fixed share.
_SNAPSHOT_EVERY, _SNAPSHOT_SHARE = 20_000, 20
_KEPT_ITEMS = 20_000


class Shared(Protocol):
    """A state that all users share, folded from the log."""

    def fold(self, event: Event) -> None:
        """Takes in one event."""

    def dump(self) -> bytes:
        """The state, by names that outlive this process."""

    def load(self, state: bytes) -> None:
        """Replaces the state by a dumped one."""

    def clear(self) -> None:
        """Forgets everything."""


@dataclass(slots=True)
class State:
    """Follows the catalogue and the log of one database; what it holds can always be rebuilt from them.

    Not safe for concurrent use; the engine serialises.
    """

    stores: Stores
    embedder: Embedder
    memory: Memory
    rows: Rows = field(default_factory=Rows)
    seq: int = 0
    revision: int = 0
    columns: Columns = field(init=False)
    dense: Dense = field(init=False)
    lexical: Lexical = field(init=False)
    lexicon: Lexicon = field(init=False)
    popularity: Popularity = field(init=False)
    trends: Trends = field(init=False)
    histories: Histories = field(init=False)
    weights: Weights = field(default_factory=Weights)
    profiles: Profiles = field(init=False)
    _shared: dict[str, Shared] = field(init=False)
    _snapshot_seq: int = 0
    _items: OrderedDict[ItemId, Item] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.columns = Columns(self.rows)
        self.dense = Dense(self.embedder.dim)
        self.lexical = Lexical()
        self.lexicon = Lexicon()
        self.popularity = Popularity(self.rows)
        self.trends = Trends(self.rows)
        self.histories = Histories(self.rows)
        self.profiles = Profiles(self.stores.log, self, self.memory)
        self._shared: dict[str, Shared] = {
            "popularity": self.popularity,
            "trends": self.trends,
            "histories": self.histories,
            "weights": self.weights,
        }

    # --- the space that profiles are folded in -----------------------------------------------------

    def item(self, item: ItemId) -> Item | None:
        """The item, from memory if it was used lately."""
        return self.items([item]).get(item)

    def items(self, wanted: Sequence[ItemId]) -> dict[ItemId, Item]:
        """The items that exist among those wanted, in the order wanted."""
        missing = [i for i in wanted if i not in self._items]
        if missing:
            self._items.update(self.stores.catalogue.get(missing))
        found = {}
        for i in wanted:
            if i in self._items:
                self._items.move_to_end(i)
                found[i] = self._items[i]
        while len(self._items) > _KEPT_ITEMS:
            self._items.popitem(last=False)
        return found

    def find(self, words: Sequence[str], domain: str | None, n: int) -> list[Item]:
        """Items that share words, best first; without any, those of the first rows."""
        among = self.columns.of_domain(domain)
        rows = np.flatnonzero(among)[:n]
        if words:
            rows, _ = self.lexical.matching(words, among, int(among.sum()), n)
        return list(self.items([self.rows.id(int(row)) for row in rows]).values())

    def item_vector(self, item: ItemId) -> Vector | None:
        """The item's unit vector, if the catalogue holds it."""
        row = self.rows.find(item)
        if row is None:
            return None
        vector = self.dense.vectors(np.array([row], dtype=np.int64))[0]
        return vector if vector.any() else None

    def topic_vector(self, topic: str) -> Vector | None:
        """The unit vector of a topic."""
        return self.embedder.queries([topic])[0] if topic else None

    # --- following ---------------------------------------------------------------------------------

    def follow(self, progress: Progress = no_progress) -> None:
        """Takes in all that is new in the catalogue and the log."""
        self.follow_catalogue(progress)
        self.follow_log(progress)

    def follow_catalogue(self, progress: Progress = no_progress) -> None:
        """Takes in the items that were put or removed since."""
        total = self.stores.catalogue.count() if self.revision == 0 else None
        done = 0
        for batch in batched(self.stores.catalogue.changes(self.revision), _BATCH):
            self._take_in(batch)
            done += len(batch)
            progress(done, total)

    def _take_in(self, changes: Sequence[Revised]) -> None:
        items = [c.item for c in changes if c.item is not None]
        if items:
            vectors = self.embedder.passages([passage(item) for item in items])
            rows = [self.columns.put(item) for item in items]
            self.dense.put(np.array(rows, dtype=np.int64), vectors)
            self.lexical.put(rows, items)
            for item in items:
                self.lexicon.put(item)
                self._items.pop(item.id, None)
        for change in changes:
            row = self.rows.find(change.id) if change.item is None else None
            if row is not None:
                self.columns.remove(row)
                self.dense.remove(row)
                self.lexical.remove(row)
                self.lexicon.remove(change.id)
                self._items.pop(change.id, None)
        self.revision = changes[-1].revision

    def follow_log(self, progress: Progress = no_progress) -> None:
        """Folds the events since; those of a long backlog only as far as each state needs them."""
        if self.seq == 0:
            self._restore()
        for done, event in enumerate(self.stores.log.read(self.seq), 1):
            self.fold(event)
            if done % 10_000 == 0:
                progress(self.seq, self.stores.log.head())
        if self.seq - self._snapshot_seq >= max(_SNAPSHOT_EVERY, self.seq // _SNAPSHOT_SHARE):
            self.snapshot()

    def fold(self, event: Event) -> None:
        """Folds one event into every state."""
        if event.seq <= self.seq:
            return
        self.seq = event.seq
        if isinstance(event, Erased):
            self.forget(event)
            return
        self.profiles.fold(event)
        for state in self._shared.values():
            state.fold(event)

    def forget(self, erased: Erased) -> None:
        """Drops a user from every state; what all users share is folded anew from what remains in the log."""
        self.profiles.fold(erased)
        self._refold(erased.seq)

    def rebuild(self, progress: Progress = no_progress) -> None:
        """Folds every state anew from the whole log, and keeps the result."""
        self.stores.snapshots.drop()
        self.profiles.clear()
        self._refold(self.stores.log.head(), progress)
        self.snapshot()

    def _refold(self, upto: int, progress: Progress = no_progress) -> None:
        for state in self._shared.values():
            state.clear()
        for done, event in enumerate(self.stores.log.read(0), 1):
            if event.seq > upto:
                break
            for state in self._shared.values():
                state.fold(event)
            if done % 10_000 == 0:
                progress(done, upto)
        self.seq = max(self.seq, upto)
        self._snapshot_seq = 0

    # --- snapshots ---------------------------------------------------------------------------------

    def snapshot(self) -> None:
        """Keeps the states that all users share, so that the next start need not fold the whole log."""
        for name, state in self._shared.items():
            self.stores.snapshots.save(name, self.seq, state.dump())
        self._snapshot_seq = self.seq

    def close(self) -> None:
        """Keeps what is worth keeping."""
        if self.seq - self._snapshot_seq >= _SNAPSHOT_EVERY // 10:
            self.snapshot()

    def _restore(self) -> None:
        held = {name: self.stores.snapshots.load(name) for name in self._shared}
        seqs = {kept[0] for kept in held.values() if kept is not None}
        if len(seqs) != 1 or None in held.values():
            return
        for name, kept in held.items():
            if kept is not None:
                self._shared[name].load(kept[1])
        self.seq = self._snapshot_seq = seqs.pop()


def passage(item: Item) -> str:
    """The text an item is embedded by: its names first, its description as far as it tells what it is."""
    facts = " ".join(v for fact in item.facts.values() if isinstance(fact, tuple) for v in fact[:4])
    return ". ".join(p for p in (item.title, item.category, " ".join(item.tags), facts, item.text[:300]) if p)[:600]
