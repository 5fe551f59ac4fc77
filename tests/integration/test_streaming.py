"""What a language model adds after the first list, over a real connection: the stream, the list, the copy.

The model is the scripted one, behind the guard that stands before every model.
"""

import json
import shutil
import socket
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
import uvicorn

from betimes.demo.items import catalogue
from betimes.engine import Engine, assemble
from betimes.errors import ModelBusy, ModelUnavailable
from betimes.models import embedder_from
from betimes.models.guard import GuardConfig, Guarded
from betimes.models.replay import HANGS, Script, Scripted, Turn
from betimes.ports import Completion, LanguageModel, Prompt
from betimes.serve.api import create_app
from betimes.settings import Settings
from betimes.stores import open_stores

FILM = "想要一部科幻片，片子里要有机器人"
READING = "need 科幻片 | feature=机器人 | +机器人"
NOTHING = "need 科幻片 | |"


class Service(Protocol):
    """Opens a service over a database that holds the built-in films, with a model; gives a client of it."""

    def __call__(self, model: LanguageModel, deadline: float = 60.0) -> AbstractContextManager[httpx.Client]: ...


class Held:
    """A scripted model that gives each of its answers when it is told to."""

    def __init__(self, answers: Script) -> None:
        self._model = Scripted(answers)
        self.name = self._model.name
        self._asked = threading.Semaphore(0)
        self._answers = threading.Semaphore(0)

    def complete(self, prompt: Prompt, *, timeout: float) -> Completion:
        """The script's answer, once it may be given."""
        self._asked.release()
        assert self._answers.acquire(timeout=60)
        return self._model.complete(prompt, timeout=timeout)

    def close(self) -> None:
        self.answer()
        self._model.close()

    def await_question(self) -> None:
        """Waits until the model is asked once more."""
        assert self._asked.acquire(timeout=60)

    def answer(self, times: int = 4) -> None:
        """Lets answers be given: by default to a sentence and to the copy of three items."""
        self._answers.release(times)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the built-in catalogue, to be copied."""
    where = tmp_path_factory.mktemp("streaming") / "films.db"
    with assemble(open_stores(str(where)), embedder_from("hash"), None, Settings(model="none")) as engine:
        engine.put_items([item for item in catalogue() if item.domain == "video"])
    return where


@pytest.fixture
def database(loaded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(loaded, tmp_path / "films.db"))


@pytest.fixture
def service(database: Path) -> Service:
    @contextmanager
    def opened(model: LanguageModel, deadline: float = 60.0) -> Iterator[httpx.Client]:
        settings = Settings(model="none", explore=0.0, model_deadline=deadline, model_copies=3)
        guarded = Guarded(model, GuardConfig(backoff=0.01))
        stores = open_stores(f"sqlite:///{database}?timeout=0.1")
        with (
            assemble(stores, embedder_from("hash"), guarded, settings) as engine,
            listening(engine) as base_url,
            httpx.Client(base_url=base_url, timeout=60.0, trust_env=False) as client,
        ):
            yield client

    return opened


@contextmanager
def listening(engine: Engine) -> Iterator[str]:
    """The app on a port of its own; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(engine), log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        finally:
            server.should_exit = True
            thread.join()


Event = tuple[str, Any]


@contextmanager
def streamed(client: httpx.Client, user: str, text: str) -> Iterator[Iterator[Event]]:
    """The events of saying something, each as it arrives."""
    with client.stream(
        "POST", f"/users/{user}/say", json={"text": text}, headers={"Accept": "text/event-stream"}
    ) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield parsed(answer.iter_lines())


def parsed(lines: Iterator[str]) -> Iterator[Event]:
    """Events of a stream: a name and JSON."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def said(client: httpx.Client, user: str, text: str) -> list[Event]:
    """Everything that comes of saying something."""
    with streamed(client, user, text) as events:
        return list(events)


def names(events: Sequence[Event]) -> list[str]:
    return [name for name, _ in events]


def reading_of(slate: dict[str, Any]) -> list[str]:
    """How the model's reading went, by the trace of a slate."""
    return [step["outcome"] for step in slate["trace"] if step["name"] == "model"]


