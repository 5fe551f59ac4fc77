"""How much an act says about an item, for the states that all users share."""

from betimes.domain.event import Acted, ActKind

_WEIGHT = {
    ActKind.VIEW: 0.2,
    ActKind.CLICK: 1.0,
    ActKind.LIKE: 2.0,
    ActKind.DISLIKE: -1.0,
    ActKind.SAVE: 2.0,
    ActKind.BUY: 3.0,
    ActKind.SKIP: -0.1,
}


def weight_of(act: Acted) -> float:
    """The weight of an act; below zero when it speaks against the item.

    A rating counts from -2 (no stars) over 0 (2.5 stars) to 2 (5 stars); a stay by its length, up to 1.
    """
    if act.kind is ActKind.RATE:
        return 0.0 if act.value is None else 0.8 * (act.value - 2.5)
    if act.kind is ActKind.DWELL:
        return 0.0 if act.value is None else act.value / (act.value + 30.0)
    return _WEIGHT[act.kind]
