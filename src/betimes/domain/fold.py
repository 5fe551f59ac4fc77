"""Folding events into a profile: pure, one event at a time, in the order of the log."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from betimes.domain.event import Acted, ActKind, Change, Edited, Erased, Event, Purpose, Shown, Understood
from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind, Polarity
from betimes.domain.names import variants
from betimes.domain.profile import Memory, Preference, Profile, Recent, Space, decay, ema

_MAX_SINCE = 50
_CONSUMED = {ActKind.BUY, ActKind.RATE}


def fold(profile: Profile, event: Event, space: Space, memory: Memory) -> Profile:
    """The profile after an event of its user.

    Pure: equal arguments give an equal profile, and folding a history in two halves equals folding
    it once. An event that arrives late, with an earlier time than one already folded, counts with
    the weight it would have left by now.
    """
    if event.seq and event.seq <= profile.seq:
        return profile
    seq = event.seq or profile.seq
    match event:
        case Understood():
            return _understood(profile, event, seq, space, memory)
        case Acted():
            stepped = _stepped(profile, event, seq)
            return _remember_since(_acted(stepped, event, space, memory), event)
        case Edited():
            stepped = _stepped(profile, event, seq)
            return _remember_since(_edited(stepped, event.change, event.at, space, memory), event)
        case Erased():
            return Profile(user=profile.user, seq=seq, at=event.at)
        case Shown():
            return replace(profile, seq=seq, shown=event.slate.id)
        case _:
            return replace(profile, seq=seq)


def _stepped(profile: Profile, event: Event, seq: int) -> Profile:
    return replace(profile, seq=seq, at=event.at if profile.at is None else max(profile.at, event.at))


def _remember_since(profile: Profile, event: Event) -> Profile:
    if profile.before is None:
        return profile
    if len(profile.since) >= _MAX_SINCE:
        return replace(profile, before=None, since=())
    return replace(profile, since=(*profile.since, event))


def _understood(profile: Profile, event: Understood, seq: int, space: Space, memory: Memory) -> Profile:
    if profile.said == event.said and profile.before is not None:
        result = _understood(profile.before, event, seq, space, memory)
        for later in profile.since:
            result = fold(replace(result, seq=0), later, space, memory)
        return replace(result, seq=seq, shown=profile.shown)
    return replace(
        _intend(_stepped(profile, event, seq), event.intent, event.domain, event.at, space, memory),
        said=event.said,
        locale=event.intent.locale,
        before=replace(profile, before=None, since=()),
        since=(),
    )


def _intend(
    profile: Profile, intent: Intent, domain: str | None, at: datetime, space: Space, memory: Memory
) -> Profile:
    if intent.kind is IntentKind.NONE:
        return profile
    until = at + memory.need_lasts
    if intent.kind is IntentKind.TASTE:
        profile = replace(profile, constraints=merge_constraints(profile.constraints, intent.constraints))
    else:
        lasting = tuple(replace(c, until=c.until or until) for c in intent.constraints)
        anew = intent.kind is IntentKind.NEED and bool(intent.topics)
        held = tuple(c for c in profile.constraints if c.until is None) if anew else profile.active_constraints(at)
        focus = () if anew else profile.active_focus(at)
        said = {i.topic for i in intent.interests}
        profile = replace(
            profile,
            constraints=merge_constraints(held, lasting),
            focus=(*(i for i in focus if i.topic not in said), *intent.interests),
            focus_until=until,
        )
    if profile.paused:
        return profile
    for interest in intent.interests:
        profile = _prefer(profile, interest, memory.alpha_said[interest.kind], at, memory, domain)
    wanted = [i for i in intent.interests if i.polarity > 0]
    # What is wanted by now as a whole: "a cheap one" after "a phone" draws towards cheap phones.
    text = wanted_text(wanted if intent.kind is IntentKind.TASTE else profile.focus)
    vector = space.topic_vector(text) if wanted else None
    if vector is None:
        return profile
    alpha = max(memory.alpha_said[i.kind] * i.strength for i in wanted)
    return replace(profile, vector=vector if profile.vector is None else ema(profile.vector, vector, alpha))


def wanted_text(interests: Sequence[Interest]) -> str:
    """What is wanted, in one line to embed or to search by.

    >>> wanted_text([Interest("手机", InterestKind.NEED), Interest("太重", InterestKind.TASTE, -1)])
    '手机'
    """
    return " ".join(i.topic for i in interests if i.polarity > 0)


def merge_constraints(held: tuple[Constraint, ...], said: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
    """The constraints held after new ones are said; the later word wins where two cannot both stand.

    A new bound replaces the old bound on the same side, and an older bound on the other side that it
    contradicts; a new ``=`` replaces older ``=`` and ``!=`` of the same value; ``!=`` accumulate.

    >>> old = Constraint("price", "<=", 1000.0)
    >>> [c.value for c in merge_constraints((old,), (Constraint("price", "<=", 800.0),))]
    [800.0]
    """
    kept = tuple(c for c in held if not any(_overrides(new, c) for new in said))
    fresh = tuple(c for i, c in enumerate(said) if c not in said[:i])
    return (*kept, *fresh)


def _overrides(new: Constraint, old: Constraint) -> bool:
    if new.field != old.field or (old.hard and not new.hard and new.op != "="):
        return False  # what would be preferred does not lift what must hold
    if new.op == "!=":
        return new.value == old.value
    if new.op == "=" or old.op == "=":
        return old.op != "!=" or old.value == new.value
    if new.op == old.op:
        return new.op in ("<=", ">=") or new.value == old.value
    if {new.op, old.op} == {"<=", ">="} and isinstance(new.value, float) and isinstance(old.value, float):
        return new.value < old.value if new.op == "<=" else new.value > old.value
    return False


def _prefer(
    profile: Profile,
    interest: Interest,
    alpha: float,
    at: datetime,
    memory: Memory,
    domain: str | None = None,
    act: ActKind | None = None,
) -> Profile:
    """Moves the preference for a topic towards the strength stated, and the opposite one towards nothing."""
    now = profile.at or at
    late = decay(alpha, now - at, memory.half_life[interest.kind])
    kept, weight = [], 0.0
    for held in profile.preferences:
        if held.topic != interest.topic:
            kept.append(held)
        elif held.polarity != interest.polarity:
            kept.append(replace(held, weight=ema(held.now(now, memory), 0.0, late), at=now))
        elif held.kind is interest.kind:
            weight = held.now(now, memory)
        else:
            kept.append(held)
    moved = Preference(
        interest.topic,
        interest.kind,
        interest.polarity,
        ema(weight, interest.strength, late),
        now,
        interest.evidence,
        act,
        domain,
    )
    strongest = sorted((*kept, moved), key=lambda p: -p.now(now, memory))[: memory.max_preferences]
    return replace(profile, preferences=tuple(strongest))


def _acted(profile: Profile, event: Acted, space: Space, memory: Memory) -> Profile:
    profile = replace(
        profile,
        seen=profile.seen | {event.item} if event.kind in _CONSUMED else profile.seen,
        hidden=profile.hidden | {event.item} if event.kind is ActKind.DISLIKE else profile.hidden,
    )
    if profile.paused:
        return profile
    recent = (*profile.recent, Recent(event.item, event.kind, event.at))[-memory.max_recent :]
    profile = replace(profile, recent=recent, acts=profile.acts + 1)
    alpha, polarity = _evidence(event, memory)
    item = space.item(event.item)
    if item is None or alpha == 0.0:
        return profile
    for topic in [name for name in (item.category, item.brand, *item.tags[:3]) if name]:
        interest = Interest(topic, InterestKind.TASTE, polarity, 1.0, item.title)
        profile = _prefer(profile, interest, alpha, event.at, memory, item.domain, event.kind)
    vector = space.item_vector(event.item)
    if vector is not None and polarity > 0:
        profile = replace(profile, vector=vector if profile.vector is None else ema(profile.vector, vector, alpha))
    return _satisfied(profile, variants(item.category)) if event.kind is ActKind.BUY else profile


def _evidence(event: Acted, memory: Memory) -> tuple[float, Polarity]:
    """How much an act counts (0 to 1), and for or against the item."""
    alpha = memory.alpha_act[event.kind]
    if event.kind is ActKind.RATE and event.value is not None:
        lean = (event.value - 2.75) / 2.25
        alpha *= max(-1.0, min(1.0, lean))
    elif event.kind is ActKind.DWELL and event.value is not None:
        alpha *= event.value / (event.value + 30.0)
    return abs(alpha), (1 if alpha >= 0 else -1)


def _satisfied(profile: Profile, category: tuple[str, ...]) -> Profile:
    """A need for the kind of thing just bought is over."""
    over = set(category)
    if not any(i.kind is InterestKind.NEED and i.topic in over for i in profile.focus):
        return profile
    return replace(
        profile,
        preferences=tuple(p for p in profile.preferences if not (p.kind is InterestKind.NEED and p.topic in over)),
        constraints=tuple(c for c in profile.constraints if c.until is None),
        focus=(),
        focus_until=None,
    )


def _edited(profile: Profile, change: Change, at: datetime, space: Space, memory: Memory) -> Profile:
    match change:
        case Change(op="set_interest", interest=Interest() as interest):
            focus = tuple(interest if i.topic == interest.topic else i for i in profile.focus)
            profile = replace(profile, focus=focus)
            return _revector(_prefer(profile, interest, 1.0, at, memory), space, memory)
        case Change(op="drop_interest", interest=Interest() as interest):
            profile = replace(
                profile,
                focus=tuple(i for i in profile.focus if i.topic != interest.topic),
                preferences=tuple(p for p in profile.preferences if p.topic != interest.topic),
            )
            return _revector(profile, space, memory)
        case Change(op="add_constraint", constraint=Constraint() as constraint):
            return replace(profile, constraints=merge_constraints(profile.constraints, (constraint,)))
        case Change(op="drop_constraint", constraint=Constraint() as dropped):
            kept = tuple(
                c for c in profile.constraints if (c.field, c.op, c.value) != (dropped.field, dropped.op, dropped.value)
            )
            return replace(profile, constraints=kept)
        case Change(op="hide", item=str() as item):
            return replace(profile, hidden=profile.hidden | {item})
        case Change(op="unhide", item=str() as item):
            return replace(profile, hidden=profile.hidden - {item})
        case Change(op="pause"):
            return replace(profile, paused=True)
        case Change(op="resume"):
            return replace(profile, paused=False)
        case Change(op="consent", purpose=Purpose() as purpose):
            return replace(profile, consents=profile.consents | {purpose})
        case Change(op="withdraw", purpose=Purpose() as purpose):
            return replace(profile, consents=profile.consents - {purpose})
        case _:
            return profile


def _revector(profile: Profile, space: Space, memory: Memory) -> Profile:
    """The vector anew from the preferences that remain, so that what was dropped leaves no trace in it."""
    now = profile.at
    if now is None:
        return profile
    total = None
    for preference in profile.preferences:
        vector = space.topic_vector(preference.topic) if preference.polarity > 0 else None
        if vector is not None:
            weighted = vector * preference.now(now, memory)
            total = weighted if total is None else total + weighted
    norm = 0.0 if total is None else float((total @ total) ** 0.5)
    return replace(profile, vector=None if total is None or norm == 0.0 else total / norm)
