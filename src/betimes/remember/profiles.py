"""Profiles, folded from the log when a user is met and kept up to date while in memory."""

from collections import OrderedDict

from betimes.domain.event import Erased, Event
from betimes.domain.fold import fold
from betimes.domain.names import UserId
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
        self._held: OrderedDict[UserId, Profile] = OrderedDict()

    def get(self, user: UserId) -> Profile:
        """The profile of a user as of the last event folded or, when it was not in memory, of the log."""
        profile = self._held.get(user)
        if profile is None:
            profile = Profile(user)
            for event in self._log.of_user(user):
                profile = fold(profile, event, self._space, self._memory)
            self._keep(profile)
        else:
            self._held.move_to_end(user)
        return profile

    def fold(self, event: Event) -> None:
        """Takes in one event, if its user's profile is in memory."""
        profile = self._held.get(event.user)
        if profile is None:
            return
        if isinstance(event, Erased):
            del self._held[event.user]
        else:
            self._keep(fold(profile, event, self._space, self._memory))

    def clear(self) -> None:
        """Drops every profile from memory; each is folded again when it is next asked for."""
        self._held.clear()

    def _keep(self, profile: Profile) -> None:
        self._held[profile.user] = profile
        self._held.move_to_end(profile.user)
        if len(self._held) > self._capacity:
            self._held.popitem(last=False)