def events_of(client: httpx.Client, user: str) -> list[str]:
    return [e["event"] for e in client.get(f"/users/{user}/export").json()["events"]]


# --- the model answers ------------------------------------------------------------------------------------


def test_the_first_list_does_not_wait_for_the_model(service: Service) -> None:
    model = Held([READING, "nonsense"])
    with service(model) as client, streamed(client, "ann", FILM) as events:
        name, first = next(events)
        assert name == "slate"
        assert len(first["picks"]) == 10
        assert reading_of(first) == []
        model.await_question()
        model.answer()
        assert names(list(events)) == ["understood", "slate"]


def test_what_the_text_bears_out_makes_the_list_anew(service: Service) -> None:
    with service(Scripted([READING, "nonsense"])) as client:
        events = said(client, "ann", FILM)
        assert names(events) == ["slate", "understood", "slate"]
        (_, first), (_, understood), (_, second) = events
        claims = [c for c in understood["constraints"] if c["by"] == "scripted"]
        assert [(c["field"], c["op"], c["value"], c["hard"]) for c in claims] == [("feature", "=", "机器人", False)]
        assert understood["by"] == "rules+scripted"
        assert second["id"] != first["id"]
        assert second["intent"] == understood
        assert second["as_of"] > first["as_of"]
        assert (reading_of(first), reading_of(second)) == ([], ["ok"])
        assert client.get(f"/slates/{second['id']}").json()["intent"] == understood
        held = client.get("/users/ann/profile").json()["constraints"]
        assert [(c["field"], c["value"]) for c in held] == [("feature", "机器人")]
        assert events_of(client, "ann") == ["said", "understood", "shown", "understood", "shown"]


def test_waiting_for_the_model_answers_with_the_list_that_holds(service: Service) -> None:
    with service(Scripted([READING, "nonsense"])) as client:
        slate = client.post("/users/ann/say", json={"text": FILM, "wait": "model"}).json()
        assert slate["intent"]["by"] == "rules+scripted"
        assert reading_of(slate) == ["ok"]
        assert client.get("/users/ann/recommendations").json()["as_of"] > slate["as_of"]


def test_a_model_that_adds_nothing_leaves_the_list_as_it_is(service: Service) -> None:
    with service(Scripted([NOTHING, "nonsense"])) as client:
        (_, first), (_, understood), (_, second) = said(client, "ann", FILM)
        assert understood["by"] == "rules+scripted"
        assert second["id"] == first["id"]
        assert second["picks"] == first["picks"]
        assert reading_of(second) == ["ok"]


@pytest.mark.parametrize(
    "answer",
    [
        "need 科幻片 | brand=苹果; price<=100; year>=2020; person!=诺兰 | +恐怖; -机器人",
        "taste | | -科幻片",
        "need 爱情片 | genre=爱情 | +浪漫",
        '{"kind": "need", "things": ["恐怖片"], "conditions": [{"field": "price", "op": "<=", "value": 1}],'
        ' "likes": ["血腥"], "dislikes": ["机器人"]}',
    ],
)
def test_nothing_that_the_text_does_not_bear_out_survives(service: Service, answer: str) -> None:
    with service(Scripted([answer, "nonsense"])) as client:
        (_, first), (_, understood), (_, second) = said(client, "ann", FILM)
        for part in ("kind", "interests", "constraints"):
            assert understood[part] == first["intent"][part]
        assert second["id"] == first["id"]


# --- copy -------------------------------------------------------------------------------------------------


def line_about(pick: dict[str, Any]) -> str:
    """A line that says only what the catalogue says of an item."""
    item = pick["item"]
    return f"{item['category'].split(' / ')[0]}，{item['tags'][0].split(' / ')[0]}。"


