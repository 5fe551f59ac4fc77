"""A prequential replay: predict, score, then reveal, on one timeline, for the engine and for its peers alike."""

import typing
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from betimes.domain.names import ItemId, UserId
from betimes.errors import InvalidInput
from betimes.ports import Progress, batched, no_progress
from betimes.train.rehearsal import BATCH
from betimes.train.timeline import Basket, Span, Timeline


class Player(typing.Protocol):
    """What is asked in a replay. It never sees what lies ahead."""

    name: str

    def reveal(self, baskets: Sequence[Basket]) -> None:
        """Takes in what happened."""

    def ranked(self, request: Basket, n: int, *, again: bool) -> list[ItemId]:
        """The list for the user of a basket just before it; whose items must not be looked at.

        Args:
            again: whether the list may hold what the user had before.
        """


@dataclass(frozen=True, slots=True)
class Protocol:
    """How requests are made and scored.

    Attributes:
        again: whether what a user had before may be shown, and counts.
        n: the length of a list.
        lag: what happened less than so long before a request is not known yet; none for: nothing since training.
        limit: at most so many requests, evenly spread.
        last: only the last basket of each user is asked for.
    """

    again: bool = False
    n: int = 10
    lag: timedelta | None = timedelta(0)
    limit: int | None = None
    last: bool = False


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of the requests of one replay, as parallel arrays.

    Attributes:
        users: by number.
        history: how many distinct items each had gone for before.
        wanted: how many items counted as right.
        hits: whether each place of the list was right; shape ``(requests, n)``.
        had: whether each place held something the user had before.
        shown: the items by number, -1 where a list was shorter.
        new: how many of the wanted items nobody had gone for before training ended.
        new_hits: how many of these were in the list.
    """

    users: npt.NDArray[np.int64]
    history: npt.NDArray[np.int64]
    wanted: npt.NDArray[np.int64]
    hits: npt.NDArray[np.bool_]
    had: npt.NDArray[np.bool_]
    shown: npt.NDArray[np.int64]
    new: npt.NDArray[np.int64]
    new_hits: npt.NDArray[np.int64]


def replay(
    player: Player,
    timeline: Timeline,
    span: Span,
    protocol: Protocol,
    progress: Progress = no_progress,
    revealed: int = 0,
) -> Outcomes:
    """Asks a player before each basket of the test, scores, and reveals.

    Baskets are revealed in the timeline's order. Without lag a request knows all that stands before it in that
    order; with lag only what happened at least so long before.

    Args:
        revealed: how many baskets the player has seen already.
    """
    baskets = timeline.baskets
    number = {item.id: i for i, item in enumerate(timeline.items)}
    people: dict[UserId, int] = {}
    had: dict[UserId, set[ItemId]] = {}
    for basket in baskets[: span.test]:
        had.setdefault(basket.user, set()).update(basket.items)
    known = set().union(*had.values())
    final = {basket.user: at for at, basket in enumerate(baskets)} if protocol.last else None
    step = max(1, (len(baskets) - span.test) // (protocol.limit or len(baskets)))
    rows: list[tuple[int, int, int, list[bool], list[bool], list[int], int, int]] = []
    done = revealed
    for at in range(span.test, len(baskets)):
        basket = baskets[at]
        before = had.setdefault(basket.user, set())
        if (at - span.test) % step == 0 and (final is None or final[basket.user] == at):
            done = _reveal(player, baskets, done, _upto(baskets, done, at, span, protocol.lag))
            wanted = {item for item in basket.items if protocol.again or item not in before}
            if wanted:
                shown = player.ranked(basket, protocol.n, again=protocol.again)
                rest = [-1] * (protocol.n - len(shown))
                rows.append(
                    (
                        people.setdefault(basket.user, len(people)),
                        len(before),
                        len(wanted),
                        [item in wanted for item in shown] + [False] * len(rest),
                        [item in before for item in shown] + [False] * len(rest),
                        [number[item] for item in shown] + rest,
                        len(wanted - known),
                        len((wanted - known) & set(shown)),
                    )
                )
            progress(at - span.test, len(baskets) - span.test)
        before.update(basket.items)
    if not rows:
        raise InvalidInput(f"nothing in the test part of {timeline.name} is new to its users; allow what they had")
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Outcomes(*columns)


def _upto(baskets: Sequence[Basket], done: int, at: int, span: Span, lag: timedelta | None) -> int:
    """Up to where baskets may be known at the request that stands at a place."""
    if lag is None:
        return span.test
    if not lag:
        return at
    upto = done
    while upto < at and baskets[upto].at + lag <= baskets[at].at:
        upto += 1
    return upto


def _reveal(player: Player, baskets: Sequence[Basket], done: int, upto: int) -> int:
    for batch in batched(baskets[done:upto], BATCH):
        player.reveal(batch)
    return max(done, upto)
