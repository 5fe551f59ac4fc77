"""Events and items as they are written, in every version of the format."""

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NewType, Union, cast, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.event import Acted, ActKind, Change, Edited, Erased, Event, Said, Shown, Understood, Written
from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind
from betimes.domain.item import Item, Money, Quantity
from betimes.domain.names import EventId, ItemId, SlateId, UserId
from betimes.domain.slate import Copy, Empty, Pick, Reason, Slate, Step
from betimes.errors import InvalidEvent, StoreCorrupt, StoreTooNew
from betimes.stores.codec import (
    EventRow,
    Form,
    decode_event,
    decode_item,
    encode_event,
    encode_item,
)

GOLDEN = Path(__file__).parents[2] / "golden"
AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
KINDS: tuple[type[Event], ...] = (Said, Understood, Shown, Written, Acted, Edited, Erased)


def everything(hint: object) -> st.SearchStrategy[Any]:
    """Values of a type of the domain with every field drawn, not only those that have no default."""
    if isinstance(hint, NewType):
        return everything(hint.__supertype__)
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(args)
    if origin in (Union, types.UnionType):
        return st.one_of([everything(arg) for arg in args])
    if origin is tuple:
        return st.lists(everything(args[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(everything(args[0]), everything(args[1]), max_size=3)
    assert isinstance(hint, type)
    if dataclasses.is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(hint, **{f.name: everything(hints[f.name]) for f in dataclasses.fields(hint)})
    if hint is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if hint is str:
        return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
    if hint is int:
        return st.integers(0, 2**53)
    if hint is datetime:
        return st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
    return st.from_type(hint)


@given(st.one_of([everything(kind) for kind in KINDS]))
def test_every_event_reads_back_equal(event: Event) -> None:
    row = encode_event(event)
    assert decode_event(row) == event
    assert encode_event(decode_event(row)) == row


@given(everything(Item))
def test_every_item_reads_back_equal(item: Item) -> None:
    body = encode_item(item)
    assert decode_item(item.id, body) == item
    assert encode_item(decode_item(item.id, body)) == body


@given(st.lists(everything(datetime), min_size=2, max_size=2))
def test_rows_sort_by_time_as_events_do(times: list[datetime]) -> None:
    a, b = (encode_event(Erased(id=EventId("e"), user=UserId("u"), at=at)).at for at in times)
    assert (a < b) == (times[0] < times[1])


def test_numpy_numbers_and_any_mapping_are_taken_as_the_types_say() -> None:
    pick = Pick(ItemId("i"), np.float64(0.5), types.MappingProxyType({"dense": np.float64(0.5)}))
    event = Shown(id=EventId("s"), user=UserId("u"), at=AT, slate=slate(picks=(pick,)))
    assert decode_event(encode_event(event)) == event


@pytest.mark.parametrize(
    "picks",
    [
        (Pick(ItemId("i"), float("nan"), {}),),
        (Pick(ItemId("i"), 1.0, {"dense": float("nan")}),),
        (Pick(ItemId("i"), 1.0, {"dense": float("inf")}),),
        [Pick(ItemId("i"), 1.0, {})],
        (Pick(ItemId("i"), 1.0, {"dense": cast(float, np.float32(1.0))}),),
    ],
    ids=["score nan", "part nan", "part infinite", "a list for a tuple", "a foreign number"],
)
def test_what_would_not_read_back_is_refused(picks: tuple[Pick, ...]) -> None:
    event = Shown(id=EventId("s"), user=UserId("u"), at=AT, slate=slate(picks=picks))
    with pytest.raises(InvalidEvent, match=r"'s' \(shown\)"):
        encode_event(event)


def test_only_known_kinds_are_stored() -> None:
    with pytest.raises(InvalidEvent, match="Event"):
        encode_event(Event(id=EventId("e"), user=UserId("u"), at=AT))


@pytest.mark.parametrize("body", ["", "{", "null", "[1]", '{"v":1}', '{"v":1,"text":5}', '{"text":"a"}', '{"v":"1"}'])
def test_a_damaged_body_says_which_event(body: str) -> None:
    with pytest.raises(StoreCorrupt, match=r"event 7 .*backup"):
        decode_event(EventRow(7, EventId("e"), UserId("u"), "said", 0, body))
    with pytest.raises(StoreCorrupt, match="item 'i'"):
        decode_item(ItemId("i"), body)


def test_what_a_later_version_wrote_asks_for_an_upgrade() -> None:
    for kind, body in (("said", '{"v":999,"words":"a"}'), ("dreamt", '{"v":1}')):
        with pytest.raises(StoreTooNew, match="upgrade Betimes"):
            decode_event(EventRow(7, EventId("e"), UserId("u"), kind, 0, body))


def test_old_bodies_are_brought_up_one_version_at_a_time() -> None:
    def from_1(kind: str, body: dict[str, Any]) -> dict[str, Any]:
        assert kind == "said"
        return {"words": body["said"]}

    def from_2(kind: str, body: dict[str, Any]) -> dict[str, Any]:
        return {"text": body["words"].strip()}

    form = Form[Event](Said, frozenset({"id", "user", "at", "seq"}), 3, {1: from_1, 2: from_2})
    columns = {"id": "e", "user": "u", "at": AT, "seq": 4}
    expected = Said(id=EventId("e"), user=UserId("u"), at=AT, seq=4, text="hello")
    assert form.decode('{"v":1,"said":" hello "}', columns) == expected
    assert form.decode('{"v":2,"words":" hello "}', columns) == expected
    assert form.decode(form.encode(expected), columns) == expected
    with pytest.raises(msgspec.ValidationError):
        form.decode('{"v":"2","words":"a"}', columns)


def test_a_field_added_with_a_default_needs_no_new_version() -> None:
    item = decode_item(ItemId("i"), '{"v":1,"title":"t"}')
    assert item == Item(ItemId("i"), "t")


# What the format looks like, pinned.


def slate(picks: tuple[Pick, ...]) -> Slate:
    return Slate(SlateId("s1"), UserId("ann"), AT, 2, "zh", picks)


_INTEREST = Interest("手机", InterestKind.NEED, 1, 0.9, "想买一款手机", "rules")
_CONSTRAINTS = (
    Constraint("price", "<=", 1000.0, None, "CNY", True, AT + timedelta(days=2), "1000元以下", "rules"),
    Constraint("brand", "!=", "小星", hard=False, evidence="不要小星"),
    Constraint("colour", "in", ("黑", "white")),
)
_INTENT = Intent(
    "我想买一款价格在1000元以下的手机",
    "zh",
    IntentKind.CRITIQUE,
    (_INTEREST,),
    _CONSTRAINTS,
    SlateId("s0"),
    "rules+gemma",
    0.75,
    1.5,
)
_SLATE = Slate(
    SlateId("s1"),
    UserId("ann"),
    AT,
    2,
    "zh",
    (
        Pick(
            ItemId("i1"),
            0.75,
            {"dense": 0.5, "price": 0.25},
            0.95,
            (Reason("dense", 0.5, "因为你说了手机", "手机"),),
            Copy("799 元的手机", "gemma"),
        ),
        Pick(ItemId("i2"), 0.5, {"dense": 0.5}),
    ),
    "shop",
    _INTENT,
    Copy("为你挑的"),
    Empty(_CONSTRAINTS[:1], ItemId("i3"), "最便宜的是 1,099 元"),
    ("按 1 美元 = 7.1 元换算",),
    (Step("rank", 1.25), Step("copy", 5.0, "late")),
)
_EVENTS: tuple[Event, ...] = (
    Said(id=EventId("e1"), user=UserId("ann"), at=AT, seq=1, text='我想买 "手机"\n\0'),
    Understood(id=EventId("e2"), user=UserId("ann"), at=AT, seq=2, said=EventId("e1"), intent=_INTENT),
    Shown(id=EventId("s1"), user=UserId("ann"), at=AT, seq=3, slate=_SLATE),
    Written(
        id=EventId("e4"),
        user=UserId("ann"),
        at=AT,
        seq=4,
        slate=SlateId("s1"),
        copies={ItemId("i1"): Copy("799 元的手机", "gemma")},
        copy=Copy("为你挑的", "gemma"),
    ),
    Acted(
        id=EventId("e5"),
        user=UserId("ann"),
        at=AT,
        seq=5,
        item=ItemId("i1"),
        kind=ActKind.RATE,
        value=4.5,
        slate=SlateId("s1"),
    ),
    Edited(
        id=EventId("e6"),
        user=UserId("ann"),
        at=AT,
        seq=6,
        change=Change(op="add_constraint", interest=_INTEREST, constraint=_CONSTRAINTS[1], item=ItemId("i1")),
    ),
    Erased(id=EventId("e7"), user=UserId("ann"), at=AT, seq=7),
)
_ITEM = Item(
    ItemId("i1"),
    "折叠屏 / Foldable",
    "shop",
    "轻",
    Money(79900, "CNY"),
    "小星 / Star",
    "手机 / phone",
    ("轻", "5g"),
    {"screen": Quantity(6.1, "in"), "colour": ("黑", "white"), "5g": True},
    "https://example.com/a.png",
    AT,
    False,
)


def test_the_format_of_events_is_pinned() -> None:
    """If this fails, old logs may no longer be readable: see ``betimes.stores.codec``."""
    assert {type(e) for e in _EVENTS} == set(KINDS)
    written = [json.dumps(encode_event(event)._asdict(), ensure_ascii=False) for event in _EVENTS]
    assert written == (GOLDEN / "events_v1.jsonl").read_text("utf-8").splitlines()


def test_an_edit_from_before_consents_is_read_as_one_without_a_purpose() -> None:
    row = json.loads((GOLDEN / "events_v1.jsonl").read_text("utf-8").splitlines()[5])
    before = EventRow(**row | {"body": row["body"].replace(',"purpose":null', "")})
    assert before.body != row["body"]
    assert decode_event(before) == _EVENTS[5]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_was_stored_before_domains_were_told_is_read_as_of_none(place: int) -> None:
    row = json.loads((GOLDEN / "events_v1.jsonl").read_text("utf-8").splitlines()[place])
    before = EventRow(**row | {"body": row["body"].replace(',"domain":null', "").replace(',"shared":true', "")})
    assert before.body != row["body"]
    assert decode_event(before) == _EVENTS[place]


def test_the_format_of_items_is_pinned() -> None:
    written = json.dumps({"id": _ITEM.id, "body": encode_item(_ITEM)}, ensure_ascii=False)
    assert [written] == (GOLDEN / "events_v1_items.jsonl").read_text("utf-8").splitlines()


def test_pinned_events_and_items_are_still_read() -> None:
    rows = [json.loads(line) for line in (GOLDEN / "events_v1.jsonl").read_text("utf-8").splitlines()]
    assert tuple(decode_event(EventRow(**row)) for row in rows) == _EVENTS
    [row] = [json.loads(line) for line in (GOLDEN / "events_v1_items.jsonl").read_text("utf-8").splitlines()]
    assert decode_item(**{"item": row["id"], "body": row["body"]}) == _ITEM
