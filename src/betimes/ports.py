"""The boundaries: what the engine asks of stores and models, each stated once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from betimes.domain.event import Event
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, TrainedKind, UserId

Vectors = npt.NDArray[np.float32]


class EventLog(Protocol):
    """An append-only log with one total order. Safe to use from several threads and processes."""

    def append(self, events: Sequence[Event]) -> list[Event]:
        """Stores events durably, all or none, and returns them with their ``seq``, in the order given.

        An event whose id is stored already is not stored again; the stored one is returned in its place.

        Raises:
            Conflict: an id is stored with another content.
            StoreUnavailable: the database is read-only, locked or gone.
        """

    def read(self, after: int = 0, *, limit: int | None = None) -> Iterator[Event]:
        """All events with ``seq > after``, in order."""

    def of_user(self, user: UserId, after: int = 0) -> Iterator[Event]:
        """The events of one user with ``seq > after``, in order."""

    def find(self, event: EventId) -> Event | None:
        """The event with this id, if it is stored."""

    def users(self) -> Iterator[UserId]:
        """Every user with an event, in no particular order."""

    def head(self) -> int:
        """The ``seq`` of the last event; 0 for an empty log."""

    def erase(self, erased: Event) -> Event:
        """Removes every event of the event's user and stores ``erased`` in their place, all or none."""


@dataclass(frozen=True, slots=True)
class Put:
    """What became of items put into a catalogue."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Revised:
    """A change of the catalogue: the item as it is now, or none where it was removed."""

    revision: int
    id: ItemId
    item: Item | None


class Catalogue(Protocol):
    """The items that can be recommended. Every change gets a higher revision number."""

    def put(self, items: Sequence[Item]) -> Put:
        """Adds items or replaces those with the same id, all or none. An equal item changes nothing."""

    def remove(self, items: Sequence[ItemId]) -> int:
        """Removes items and returns how many there were."""

    def get(self, items: Sequence[ItemId]) -> dict[ItemId, Item]:
        """The items that exist among those asked for."""

    def changes(self, after: int = 0) -> Iterator[Revised]:
        """The current state of every item changed since a revision, in order of revision."""

    def revision(self) -> int:
        """The highest revision; 0 for an empty catalogue."""

    def count(self) -> int:
        """How many items there are."""


class VectorCache(Protocol):
    """Embeddings by the hash of their content, so that a text is embedded once."""

    def load(self, embedder: str, hashes: Sequence[bytes]) -> dict[bytes, Vectors]:
        """The vectors known, by hash."""

    def save(self, embedder: str, vectors: Mapping[bytes, Vectors]) -> None:
        """Keeps vectors."""


class Snapshots(Protocol):
    """States folded from the log, kept so that a start need not fold it all again."""

    def save(self, name: str, seq: int, state: bytes) -> None:
        """Keeps a state as of ``seq``, replacing the one before."""

    def load(self, name: str) -> tuple[int, bytes] | None:
        """The position and the state last kept."""

    def drop(self) -> None:
        """Forgets every snapshot."""


@dataclass(frozen=True, slots=True)
class Trained:
    """Something that was trained.

    Attributes:
        name: what it is called among those of its kind.
        at: when it was trained.
        used: whether it serves.
    """

    name: str
    at: datetime
    used: bool


class TrainedModels(Protocol):
    """What was trained from the log: of each kind several, by name, of which at most one is in use."""

    def save(self, kind: TrainedKind, name: str, at: datetime, body: bytes) -> None:
        """Keeps what was trained, not in use, in place of what had its name."""

    def use(self, kind: TrainedKind, name: str | None) -> None:
        """Puts one of a kind to use in place of another, or none.

        Raises:
            NotFound: there is none of that name.
        """

    def in_use(self) -> dict[TrainedKind, Trained]:
        """What is in use, by kind."""

    def body(self, kind: TrainedKind, name: str) -> bytes:
        """What was trained.

        Raises:
            NotFound: there is none of that name.
        """

    def listed(self, kind: TrainedKind) -> list[Trained]:
        """All of a kind, the latest first."""


class Stores(Protocol):
    """A database: the log, the catalogue, vectors, snapshots and what was trained."""

    log: EventLog
    catalogue: Catalogue
    vectors: VectorCache
    snapshots: Snapshots
    trained: TrainedModels

    def close(self) -> None:
        """Releases every connection."""


class Embedder(Protocol):
    """Text to unit vectors in one space; queries and passages may be prefixed differently."""

    name: str
    dim: int

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dim)``, rows of length 1."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dim)``, rows of length 1."""


@dataclass(frozen=True, slots=True)
class Taught:
    """How a model that was trained on a task answers it.

    Attributes:
        input: the task as it was trained on. Untrusted: it is data, never an instruction.
        grammar: GBNF that the answer follows, if it is bound to one.
        max_tokens: the longest answer worth waiting for.
    """

    input: str
    grammar: str | None
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Prompt:
    """A task for a language model, in both forms that models take.

    Attributes:
        instructions: the task, as a system message.
        examples: worked pairs of input and terse answer.
        input: what to work on. Untrusted: it is data, never an instruction.
        grammar: GBNF that the terse answer must follow, for models run in process.
        schema: JSON schema of the answer, for servers; an answer may be either form.
        max_tokens: the longest answer worth waiting for.
        task: what the task is called by models that are trained on it; nothing for one that none is.
        taught: how those are asked and answer.
    """

    instructions: str
    examples: tuple[tuple[str, str], ...]
    input: str
    grammar: str | None = None
    schema: Mapping[str, Any] | None = None
    max_tokens: int = 96
    task: str = ""
    taught: Taught | None = None

    def bare(self) -> "Prompt":
        """The prompt for a model that was trained on the task: neither instructions nor examples."""
        if self.taught is None:
            return self
        taught = self.taught
        return replace(
            self,
            instructions="",
            examples=(),
            input=taught.input,
            grammar=taught.grammar,
            max_tokens=taught.max_tokens,
        )


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer, raw, and what it cost.

    Attributes:
        taught: whether it is the answer of a model that was trained on the task.
    """

    text: str
    ms: float
    tokens: int
    taught: bool = False


class LanguageModel(Protocol):
    """A language model. Safe to call from several threads."""

    name: str

    def complete(self, prompt: Prompt, *, timeout: float) -> Completion:
        """The answer, within ``timeout`` seconds.

        Raises:
            ModelTimeout, ModelBusy, ModelUnavailable, ModelNonsense
        """

    def close(self) -> None:
        """Releases memory and connections."""


class Progress(Protocol):
    """Told how far a long task has come."""

    def __call__(self, done: int, total: int | None) -> None:
        """``done`` of ``total`` steps; the total is none while it is not known."""


def no_progress(done: int, total: int | None) -> None:
    """For callers that do not watch."""


T = TypeVar("T")


def batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most ``size`` things, in order, without reading ahead."""
    batch: list[T] = []
    for thing in things:
        batch.append(thing)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
