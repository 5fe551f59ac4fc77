"""The HTTP service. Routes only translate; everything is done by the engine."""

import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import perf_counter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

import betimes.engine
from betimes.domain.event import Acted, ActKind, Event, Said
from betimes.domain.intent import Intent
from betimes.domain.names import EventId, ItemId, SlateId
from betimes.domain.profile import Memory
from betimes.domain.slate import Slate
from betimes.engine import Engine, Update
from betimes.engine.checks import fresh_id, valid_kind, valid_user
from betimes.errors import BetimesError, Conflict, InvalidEvent, InvalidInput, NotFound
from betimes.serve import problems, wire
from betimes.serve.answers import (
    PROBLEM,
    AliveAnswer,
    ExportAnswer,
    IntentAnswer,
    ItemAnswer,
    ProfileAnswer,
    PutAnswer,
    ReadyAnswer,
    RecordedAnswer,
    SlateAnswer,
    WhyAnswer,
    answers,
)
from betimes.serve.bodies import ChangeBody, EventBody, EventsBody, ItemsBody, SayBody, UnderstandBody
from betimes.serve.metrics import Metrics
from betimes.settings import Settings
from betimes.text import check_text

Json = dict[str, Any]
_LARGEST_BODY = 64 * 1024 * 1024


def create_app(engine: Engine | None = None, settings: Settings | None = None) -> FastAPI:
    """The app over an engine; without one, it opens its own when it starts and closes it when it ends."""
    settings = settings or (engine.settings if engine else Settings())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        own = None if engine else betimes.engine.open(settings=settings)
        app.state.engine = engine or own
        yield
        if own is not None:
            own.close()

    app = FastAPI(
        title="Betimes",
        summary="Recommendations that keep up with what people say and do.",
        version="1",
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        max_body_size=_LARGEST_BODY,
    )
    app.state.metrics = Metrics()
    app.state.token = settings.token
    problems.install(app)
    app.middleware("http")(_measured)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.origins, allow_methods=["*"], allow_headers=["*"], max_age=600
        )
    app.include_router(_v1, dependencies=[Depends(_authorised)])
    app.include_router(_operations)
    return app


