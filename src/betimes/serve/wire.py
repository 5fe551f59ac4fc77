"""Nouns to and from JSON, as the service, the command line's ``--json`` and the page write them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import InvalidOperation
from typing import Any

from betimes.domain.event import Acted, Change, Edited, Event, Purpose, Said, Shown, Understood, Written
from betimes.domain.intent import Constraint, Intent, Interest, InterestKind
from betimes.domain.item import Fact, Item, Money, Quantity
from betimes.domain.names import ItemId
from betimes.domain.profile import Memory, Profile
from betimes.domain.slate import Copy, Pick, Slate
from betimes.engine import Why
from betimes.errors import InvalidEvent, InvalidItem
from betimes.ingest.values import words

Json = dict[str, Any]


def intent_json(intent: Intent) -> Json:
    """What a sentence means."""
    return {
        "kind": intent.kind,
        "locale": intent.locale,
        "interests": [interest_json(i) for i in intent.interests],
        "constraints": [constraint_json(c) for c in intent.constraints],
        "about": intent.about,
        "by": intent.by,
        "confidence": intent.confidence,
        "ms": intent.ms,
    }


def interest_json(interest: Interest) -> Json:
    """An interest."""
    return asdict(interest)


def constraint_json(constraint: Constraint) -> Json:
    """A constraint."""
    return {**asdict(constraint), "until": _time(constraint.until)}


def slate_json(slate: Slate, items: Mapping[ItemId, Item]) -> Json:
    """A slate with what a page needs of its items."""
    nearest = slate.empty.nearest if slate.empty else None
    return {
        "id": slate.id,
        "user": slate.user,
        "at": _time(slate.at),
        "as_of": slate.as_of,
        "locale": slate.locale,
        "domain": slate.domain,
        "shared": slate.shared,
        "intent": intent_json(slate.intent) if slate.intent else None,
        "picks": [pick_json(p, items.get(p.item)) for p in slate.picks],
        "copy": copy_json(slate.copy),
        "empty": {
            "constraints": [constraint_json(c) for c in slate.empty.constraints],
            "nearest": _brief(nearest, items.get(nearest)) if nearest else None,
            "text": slate.empty.text,
        }
        if slate.empty
        else None,
        "notes": list(slate.notes),
        "trace": [asdict(step) for step in slate.trace],
    }


def pick_json(pick: Pick, item: Item | None) -> Json:
    """A pick with its item, as far as the catalogue still holds it."""
    return {
        "item": _brief(pick.item, item),
        "score": pick.score,
        "parts": dict(pick.parts),
        "propensity": pick.propensity,
        "reasons": [asdict(r) for r in pick.reasons],
        "copy": copy_json(pick.copy),
    }


def copy_json(copy: Copy | None) -> Json | None:
    """A line of copy and who wrote it."""
    return asdict(copy) if copy else None


def written_json(written: Written) -> Json:
    """Copy that came after its slate."""
    return {
        "slate": written.slate,
        "copies": {item: copy_json(copy) for item, copy in written.copies.items()},
        "copy": copy_json(written.copy),
    }


def why_json(why: Why) -> Json:
    """An item's place, accounted for."""
    return {
        "slate": why.slate.id,
        "domain": why.slate.domain,
        "shared": why.slate.shared,
        "place": why.place,
        **pick_json(why.pick, why.item),
        "intent": intent_json(why.slate.intent) if why.slate.intent else None,
        "change": why.change,
    }


def item_json(item: Item) -> Json:
    """An item, whole."""
    return {
        "id": item.id,
        "title": item.title,
        "text": item.text,
        "domain": item.domain,
        "price": float(item.price.major) if item.price else None,
        "currency": item.price.currency if item.price else None,
        "brand": item.brand,
        "category": item.category,
        "tags": list(item.tags),
        "facts": {name: _fact_json(fact) for name, fact in item.facts.items()},
        "image": item.image,
        "published": _time(item.published),
        "available": item.available,
    }


def item_from(body: Mapping[str, Any]) -> Item:
    """An item from its JSON.

    Raises:
        InvalidItem: a value that cannot be; the message names the item and the field.
    """
    name = body.get("id")
    try:
        price = body.get("price")
        published = body.get("published")
        return Item(
            id=ItemId(body["id"]),
            title=_title(body["title"]),
            domain=body.get("domain") or "shop",
            text=words(body.get("text")),
            price=None if price is None else _money(price, body.get("currency")),
            brand=words(body.get("brand")),
            category=words(body.get("category")),
            tags=tuple(tag for tag in map(words, body.get("tags") or ()) if tag),
            facts={field: _fact_from(value) for field, value in (body.get("facts") or {}).items()},
            image=words(body.get("image")),
            published=None if published is None else time_from(published),
            available=bool(body.get("available", True)),
        )
    except KeyError as error:
        raise InvalidItem(f"item {name!r} lacks {error.args[0]!r}; every item needs an id and a title") from error
    except (TypeError, ValueError, InvalidOperation) as error:
        raise InvalidItem(f"item {name!r}: {error}") from error


def _title(title: str) -> str:
    plain = words(title)
    if not plain:
        raise ValueError("a title needs characters that can be read")
    return plain


def _money(price: Any, currency: Any) -> Money:  # noqa: ANN401  # unchecked JSON
    money = Money.of(price, str(currency or "CNY").upper())
    if not 0 <= money.major <= 1_000_000_000:
        raise ValueError(f"a price lies between 0 and 1,000,000,000, not {price}")
    return money


