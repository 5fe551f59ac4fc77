"""The laws of many sequences of which the latest entries are kept."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from betimes.remember.tails import Tails

MOST = 3
entries = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1_000)), max_size=80)


def grown(added: list[tuple[int, int]], start: Tails | None = None) -> Tails:
    tails = Tails(MOST, {"value": np.int32}) if start is None else start
    for number, value in added:
        tails.append(number, value)
    return tails


def kept(tails: Tails, number: int) -> list[int]:
    return [int(value) for value in tails.of(number)["value"]]


@given(entries)
def test_the_latest_entries_of_each_sequence_are_kept_in_order(added: list[tuple[int, int]]) -> None:
    tails = grown(added)
    for number in range(5):
        given_ = [value for n, value in added if n == number]
        held = kept(tails, number)
        assert min(len(given_), MOST) <= len(held) <= 2 * MOST
        assert held == given_[len(given_) - len(held) :]


@given(entries)
def test_an_entry_keeps_the_place_it_was_given(added: list[tuple[int, int]]) -> None:
    tails = Tails(MOST, {"value": np.int32})
    places: dict[int, list[tuple[int, int]]] = {}
    for number, value in added:
        places.setdefault(number, []).append((tails.append(number, value), value))
    for number, given_ in places.items():
        assert [place for place, _ in given_] == list(range(len(given_)))
        held = kept(tails, number)
        for place, value in given_[-len(held) :]:
            index, which, apart = tails.around(np.array([number]), np.array([place]), 0)
            assert (tails.flat["value"][index].tolist(), which.tolist(), apart.tolist()) == ([value], [0], [0])
        for place, _ in given_[: -len(held)]:
            assert len(tails.around(np.array([number]), np.array([place]), 2)[0]) == 0


@given(entries, st.integers(0, 3))
def test_what_stands_around_a_place_is_what_stands_there(added: list[tuple[int, int]], reach: int) -> None:
    tails = grown(added)
    numbers = [n for n in range(5) if kept(tails, n)]
    if not numbers:
        return
    given_ = {n: [value for m, value in added if m == n] for n in numbers}
    last = np.array([len(given_[n]) - 1 for n in numbers])
    index, which, apart = tails.around(np.array(numbers), last, reach)
    found = [(int(w), int(a), int(v)) for w, a, v in zip(which, apart, tails.flat["value"][index], strict=True)]
    wanted = []
    for w, n in enumerate(numbers):
        near = min(reach + 1, len(kept(tails, n)))
        wanted += [(w, step - near + 1, value) for step, value in enumerate(given_[n][-near:])]
    assert found == wanted


@given(entries, st.integers(1, 2 * MOST))
def test_the_latest_of_many_are_those_of_each(added: list[tuple[int, int]], most: int) -> None:
    tails = grown(added)
    numbers = np.array([4, 0, 7, 2])
    index, which = tails.latest(numbers, most)
    for at, number in enumerate(numbers.tolist()):
        assert tails.flat["value"][index[which == at]].tolist() == kept(tails, number)[-most:]
    assert tails.lengths(numbers).tolist() == [len(kept(tails, n)) for n in numbers.tolist()]


@given(entries, st.data())
def test_a_dump_between_two_halves_changes_nothing(added: list[tuple[int, int]], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(added)))
    other = Tails(MOST, {"value": np.int32})
    other.load(*grown(added[:cut]).dump())
    one, two = grown(added), grown(added[cut:], other)
    assert [kept(two, n) for n in range(5)] == [kept(one, n) for n in range(5)]
    assert [two.append(n, 0) for n in range(5)] == [one.append(n, 0) for n in range(5)]


def test_blocks_left_behind_are_used_again() -> None:
    tails = Tails(50, {"value": np.int32})
    for number in range(1_000):
        for value in range(100):
            tails.append(number, value)
    assert len(tails.flat["value"]) < 2 * 1_000 * 100