async def _measured(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    clock = perf_counter()
    metrics: Metrics = request.app.state.metrics  # what is mounted in the app takes its place in the request
    response = await call_next(request)
    route = request.scope.get("route")
    path = getattr(route, "path", "unknown")
    metrics.request(request.method, path, response.status_code, perf_counter() - clock)
    return response


_bearer = HTTPBearer(auto_error=False)


def _authorised(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> None:
    token = request.app.state.token
    if token and (credentials is None or not secrets.compare_digest(credentials.credentials.encode(), token.encode())):
        raise HTTPException(401, "give the token as: Authorization: Bearer …", {"WWW-Authenticate": "Bearer"})


def _engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


Engaged = Annotated[Engine, Depends(_engine_of)]
_v1 = APIRouter(prefix="/v1", responses=PROBLEM)
_operations = APIRouter(tags=["operations"], responses=PROBLEM)


@_v1.post("/understand", tags=["understand"], response_model=None, responses=answers(IntentAnswer))
def understand(body: UnderstandBody, engine: Engaged) -> Json:
    """What a sentence means, by rules, without recording it."""
    return wire.intent_json(engine.understand(body.text, body.user))


@_v1.post(
    "/users/{user:path}/say",
    tags=["loop"],
    responses=answers(SlateAnswer, **{"text/event-stream": {"schema": {"type": "string"}}}),
)
def say(user: str, body: SayBody, engine: Engaged, request: Request) -> Response:
    """Takes a sentence and answers with the list that obeys it.

    With ``Accept: text/event-stream`` it unfolds as events: ``slate``, ``understood``, ``slate``, ``copy``; what
    goes wrong on the way is told by an event ``problem`` that ends the stream.
    """
    metrics: Metrics = request.app.state.metrics
    if "text/event-stream" in request.headers.get("accept", ""):
        updates = engine.converse(user, body.text, body.n, body.at, body.domain, body.id)
        first = next(updates)  # what is wrong with the request is told as a problem, not in the stream
        stream = _events(engine, metrics, first, updates)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
    slate = engine.say(user, body.text, body.n, body.at, body.domain, body.wait, body.id)
    metrics.slate(slate)
    return Response(json.dumps(_slate_json(engine, slate), ensure_ascii=False), media_type="application/json")


def _events(engine: Engine, metrics: Metrics, first: Update, rest: Iterator[Update]) -> Iterator[str]:
    try:
        for update in _chained(first, rest):
            if isinstance(update, Slate):
                metrics.slate(update)
                name, body = "slate", json.dumps(_slate_json(engine, update), ensure_ascii=False)
            elif isinstance(update, Intent):
                name, body = "understood", json.dumps(wire.intent_json(update), ensure_ascii=False)
            else:
                name, body = "copy", json.dumps(wire.written_json(update), ensure_ascii=False)
            yield f"event: {name}\ndata: {body}\n\n"
    except BetimesError as error:  # the status is sent long since
        yield f"event: problem\ndata: {bytes(problems.of(error).body).decode()}\n\n"


def _chained(first: Update, rest: Iterator[Update]) -> Iterator[Update]:
    yield first
    yield from rest


@_v1.post("/events", tags=["loop"], response_model=None, responses=answers(RecordedAnswer))
def record(body: EventsBody, engine: Engaged) -> Json:
    """Records acts and sentences, all or none; sending a batch twice records it once."""
    unknown = {e.item for e in body.events if e.item} - set(engine.items([e.item for e in body.events if e.item]))
    if unknown:
        raise NotFound(f"the catalogue has no item: {', '.join(sorted(unknown)[:10])}")
    stored = engine.record([_event(e, i, engine) for i, e in enumerate(body.events)])
    return {"recorded": len(stored), "as_of": max(e.seq for e in stored)}


def _event(body: EventBody, index: int, engine: Engine) -> Event:
    name, when = EventId(body.id or fresh_id()), body.at or datetime.now(UTC)
    try:
        user = valid_user(body.user)
        if body.kind == "say":
            text = check_text(body.text or "", engine.settings.max_text)
            return Said(id=name, user=user, at=when, text=text, domain=body.domain)
        if not body.item:
            raise InvalidEvent(f"an act needs an item; {body.kind!r} has none")
        kind = valid_kind(ActKind(body.kind), body.value)
    except InvalidInput as error:
        raise type(error)(f"events[{index}]: {error}") from error
    return Acted(
        id=name,
        user=user,
        at=when,
        item=ItemId(body.item),
        kind=kind,
        value=body.value,
        slate=SlateId(body.slate) if body.slate else None,
    )


@_v1.get("/users/{user:path}/recommendations", tags=["loop"], response_model=None, responses=answers(SlateAnswer))
def recommendations(
    user: str,
    engine: Engaged,
    request: Request,
    n: Annotated[int, Query(ge=1, le=100)] = 10,
    domain: str | None = None,
    as_of: Annotated[int, Query(ge=0)] = 0,
    exclude_seen: bool = True,
) -> Json:
    """The list for a user now. ``as_of`` asks that it reflect the log at least up to that position."""
    slate = engine.recommend(user, n, domain=domain, exclude_seen=exclude_seen)
    if slate.as_of < as_of:
        raise Conflict(f"the log ends at {slate.as_of}, before the position {as_of} that was asked for")
    request.app.state.metrics.slate(slate)
    return _slate_json(engine, slate)


@_v1.get("/users/{user:path}/profile", tags=["profile"], response_model=None, responses=answers(ProfileAnswer))
def profile(user: str, engine: Engaged) -> Json:
    """All that is known of a user, for them to read."""
    return wire.profile_json(engine.profile(user), Memory(), datetime.now(UTC))


@_v1.patch("/users/{user:path}/profile", tags=["profile"], response_model=None, responses=answers(ProfileAnswer))
def edit(user: str, body: ChangeBody, engine: Engaged) -> Json:
    """Changes a profile as its owner wishes; the next list follows.

    Consent to ``domains`` lets what they said and did in one domain count in the others; withdrawn, it does not.
    """
    changed = engine.edit(user, wire.change_from(body.model_dump(mode="json", exclude_none=True)))
    return wire.profile_json(changed, Memory(), datetime.now(UTC))


@_v1.get("/users/{user:path}/export", tags=["profile"], response_model=None, responses=answers(ExportAnswer))
def export(user: str, engine: Engaged) -> Json:
    """Everything stored about a user."""
    return {"user": user, "events": [wire.event_json(e) for e in engine.export(user)]}


@_v1.delete("/users/{user:path}", tags=["profile"], status_code=204, response_class=Response)
def erase(user: str, engine: Engaged) -> None:
    """Forgets a user."""
    engine.erase(user)


@_v1.put("/items", tags=["catalogue"], response_model=None, responses=answers(PutAnswer))
def put_items(body: ItemsBody, engine: Engaged) -> Json:
    """Adds items, or replaces those with the same id; they can be recommended when this answers."""
    put = engine.put_items([wire.item_from(i.model_dump(mode="json")) for i in body.items])
    return {"added": put.added, "changed": put.changed, "unchanged": put.unchanged}


@_v1.get("/items/{item:path}", tags=["catalogue"], response_model=None, responses=answers(ItemAnswer))
def get_item(item: str, engine: Engaged) -> Json:
    """An item, whole."""
    return wire.item_json(engine.item(item))


@_v1.delete("/items/{item:path}", tags=["catalogue"], status_code=204, response_class=Response)
def remove_item(item: str, engine: Engaged) -> None:
    """Takes an item out of the catalogue."""
    engine.remove_item(item)


@_v1.get("/slates/{slate}", tags=["slates"], response_model=None, responses=answers(SlateAnswer))
def get_slate(slate: str, engine: Engaged) -> Json:
    """A slate as it was shown."""
    return _slate_json(engine, engine.slate(slate))


@_v1.get("/slates/{slate}/why/{item:path}", tags=["slates"], response_model=None, responses=answers(WhyAnswer))
def why(slate: str, item: str, engine: Engaged) -> Json:
    """An item's place in a slate, accounted for."""
    return wire.why_json(engine.why(slate, item))


@_operations.get("/healthz", response_model=None, responses=answers(AliveAnswer))
def healthz() -> Json:
    """Whether the process lives."""
    return {"ok": True}


@_operations.get("/readyz", response_model=None, responses=answers(ReadyAnswer))
def readyz(engine: Engaged) -> Json:
    """Whether it can answer: the database is there and the state follows it."""
    return {"ok": True, "as_of": engine.position()}


@_operations.get(
    "/metrics", response_class=PlainTextResponse, responses={200: {"description": "In the text format of Prometheus."}}
)
def metrics(request: Request) -> Response:
    """What the service measures of itself."""
    return Response(request.app.state.metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _slate_json(engine: Engine, slate: Slate) -> Json:
    nearest = [slate.empty.nearest] if slate.empty and slate.empty.nearest else []
    return wire.slate_json(slate, engine.items([*(p.item for p in slate.picks), *nearest]))
