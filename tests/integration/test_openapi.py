"""The service held to its own description, by requests that fit it and by requests that hardly do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core import NOT_SET
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from betimes.demo.items import catalogue
from betimes.engine import assemble
from betimes.models import embedder_from
from betimes.serve.api import create_app
from betimes.settings import Settings
from betimes.stores import open_stores

JSON = {"Content-Type": "application/json"}
CONFORMS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service with two items and a user who has been shown both."""
    where: Path = tmp_path_factory.mktemp("openapi") / "shop.db"
    with (
        assemble(open_stores(str(where)), embedder_from("hash"), None, Settings(model="none")) as engine,
        TestClient(create_app(engine), raise_server_exceptions=False) as client,
    ):
        engine.put_items([item for item in catalogue() if item.category == "手机 / phone"])
        client.post("/v1/users/ann/say", json={"text": "1000元以下的手机"})
        yield client


@pytest.fixture(scope="module")
def api(client: TestClient) -> BaseSchema:
    return schemathesis.openapi.from_asgi("/v1/openapi.json", client.app)


#: Every route; describing the app opens no database.
ROUTES = [
    (path, method.upper())
    for path, methods in create_app(settings=Settings(model="none")).openapi()["paths"].items()
    for method in methods
]


#: Names that the service knows, for requests that shall find something.
KNOWN = {"user": "ann", "item": "redmi-12c"}