def time_from(text: str) -> datetime:
    """A time from ISO 8601; one without a zone is UTC.

    Raises:
        InvalidEvent: it is not a time.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidEvent(f"{text!r} is not a time; write it like 2026-11-24T08:30:00+00:00") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def profile_json(profile: Profile, memory: Memory, at: datetime) -> Json:
    """All that is known of a user, for them to read; weights are decayed to ``at``."""
    return {
        "user": profile.user,
        "seq": profile.seq,
        "paused": profile.paused,
        "consents": sorted(profile.consents),
        "acts": profile.acts,
        "preferences": [
            {
                "topic": p.topic,
                "kind": p.kind,
                "polarity": p.polarity,
                "weight": round(p.now(at, memory), 4),
                "since": _time(p.at),
                "evidence": p.evidence,
                "act": p.act,
                "domain": p.domain,
            }
            for p in sorted(profile.preferences, key=lambda p: -p.now(at, memory))
        ],
        "focus": [interest_json(i) for i in profile.active_focus(at)],
        "constraints": [constraint_json(c) for c in profile.active_constraints(at)],
        "recent": [{"item": r.item, "kind": r.kind, "at": _time(r.at)} for r in reversed(profile.recent)],
        "seen": sorted(profile.seen),
        "hidden": sorted(profile.hidden),
    }


def change_from(body: Mapping[str, Any]) -> Change:
    """A change of a profile from its JSON: ``op`` and what it speaks of.

    Raises:
        InvalidEvent: the op is unknown or lacks what it needs; the message says which.
    """
    needs = {
        "set_interest": "interest",
        "drop_interest": "interest",
        "add_constraint": "constraint",
        "drop_constraint": "constraint",
        "hide": "item",
        "unhide": "item",
        "pause": None,
        "resume": None,
        "consent": "purpose",
        "withdraw": "purpose",
    }
    op = body.get("op")
    if op not in needs:
        raise InvalidEvent(f"there is no change {op!r}; use one of: {', '.join(needs)}")
    needed = needs[op]
    if needed is not None and not body.get(needed):
        raise InvalidEvent(f"the change {op!r} needs {needed!r}")
    try:
        interest, constraint = body.get("interest"), body.get("constraint")
        return Change(
            op=op,
            interest=_interest_from(interest) if interest else None,
            constraint=_constraint_from(constraint) if constraint else None,
            item=ItemId(body["item"]) if body.get("item") else None,
            purpose=Purpose(body["purpose"]) if body.get("purpose") else None,
        )
    except (TypeError, ValueError, KeyError) as error:
        raise InvalidEvent(f"the change {op!r} cannot be read: {error}") from error


def _interest_from(body: Mapping[str, Any]) -> Interest:
    strength = float(body.get("strength", 0.7))
    polarity = int(body.get("polarity", 1))
    if not 0.0 <= strength <= 1.0 or polarity not in (1, -1):
        raise ValueError("strength lies between 0 and 1, polarity is 1 or -1")
    kind = InterestKind(body.get("kind", InterestKind.TASTE))
    return Interest(str(body["topic"]), kind, 1 if polarity > 0 else -1, strength, by="user")


def _constraint_from(body: Mapping[str, Any]) -> Constraint:
    op, value = body.get("op", "<="), body["value"]
    if op not in ("<=", ">=", "=", "!=", "in", "contains"):
        raise ValueError(f"there is no comparison {op!r}; use one of <= >= = != in contains")
    if isinstance(value, list) != (op == "in") or (op in ("<=", ">=") and isinstance(value, str)):
        raise ValueError("<= and >= take a number, in takes several texts, the others a number or a text")
    value = tuple(map(str, value)) if isinstance(value, list) else value
    value = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
    return Constraint(
        field=str(body["field"]),
        op=op,
        value=value,
        unit=body.get("unit"),
        currency=body.get("currency"),
        hard=bool(body.get("hard", True)),
        until=time_from(body["until"]) if body.get("until") else None,
        by="user",
    )


def event_json(event: Event) -> Json:
    """An event of the log, for export."""
    head = {"seq": event.seq, "id": event.id, "user": event.user, "at": _time(event.at), "event": _name(event)}
    match event:
        case Said():
            return {**head, "text": event.text, "domain": event.domain}
        case Understood():
            return {**head, "said": event.said, "intent": intent_json(event.intent), "domain": event.domain}
        case Shown():
            return {**head, "slate": slate_json(event.slate, {})}
        case Written():
            return {**head, **written_json(event)}
        case Acted():
            return {**head, "item": event.item, "kind": event.kind, "value": event.value, "slate": event.slate}
        case Edited():
            return {**head, "change": asdict(event.change)}
        case _:
            return head


def _name(event: Event) -> str:
    return type(event).__name__.lower()


def _brief(item_id: ItemId, item: Item | None) -> Json:
    if item is None:
        return {"id": item_id, "gone": True}
    whole = item_json(item)
    return {
        key: whole[key]
        for key in ("id", "title", "domain", "price", "currency", "brand", "category", "tags", "image", "facts")
    }


def _fact_json(fact: Fact) -> object:
    if isinstance(fact, Quantity):
        return {"value": fact.value, "unit": fact.unit}
    return fact if isinstance(fact, bool) else list(fact)


def _fact_from(value: object) -> Fact:
    match value:
        case bool():
            return value
        case int() | float():
            return Quantity(float(value))
        case str():
            return (words(value),)
        case [*texts]:
            return tuple(map(words, texts))
        case {"value": number, **rest}:
            return Quantity(float(number), str(rest.get("unit", "")))
        case _:
            raise ValueError(f"a fact is a number with a unit, a text or texts, or a flag, not {value!r}")


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
