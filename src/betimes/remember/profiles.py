"""Profiles, folded from the log when a user is met and kept up to date while in memory."""

from collections import OrderedDict

from betimes.domain.event import Erased, Event
from betimes.domain.names import UserId
from betimes.domain.person import Person
from betimes.domain.profile import Memory, Profile, Space
from betimes.ports import EventLog


class Profiles:
    """The profiles in use, least recently used ones dropped: they can always be folded again.

    Args:
        log: where a user's events are read when their profile is not in memory.
        space: the catalogue and the embedder, for folding.
        memory: how fast profiles learn and forget.
        capacity: how many profiles to hold.
    """

    def __init__(self, log: EventLog, space: Space, memory: Memory, capacity: int = 50_000) -> None:
        self._log = log
        self._space = space
        self._memory = memory
        self._capacity = capacity
        self._held: OrderedDict[UserId, Person] = OrderedDict()

    def get(self, user: UserId, domain: str | None = None) -> Profile:
        """The profile of a user as of the last event folded or, when it was not in memory, of the log.

        Args:
            domain: where it is to be used; only what may count there is in it (:meth:`Person.seen_from`).
        """
        person = self._held.get(user)
        if person is None:
            person = Person.stranger(user)
            for event in self._log.of_user(user):
                person = person.after(event, self._space, self._memory)
            self._keep(user, person)
        else:
            self._held.move_to_end(user)
        return person.seen_from(domain)

    def fold(self, event: Event) -> None:
        """Takes in one event, if its user's profile is in memory."""
        person = self._held.get(event.user)
        if person is None:
            return
        if isinstance(event, Erased):
            del self._held[event.user]
        else:
            self._keep(event.user, person.after(event, self._space, self._memory))

    def clear(self) -> None:
        """Drops every profile from memory; each is folded again when it is next asked for."""
        self._held.clear()

    def _keep(self, user: UserId, person: Person) -> None:
        self._held[user] = person
        self._held.move_to_end(user)
        if len(self._held) > self._capacity:
            self._held.popitem(last=False)
