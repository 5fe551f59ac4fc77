"""Who acted on what and when: the latest acts of each user, and the latest users of each item."""

from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from betimes.domain.event import Acted, Event
from betimes.domain.names import ItemId, UserId
from betimes.remember.acts import weight_of
from betimes.remember.tails import Column, Tails
from betimes.rows import Rows

RowArray = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HistoryConfig:
    """Settings of :class:`Histories`.

    Attributes:
        per_user: how many acts are kept of each user; up to twice as many between prunings.
        per_item: how many acts on each item are remembered; likewise.
        met: around how many of the latest acts on the first of some items its companions are looked for.
        met_falls: how that changes from each item to the next, down to ``met_least``: what was acted on lately
            should be known well, the rest roughly.
        met_least: see there.
        reach: how many acts before and after each of those count as companions.
        within_seconds: how far apart in time the two may lie.
    """

    per_user: int = 256
    per_item: int = 100
    met: int = 100
    met_falls: float = 0.9
    met_least: int = 10
    reach: int = 20
    within_seconds: float = 30 * 86_400.0


@dataclass(frozen=True, slots=True)
class History:
    """A user's acts in favour of items, oldest first, as parallel arrays.

    Attributes:
        rows: what was acted on.
        at: when, in seconds since 1970.
        weight: how much each says.
    """

    rows: RowArray
    at: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Companions:
    """What others acted on shortly before or after they acted on some rows; one entry for each time they did.

    Attributes:
        rows: the distinct rows among the companions, ascending.
        place: which of ``rows`` each entry is.
        origin: which of the rows asked about each entry was met around.
        apart: how many acts after that one it came; below 0, before.
        at: when the later of the two was, in seconds since 1970.
        weight: how much the act says.
    """

    rows: RowArray
    place: RowArray
    origin: RowArray
    apart: RowArray
    at: Floats
    weight: Floats


class _State(msgspec.Struct):
    ids: list[str]
    users: list[str]
    kept: bytes
    dropped: bytes
    rows: bytes
    at: bytes
    weights: bytes
    met: bytes
    met_dropped: bytes
    met_users: bytes
    met_places: bytes