@pytest.mark.parametrize(("path", "method"), ROUTES)
@given(data=st.data())
@settings(max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_no_request_is_answered_otherwise_than_described(
    api: BaseSchema, path: str, method: str, data: st.DataObject
) -> None:
    mode = data.draw(st.sampled_from(list(schemathesis.GenerationMode)))
    case = data.draw(api[path][method].as_strategy(generation_mode=mode))
    if method != "DELETE" and data.draw(st.booleans()):
        case.path_parameters.update({name: KNOWN[name] for name in case.path_parameters if name in KNOWN})
    case.call_and_validate(checks=CONFORMS)


def test_every_route_answers_as_described_when_all_is_well(api: BaseSchema) -> None:
    """From an item to its place in a list, to what is known of the reader, to their erasure."""
    walked = set()

    def ask(
        method: str,
        path: str,
        body: Any = NOT_SET,  # noqa: ANN401  # whatever JSON holds
        query: dict[str, Any] | None = None,
        **names: str,
    ) -> Any:  # noqa: ANN401  # whatever JSON holds
        walked.add((path, method))
        case = api[path][method].Case(
            path_parameters={name: quote(value, safe="") for name, value in names.items()},
            query=query or {},
            body=body,
            media_type=None if body is NOT_SET else "application/json",
        )
        answer = case.call_and_validate(checks=CONFORMS)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.headers.get("content-type") == ["application/json"] else answer.text

    name = "https://shop.example/lamps?id=1"
    lamp = {
        "id": name,
        "title": "台灯 / lamp",
        "category": "台灯 / lamp",
        "price": 99.5,
        "currency": "CNY",
        "tags": ["护眼"],
        "facts": {"weight": {"value": 900, "unit": "g"}, "height": 40, "dimmable": True, "color": ["白", "black"]},
        "published": "2026-01-02T03:04:05",
    }
    assert ask("PUT", "/v1/items", {"items": [lamp]}) == {"added": 1, "changed": 0, "unchanged": 0}
    item = ask("GET", "/v1/items/{item}", item=name)
    assert (item["price"], item["published"]) == (99.5, "2026-01-02T03:04:05+00:00")
    assert ask("POST", "/v1/understand", {"text": "200元以下的台灯，要白色的"})["constraints"]
    slate = ask("POST", "/v1/users/{user}/say", {"text": "100元以下的台灯", "wait": "model"}, user="bob / bo")
    assert [p["item"]["id"] for p in slate["picks"]] == [name]
    assert ask("POST", "/v1/users/{user}/say", {"text": "10元以下的台灯"}, user="bob / bo")["empty"]["nearest"]
    assert ask("GET", "/v1/slates/{slate}", slate=slate["id"]) == slate
    assert ask("GET", "/v1/slates/{slate}/why/{item}", slate=slate["id"], item=name)["place"] == 1
    acts = [
        {
            "user": "bob / bo",
            "kind": "click",
            "item": name,
            "slate": slate["id"],
            "at": "2026-11-01T08:00:00+08:00",
        },
        {"user": "bob / bo", "kind": "rate", "item": name, "value": 4.5},
        {"user": "bob / bo", "kind": "say", "text": "护眼的"},
    ]
    recorded = ask("POST", "/v1/events", {"events": acts})
    assert recorded["recorded"] == 3
    constraint = {"field": "color", "op": "in", "value": ["白", "黑"], "hard": False, "until": "2090-01-01T00:00:00Z"}
    for change in (
        {"op": "set_interest", "interest": {"topic": "护眼", "kind": "hobby", "strength": 0.9}},
        {"op": "add_constraint", "constraint": constraint},
        {"op": "hide", "item": "other"},
    ):
        profile = ask("PATCH", "/v1/users/{user}/profile", change, user="bob / bo")
    assert profile == ask("GET", "/v1/users/{user}/profile", user="bob / bo") | {"preferences": profile["preferences"]}
    assert {"field": "color", "op": "in", "value": ["白", "黑"]}.items() <= profile["constraints"][-1].items()
    after = ask("GET", "/v1/users/{user}/recommendations", query={"as_of": recorded["as_of"], "n": 3}, user="bob / bo")
    assert after["as_of"] >= recorded["as_of"]
    events = ask("GET", "/v1/users/{user}/export", user="bob / bo")["events"]
    assert {e["event"] for e in events} == {"said", "understood", "shown", "acted", "edited"}
    ask("DELETE", "/v1/users/{user}", user="bob / bo")
    ask("DELETE", "/v1/items/{item}", item=name)
    assert ask("GET", "/v1/slates/{slate}", slate=ann_slate(api))["picks"]
    assert ask("GET", "/healthz") == {"ok": True}
    assert ask("GET", "/readyz")["ok"]
    assert "betimes_request_seconds" in ask("GET", "/metrics")
    assert walked == set(ROUTES)


def ann_slate(api: BaseSchema) -> str:
    """The list that ann was shown first."""
    answer = api["/v1/users/{user}/export"]["GET"].Case(path_parameters={"user": "ann"}).call()
    return next(str(e["id"]) for e in answer.json()["events"] if e["event"] == "shown")


#: Python's own JSON can spell them, and so can many clients.
NOT_FINITE = ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" + "0" * 400]


@pytest.mark.parametrize("number", NOT_FINITE)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/v1/items", '{"items": [{"id": "x", "title": "x", "currency": "CNY", "price": %s}]}'),
        ("PUT", "/v1/items", '{"items": [{"id": "x", "title": "x", "facts": {"weight": %s}}]}'),
        ("PUT", "/v1/items", '{"items": [{"id": "x", "title": "x", "facts": {"weight": {"value": %s, "unit": "g"}}}]}'),
        ("PUT", "/v1/items", '{"items": [{"id": "x", "title": "x", "facts": {"sizes": ["S", %s]}}]}'),
        ("PUT", "/v1/items", '{"items": [{"id": "x", "title": "x", "vector": [0.5, %s]}]}'),
        ("PUT", "/v1/items", '{"items": [{"id": "x", "title": "x", "published": %s}]}'),
        ("POST", "/v1/events", '{"events": [{"user": "x", "kind": "dwell", "item": "redmi-12c", "value": %s}]}'),
        ("POST", "/v1/events", '{"events": [{"user": "x", "kind": "view", "item": "redmi-12c", "value": %s}]}'),
        ("POST", "/v1/users/x/say", '{"text": "手机", "at": %s}'),
        ("POST", "/v1/users/x/say", '{"text": "手机", "n": %s}'),
        ("PATCH", "/v1/users/ann/profile", '{"op": "set_interest", "interest": {"topic": "x", "strength": %s}}'),
        ("PATCH", "/v1/users/ann/profile", '{"op": "add_constraint", "constraint": {"field": "price", "value": %s}}'),
    ],
)
def test_a_number_that_is_none_is_a_problem(client: TestClient, method: str, path: str, body: str, number: str) -> None:
    before = client.get("/readyz").json()
    answer = client.request(method, path, content=(body % number).encode(), headers=JSON)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert client.get("/readyz").json() == before
    assert client.get("/v1/items/x").status_code == 404


