"""The laws of who acted on what."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.event import Acted, ActKind
from betimes.domain.names import EventId, ItemId, UserId
from betimes.remember.acts import weight_of
from betimes.remember.histories import Histories, HistoryConfig
from betimes.rows import Rows

START = datetime(2026, 1, 1, tzinfo=UTC)
ITEMS = [ItemId(c) for c in "abcdef"]
USERS = [UserId("ann"), UserId("bob"), UserId("eve")]
SMALL = HistoryConfig(per_user=4, per_item=3)


def acted(item: ItemId, user: UserId, kind: ActKind, minutes: int) -> Acted:
    return Acted(id=EventId("e"), user=user, at=START + timedelta(minutes=minutes), item=item, kind=kind)


acts = st.builds(
    acted, st.sampled_from(ITEMS), st.sampled_from(USERS), st.sampled_from(ActKind), st.integers(0, 10_000)
)


def folded(events: Iterable[Acted], config: HistoryConfig = SMALL, start: Histories | None = None) -> Histories:
    histories = start or Histories(Rows(ITEMS), config)
    for event in events:
        histories.fold(event)
    return histories


def told(histories: Histories) -> list[object]:
    pasts = [histories.of(user) for user in USERS]
    return [
        [(past.rows.tolist(), past.at.tolist(), past.weight.tolist()) for past in pasts],
        [histories.audience(np.array([row]))[0].tolist() for row in range(len(ITEMS))],
        [histories.number(user) for user in USERS],
    ]


@given(st.lists(acts, max_size=40))
def test_the_latest_acts_in_favour_are_kept_in_order(events: list[Acted]) -> None:
    histories = folded(events)
    for user in USERS:
        own = [e for e in events if e.user == user and weight_of(e) > 0.0]
        all_of_them = [(ITEMS.index(e.item), np.float32(weight_of(e))) for e in own]
        past = histories.of(user)
        kept = list(zip(past.rows.tolist(), past.weight.tolist(), strict=True))
        assert len(kept) == len(all_of_them) or SMALL.per_user <= len(kept) <= 2 * SMALL.per_user
        assert kept == all_of_them[len(all_of_them) - len(kept) :]


@given(st.lists(acts, max_size=40))
def test_an_audience_holds_the_latest_users_of_an_item(events: list[Acted]) -> None:
    histories = folded(events)
    audience, which = histories.audience(np.arange(len(ITEMS)))
    for row, item in enumerate(ITEMS):
        users = [histories.number(e.user) for e in events if e.item == item and weight_of(e) > 0.0]
        assert audience[which == row].tolist() == users[-SMALL.per_item :]


@given(st.lists(acts, max_size=40))
def test_companions_are_what_others_acted_on_around_the_same_items(events: list[Acted]) -> None:
    config = HistoryConfig(per_user=100, per_item=100, met=100, reach=2, within_seconds=3_000 * 60.0)
    histories = folded(events, config)
    asked = [2, 0]
    found = histories.companions(USERS[0], np.array(asked))
    told_ = sorted(
        zip(
            found.rows[found.place].tolist(),
            found.origin.tolist(),
            found.apart.tolist(),
            found.at.tolist(),
            found.weight.round(5).tolist(),
            strict=True,
        )
    )
    wanted = []
    for user in USERS[1:]:
        own = [e for e in events if e.user == user and weight_of(e) > 0.0]
        for here, origin_act in enumerate(own):
            for there in range(max(0, here - 2), min(len(own), here + 3)):
                row, origin_row = ITEMS.index(own[there].item), ITEMS.index(origin_act.item)
                together = abs(own[there].at - origin_act.at) <= timedelta(minutes=3_000)
                if origin_row in asked and row != origin_row and together:
                    at = max(own[there].at, origin_act.at).timestamp()
                    weight = round(float(np.float32(weight_of(own[there]))), 5)
                    wanted.append((row, asked.index(origin_row), there - here, at, weight))
    assert told_ == sorted(wanted)


@given(st.lists(acts, max_size=40), st.data())
def test_a_dump_between_two_halves_changes_nothing(events: list[Acted], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(events)))
    other = Histories(Rows(ITEMS), SMALL)
    other.load(folded(events[:cut]).dump())
    assert told(folded(events[cut:], start=other)) == told(folded(events))


def test_what_users_acted_on_is_found_by_their_numbers() -> None:
    histories = folded([acted(ITEMS[2], USERS[1], ActKind.BUY, 0), acted(ITEMS[0], USERS[1], ActKind.LIKE, 1)])
    found, which = histories.acted(np.array([histories.number(USERS[1])]), 10)
    assert (found.tolist(), which.tolist()) == ([2, 0], [0, 0])
    assert histories.number(USERS[0]) == -1
    assert histories.of(USERS[0]).rows.tolist() == []


def test_clearing_forgets_everything() -> None:
    histories = folded([acted(ITEMS[2], USERS[1], ActKind.BUY, 0)])
    histories.clear()
    assert told(histories) == told(folded([]))