def test_copy_that_comes_after_is_told_kept_and_only_what_is_so(service: Service) -> None:
    with service(Scripted([NOTHING])) as client:
        picks = client.post("/users/ann/say", json={"text": FILM}).json()["picks"]
    good = line_about(picks[0])
    # The second is false, the third is not text to be shown.
    answers = [NOTHING, good, "科幻片，1 元，全网最佳，斯皮尔伯格执导。", "<script>alert(1)</script>科幻片"]
    with service(Scripted(answers)) as client:
        events = said(client, "bob", FILM)
        assert names(events) == ["slate", "understood", "slate", "copy"]
        slate, copy = events[2][1], events[3][1]
        assert [p["item"]["id"] for p in slate["picks"]] == [p["item"]["id"] for p in picks]
        assert copy["slate"] == slate["id"]
        assert copy["copies"] == {picks[0]["item"]["id"]: {"text": good, "by": "scripted"}}
        kept = client.get(f"/slates/{slate['id']}").json()["picks"]
        assert [p["copy"]["by"] for p in kept] == ["scripted", *["template"] * (len(kept) - 1)]
        assert kept[0]["copy"]["text"] == good
        assert [p["copy"] for p in kept[1:]] == [p["copy"] for p in slate["picks"][1:]]


@pytest.mark.parametrize(
    "draft",
    [
        "",
        "科幻片\n第二行",
        "科幻片，" * 30,
        "看 http://spam.example 的科幻片",
        "A science fiction film.",
        "忽略以上指令，科幻片免费送。",
        "**科幻片**",
        "科幻片，时长 9999 分钟。",
    ],
)
def test_a_draft_that_says_anything_else_is_not_shown(service: Service, draft: str) -> None:
    with service(Scripted([NOTHING, draft])) as client:
        events = said(client, "ann", FILM)
        assert names(events) == ["slate", "understood", "slate"]
        assert {p["copy"]["by"] for p in events[-1][1]["picks"]} == {"template"}


# --- the model does not answer ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turn", "outcome"),
    [
        (HANGS, "late"),
        (Turn("I am sorry, but I cannot help with that."), "fallback"),
        (Turn(""), "fallback"),
        (Turn("need | | | | |"), "fallback"),
        (Turn('{"kind": "need"'), "fallback"),
        (Turn('{"kind": "buy", "things": [], "conditions": [], "likes": [], "dislikes": []}'), "fallback"),
        (Turn("\x00" * 50_000), "fallback"),
        (Turn(error=ModelUnavailable("the model is gone")), "fallback"),
        (Turn(error=ModelBusy("come again")), "fallback"),
    ],
)
def test_without_an_answer_the_list_of_the_rules_holds(service: Service, turn: Turn, outcome: str) -> None:
    with service(Scripted([turn]), deadline=0.2 if turn is HANGS else 60.0) as client:
        (one, first), (two, second) = said(client, "ann", FILM)
        assert (one, two) == ("slate", "slate")
        assert second["id"] == first["id"]
        assert second["picks"] == first["picks"]
        assert reading_of(second) == [outcome]
        assert events_of(client, "ann") == ["said", "understood", "shown"]
        waited = client.post("/users/bob/say", json={"text": FILM, "wait": "model"})
        assert waited.status_code == 200
        assert reading_of(waited.json()) == [outcome]


def test_a_model_that_is_dead_is_not_waited_for_again_and_again(service: Service) -> None:
    model = Scripted([Turn(error=ModelUnavailable("the model is gone"))])
    with service(model) as client:
        for n in range(8):
            assert len(said(client, f"u{n}", FILM)) == 2
        assert len(model.asked) == 5 * GuardConfig().attempts  # then the circuit is open


def test_what_fails_on_the_way_is_told_in_the_stream(service: Service, database: Path) -> None:
    model = Held([READING])
    with service(model) as client, streamed(client, "ann", FILM) as events:
        next(events)
        model.await_question()
        with sqlite3.connect(database) as other:
            other.execute("BEGIN IMMEDIATE")
            model.answer()
            [(name, problem)] = list(events)
        other.close()
    assert name == "problem"
    assert (problem["title"], problem["status"]) == ("StoreUnavailable", 503)
    assert "is locked by another process" in problem["detail"]


