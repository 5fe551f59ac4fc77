"""What callers send, as OpenAPI sees it."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from betimes.domain.event import ActKind, ChangeOp, Purpose
from betimes.domain.intent import InterestKind, Op


def _printable(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("a name holds 1 to 256 printable characters")
    return text


def _utc(at: datetime) -> datetime:
    """The time in UTC, which one without a zone is taken to be."""
    try:
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("a time lies in the years 1 to 9999 of UTC") from error


Text = Annotated[str, Field(max_length=200_000, examples=["我想买一款价格在1000元以下的手机"])]
Name = Annotated[str, Field(min_length=1, max_length=256), AfterValidator(_printable)]
Words = Annotated[str, Field(max_length=500)]
At = Annotated[datetime, AfterValidator(_utc)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Currency = Annotated[str, Field(pattern="^[A-Za-z]{3}$")]


class Body(BaseModel):
    """A request body: unknown fields are refused, so that a typing error is not passed over in silence."""

    model_config = ConfigDict(extra="forbid")


class UnderstandBody(Body):
    """A sentence to be understood; nothing is recorded."""

    text: Text
    user: Name | None = None


class SayBody(Body):
    """A sentence said by a user."""

    text: Text
    n: int = Field(default=10, ge=1, le=100)
    domain: Name | None = None
    wait: Literal["rules", "model"] = "rules"
    at: At | None = None
    id: Name | None = None


class EventBody(Body):
    """An act, or a sentence that is only to be recorded (``kind: say``), with the domain it was said in if any."""

    user: Name
    kind: ActKind | Literal["say"]
    item: Name | None = None
    text: Text | None = None
    domain: Name | None = None
    value: float | None = Field(default=None, allow_inf_nan=False)
    at: At | None = None
    slate: Name | None = None
    id: Name | None = None


class EventsBody(Body):
    """A batch of events, recorded all or none; an id that is known already is not recorded again."""

    events: list[EventBody] = Field(min_length=1, max_length=10_000)


class QuantityBody(Body):
    """A number with its unit, as the catalogue writes them."""

    value: Number
    unit: Annotated[str, Field(max_length=40)] = ""


LongText = Annotated[str, Field(max_length=20_000)]
FactBody = Annotated[bool, Field(strict=True)] | Number | LongText | list[LongText] | QuantityBody


class ItemBody(Body):
    """An item of the catalogue; names may be bilingual: ``手机 / phone``."""

    id: Name
    title: str = Field(min_length=1, max_length=500)
    domain: Name = "shop"
    text: LongText = ""
    price: float | None = Field(default=None, ge=0, le=1e9, allow_inf_nan=False)
    currency: Currency | None = None
    brand: Words = ""
    category: Words = ""
    tags: list[Words] = Field(default_factory=list, max_length=64)
    facts: dict[Name, FactBody] = Field(default_factory=dict, max_length=64)
    image: str = Field(default="", max_length=2_000)
    published: At | None = None
    available: bool = True


class ItemsBody(Body):
    """Items to add, or to replace those with the same id."""

    items: list[ItemBody] = Field(min_length=1, max_length=10_000)


class InterestBody(Body):
    """Something a user likes (polarity 1) or dislikes (-1)."""

    topic: Name
    kind: InterestKind = InterestKind.TASTE
    polarity: Literal[1, -1] = 1
    strength: float = Field(default=0.7, ge=0.0, le=1.0, allow_inf_nan=False)


class ConstraintBody(Body):
    """A condition: ``<=`` and ``>=`` take a number, ``in`` several texts, the others a number or a text."""

    field: Name
    op: Op = "<="
    value: Number | Name | Annotated[list[Name], Field(min_length=1, max_length=100)]
    unit: Name | None = None
    currency: Currency | None = None
    hard: bool = True
    until: At | None = None


class ChangeBody(Body):
    """A change that a user makes to their own profile; ``op`` says which of the other fields it needs."""

    op: ChangeOp
    interest: InterestBody | None = None
    constraint: ConstraintBody | None = None
    item: Name | None = None
    purpose: Purpose | None = None
