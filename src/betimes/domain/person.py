"""A user as known over all domains and within each: what a list in one domain may rest on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from betimes.domain.event import Acted, Erased, Event, Shown, Understood
from betimes.domain.fold import fold, merge_constraints
from betimes.domain.names import UserId
from betimes.domain.profile import Memory, Profile, Space


@dataclass(frozen=True, slots=True)
class Person:
    """One profile of everything, and one for each domain in which something happened.

    Attributes:
        whole: folded from every event.
        within: by domain, folded from what happened there or in no domain in particular; under none, from the
            latter alone, which is all that a domain knows in which nothing happened yet.
    """

    whole: Profile
    within: Mapping[str | None, Profile]

    @classmethod
    def stranger(cls, user: UserId) -> "Person":
        """A person of whom nothing is known."""
        nothing = Profile(user)
        return cls(nothing, {None: nothing})

    def after(self, event: Event, space: Space, memory: Memory) -> "Person":
        """The person after an event of theirs; pure, as :func:`betimes.domain.fold.fold` is."""
        if event.seq and event.seq <= self.whole.seq:
            return self
        folded: dict[int, Profile] = {}

        def after(profile: Profile) -> Profile:
            # Profiles that have seen the same are one object, and are folded once: most people keep to one domain.
            if id(profile) not in folded:
                folded[id(profile)] = fold(profile, event, space, memory)
            return folded[id(profile)]

        whole = after(self.whole)
        if isinstance(event, Erased):
            return Person(whole, {None: whole})
        place = _place(event, space)
        if place is None:
            return Person(whole, {domain: after(profile) for domain, profile in self.within.items()})
        here = self.within.get(place, self.within[None])
        return Person(whole, {**self.within, place: after(here)})

    def seen_from(self, domain: str | None) -> Profile:
        """What a list in a domain may rest on; over all domains, on everything.

        Without consent that is what happened there or in no domain in particular. With it, whatever lasts
        counts everywhere: preferences, acts, standing constraints. The present need stays where it was stated,
        consent or not: who looks for a phone under 1000 does not look for a song under 1000. What is refused
        or had, and the language spoken, are the same from everywhere.
        """
        if domain is None:
            return self.whole
        here = self.within.get(domain, self.within[None])
        if not self.whole.shared_with(domain):
            return replace(here, seen=self.whole.seen, hidden=self.whole.hidden, locale=self.whole.locale)
        standing = tuple(c for c in self.whole.constraints if c.until is None)
        return replace(
            self.whole,
            constraints=merge_constraints(standing, here.constraints),
            focus=here.focus,
            focus_until=here.focus_until,
            shown=here.shown,
        )


def _place(event: Event, space: Space) -> str | None:
    """The domain an event happened in; none for what counts everywhere."""
    match event:
        case Acted():
            item = space.item(event.item)
            # No list is of the domain "": what was done with an item that is not known belongs to no domain.
            return "" if item is None else item.domain
        case Understood():
            return event.domain
        case Shown():
            return event.slate.domain
        case _:
            return None
