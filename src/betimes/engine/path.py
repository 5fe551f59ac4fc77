"""The straight path: say, act, recommend; and what a person may see and change of their own."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Literal

import structlog

from betimes.domain.event import Acted, ActKind, Change, Edited, Erased, Event, Said, Shown, Understood, Written
from betimes.domain.intent import Intent
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, Locale, SlateId, UserId
from betimes.domain.profile import Profile
from betimes.domain.slate import Pick, Slate, Step
from betimes.engine.checks import fresh_id, ms_since, valid_kind, valid_time, valid_user
from betimes.engine.deepen import Deepening, Update, with_copy, written_id
from betimes.engine.loop import Loop
from betimes.engine.state import State
from betimes.errors import NotFound
from betimes.ports import LanguageModel, Progress, Put, Vectors, batched, no_progress
from betimes.recommend.explain import what_would_change
from betimes.settings import Settings
from betimes.text import check_text, normalise, segment

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Why:
    """An item's place in a slate, accounted for.

    Attributes:
        place: from 1.
        change: what separates it from the item above.
    """

    slate: Slate
    pick: Pick
    item: Item | None
    place: int
    change: str


class Engine:
    """One process's view of a database: everything Betimes does, in order.

    Safe to use from several threads. A call sees every event that was in the log when it began, its own
    included. Made by :func:`betimes.open`.
    """

    def __init__(self, state: State, model: LanguageModel | None, settings: Settings) -> None:
        self.settings = settings
        self.model = model
        self._state = state
        self._loop = Loop(state, settings)
        self._lock = self._loop.lock
        self._deepening = Deepening(self._loop, model) if model is not None else None
        self._background = ThreadPoolExecutor(max_workers=2, thread_name_prefix="betimes-model")
        self._reading: set[EventId] = set()

    # --- the loop ----------------------------------------------------------------------------------

    def say(
        self,
        user: str,
        text: str,
        n: int = 10,
        at: datetime | None = None,
        domain: str | None = None,
        wait: Literal["rules", "model"] = "rules",
        event: str | None = None,
    ) -> Slate:
        """Takes a sentence in and answers with the list that obeys it.

        Args:
            at: the clock; now if not given.
            domain: where it is said: the list is of that domain, and what it says of the present holds there alone.
            wait: ``rules`` answers at once and lets the model read on in the background; ``model`` answers
                when the model has read the sentence too, or its deadline has passed.
            event: the caller's id for this sentence, so that sending it twice stores it once.

        Raises:
            InvalidText, InvalidInput, NotFound: what was given is wrong.
            StoreError: the database failed; nothing was lost that was acknowledged.
        """
        updates = self.converse(user, text, n, at, domain, event)
        slates = (u for u in updates if isinstance(u, Slate))
        slate = next(slates)
        if wait == "model":
            slate = next(slates, slate)
        self._background.submit(_exhaust, updates)
        return slate

    def converse(
        self,
        user: str,
        text: str,
        n: int = 10,
        at: datetime | None = None,
        domain: str | None = None,
        event: str | None = None,
    ) -> Iterator[Update]:
        """The same as it unfolds: the first slate, what the model understood, the slate it led to, its copy."""
        clock = perf_counter()
        who, name = valid_user(user), EventId(event or fresh_id())
        text = check_text(text, self.settings.max_text)
        when = self._clock(at) if at is not None else self._stored_at(name)
        with self._lock:
            self._loop.check(n, domain)
            said = self._loop.append(Said(id=name, user=who, at=when, text=text, domain=domain))
            intent = self._loop.understood(said, text, domain)
            step = Step("understand", ms_since(clock))
            slate = self._loop.show(self._loop.ask(who, when, n, domain, intent.locale), intent, (step,))
        if self._deepening is None:
            yield slate
            return
        self._reading.add(said.id)
        try:
            yield slate
            yield from self._deepening.updates(said, intent, slate, n)
        finally:
            self._reading.discard(said.id)

    def act(
        self,
        user: str,
        item: str,
        kind: ActKind | str,
        value: float | None = None,
        at: datetime | None = None,
        slate: str | None = None,
        event: str | None = None,
    ) -> Event:
        """Takes an act in; the next list shows it. Returns the event as it was stored.

        Args:
            value: stars for ``rate`` (0 to 5), seconds for ``dwell``.
            slate: the list the item was shown in; the user's last one, if it holds the item, when not given.
        """
        who, name = valid_user(user), EventId(event or fresh_id())
        when = self._clock(at) if at is not None else self._stored_at(name)
        with self._lock:
            self._state.follow()
            wanted = ItemId(item)
            if self._state.item(wanted) is None:
                raise NotFound(f"there is no item {item!r} in the catalogue")
            act = Acted(
                id=name,
                user=who,
                at=when,
                item=wanted,
                kind=valid_kind(kind, value),
                value=value,
                slate=self._slate_of(who, wanted, slate),
            )
            return self._loop.append(act)

    def recommend(
        self,
        user: str,
        n: int = 10,
        at: datetime | None = None,
        domain: str | None = None,
        exclude_seen: bool = True,
        locale: Locale | None = None,
    ) -> Slate:
        """The list for a user now, reflecting everything in the log."""
        who, when = valid_user(user), self._clock(at)
        with self._lock:
            return self._loop.show(self._loop.ask(who, when, n, domain, locale, exclude_seen), None, ())

    def understand(self, text: str, user: str | None = None, shown: Sequence[Item] = ()) -> Intent:
        """What a sentence means, by rules, without recording anything."""
        text = check_text(text, self.settings.max_text)
        with self._lock:
            self._state.follow()
            if user is not None and not shown:
                return self._loop.read(valid_user(user), text, datetime.now(UTC))
            return self._loop.understanding.read(text, at=datetime.now(UTC), shown=shown)

    # --- the catalogue and the log -----------------------------------------------------------------

    def put_items(self, items: Sequence[Item], progress: Progress = no_progress) -> Put:
        """Adds items or replaces those with the same id; they can be recommended when this returns."""
        added = changed = unchanged = done = 0
        for batch in batched(items, 1_000):
            put = self._state.stores.catalogue.put(batch)
            added, changed, unchanged = added + put.added, changed + put.changed, unchanged + put.unchanged
            with self._lock:
                self._state.follow_catalogue()
            done += len(batch)
            progress(done, len(items))
        return Put(added, changed, unchanged)

    def remove_item(self, item: str) -> None:
        """Takes an item out of the catalogue; it is not recommended again.

        Raises:
            NotFound: there is no such item.
        """
        if self._state.stores.catalogue.remove([ItemId(item)]) == 0:
            raise NotFound(f"there is no item {item!r} in the catalogue")
        with self._lock:
            self._state.follow_catalogue()

    def item(self, item: str) -> Item:
        """An item of the catalogue.

        Raises:
            NotFound: there is no such item.
        """
        found = self.items([item]).get(ItemId(item))
        if found is None:
            raise NotFound(f"there is no item {item!r} in the catalogue")
        return found

    def items(self, wanted: Sequence[str]) -> dict[ItemId, Item]:
        """The items that exist among those wanted."""
        with self._lock:
            return self._state.items([ItemId(i) for i in wanted])

    def domains(self) -> list[str]:
        """The domains of the catalogue, by name."""
        with self._lock:
            self._state.follow_catalogue()
            return sorted(self._state.columns.domains)

    def find(self, text: str = "", domain: str | None = None, n: int = 50) -> list[Item]:
        """Items that share words with a text, best first, whether available or not; without a text, the first put."""
        with self._lock:
            self._state.follow_catalogue()
            return self._state.find(segment(normalise(text)), domain, n)

    def all_items(self) -> Iterator[Item]:
        """Every item of the catalogue."""
        for revised in self._state.stores.catalogue.changes():
            if revised.item is not None:
                yield revised.item

    def record(self, events: Sequence[Event]) -> list[Event]:
        """Appends acts and sentences that happened elsewhere, in a batch, all or none.

        Raises:
            InvalidEvent: an event lies in the future.
            Conflict: an id is stored with another content.
        """
        for event in events:
            self._clock(event.at)
        stored = self._state.stores.log.append(events)
        with self._lock:
            self._state.follow()
        return stored

    def record_said(self, events: Sequence[Event]) -> list[Event]:
        """Appends sentences that were said elsewhere, each with what rules understand by it."""
        known = self.record(events)
        readings: list[Event] = []
        with self._lock:
            for said in known:
                if isinstance(said, Said):
                    intent = self._loop.understanding.read(said.text, at=said.at)
                    name = EventId(f"{said.id}:rules")
                    readings.append(
                        Understood(id=name, user=said.user, at=said.at, said=said.id, intent=intent, domain=said.domain)
                    )
        missing = [r for r in readings if self._state.stores.log.find(r.id) is None]
        return [*known, *self.record(missing)] if missing else known

    def keep_vectors(self, embedder: str, vectors: Mapping[bytes, Vectors]) -> None:
        """Keeps embeddings that were made elsewhere, so that their texts need not be embedded here.

        Args:
            embedder: the name of the embedder that made them; any other does not use them.
            vectors: unit vectors by :func:`betimes.models.embed.content_hash`.
        """
        self._state.stores.vectors.save(embedder, vectors)

    def position(self) -> int:
        """The position in the log that the next answer will reflect at least."""
        with self._lock:
            self._state.follow()
            return self._state.seq

    def follow_trained(self) -> None:
        """Takes up at once what was put to use among what was trained; else that is done within a second."""
        with self._lock:
            self._loop.follow_trained()

    def latest(self, n: int = 50) -> list[Event]:
        """The latest events of the log, newest first."""
        log = self._state.stores.log
        return list(log.read(max(0, log.head() - n)))[::-1]

    def reading(self) -> int:
        """How many sentences a model is reading or is yet to read."""
        return len(self._reading)

    def rebuild(self, progress: Progress = no_progress) -> int:
        """Folds every state anew from the log; returns the position reached."""
        with self._lock:
            self._state.rebuild(progress)
            return self._state.seq

    # --- what a person may see and change ----------------------------------------------------------

    def profile(self, user: str, domain: str | None = None) -> Profile:
        """All that is known of a user; with a domain, what a list in it rests on.

        Raises:
            NotFound: nothing ever happened with this user.
        """
        with self._lock:
            self._state.follow()
            profile = self._state.profiles.get(valid_user(user), domain)
        if profile.seq == 0:
            raise NotFound(f"there is no user {user!r}: nothing was said or done under that name")
        return profile

    def edit(self, user: str, change: Change, at: datetime | None = None) -> Profile:
        """Changes a profile as its owner wishes; the next list follows.

        Raises:
            NotFound: nothing ever happened with this user.
        """
        self.profile(user)
        edited = Edited(id=EventId(fresh_id()), user=valid_user(user), at=self._clock(at), change=change)
        with self._lock:
            self._loop.append(edited)
            return self._state.profiles.get(valid_user(user))

    def export(self, user: str) -> list[Event]:
        """Everything stored about a user, in order.

        Raises:
            NotFound: nothing ever happened with this user.
        """
        self.profile(user)
        return list(self._state.stores.log.of_user(valid_user(user)))

    def histories(self) -> Iterator[list[Event]]:
        """Everything stored, one user after another, each in order."""
        for user in self._state.stores.log.users():
            yield list(self._state.stores.log.of_user(user))

    def erase(self, user: str, at: datetime | None = None) -> None:
        """Forgets a user: their events leave the log, and every state is as if they had never been there.

        Raises:
            NotFound: nothing ever happened with this user.
        """
        self.profile(user)
        erased = Erased(id=EventId(fresh_id()), user=valid_user(user), at=self._clock(at))
        with self._lock:
            self._state.stores.snapshots.drop()
            self._state.stores.log.erase(erased)
            self._state.follow()

    def slate(self, slate: str) -> Slate:
        """A slate as it was shown, with the copy that came after it.

        Raises:
            NotFound: no such slate was shown.
        """
        found = self._state.stores.log.find(EventId(slate))
        if not isinstance(found, Shown):
            raise NotFound(f"there is no slate {slate!r}; ids of slates are in the answers of say and recommend")
        written = self._state.stores.log.find(written_id(found.slate.id))
        return with_copy(found.slate, written) if isinstance(written, Written) else found.slate

    def why(self, slate: str, item: str) -> Why:
        """An item's place in a slate, accounted for.

        Raises:
            NotFound: no such slate was shown, or the item is not in it.
        """
        shown = self.slate(slate)
        for place, pick in enumerate(shown.picks, 1):
            if pick.item == item:
                above = shown.picks[place - 2] if place > 1 else None
                change = what_would_change(pick, above, shown.locale)
                return Why(shown, pick, self.items([item]).get(pick.item), place, change)
        raise NotFound(
            f"item {item!r} is not in slate {slate!r}, which holds: {', '.join(p.item for p in shown.picks)}"
        )

    def close(self) -> None:
        """Waits for what is under way, keeps what is worth keeping and releases the database and the model."""
        self._background.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            self._state.close()
            self._state.stores.close()
        if self.model is not None:
            self.model.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _clock(self, at: datetime | None) -> datetime:
        return valid_time(at, self.settings.clock_skew)

    def _stored_at(self, event: EventId) -> datetime:
        """When an event happened that is sent again without its time; now for one that is new."""
        stored = self._state.stores.log.find(event)
        return stored.at if stored is not None else datetime.now(UTC)

    def _slate_of(self, user: UserId, item: ItemId, slate: str | None) -> SlateId | None:
        if slate is not None:
            self.slate(slate)
            return SlateId(slate)
        last = self._loop.last_slate(user)
        return last.id if last is not None and any(p.item == item for p in last.picks) else None


def _exhaust(updates: Iterator[Update]) -> None:
    try:
        for _ in updates:
            pass
    except Exception:
        # Nobody awaits this thread: what goes wrong in it must be told here or it is lost.
        _log.exception("background_reading_failed")
        raise
