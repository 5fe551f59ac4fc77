"""The HTTP service over the built-in catalogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from betimes.demo.story import load
from betimes.engine.assembly import assemble
from betimes.models import embedder_from
from betimes.serve.api import create_app
from betimes.settings import Settings
from betimes.stores import open_stores


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    where: Path = tmp_path_factory.mktemp("api") / "api.db"
    settings = Settings(model="none", token="secret", explore=0.0)  # noqa: S106  # of a test server
    with assemble(open_stores(str(where)), embedder_from("hash"), None, settings) as engine:
        load(engine)
        with TestClient(create_app(engine)) as client:
            client.headers["Authorization"] = "Bearer secret"
            yield client


def test_saying_answers_with_a_list_that_obeys(client: TestClient) -> None:
    slate = client.post("/v1/users/ann/say", json={"text": "1000元以下的手机", "n": 5}).json()
    assert len(slate["picks"]) == 5
    assert [c["value"] for c in slate["intent"]["constraints"]] == [1000.0]
    item = slate["picks"][0]["item"]["id"]
    why = client.get(f"/v1/slates/{slate['id']}/why/{item}").json()
    assert why["place"] == 1
    assert why["score"] == pytest.approx(sum(why["parts"].values()))


def test_saying_unfolds_as_events(client: TestClient) -> None:
    headers = {"Accept": "text/event-stream"}
    answer = client.post("/v1/users/bob/say", json={"text": "推荐一部科幻片"}, headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("event: slate\ndata: {")


def test_a_batch_of_events_is_idempotent(client: TestClient) -> None:
    item = client.get("/v1/users/cat/recommendations").json()["picks"][0]["item"]["id"]
    event = {"id": "e1", "user": "cat", "kind": "click", "item": item, "at": "2026-11-01T00:00:00Z"}
    first = client.post("/v1/events", json={"events": [event]}).json()
    assert client.post("/v1/events", json={"events": [event]}).json() == first
    profile = client.get("/v1/users/cat/profile").json()
    assert profile["acts"] == 1


def test_an_item_is_there_as_soon_as_it_is_put(client: TestClient) -> None:
    body = {"items": [{"id": "zq", "title": "zqlamp 台灯", "category": "台灯", "price": 99, "currency": "CNY"}]}
    assert client.put("/v1/items", json=body).json() == {"added": 1, "changed": 0, "unchanged": 0}
    picks = client.post("/v1/users/dan/say", json={"text": "100元以内的台灯"}).json()["picks"]
    assert [p["item"]["id"] for p in picks] == ["zq"]
    assert client.delete("/v1/items/zq").status_code == 204
    assert client.get("/v1/items/zq").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/users/eve/say", {"text": ""}, 422),
        ("POST", "/v1/users/eve/say", {"text": "x", "colour": 1}, 422),
        ("POST", "/v1/events", {"events": [{"user": "eve", "kind": "click", "item": "none"}]}, 404),
        ("GET", "/v1/users/nobody/profile", None, 404),
        ("GET", "/v1/users/eve/recommendations?domain=cars", None, 404),
        ("GET", "/v1/slates/none", None, 404),
        ("DELETE", "/v1/users/nobody", None, 404),
        ("GET", "/v1/nowhere", None, 404),
    ],
)
def test_problems_are_told(client: TestClient, method: str, path: str, body: object, status: int) -> None:
    answer = client.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_wrong_token_is_refused_and_health_needs_none(client: TestClient) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    assert client.get("/v1/users/ann/recommendations", headers=wrong).status_code == 401
    assert client.get("/healthz", headers=wrong).json() == {"ok": True}
    assert "betimes_request_seconds" in client.get("/metrics", headers=wrong).text