class Histories:
    """The raw material of what repeats, of what goes together and of who resembles whom, in the order it came.

    Memory is bounded by users times twice ``per_user`` (16 bytes each) and items times twice ``per_item`` (12 bytes
    each). Nothing in it decays and nothing is counted ahead: whoever reads it weighs each act by its age, so an act
    costs the same however much there is, and what it changes is seen by the next request.
    """

    def __init__(self, rows: Rows, config: HistoryConfig | None = None) -> None:
        self._rows = rows
        self._config = config or HistoryConfig()
        self._numbers: dict[UserId, int] = {}
        self._acts = Tails(self._config.per_user, {"row": np.int32, "at": np.float64, "weight": np.float32})
        self._met = Tails(self._config.per_item, {"user": np.int32, "place": np.int64})

    def fold(self, event: Event) -> None:
        """Takes in one event; only acts in favour of an item count."""
        if not isinstance(event, Acted):
            return
        weight = weight_of(event)
        if weight <= 0.0:
            return
        row = self._rows.of(event.item)
        number = self._numbers.get(event.user)
        if number is None:
            number = self._numbers[event.user] = len(self._acts)
        place = self._acts.append(number, row, event.at.timestamp(), weight)
        self._met.append(row, number, place)

    def of(self, user: UserId) -> History:
        """What a user acted on."""
        acts = self._acts.of(self.number(user))
        return History(acts["row"].astype(np.int64), acts["at"].astype(np.float64), acts["weight"].astype(np.float64))

    def number(self, user: UserId) -> int:
        """The number audiences know a user by; -1 for one who acted on nothing."""
        return self._numbers.get(user, -1)

    def audience(self, rows: RowArray) -> tuple[RowArray, RowArray]:
        """The numbers of the users who acted on each row lately, once for each time, and which row each is of."""
        index, which = self._met.latest(rows, self._config.per_item)
        return self._met.flat["user"][index].astype(np.int64), which

    def lengths(self, numbers: RowArray) -> RowArray:
        """How many acts are kept of each of the users of these numbers."""
        return self._acts.lengths(numbers)

    def acted(self, numbers: RowArray, most: int) -> tuple[RowArray, RowArray]:
        """The rows of the latest acts of each of these users, and which user each is of."""
        index, which = self._acts.latest(numbers, most)
        return self._acts.flat["row"][index].astype(np.int64), which

    def tried(self, rows: RowArray) -> RowArray:
        """How many acts on each row are remembered."""
        return self._met.lengths(rows)

    def companions(self, user: UserId, rows: RowArray) -> Companions:
        """What users other than this one acted on around their latest acts on each row, the first row best known."""
        config, acts = self._config, self._acts.flat
        met = np.maximum(config.met_least, config.met * config.met_falls ** np.arange(len(rows)))
        index, origin = self._met.latest(rows, met.astype(np.int64))
        numbers = self._met.flat["user"][index].astype(np.int64)
        others = np.flatnonzero(numbers != self.number(user))
        numbers, places, origin = numbers[others], self._met.flat["place"][index[others]], origin[others]
        index, which, apart = self._acts.around(numbers, places.astype(np.int64), config.reach)
        origin, met = origin[which], acts["row"][index].astype(np.int64)
        at, then = acts["at"][index].astype(np.float64), acts["at"][index - apart].astype(np.float64)
        kept = np.flatnonzero((met != rows[origin]) & (np.abs(at - then) <= config.within_seconds))
        distinct, place = _numbered(met[kept])
        return Companions(
            distinct,
            place,
            origin[kept],
            apart[kept],
            np.maximum(at, then)[kept],
            acts["weight"][index[kept]].astype(np.float64),
        )

    def dump(self) -> bytes:
        """The state, by item id and user id."""
        kept, dropped, acts = self._acts.dump()
        met, met_dropped, audiences = self._met.dump()
        return msgspec.msgpack.encode(
            _State(
                [self._rows.id(row) for row in range(len(met))],
                list(self._numbers),
                kept.tobytes(),
                dropped.tobytes(),
                acts["row"].tobytes(),
                acts["at"].tobytes(),
                acts["weight"].tobytes(),
                met.tobytes(),
                met_dropped.tobytes(),
                audiences["user"].tobytes(),
                audiences["place"].tobytes(),
            )
        )

    def load(self, state: bytes) -> None:
        """Replaces the state by a dumped one."""
        held = msgspec.msgpack.decode(state, type=_State)
        rows = np.array([self._rows.of(ItemId(item)) for item in held.ids], dtype=np.int64)
        self._numbers = {UserId(user): number for number, user in enumerate(held.users)}
        acts: dict[str, Column] = {
            "row": rows[np.frombuffer(held.rows, np.int32)],
            "at": np.frombuffer(held.at, np.float64),
            "weight": np.frombuffer(held.weights, np.float32),
        }
        self._acts.load(np.frombuffer(held.kept, np.int64), np.frombuffer(held.dropped, np.int64), acts)
        audiences: dict[str, Column] = {
            "user": np.frombuffer(held.met_users, np.int32),
            "place": np.frombuffer(held.met_places, np.int64),
        }
        self._met.load(np.frombuffer(held.met, np.int64), np.frombuffer(held.met_dropped, np.int64), audiences, rows)

    def clear(self) -> None:
        """Forgets everything."""
        self._numbers = {}
        self._acts.clear()
        self._met.clear()


def _numbered(rows: RowArray) -> tuple[RowArray, RowArray]:
    """The distinct rows, ascending, and which of them each is.

    As ``np.unique`` does, with one sort and a table in place of its two.
    """
    ordered = np.sort(rows)
    distinct = ordered[np.diff(ordered, prepend=-1) > 0]
    places = np.empty(int(distinct[-1]) + 1 if len(distinct) else 0, dtype=np.int64)
    places[distinct] = np.arange(len(distinct))
    return distinct, places[rows]
