"""The past played again: by its own rules, through the command line, and a ranker learned from it put to use."""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

import betimes
from betimes.domain.event import Acted, ActKind
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, TrainedKind, UserId
from betimes.errors import InvalidInput
from betimes.evaluate.metrics import hit_rate, interval, ndcg, reciprocal_rank
from betimes.evaluate.peers import NAMES, sasrec
from betimes.evaluate.replay import Outcomes, Protocol, replay
from betimes.recommend.tables import Tables
from betimes.stores import open_stores
from betimes.train.timeline import Basket, Span, Timeline

from .terminal import ENVIRONMENT, Terminal

START = datetime(2026, 1, 1, tzinfo=UTC)
CIRCLES, EACH, USERS = 6, 8, 50


def acts() -> list[Acted]:
    """Users of one circle go for its items a few at a time, the next in turn after the last."""
    chance = np.random.default_rng(0)
    made = []
    for visit in range(700):
        user = int(chance.integers(USERS))
        first = int(chance.integers(EACH))
        for step in range(3):
            item = user % CIRCLES * EACH + (first + step) % EACH
            at = START + timedelta(hours=3 * visit, seconds=20 * step)
            made.append(
                Acted(
                    id=EventId(f"{visit}.{step}"),
                    user=UserId(f"u{user}"),
                    at=at,
                    item=ItemId(f"i{item}"),
                    kind=ActKind.CLICK,
                )
            )
    return made


def items() -> list[Item]:
    return [Item(ItemId(f"i{n}"), f"thing number {n}", domain="video") for n in range(CIRCLES * EACH)]


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return Timeline.of("circles", items(), acts(), timedelta(minutes=30))


class Scribe:
    """A player that writes down what it is told and asked, and shows what it is given to show."""

    name = "scribe"

    def __init__(self, shown: Sequence[str] = ()) -> None:
        self.seen: list[Basket] = []
        self.asked: list[tuple[Basket, int]] = []
        self._shown = [ItemId(item) for item in shown]

    def reveal(self, baskets: Sequence[Basket]) -> None:
        self.seen += baskets

    def ranked(self, request: Basket, n: int, *, again: bool) -> list[ItemId]:
        self.asked.append((request, len(self.seen)))
        return self._shown[:n]


# --- the rules --------------------------------------------------------------------------------------------


def test_acts_close_in_time_are_one_basket_and_those_against_an_item_are_left_out() -> None:
    def act(minutes: int, item: str, kind: ActKind = ActKind.CLICK, user: str = "ann") -> Acted:
        at = START + timedelta(minutes=minutes)
        return Acted(id=EventId(f"{minutes}"), user=UserId(user), at=at, item=ItemId(item), kind=kind)

    happened = [
        act(99, "i1"),
        act(0, "i1"),
        act(5, "i2"),
        act(6, "i2", user="bob"),
        act(9, "i1"),
        act(7, "i3", ActKind.SKIP),
    ]
    made = Timeline.of("few", items(), happened, timedelta(minutes=30))
    assert [(b.user, b.items) for b in made.baskets] == [("ann", ("i1", "i2")), ("bob", ("i2",)), ("ann", ("i1",))]
    assert [b.items for b in made.one_by_one().baskets] == [("i1",), ("i2",), ("i2",), ("i1",)]


def test_the_order_within_a_moment_is_settled_by_chance_where_it_should_not_tell() -> None:
    at = START
    happened = [
        Acted(id=EventId(f"{n}"), user=UserId(user), at=at, item=ItemId(f"i{n}"), kind=ActKind.BUY)
        for user in ("ann", "bob")
        for n in range(8)
    ]
    some = [Item(ItemId(f"i{n}"), f"thing {n}") for n in range(8)]
    made = Timeline.of("few", some, happened, timedelta(0))
    same = Timeline.of("few", some, happened[::-1], timedelta(0))
    cart, other = made.one_by_one(by_chance=True), same.one_by_one(by_chance=True)
    assert cart == other
    assert cart.digest != made.one_by_one().digest
    assert [b.items for b in cart.baskets] != [b.items for b in made.one_by_one().baskets]
    assert [b.user for b in cart.baskets] == ["ann"] * 8 + ["bob"] * 8
    assert {b.items[0] for b in cart.baskets[:8]} == {item.id for item in some}


