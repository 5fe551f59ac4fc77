"""What callers send, as OpenAPI sees it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from betimes.domain.event import ActKind

Text = Annotated[str, Field(max_length=200_000, examples=["我想买一款价格在1000元以下的手机"])]
Name = Annotated[str, Field(min_length=1, max_length=256)]


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
    at: datetime | None = None
    id: Name | None = None


class EventBody(Body):
    """An act, or a sentence that is only to be recorded (``kind: say``)."""

    user: Name
    kind: ActKind | Literal["say"]
    item: Name | None = None
    text: Text | None = None
    value: float | None = Field(default=None, allow_inf_nan=False)
    at: datetime | None = None
    slate: Name | None = None
    id: Name | None = None


class EventsBody(Body):
    """A batch of events, recorded all or none; an id that is known already is not recorded again."""

    events: list[EventBody] = Field(min_length=1, max_length=10_000)


class ItemBody(Body):
    """An item of the catalogue; names may be bilingual: ``手机 / phone``."""

    id: Name
    title: str = Field(min_length=1, max_length=500)
    domain: Name = "shop"
    text: str = Field(default="", max_length=20_000)
    price: float | None = Field(default=None, ge=0, le=1e9, allow_inf_nan=False)
    currency: str | None = Field(default=None, pattern="^[A-Za-z]{3}$")
    brand: str = Field(default="", max_length=500)
    category: str = Field(default="", max_length=500)
    tags: list[str] = Field(default_factory=list, max_length=64)
    facts: dict[str, Any] = Field(default_factory=dict, max_length=64)
    image: str = Field(default="", max_length=2_000)
    published: datetime | None = None
    available: bool = True


class ItemsBody(Body):
    """Items to add, or to replace those with the same id."""

    items: list[ItemBody] = Field(min_length=1, max_length=10_000)


class ChangeBody(Body):
    """A change that a user makes to their own profile; ``op`` says which of the other fields it needs."""

    op: Literal[
        "set_interest", "drop_interest", "add_constraint", "drop_constraint", "hide", "unhide", "pause", "resume"
    ]
    interest: dict[str, Any] | None = None
    constraint: dict[str, Any] | None = None
    item: Name | None = None
