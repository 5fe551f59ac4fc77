"""One visit: who is here, in which language and domain, what they see, and what they do about it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nicegui import run

from betimes.domain.event import ActKind, Change
from betimes.domain.intent import Constraint, Intent, Interest
from betimes.domain.item import Item
from betimes.domain.names import ItemId, Locale
from betimes.domain.profile import Profile
from betimes.domain.slate import Slate
from betimes.engine import Engine, Update, Why
from betimes.errors import NotFound


@dataclass(slots=True)
class Visit:
    """The state of one browser tab. What takes time runs beside the event loop, so that others are served meanwhile.

    Attributes:
        slate: the list that is shown, with the copy that came after it.
        before: the places of the list shown before it, by item; none when there was none.
        intent: what was understood last.
        items: the items of the list that the catalogue still has.
        acts: what was done in this visit, by item.
    """

    engine: Engine
    user: str
    locale: Locale
    domain: str | None = None
    slate: Slate | None = None
    before: dict[ItemId, int] | None = None
    intent: Intent | None = None
    items: dict[ItemId, Item] = field(default_factory=dict)
    acts: dict[ItemId, ActKind] = field(default_factory=dict)

    async def look(self) -> None:
        """The list as it is now."""
        await run.io_bound(self._look)

    async def say(self, text: str) -> AsyncIterator[Update]:
        """Says something and yields what comes of it, each as soon as it is known and already taken in here."""
        updates = self.engine.converse(self.user, text, domain=self.domain)
        self.intent = None
        while (update := await run.io_bound(next, updates, None)) is not None:
            await run.io_bound(self._take, update)
            yield update

    async def act(self, item: ItemId, kind: ActKind) -> None:
        """Does something with an item of the list; the list follows."""
        slate = self.slate.id if self.slate else None
        await run.io_bound(self.engine.act, self.user, item, kind, slate=slate)
        self.acts[item] = kind
        await self.look()

    async def edit(self, *changes: Change) -> None:
        """Changes the profile; the list follows."""
        for change in changes:
            await run.io_bound(self.engine.edit, self.user, change)
        await self.look()

    async def why(self, item: ItemId) -> Why | None:
        """An item's place in the list, accounted for."""
        return await run.io_bound(self.engine.why, self.slate.id, item) if self.slate else None

    async def profile(self) -> Profile | None:
        """What the list rests on; none for a stranger."""
        return await run.io_bound(self._profile)

    async def held(self) -> tuple[list[Interest], list[Constraint]]:
        """The interests and constraints of the moment: those of the need at hand, then what was last said beside it."""
        profile, at = await self.profile(), datetime.now(UTC)
        interests = list(profile.active_focus(at)) if profile else []
        known = {i.topic for i in interests}
        lasting = {p.topic for p in profile.preferences} if profile else set()
        if self.intent is not None:
            interests += [i for i in self.intent.interests if i.topic not in known and i.topic in lasting]
        return interests, list(profile.active_constraints(at)) if profile else []

    def moved(self, item: ItemId, place: int) -> int | None:
        """By how many places an item rose (above 0) or fell since the list before; none if it was not in that."""
        if self.before is None or item not in self.before:
            return None
        return self.before[item] - place

    def _look(self) -> None:
        self._show(self.engine.recommend(self.user, domain=self.domain, locale=self.locale))

    def _take(self, update: Update) -> None:
        if isinstance(update, Intent):
            self.intent = update
        elif isinstance(update, Slate):
            if self.intent is None:
                self.intent = update.intent
            if self.slate is None or update.id != self.slate.id:
                self._show(update)
            else:
                self.slate = update
        elif self.slate is not None and update.slate == self.slate.id:
            self.slate = self.engine.slate(self.slate.id)

    def _show(self, slate: Slate) -> None:
        if self.slate is not None:
            self.before = {p.item: place for place, p in enumerate(self.slate.picks, 1)}
        nearest = [slate.empty.nearest] if slate.empty and slate.empty.nearest else []
        self.items = self.engine.items([*(p.item for p in slate.picks), *nearest])
        self.slate = slate

    def _profile(self) -> Profile | None:
        try:
            return self.engine.profile(self.user, self.domain)
        except NotFound:
            return None