@pytest.mark.parametrize(
    "item",
    [
        {"id": " ", "title": "x"},
        {"id": "x\n", "title": "x"},
        {"id": "x", "title": " \x1b\x07 "},
        {"id": "x", "title": "x", "currency": "元"},
        {"id": "x", "title": "x", "price": -1},
        {"id": "x", "title": "x", "facts": {"weight": None}},
        {"id": "x", "title": "x", "facts": {"weight": {"unit": "g"}}},
        {"id": "x", "title": "x", "facts": {"weight": [1, 2]}},
        {"id": "x", "title": "x", "published": "0001-01-01T00:00:00+14:00"},
        {"id": "x", "title": "x", "colour": "red"},
    ],
)
def test_an_item_that_cannot_be_is_a_problem(client: TestClient, item: dict[str, Any]) -> None:
    good = {"id": "good", "title": "x"}
    answer = client.put("/v1/items", json={"items": [good, item]})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/v1/items/good").status_code == 404  # all or none


@pytest.mark.parametrize(
    "constraint",
    [
        {"field": "price", "op": "<=", "value": "cheap"},
        {"field": "brand", "op": "in", "value": "Nokia"},
        {"field": "brand", "op": "=", "value": ["Nokia"]},
        {"field": "brand", "op": "=", "value": True},
        {"field": "brand", "op": "~", "value": "Nokia"},
        {"field": "", "op": "=", "value": "Nokia"},
        {"field": "brand", "op": "in", "value": []},
        {"field": "price", "value": None},
        {"field": "price", "value": 3, "currency": ["CNY"]},
        {"field": "price", "value": 3, "until": "soon"},
    ],
)
def test_a_constraint_that_cannot_be_checked_is_a_problem(client: TestClient, constraint: dict[str, Any]) -> None:
    change = {"op": "add_constraint", "constraint": constraint}
    answer = client.patch("/v1/users/ann/profile", json=change)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_not_text_to_be_read_is_taken_out_of_items(client: TestClient) -> None:
    item = {"id": "esc", "title": "\x1b[31mred\x07", "tags": ["\x00", "new\x1b"], "facts": {"color": ["re\x00d"]}}
    assert client.put("/v1/items", json={"items": [item]}).status_code == 200
    stored = client.get("/v1/items/esc").json()
    assert (stored["title"], stored["tags"], stored["facts"]) == ("[31mred", ["new"], {"color": ["red"]})
    client.delete("/v1/items/esc")


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"{", 422), (b"\xff\xfe", 422), (b"[" * 100_000, 400), (b'{"text": "\\ud800"}', 422)],
)
def test_a_body_that_is_no_json_is_a_problem(client: TestClient, content: bytes, status: int) -> None:
    answer = client.post("/v1/users/ann/say", content=content, headers=JSON)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_without_end_is_refused(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(70):
            yield b" " * 1024 * 1024

    answer = client.post("/v1/understand", content=endless(), headers=JSON)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_bad_event_is_named_by_its_place(client: TestClient) -> None:
    good = {"user": "eve", "kind": "click", "item": "redmi-12c"}
    bad = [{"kind": "say", "text": " "}, {"kind": "rate", "item": "redmi-12c"}, {"kind": "click"}]
    for event in bad:
        answer = client.post("/v1/events", json={"events": [good, {"user": "eve", **event}]})
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith("events[1]: ")
    assert client.get("/v1/users/eve/profile").status_code == 404  # all or none
