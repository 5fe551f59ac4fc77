"""Who acted on what and when: the latest acts of each user, and the latest users of each item."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from betimes.domain.event import Acted, Event
from betimes.domain.names import ItemId, UserId
from betimes.remember.acts import weight_of
from betimes.rows import Rows


@dataclass(frozen=True, slots=True)
class HistoryConfig:
    """Settings of :class:`Histories`.

    Attributes:
        per_user: how many acts are kept of each user; up to twice as many between prunings.
        per_item: how many users are kept of each item; likewise.
    """

    per_user: int = 256
    per_item: int = 100


@dataclass(frozen=True, slots=True)
class History:
    """A user's acts in favour of items, oldest first, as parallel arrays.

    Attributes:
        rows: what was acted on.
        at: when, in seconds since 1970.
    """

    rows: npt.NDArray[np.int64]
    at: npt.NDArray[np.float64]


NO_HISTORY = History(np.zeros(0, dtype=np.int64), np.zeros(0))


class _State(msgspec.Struct):
    ids: list[str]
    users: list[str]
    rows: list[list[int]]
    at: list[list[float]]
    audiences: dict[int, list[int]]


class Histories:
    """The raw material of what repeats and of who resembles whom, kept in the order it came.

    Memory is bounded by users times twice ``per_user`` (12 bytes each) and items times twice ``per_item`` (4
    bytes each). Nothing in it decays: whoever reads it weighs each act by its age.
    """

    _numbers: dict[UserId, int]
    _acted: "list[array[int]]"
    _at: "list[array[float]]"
    _audiences: "dict[int, array[int]]"

    def __init__(self, rows: Rows, config: HistoryConfig | None = None) -> None:
        self._rows = rows
        self._config = config or HistoryConfig()
        self.clear()

    def fold(self, event: Event) -> None:
        """Takes in one event; only acts in favour of an item count."""
        if not isinstance(event, Acted) or weight_of(event) <= 0.0:
            return
        row = self._rows.of(event.item)
        number = self._numbers.get(event.user)
        if number is None:
            number = self._numbers[event.user] = len(self._acted)
            self._acted.append(array("i"))
            self._at.append(array("d"))
        acted, at = self._acted[number], self._at[number]
        acted.append(row)
        at.append(event.at.timestamp())
        if len(acted) > 2 * self._config.per_user:
            del acted[: -self._config.per_user]
            del at[: -self._config.per_user]
        audience = self._audiences.get(row)
        if audience is None:
            audience = self._audiences[row] = array("i")
        if not audience or audience[-1] != number:
            audience.append(number)
            if len(audience) > 2 * self._config.per_item:
                del audience[: -self._config.per_item]

    def of(self, user: UserId) -> History:
        """What a user acted on."""
        number = self._numbers.get(user)
        if number is None:
            return NO_HISTORY
        rows = np.array(self._acted[number], dtype=np.int64)
        return History(rows, np.array(self._at[number]))

    def number(self, user: UserId) -> int:
        """The number audiences know a user by; -1 for one who acted on nothing."""
        return self._numbers.get(user, -1)

    def audience(self, row: int) -> npt.NDArray[np.int32]:
        """The numbers of the users who acted on a row, the latest last; a user may stand there more than once."""
        found = self._audiences.get(row)
        return np.zeros(0, dtype=np.int32) if found is None else np.array(found, dtype=np.int32)

    def lengths(self, numbers: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
        """How many acts are kept of each of the users of these numbers."""
        return np.array([len(self._acted[number]) for number in numbers.tolist()], dtype=np.int64)

    def acted(self, numbers: Iterable[int]) -> list[npt.NDArray[np.int32]]:
        """What each of the users of these numbers acted on, oldest first."""
        return [np.array(self._acted[number], dtype=np.int32) for number in numbers]

    def dump(self) -> bytes:
        """The state, by item id and user id."""
        used = sorted({*self._audiences, *(row for acted in self._acted for row in acted)})
        local = {row: i for i, row in enumerate(used)}
        return msgspec.msgpack.encode(
            _State(
                [self._rows.id(row) for row in used],
                list(self._numbers),
                [[local[row] for row in acted] for acted in self._acted],
                [at.tolist() for at in self._at],
                {local[row]: audience.tolist() for row, audience in self._audiences.items()},
            )
        )

    def load(self, state: bytes) -> None:
        """Replaces the state by a dumped one."""
        kept = msgspec.msgpack.decode(state, type=_State)
        self.clear()
        rows = [self._rows.of(ItemId(item)) for item in kept.ids]
        self._numbers = {UserId(user): number for number, user in enumerate(kept.users)}
        self._acted = [array("i", [rows[i] for i in acted]) for acted in kept.rows]
        self._at = [array("d", at) for at in kept.at]
        self._audiences = {rows[i]: array("i", users) for i, users in kept.audiences.items()}

    def clear(self) -> None:
        """Forgets everything."""
        self._numbers = {}
        self._acted = []
        self._at = []
        self._audiences = {}
