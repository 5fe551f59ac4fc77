"""Models on servers that behave badly, over real sockets."""

import json
import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from betimes.errors import ModelBusy, ModelError, ModelNonsense, ModelTimeout, ModelUnavailable
from betimes.models import embedder_from, model_from
from betimes.models.guard import Guarded
from betimes.models.openai import OpenAIChat, OpenAIEmbedder
from betimes.ports import Prompt

PROMPT = Prompt("Task.", (("a", "b"),), "x\ny", schema={"type": "object"}, max_tokens=8)


class BadServer(ThreadingHTTPServer):
    """Behaves as the first part of the path says. Keeps what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.ended = Event()

    def url(self, behaviour: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{behaviour}/v1"


class Handler(BaseHTTPRequestHandler):
    server: BadServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(body)
        behaviour = self.path.split("/")[1]
        try:
            BEHAVIOURS[behaviour](self, body)
        except OSError:
            # The client has had enough.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def reply(self, status: int, body: object, **headers: str) -> None:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def stream(self, *pieces: object, end: bool = True) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for piece in pieces:
            self.send(piece)
        if end:
            self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def send(self, piece: object) -> None:
        self.wfile.write(f"data: {piece if isinstance(piece, str) else json.dumps(piece)}\n\n".encode())
        self.wfile.flush()


def piece(text: object, finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
    }


def hang(handler: Handler, body: dict[str, Any]) -> None:
    handler.server.ended.wait(30.0)


def cut(handler: Handler, body: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("content-length", "10000")
    handler.end_headers()
    handler.send(piece("half"))
    handler.close_connection = True


def reset(handler: Handler, body: dict[str, Any]) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def endless(handler: Handler, body: dict[str, Any]) -> None:
    handler.stream(end=False)
    while not handler.server.ended.is_set():
        handler.send(piece("word "))


def drip(handler: Handler, body: dict[str, Any]) -> None:
    handler.stream(end=False)
    while not handler.server.ended.wait(0.02):
        handler.send(piece(""))


def comments(handler: Handler, body: dict[str, Any]) -> None:
    handler.stream(end=False)
    while not handler.server.ended.wait(0.02):
        handler.wfile.write(b": still here\n\n")
        handler.wfile.flush()


def no_schema(handler: Handler, body: dict[str, Any]) -> None:
    if body.get("response_format", {}).get("type") == "json_schema":
        handler.reply(400, {"error": {"message": "json_schema is not supported"}})
    else:
        handler.stream(piece("{}", "stop"))


def no_format(handler: Handler, body: dict[str, Any]) -> None:
    if "response_format" in body:
        handler.reply(422, {"error": {"message": "response_format: extra field"}})
    else:
        handler.stream(piece("need |"), piece(" |", "stop"))


def embeddings(make: Callable[[int], list[float]]) -> Callable[[Handler, dict[str, Any]], None]:
    def behave(handler: Handler, body: dict[str, Any]) -> None:
        data = [{"object": "embedding", "index": i, "embedding": make(i)} for i in range(len(body["input"]))]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        handler.reply(200, {"object": "list", "model": "m", "data": data[::-1], "usage": usage})

    return behave


def nan_after_the_first(handler: Handler, body: dict[str, Any]) -> None:
    embeddings(lambda i: [1.0, 2.0 if len(handler.server.asked) < 2 else float("nan")])(handler, body)


def wider_after_the_first(handler: Handler, body: dict[str, Any]) -> None:
    embeddings(lambda i: [1.0] * (2 if len(handler.server.asked) < 2 else 3))(handler, body)


def fewer_after_the_first(handler: Handler, body: dict[str, Any]) -> None:
    kept = body["input"] if len(handler.server.asked) < 2 else body["input"][1:]
    embeddings(lambda i: [1.0, 2.0])(handler, {"input": kept})


BEHAVIOURS: dict[str, Callable[[Handler, dict[str, Any]], None]] = {
    "good": lambda h, _: h.stream(piece("{not "), piece(None), piece("json", "stop")),
    "hang": hang,
    "busy": lambda h, _: h.reply(429, {"error": {"message": "slow down"}}, retry_after="7"),
    "broken": lambda h, _: h.reply(500, {"error": {"message": "out of memory"}}),
    "gateway": lambda h, _: h.reply(502, "<html>bad gateway</html>"),
    "late": lambda h, _: h.reply(504, "<html>late</html>"),
    "locked": lambda h, _: h.reply(401, {"error": {"message": "no such key"}}),
    "missing": lambda h, _: h.reply(404, {"error": {"message": "no such model"}}),
    "refusing": lambda h, _: h.reply(400, {"error": {"message": "too long"}}),
    "cut": cut,
    "reset": reset,
    "unfinished": lambda h, _: h.stream(piece("half"), end=False),
    "error_event": lambda h, _: h.stream({"error": {"message": "crashed", "code": 500}}),
    "page": lambda h, _: h.reply(200, "<html>welcome</html>"),
    "garbage": lambda h, _: h.stream("{]"),
    "number": lambda h, _: h.stream("5"),
    "wrong_types": lambda h, _: h.stream({"choices": [{"delta": 5, "finish_reason": 7, "index": "x"}]}, {"choices": 3}),
    "no_text": lambda h, _: h.stream(piece(5), piece({"a": 1})),
    "empty": lambda h, _: h.stream(),
    "endless": endless,
    "drip": drip,
    "comments": comments,
    "no_schema": no_schema,
    "no_format": no_format,
    "vectors": embeddings(lambda i: [float(i), 2.0]),
    "nan": nan_after_the_first,
    "wider": wider_after_the_first,
    "fewer": fewer_after_the_first,
    "zero": embeddings(lambda i: [0.0, 0.0]),
    "words": lambda h, _: h.reply(200, {"object": "list", "data": [{"embedding": ["a", "b"], "index": 0}]}),
}


@pytest.fixture
def server() -> Iterator[BadServer]:
    server = BadServer()
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.ended.set()
    server.shutdown()
    server.server_close()
    thread.join(10.0)


@pytest.mark.parametrize(
    ("behaviour", "error", "said"),
    [
        ("hang", ModelTimeout, "within 0.3 s"),
        ("drip", ModelTimeout, "within 0.3 s"),
        ("late", ModelTimeout, "504"),
        ("busy", ModelBusy, "asks to wait 7 s"),
        ("broken", ModelUnavailable, "500"),
        ("gateway", ModelUnavailable, "502"),
        ("locked", ModelUnavailable, "401.*no such key"),
        ("missing", ModelUnavailable, "404.*no such model"),
        ("refusing", ModelNonsense, "400.*too long"),
        ("cut", ModelUnavailable, "broke off"),
        ("reset", ModelUnavailable, "cannot be reached"),
        ("unfinished", ModelNonsense, "cut"),
        ("error_event", ModelUnavailable, "crashed"),
        ("page", ModelNonsense, "none"),
        ("garbage", ModelNonsense, "no answer"),
        ("number", ModelNonsense, "none"),
        ("no_text", ModelNonsense, "none"),
        ("wrong_types", ModelNonsense, "none"),
        ("empty", ModelNonsense, "none"),
        ("endless", ModelNonsense, "does not end"),
    ],
)
def test_a_bad_server_is_told_in_our_words(
    server: BadServer, behaviour: str, error: type[ModelError], said: str
) -> None:
    model = OpenAIChat("m", server.url(behaviour))
    with pytest.raises(error, match=said) as raised:
        model.complete(PROMPT, timeout=0.3 if error is ModelTimeout else 10.0)
    assert f"the model m at 127.0.0.1:{server.server_port}" in str(raised.value)
    model.close()


def test_nobody_there_is_unavailable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        OpenAIChat("m", f"http://user:secret@127.0.0.1:{port}/v1").complete(PROMPT, timeout=10.0)


def test_a_server_that_only_says_it_is_there_cannot_hold_a_guarded_call(server: BadServer) -> None:
    guarded = Guarded(OpenAIChat("m", server.url("comments")))
    with pytest.raises(ModelTimeout):
        guarded.complete(PROMPT, timeout=0.3)
    server.ended.set()
    guarded.close()


def test_an_answer_is_given_raw_and_the_input_is_the_last_message(server: BadServer) -> None:
    model = OpenAIChat("m", server.url("good"))
    assert model.complete(PROMPT, timeout=10.0).text == "{not json"
    asked = server.asked[0]
    assert [(m["role"], m["content"]) for m in asked["messages"]] == [
        ("system", "Task."),
        ("user", "a"),
        ("assistant", "b"),
        ("user", "x y"),
    ]
    assert asked["temperature"] == 0
    assert asked["response_format"]["json_schema"]["schema"] == PROMPT.schema
    model.close()


@pytest.mark.parametrize(("behaviour", "requests", "text"), [("no_schema", 2, "{}"), ("no_format", 3, "need | |")])
def test_a_format_that_is_refused_is_loosened_once(server: BadServer, behaviour: str, requests: int, text: str) -> None:
    model = OpenAIChat("m", server.url(behaviour))
    assert model.complete(PROMPT, timeout=10.0).text == text
    assert len(server.asked) == requests
    assert model.complete(PROMPT, timeout=10.0).text == text
    assert len(server.asked) == requests + 1
    model.close()


def test_a_refused_prompt_does_not_loosen_the_format(server: BadServer) -> None:
    model = OpenAIChat("m", server.url("refusing"))
    for _ in range(2):
        with pytest.raises(ModelNonsense):
            model.complete(PROMPT, timeout=10.0)
    assert [a.get("response_format", {}).get("type") for a in server.asked] == ["json_schema", "json_object", None] * 2
    model.close()


def test_no_key_is_in_what_is_said(server: BadServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    model = OpenAIChat("m", server.url("broken"), "sk-very-secret")
    with pytest.raises(ModelUnavailable) as raised:
        model.complete(PROMPT, timeout=10.0)
    assert "secret" not in str(raised.value)
    model.close()


def test_an_embedder_on_a_server_keeps_the_order_and_the_length(server: BadServer) -> None:
    embedder = OpenAIEmbedder("m", server.url("vectors"))
    vectors = embedder.passages(["a", "", "c\x00\ud800"])
    assert (embedder.dim, vectors.shape) == (2, (3, 2))
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors[1], np.array([1.0, 2.0]) / np.sqrt(5.0), atol=1e-6)
    assert embedder.queries([]).shape == (0, 2)
    assert embedder.queries([f"{i}" for i in range(100)]).shape == (100, 2)


@pytest.mark.parametrize("behaviour", ["nan", "wider", "fewer"])
def test_vectors_that_turn_bad_are_nonsense(server: BadServer, behaviour: str) -> None:
    embedder = OpenAIEmbedder("m", server.url(behaviour))
    with pytest.raises(ModelNonsense):
        embedder.passages(["a", "b"])


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        ("busy", ModelBusy),
        ("broken", ModelUnavailable),
        ("page", ModelNonsense),
        ("zero", ModelNonsense),
        ("words", ModelNonsense),
    ],
)
def test_a_bad_embedding_server_is_told_at_the_start(
    server: BadServer, behaviour: str, error: type[ModelError]
) -> None:
    with pytest.raises(error):
        OpenAIEmbedder("m", server.url(behaviour)).passages(["a"])


def test_models_and_embedders_are_had_by_name(server: BadServer) -> None:
    model = model_from(f"openai:org/m@x@{server.url('good')}", api_key="k")
    assert model is not None
    assert (model.name, model.complete(PROMPT, timeout=10.0).text) == ("org/m@x", "{not json")
    model.close()
    assert embedder_from(f"openai:m@{server.url('vectors')}").dim == 2
    assert model_from(None) is model_from("none") is None


@pytest.mark.parametrize("spec", ["", "llama", "llama:", "gpt", "openai:m", "openai:@http://x", "openai:m@ftp://x"])
def test_a_name_of_no_model_is_refused_with_the_forms_there_are(spec: str) -> None:
    with pytest.raises(ModelUnavailable, match="openai:MODEL@BASE_URL"):
        model_from(spec)


def test_a_model_that_is_not_there_is_said_when_it_is_named() -> None:
    with pytest.raises(ModelUnavailable, match=r"/none/model\.gguf"):
        model_from("llama:/none/model.gguf")
