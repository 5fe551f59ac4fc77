"""What the service answers, as OpenAPI sees it. The answers are made in ``wire``; a test holds them to this."""

from typing import Any, Final, Literal

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from betimes.domain.event import ActKind, Purpose
from betimes.domain.intent import IntentKind, InterestKind, Op, Polarity
from betimes.domain.names import Locale
from betimes.domain.slate import Outcome

#: Every key is always there, and no other.
_exactly = with_config(ConfigDict(extra="forbid"))


@_exactly
class InterestAnswer(TypedDict):
    """An interest: what is wanted, liked (polarity 1) or disliked (-1)."""

    topic: str
    kind: InterestKind
    polarity: Polarity
    strength: float
    evidence: str
    by: str


@_exactly
class ConstraintAnswer(TypedDict):
    """A condition that can be checked; hard ones are never broken."""

    field: str
    op: Op
    value: float | str | list[str]
    unit: str | None
    currency: str | None
    hard: bool
    until: str | None
    evidence: str
    by: str


@_exactly
class IntentAnswer(TypedDict):
    """What a sentence means."""

    kind: IntentKind
    locale: Locale
    interests: list[InterestAnswer]
    constraints: list[ConstraintAnswer]
    about: str | None
    by: str
    confidence: float
    ms: float


@_exactly
class CopyAnswer(TypedDict):
    """Words for the reader, by ``template`` or a model."""

    text: str
    by: str


@_exactly
class ReasonAnswer(TypedDict):
    """A term of the score, told to the reader; ``domain`` is where its evidence is from, if from another domain."""

    part: str
    weight: float
    text: str
    evidence: str
    domain: str | None


@_exactly
class QuantityAnswer(TypedDict):
    """A number with its unit."""

    value: float
    unit: str


Facts = dict[str, QuantityAnswer | bool | list[str]]


@_exactly
class BriefAnswer(TypedDict):
    """An item as far as a list needs it."""

    id: str
    title: str
    domain: str
    price: float | None
    currency: str | None
    brand: str
    category: str
    tags: list[str]
    image: str
    facts: Facts


@_exactly
class ItemAnswer(TypedDict):
    """An item, whole."""

    id: str
    title: str
    text: str
    domain: str
    price: float | None
    currency: str | None
    brand: str
    category: str
    tags: list[str]
    facts: Facts
    image: str
    published: str | None
    available: bool


@_exactly
class GoneAnswer(TypedDict):
    """An item that was shown once and has left the catalogue."""

    id: str
    gone: Literal[True]


@_exactly
class PickAnswer(TypedDict):
    """An item in a list; ``parts`` sum to ``score``."""

    item: BriefAnswer | GoneAnswer
    score: float
    parts: dict[str, float]
    propensity: float
    reasons: list[ReasonAnswer]
    copy: CopyAnswer | None


@_exactly
class EmptyAnswer(TypedDict):
    """Why a list is empty: the constraints that empty it, and what comes nearest."""

    constraints: list[ConstraintAnswer]
    nearest: BriefAnswer | GoneAnswer | None
    text: str


@_exactly
class StepAnswer(TypedDict):
    """A step of the path, its milliseconds and how it went."""

    name: str
    ms: float
    outcome: Outcome


@_exactly
class SlateAnswer(TypedDict):
    """A list as it was shown; ``as_of`` is the position in the log that it reflects.

    ``shared`` tells whether what was said and done in other domains could count.
    """

    id: str
    user: str
    at: str
    as_of: int
    locale: Locale
    domain: str | None
    shared: bool
    intent: IntentAnswer | None
    picks: list[PickAnswer]
    copy: CopyAnswer | None
    empty: EmptyAnswer | None
    notes: list[str]
    trace: list[StepAnswer]


@_exactly
class WhyAnswer(TypedDict):
    """An item's place in a list, accounted for; ``change`` is what separates it from the item above."""

    slate: str
    domain: str | None
    shared: bool
    place: int
    item: BriefAnswer | GoneAnswer
    score: float
    parts: dict[str, float]
    propensity: float
    reasons: list[ReasonAnswer]
    copy: CopyAnswer | None
    intent: IntentAnswer | None
    change: str


@_exactly
class PreferenceAnswer(TypedDict):
    """A lasting interest, with its weight as of now; ``act`` is what was done where it was not said.

    ``domain`` is where it was said or done last; null is nowhere in particular.
    """

    topic: str
    kind: InterestKind
    polarity: Polarity
    weight: float
    since: str
    evidence: str
    act: ActKind | None
    domain: str | None


@_exactly
class RecentAnswer(TypedDict):
    """Something done with an item lately."""

    item: str
    kind: ActKind
    at: str


@_exactly
class ProfileAnswer(TypedDict):
    """All that is known of a user; consent to ``domains`` lets what is known in one domain count in the others."""

    user: str
    seq: int
    paused: bool
    consents: list[Purpose]
    acts: int
    preferences: list[PreferenceAnswer]
    focus: list[InterestAnswer]
    constraints: list[ConstraintAnswer]
    recent: list[RecentAnswer]
    seen: list[str]
    hidden: list[str]


@_exactly
class ExportAnswer(TypedDict):
    """Everything stored about a user, in order; each event has ``seq id user at event`` and what it holds."""

    user: str
    events: list[dict[str, Any]]


@_exactly
class RecordedAnswer(TypedDict):
    """How many events are stored, and the position of the last."""

    recorded: int
    as_of: int


@_exactly
class PutAnswer(TypedDict):
    """What became of the items."""

    added: int
    changed: int
    unchanged: int


@_exactly
class AliveAnswer(TypedDict):
    """The process lives."""

    ok: bool


@_exactly
class ReadyAnswer(TypedDict):
    """The service can answer; its state reflects the log up to ``as_of``."""

    ok: bool
    as_of: int


#: Every answer that is not the one a route promises.
PROBLEM: Final[dict[int | str, dict[str, Any]]] = {
    "default": {
        "description": "What is wrong, where, and how to mend it (RFC 9457).",
        "content": {
            "application/problem+json": {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail"],
                    "additionalProperties": False,
                    "properties": {
                        "type": {"const": "about:blank"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string", "minLength": 1},
                        "errors": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["where", "what"],
                                "properties": {"where": {"type": "string"}, "what": {"type": "string"}},
                            },
                        },
                    },
                }
            }
        },
    }
}


def answers(model: type, **content: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    """What a route answers when all is well, and other media it can answer in."""
    return {200: {"model": model, "description": (model.__doc__ or "").strip(), "content": content}}