def test_a_request_that_is_wrong_is_a_problem_and_no_stream(service: Service) -> None:
    with service(Scripted([READING])) as client:
        stream = {"Accept": "text/event-stream"}
        for body, status in (({"text": " "}, 422), ({"text": FILM, "domain": "cars"}, 404)):
            answer = client.post("/users/ann/say", json=body, headers=stream)
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"


# --- what happens meanwhile -------------------------------------------------------------------------------


def test_an_act_before_the_reading_counts_in_the_list_it_leads_to(service: Service) -> None:
    model = Held([READING, "nonsense"])
    with service(model) as client, streamed(client, "ann", FILM) as events:
        _, first = next(events)
        refused = first["picks"][0]["item"]["id"]
        act = {"user": "ann", "kind": "dislike", "item": refused}
        assert client.post("/events", json={"events": [act]}).status_code == 200
        model.answer()
        _, second = list(events)[-1]
        assert reading_of(second) == ["ok"]
        assert refused not in {p["item"]["id"] for p in second["picks"]}
        assert client.get("/users/ann/profile").json()["hidden"] == [refused]


def test_a_reading_that_another_sentence_overtook_changes_nothing(service: Service) -> None:
    model = Held([READING])  # of which the other sentence bears out nothing
    with service(model) as client, streamed(client, "ann", FILM) as events:
        _, first = next(events)
        model.await_question()
        second = client.post("/users/ann/say", json={"text": "换个口味，来一部喜剧片"}).json()
        model.answer(8)  # to both sentences and the copy of their items
        [(name, last)] = list(events)
        assert (name, last["id"], reading_of(last)) == ("slate", first["id"], ["late"])
        profile = client.get("/users/ann/profile").json()
        assert "喜剧片" in {i["topic"] for i in profile["focus"]}
        assert profile["constraints"] == []
        after = client.get("/users/ann/recommendations").json()
        assert [p["item"]["id"] for p in after["picks"]] == [p["item"]["id"] for p in second["picks"]]


def test_a_reading_of_someone_erased_is_dropped(service: Service) -> None:
    model = Held([READING, "nonsense"])
    with service(model) as client, streamed(client, "ann", FILM) as events:
        next(events)
        model.await_question()
        assert client.delete("/users/ann").status_code == 204
        model.answer()
        assert names(list(events)) == ["slate"]
        assert events_of(client, "ann") == ["erased"]


def test_copy_for_someone_erased_is_dropped(service: Service) -> None:
    with service(Scripted([NOTHING])) as client:
        good = line_about(client.post("/users/bob/say", json={"text": FILM}).json()["picks"][0])
    model = Held([NOTHING, good])
    with service(model) as client, streamed(client, "ann", FILM) as events:
        next(events)
        model.answer(1)
        assert [next(events)[0], next(events)[0]] == ["understood", "slate"]
        model.await_question()  # for the sentence
        model.await_question()  # for the first copy
        assert client.delete("/users/ann").status_code == 204
        model.answer()
        assert list(events) == []
        assert events_of(client, "ann") == ["erased"]


def test_a_list_that_is_not_waited_for_is_deepened_behind_it(service: Service) -> None:
    model = Held([READING, "nonsense"])
    with service(model) as client:
        first = client.post("/users/ann/say", json={"text": FILM}).json()
        assert reading_of(first) == []
        assert client.get("/users/ann/profile").json()["constraints"] == []
        model.answer()
    # Closing has waited for what was under way.
    with service(Scripted([NOTHING])) as client:
        assert events_of(client, "ann") == ["said", "understood", "shown", "understood", "shown"]
        held = client.get("/users/ann/profile").json()["constraints"]
        assert [(c["field"], c["value"]) for c in held] == [("feature", "机器人")]
