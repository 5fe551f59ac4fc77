"""Events and items to JSON and back.

A body is a JSON object that starts with its format version, ``{"v":1,…}``, and holds the fields that
have no column of their own. A field added with a default needs nothing here: bodies without it read as
the default. Any other change of shape raises :data:`VERSION` and adds to :data:`UPCASTS` the function
that turns a body of the version before into the new shape, so that old logs stay readable for ever;
``tests/golden`` pins the bytes of every version.

What would not read back equal (a NaN, a list where a tuple belongs) is refused before it is stored.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar, get_type_hints

import msgspec

from betimes.domain.event import Acted, Edited, Erased, Event, Said, Shown, Understood, Written
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, UserId
from betimes.errors import InvalidEvent, InvalidItem, StoreCorrupt, StoreTooNew

Upcast = Callable[[str, dict[str, Any]], dict[str, Any]]

#: The format version that is written.
VERSION = 1

#: By version: given the kind of the noun, turns a body of that version into one of the next.
UPCASTS: Mapping[int, Upcast] = {}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Noun = TypeVar("Noun", Event, Item)


def _as_builtin(value: object) -> object:
    """Values that the types of the domain allow and JSON encoders do not know."""
    if isinstance(value, float):  # NumPy's 64-bit floats are floats
        return float(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


_encode = msgspec.json.Encoder(enc_hook=_as_builtin).encode


class Form(Generic[Noun]):
    """How one noun is written as a body.

    Args:
        noun: the class.
        columns: its fields that are kept beside the body.
        version: the format version that is written.
        upcasts: how bodies of earlier versions are brought up to it, one version at a time.
    """

    def __init__(
        self,
        noun: type[Noun],
        columns: frozenset[str],
        version: int = VERSION,
        upcasts: Mapping[int, Upcast] = UPCASTS,
    ) -> None:
        types = get_type_hints(noun)
        kept = [f for f in fields(noun) if f.name not in columns]
        body: list[tuple[str, Any, Any]] = []
        for f in kept:
            default = msgspec.NODEFAULT if f.default is MISSING else f.default
            if f.default_factory is not MISSING:
                default = msgspec.field(default_factory=f.default_factory)
            body.append((f.name, types[f.name], default))
        self.kind = noun.__name__.lower()
        self._noun: type[Noun] = noun
        self._names = tuple(f.name for f in kept)
        self._version = version
        self._upcasts = upcasts
        self._start = f'{{"v":{version},' if kept else f'{{"v":{version}}}'
        self._body = msgspec.defstruct(f"{noun.__name__}Body", [("v", int), *body])
        self._decoder = msgspec.json.Decoder(self._body)

    def encode(self, noun: Noun) -> str:
        """The body.

        Raises:
            TypeError, ValueError: a value that JSON cannot hold.
        """
        return _encode(self._body(self._version, *(getattr(noun, name) for name in self._names))).decode()

    def decode(self, text: str, columns: Mapping[str, Any]) -> Noun:
        """The noun from its body and the values of its columns.

        Raises:
            msgspec.DecodeError: the body is damaged.
            StoreTooNew: the body is of a later version.
        """
        body = self._decoder.decode(text) if text.startswith(self._start) else self._upcast(text)
        noun: Noun = self._noun(**columns, **{name: getattr(body, name) for name in self._names})
        return noun

    def _upcast(self, text: str) -> msgspec.Struct:
        body = msgspec.json.decode(text, type=dict[str, Any])
        version = body.get("v")
        if not isinstance(version, int):
            raise msgspec.ValidationError("it has no format version")
        if version > self._version:
            raise StoreTooNew(
                f"an entry ({self.kind}) has format {version}, and this Betimes reads up to {self._version}: "
                "upgrade Betimes (pip install -U betimes)"
            )
        for old in range(version, self._version):
            body = self._upcasts[old](self.kind, body)
        return msgspec.convert({**body, "v": self._version}, self._body)


def _check_names(*names: str) -> None:
    """Raises ValueError for a name that a column of text cannot hold on every database."""
    for name in names:
        name.encode()
        if "\0" in name:
            raise ValueError(f"{name!r} holds a NUL character")


class EventRow(NamedTuple):
    """An event as the columns of its table; ``at`` is in microseconds since 1970 UTC, so that it sorts."""

    seq: int
    id: EventId
    user: UserId
    kind: str
    at: int
    body: str


_EVENT_COLUMNS = frozenset({"id", "user", "at", "seq"})
_FORMS: dict[type[Event], Form[Event]] = {
    kind: Form[Event](kind, _EVENT_COLUMNS) for kind in (Said, Understood, Shown, Written, Acted, Edited, Erased)
}
_FORM_OF_KIND = {form.kind: form for form in _FORMS.values()}
_ITEM = Form(Item, frozenset({"id"}))


def encode_event(event: Event) -> EventRow:
    """An event as a row.

    Raises:
        InvalidEvent: it would not read back equal, and why.
    """
    form = _FORMS.get(type(event))
    if form is None:
        raise InvalidEvent(f"{type(event).__name__} is not a kind of event that can be stored")
    try:
        _check_names(event.id, event.user)
        at = (event.at - _EPOCH) // _MICROSECOND
        row = EventRow(event.seq, event.id, event.user, form.kind, at, form.encode(event))
        faithful = decode_event(row) == event
    except (TypeError, ValueError, OverflowError, StoreCorrupt) as error:
        raise InvalidEvent(f"event {event.id!r} ({form.kind}) cannot be stored: {error}") from error
    if not faithful:
        raise InvalidEvent(f"event {event.id!r} ({form.kind}) has a value that would not read back equal, such as NaN")
    return row


def decode_event(row: EventRow) -> Event:
    """The event of a row.

    Raises:
        StoreCorrupt: the row is damaged.
        StoreTooNew: a later version of Betimes wrote it.
    """
    seq, id_, user, kind, at, body = row
    form = _FORM_OF_KIND.get(kind)
    if form is None:
        raise StoreTooNew(
            f"event {seq} is of a kind that this Betimes does not know, {kind!r}: "
            "upgrade Betimes (pip install -U betimes)"
        )
    try:
        return form.decode(body, {"id": id_, "user": user, "at": _EPOCH + at * _MICROSECOND, "seq": seq})
    except (msgspec.DecodeError, OverflowError) as error:
        raise StoreCorrupt(f"event {seq} ({kind}, id {id_!r}) is damaged: {error}; restore a backup") from error


def encode_item(item: Item) -> str:
    """An item as a body; its id is kept beside it.

    Raises:
        InvalidItem: it would not read back equal, and why.
    """
    try:
        _check_names(item.id)
        body = _ITEM.encode(item)
        faithful = decode_item(item.id, body) == item
    except (TypeError, ValueError, OverflowError, StoreCorrupt) as error:
        raise InvalidItem(f"item {item.id!r} cannot be stored: {error}") from error
    if not faithful:
        raise InvalidItem(f"item {item.id!r} has a value that would not read back equal (NaN?)")
    return body


def decode_item(item: ItemId, body: str) -> Item:
    """The item of a body.

    Raises:
        StoreCorrupt: the body is damaged.
        StoreTooNew: a later version of Betimes wrote it.
    """
    try:
        return _ITEM.decode(body, {"id": item})
    except msgspec.DecodeError as error:
        raise StoreCorrupt(f"item {item!r} is damaged: {error}; restore a backup or import it again") from error
