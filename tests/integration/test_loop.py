"""The loop on the built-in catalogue: real database, real embedder, no language model."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from betimes.demo.items import catalogue
from betimes.demo.story import load
from betimes.domain.event import Change
from betimes.domain.item import Money
from betimes.domain.profile import Memory
from betimes.engine import Engine
from betimes.engine.assembly import assemble
from betimes.errors import InvalidEvent, InvalidInput, InvalidText, NotFound
from betimes.models import embedder_from
from betimes.settings import Settings
from betimes.stores import open_stores

SETTINGS = Settings(model="none", explore=0.0)


def opened(where: Path) -> Engine:
    return assemble(open_stores(str(where)), embedder_from("hash"), None, SETTINGS)


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("loop") / "demo.db"


@pytest.fixture(scope="module")
def engine(where: Path) -> Iterator[Engine]:
    with opened(where) as engine:
        load(engine)
        yield engine


def yuan(price: Money | None) -> float:
    assert price is not None
    return float(price.major) * SETTINGS.rates[price.currency]


def test_the_catalogue_holds_four_domains_and_four_hundred_items() -> None:
    items = catalogue()
    assert len(items) >= 400
    assert {i.domain for i in items} == {"shop", "video", "music", "social"}
    assert len({i.id for i in items}) == len(items)


def test_every_item_obeys_and_the_critique_makes_it_cheaper(engine: Engine) -> None:
    first = engine.say("t1", "我想买一款价格在1000元以下的手机")
    items = engine.items([p.item for p in first.picks])
    assert len(items) == 10
    assert all(i.category == "手机 / phone" and yuan(i.price) <= 1000.0 for i in items.values())
    cheaper = engine.say("t1", "太贵了")
    after = engine.items([p.item for p in cheaper.picks])
    assert sum(yuan(i.price) for i in after.values()) < sum(yuan(i.price) for i in items.values())
    assert all(yuan(i.price) <= 1000.0 for i in after.values())


def test_parts_sum_to_the_score_and_reasons_are_parts(engine: Engine) -> None:
    slate = engine.say("t2", "a science fiction film under two hours")
    assert slate.picks
    for pick in slate.picks:
        assert pick.score == pytest.approx(sum(pick.parts.values()))
        assert all(r.weight == pick.parts[r.part] for r in pick.reasons)


def test_an_impossible_wish_is_told_with_what_comes_nearest(engine: Engine) -> None:
    slate = engine.say("t3", "100元以下的手机")
    assert slate.picks == ()
    assert slate.empty is not None
    assert [c.field for c in slate.empty.constraints] == ["price"]
    assert slate.empty.nearest is not None
    assert engine.item(slate.empty.nearest).category == "手机 / phone"


def test_the_next_list_reflects_the_act(engine: Engine) -> None:
    slate = engine.say("t4", "推荐一部科幻片")
    refused = slate.picks[0].item
    stored = engine.act("t4", refused, "dislike")
    after = engine.recommend("t4")
    assert after.as_of >= stored.seq
    assert refused not in [p.item for p in after.picks]


def test_a_slate_can_be_shown_and_explained_again(engine: Engine) -> None:
    slate = engine.say("t5", "noise cancelling headphones")
    assert engine.slate(slate.id).picks == slate.picks
    why = engine.why(slate.id, slate.picks[1].item)
    assert (why.place, why.pick) == (2, slate.picks[1])
    with pytest.raises(NotFound):
        engine.why(slate.id, "no-such-item")


def test_rebuilding_gives_the_same_states(engine: Engine) -> None:
    state = engine._state
    before = (state.histories.dump(), state.weights.dump())
    profile = engine.profile("lin")
    engine.rebuild()
    assert (state.histories.dump(), state.weights.dump()) == before
    assert engine.profile("lin") == profile


def test_another_process_sees_the_same(engine: Engine, where: Path) -> None:
    engine.say("t6", "不要苹果的笔记本，八千以内")
    with opened(where) as other:
        assert other.profile("t6") == engine.profile("t6")
        mine, theirs = engine.recommend("t6"), other.recommend("t6")
        assert [p.item for p in mine.picks] == [p.item for p in theirs.picks]


def test_erasing_forgets(engine: Engine) -> None:
    engine.say("t7", "想看一部安静的纪录片")
    engine.erase("t7")
    assert engine.profile("t7").preferences == ()
    assert [type(e).__name__ for e in engine.export("t7")] == ["Erased"]


def test_what_is_edited_holds(engine: Engine) -> None:
    slate = engine.say("t8", "推荐一首摇滚")
    hidden = slate.picks[0].item
    engine.edit("t8", Change(op="hide", item=hidden))
    assert hidden not in [p.item for p in engine.recommend("t8").picks]
    assert any(p.now(slate.at, Memory()) > 0 for p in engine.profile("t8").preferences)


def test_small_talk_changes_nothing(engine: Engine) -> None:
    before = engine.say("t9", "两千元以内的平板").intent
    engine.say("t9", "谢谢")
    profile = engine.profile("t9")
    assert before is not None
    assert [i.topic for i in profile.focus] == [i.topic for i in before.interests]


def test_bad_input_is_told(engine: Engine) -> None:
    with pytest.raises(InvalidText):
        engine.say("t10", "   ")
    with pytest.raises(InvalidText):
        engine.say("t10", "x" * 100_000)
    with pytest.raises(NotFound, match="domain"):
        engine.recommend("t10", domain="cars")
    with pytest.raises(NotFound, match="item"):
        engine.act("t10", "nothing", "click")
    with pytest.raises(InvalidEvent, match="use one of"):
        engine.act("t10", catalogue()[0].id, "stare")
    with pytest.raises(InvalidInput, match="between 1 and 100"):
        engine.recommend("t10", n=0)
    with pytest.raises(NotFound, match="no user"):
        engine.profile("nobody at all")


def test_what_is_refused_is_not_stored(engine: Engine) -> None:
    before = engine.position()
    for n, domain in ((0, None), (10, "moon")):
        with pytest.raises((InvalidInput, NotFound)):
            engine.say("t20", "想要一副耳机", n=n, domain=domain)
    with pytest.raises(InvalidEvent, match="year 1"):
        engine.say("t20", "想要一副耳机", at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))))
    assert engine.position() == before


def test_what_is_sent_again_is_stored_once(engine: Engine) -> None:
    engine.say("t21", "想要一副耳机")
    first = engine.say("t21", "太贵了", event="again")
    again = engine.say("t21", "太贵了", event="again")
    assert first.intent == again.intent
    acts = [engine.act("t21", again.picks[0].item, "click", event="click-again") for _ in range(2)]
    assert acts[0] == acts[1]
    kinds = [type(e).__name__ for e in engine.export("t21")]
    assert (kinds.count("Said"), kinds.count("Understood"), kinds.count("Acted")) == (2, 2, 1)


def test_who_asks_for_what_is_not_there_is_told(engine: Engine) -> None:
    slate = engine.say("t22", "想买一台洗衣机")
    assert slate.notes == ("没有找到“洗衣机”，以下是意思相近的",)
    assert engine.say("t22", "想买一部手机").notes == ()


def test_a_film_is_found_by_what_people_call_it(engine: Engine) -> None:
    slate = engine.say("t23", "a sci-fi movie from the nineties")
    assert {i.category for i in engine.items([p.item for p in slate.picks]).values()} == {
        "科幻片 / science fiction film"
    }
