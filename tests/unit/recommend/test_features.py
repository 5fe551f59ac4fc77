import numpy as np
import pytest

from betimes.domain.names import UserId
from betimes.domain.slate import Ask
from betimes.recommend.features import FEATURES, GATES, NAMES, Features, Measured
from betimes.recommend.sources import Found, Query
from betimes.remember.histories import History

from .world import NOW, Shop, item

ROWS = np.arange(4)
RATES = {"CNY": 1.0}


def measured(past: list[tuple[int, float]], found: dict[str, Found] | None = None, again: bool = True) -> Measured:
    """The features of four items for a user who acted on rows so many days ago, oldest first."""
    shop = Shop()
    shop.put(item("a", 100), item("b", 200), item("c", 400), item("d"))
    shop.act("bob", "a", "a", "b")
    at = np.array([NOW.timestamp() - 86_400.0 * days for _, days in past])
    acts = History(np.array([row for row, _ in past], dtype=np.int64), at, np.ones(len(past)))
    ask = Ask(UserId("ann"), NOW, "zh", exclude_seen=not again)
    query = Query(ask, np.ones(4, dtype=bool), 4, (), (), (), acts)
    features = Features(shop.columns, shop.dense, shop.trends)
    return features.measure(query, found or {}, ROWS, shop.dense.vectors(ROWS), RATES)


def feature(of: Measured, name: str) -> list[float]:
    return [float(value) for value in of.values[:, NAMES.index(name)]]


def test_without_a_past_and_sources_only_what_everybody_does_speaks() -> None:
    nothing = measured([])
    assert nothing.gate == (0, GATES[1] - 1, 1)
    for name, (part, neutral) in FEATURES.items():
        if part not in ("popular", "fresh", "spend"):
            assert feature(nothing, name) == pytest.approx([neutral] * 4), name
    shares = feature(nothing, "share_7d")
    assert shares[0] > shares[1] > shares[2] == shares[3]
    assert feature(nothing, "share_7d_place") == [0.0, -1.0, -10.0, -10.0]


def test_gates_are_the_length_of_the_past_the_time_since_and_whether_again() -> None:
    assert measured([(0, 40.0)]).gate == (1, 4, 1)
    assert measured([(0, 40.0), (1, 20.0), (2, 2.0)]).gate == (2, 2, 1)
    assert measured([(0, 0.01)], again=False).gate == (1, 0, 0)


def test_what_was_taken_is_counted_by_visits_and_by_its_rhythm() -> None:
    half_an_hour = 0.5 / 24
    past = [(0, 30.0), (0, 30.0 - half_an_hour / 2), (1, 20.0), (0, 10.0)]
    found = measured(past)
    assert feature(found, "taken") == [2.0, 1.0, 0.0, 0.0]
    assert feature(found, "taken_share") == pytest.approx([2 / 3, 1 / 3, 0.0, 0.0])
    assert feature(found, "taken_since") == pytest.approx([np.log1p(10.0), np.log1p(20.0), 10.0, 10.0])
    assert feature(found, "taken_due") == pytest.approx([np.log1p(10.0 / 20.0), -1.0, -1.0, -1.0])
    expected = 2 ** -(30.0 / 30) + 2 ** -((30.0 - half_an_hour / 2) / 30) + 2 ** -(10.0 / 30)
    assert feature(found, "taken_lately")[0] == pytest.approx(expected, rel=1e-5)


def test_prices_are_compared_with_what_the_user_usually_goes_for() -> None:
    found = measured([(0, 3.0), (2, 2.0)])
    usual = (np.log(100) + np.log(400)) / 2
    assert feature(found, "price_gap") == pytest.approx(
        [usual - np.log(100), abs(np.log(200) - usual), np.log(400) - usual, -1.0], rel=1e-5
    )
    assert feature(found, "price")[3] == -10.0


def test_what_a_source_thinks_is_read_for_the_candidates_of_others_too() -> None:
    found = measured([(0, 3.0)], {"covisit": Found(np.array([2, 9, 1]), np.array([0.5, 0.4, 0.25]))})
    assert feature(found, "covisit") == pytest.approx(np.log(np.array([0.0, 0.25, 0.5, 0.0]) + 1e-5).tolist())
    assert feature(found, "covisit_place") == [-10.0, -1.0, 0.0, -10.0]


def test_equals_share_a_place() -> None:
    found = measured([], {"neighbours": Found(np.array([0, 1, 2]), np.array([0.2, 0.2, 0.1]))})
    assert feature(found, "neighbours_place") == pytest.approx([0.0, 0.0, -np.log2(3.0), -10.0])