def test_the_digest_tells_the_order() -> None:
    some = acts()[:50]
    one = Timeline.of("a", items(), some, timedelta(0))
    assert one.digest == Timeline.of("b", items(), list(reversed(some)), timedelta(0)).digest
    same_moment = [
        Acted(id=EventId("x"), user=UserId("u"), at=START, item=ItemId(i), kind=ActKind.BUY) for i in ("i1", "i2")
    ]
    orders = [Timeline.of("a", items(), order, timedelta(0)).digest for order in (same_moment, same_moment[::-1])]
    assert orders[0] != orders[1]


def test_a_request_knows_all_that_stands_before_it_and_nothing_after(timeline: Timeline) -> None:
    scribe, span = Scribe(), Span.of(timeline, 0.2)
    replay(scribe, timeline, span, Protocol(again=True))
    assert [request for request, _ in scribe.asked] == list(timeline.baskets[span.test :])
    assert [known for _, known in scribe.asked] == list(range(span.test, len(timeline.baskets)))
    assert scribe.seen == list(timeline.baskets[:-1])


@pytest.mark.parametrize("lag", [timedelta(hours=1), timedelta(days=1), None])
def test_with_lag_a_request_knows_only_what_happened_so_long_before(timeline: Timeline, lag: timedelta | None) -> None:
    scribe, span = Scribe(), Span.of(timeline, 0.2)
    replay(scribe, timeline, span, Protocol(again=True, lag=lag))
    for request, known in scribe.asked:
        expected = [b for b in timeline.baskets if lag is not None and b.at + lag <= request.at]
        assert known == (span.test if lag is None else len(expected))


def test_only_what_is_new_counts_unless_what_was_had_may_come_again(timeline: Timeline) -> None:
    span = Span.of(timeline, 0.2)
    had: dict[str, set[str]] = {}
    for basket in timeline.baskets[: span.test]:
        had.setdefault(basket.user, set()).update(basket.items)
    first = timeline.baskets[span.test]
    every = replay(Scribe([*first.items]), timeline, span, Protocol(again=True, limit=1))
    assert (every.wanted[0], every.hits[0, :3].tolist(), every.shown[0, 3:].tolist()) == (3, [True] * 3, [-1] * 7)
    assert every.had[0, :3].tolist() == [item in had[first.user] for item in first.items]
    new = replay(Scribe(), timeline, span, Protocol())
    assert (new.wanted >= 1).all()
    assert new.wanted.sum() < sum(len(b.items) for b in timeline.baskets[span.test :])


def test_a_span_cuts_by_share_or_by_time(timeline: Timeline) -> None:
    n = len(timeline.baskets)
    assert Span.of(timeline, 0.2, 1.0) == Span(int(n * 0.8), int(n * 0.8)) or Span.of(timeline, 0.2, 1.0).test == int(
        n * 0.8
    )
    span = Span.of(timeline, timedelta(days=10))
    assert timeline.baskets[-1].at - timeline.baskets[span.test].at < timedelta(days=10)
    assert timeline.baskets[-1].at - timeline.baskets[span.test - 1].at >= timedelta(days=10)
    with pytest.raises(InvalidInput, match="too short"):
        Span.of(timeline, timedelta(days=400))


def outcomes(hits: list[list[bool]], wanted: list[int]) -> Outcomes:
    n = len(hits)
    zeros = np.zeros(n, dtype=np.int64)
    grid = np.array(hits)
    return Outcomes(np.arange(n), zeros, np.array(wanted), grid, grid, grid.astype(np.int64), zeros, zeros)


def test_metrics_by_hand() -> None:
    found = outcomes([[False, True, False], [True, True, True], [False, False, False]], [1, 5, 2])
    assert hit_rate(found).tolist() == [1.0, 1.0, 0.0]
    assert reciprocal_rank(found).tolist() == [0.5, 1.0, 0.0]
    assert ndcg(found) == pytest.approx([1.0 / np.log2(3), 1.0, 0.0])


def test_an_interval_holds_the_mean_and_keeps_a_users_requests_together() -> None:
    values = np.array([0.0, 1.0] * 50)
    apart = interval(values, np.arange(100))
    assert apart.low < apart.mean == 0.5 < apart.high
    together = interval(values, np.repeat(np.arange(50), 2))
    assert (together.low, together.high) == (0.5, 0.5)


# --- the commands -----------------------------------------------------------------------------------------


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in a folder that holds a data set in the form of MovieLens."""
    monkeypatch.chdir(tmp_path)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "films"
    folder.mkdir()
    titles = "".join(f"{item.id},{item.title},Drama\n" for item in items())
    (folder / "movies.csv").write_text(f"movieId,title,genres\n{titles}")
    rated = "".join(f"{act.user},{act.item},5,{int(act.at.timestamp())}\n" for act in acts())
    (folder / "ratings.csv").write_text(f"userId,movieId,rating,timestamp\n{rated}")
    return Terminal()


def test_replay_beside_peers_with_lag_goes_on_where_it_was_stopped(terminal: Terminal) -> None:
    command = ("evaluate", "replay", "films", "--protocol", "item", "--again", "--limit", "60", "--lag", "0s,never")
    first = terminal.json(*command, "--peer", "popularity 3d", "--plot", "lag.png")
    assert Path("lag.png").read_bytes().startswith(b"\x89PNG")
    figures = first["figures"]
    assert set(figures) == {"betimes", "betimes, never", "popularity 3d"}
    assert figures["betimes"]["NDCG"] > figures["popularity 3d"]["NDCG"]
    assert figures["betimes"]["NDCG"] > figures["betimes, never"]["NDCG"]
    low, high = first["NDCG less"]["popularity 3d"][1:]
    assert 0.0 < low < high
    kept = {path: path.stat().st_mtime_ns for path in Path("replay").glob("*.npz")}
    assert terminal.json(*command, "--peer", "popularity 3d") == first
    assert {path: path.stat().st_mtime_ns for path in Path("replay").glob("*.npz")} == kept


def test_a_peer_of_another_environment_plays_where_that_is_there(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("evaluate", "replay", "films", "--again", "--limit", "20")
    missing = terminal.refused(*command, "--peer", "sasrec", "--sasrec-python", "nowhere/python")
    assert "nowhere/python" in missing
    monkeypatch.setattr(sasrec, "SERVED", Path(__file__).parents[1] / "unit" / "evaluate" / "sasrec_stand_in.py")
    told = terminal.run(*command, "--peer", "all").stderr
    assert "sasrec does not play" in told
    monkeypatch.setenv("BETIMES_SASREC_PYTHON", sys.executable)
    figures = terminal.json(*command, "--peer", "all")["figures"]
    assert list(figures) == ["betimes", *NAMES, "sasrec"]
    # Who goes for an item of a circle goes for the next one, which is what the stand-in counts.
    assert figures["sasrec"]["NDCG"] > figures["popularity 3d"]["NDCG"]


def test_a_kept_ranker_of_another_version_is_learned_anew(terminal: Terminal) -> None:
    command = ("evaluate", "replay", "films", "--again", "--limit", "30")
    first = terminal.json(*command)
    [ranker], [outcomes] = (list(Path("replay").glob(f"{kind}-*.npz")) for kind in ("ranker", "movielens"))
    learned = ranker.read_bytes()
    ranker.write_bytes(Tables({"other": np.zeros(1)}, {"other": np.zeros((1, 2), dtype=np.float32)}).dump())
    outcomes.unlink()
    assert terminal.json(*command) == first
    assert ranker.read_bytes() == learned
    outcomes.unlink()
    assert terminal.json(*command) == first


def test_bad_input_is_told(terminal: Terminal) -> None:
    assert "no data set" in terminal.refused("evaluate", "replay", ".")
    assert "such as 30m" in terminal.refused("evaluate", "replay", "films", "--lag", "soon")
    assert "between 0 and 0.5" in terminal.refused("evaluate", "replay", "films", "--test", "0.9")
    assert "choose from" in terminal.refused("evaluate", "replay", "films", "--peer", "oracle")


def test_a_ranker_learned_from_the_log_serves_at_once_and_is_rolled_back(terminal: Terminal) -> None:
    with betimes.open("shop.db") as engine:
        engine.put_items(items())
        engine.record(acts())
        said = terminal.run("train", "ranker", "--name", "may").stdout
        assert "ranker may: NDCG@10" in said
        assert "* may" in terminal.run("train", "use", "ranker", "may").stdout
        engine.follow_trained()
        learned = engine.recommend("u1", exclude_seen=False)
        assert {part for pick in learned.picks for part in pick.parts} & {"repeat", "popular", "neighbours"}
        for pick in learned.picks:
            assert sum(pick.parts.values()) == pytest.approx(pick.score)
        assert "* may" not in terminal.run("train", "use", "ranker", "--nothing").stdout
        engine.follow_trained()
        plain = engine.recommend("u1", exclude_seen=False)
        assert [p.parts for p in plain.picks] != [p.parts for p in learned.picks]
    assert "there are: may" in terminal.refused("train", "use", "ranker", "june")


def test_a_sequence_model_learned_from_the_log_is_a_source(terminal: Terminal) -> None:
    with betimes.open("shop.db") as engine:
        engine.put_items(items())
        engine.record(acts())
        assert "in use" in terminal.run("train", "sequence", "--name", "may", "--epochs", "2").stdout
        engine.follow_trained()
        slate = engine.recommend("u1", exclude_seen=False)
        assert any("sequence" in pick.parts for pick in slate.picks)
    assert json.loads(Path("sequence/sequence.json").read_text())["users"] > 0


def test_factors_learned_from_the_log_are_a_source_and_are_rolled_back(terminal: Terminal) -> None:
    with betimes.open("shop.db") as engine:
        engine.put_items(items())
        engine.record(acts())
        said = [terminal.run("train", "factors", "--name", name).stdout for name in ("may", "june")]
        assert said == [f"factors {name}: {CIRCLES * EACH} items; in use\n" for name in ("may", "june")]
        engine.follow_trained()
        # Whom training never saw is served by what they did a moment ago.
        engine.act("new", "i8", "click")
        parts = {pick.item: pick.parts.get("factors", 0.0) for pick in engine.recommend("new").picks}
        assert max(parts, key=lambda item: parts[item]) in {f"i{n}" for n in range(EACH, 2 * EACH)}
        assert "* may" in terminal.run("train", "use", "factors", "may").stdout
        assert "* may" not in terminal.run("train", "use", "factors", "--nothing").stdout
        engine.follow_trained()
        assert not any("factors" in pick.parts for pick in engine.recommend("new").picks)


def test_too_short_a_log_has_no_factors(terminal: Terminal) -> None:
    assert "too few to factorise" in terminal.refused("train", "factors")


def test_factors_are_served_without_what_they_were_learned_with(terminal: Terminal) -> None:
    with betimes.open("shop.db") as engine:
        engine.put_items(items())
        engine.record(acts())
        terminal.run("train", "factors")
    serve = (
        "import sys, betimes\n"
        "with betimes.open('shop.db') as engine:\n"
        "    parts = {part for pick in engine.recommend('u1').picks for part in pick.parts}\n"
        "print('factors' in parts, {'implicit', 'scipy', 'torch'} & sys.modules.keys())"
    )
    told = subprocess.run([sys.executable, "-c", serve], capture_output=True, text=True, check=True)
    assert told.stdout == "True set()\n"


def test_a_ranker_learned_with_factors_counts_on_them(terminal: Terminal) -> None:
    with betimes.open("shop.db") as engine:
        engine.put_items(items())
        engine.record(acts())
        terminal.run("train", "factors")
        terminal.run("train", "ranker", "--name", "may")
    stores = open_stores("shop.db")
    tables = Tables.load(stores.trained.body("ranker", "may"))
    stores.close()
    assert {"factors", "factors_place"} & tables.edges.keys()


def test_what_was_trained_by_another_version_keeps_no_list_from_being_made(terminal: Terminal) -> None:
    with betimes.open("shop.db") as engine:
        engine.put_items(items())
        stores = open_stores("shop.db")
        kinds: tuple[TrainedKind, ...] = ("ranker", "sequence", "factors")
        for kind in kinds:
            stores.trained.save(kind, "old", START, b"of another time")
            stores.trained.use(kind, "old")
        stores.close()
        with capture_logs() as told:
            engine.follow_trained()
        assert [(line["kind"], line["name"]) for line in told] == [(kind, "old") for kind in kinds]
        assert engine.recommend("u1").picks
    assert "* old" in terminal.run("train", "use", "ranker").stdout
