"""What can be recommended: a product, a film, a song, a post."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from betimes.domain.names import ItemId

#: Currencies whose smallest unit is not a hundredth (ISO 4217).
_MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "OMR": 3, "TND": 3}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money.

    Attributes:
        minor: the amount in the currency's smallest unit (fen, cents).
        currency: ISO 4217 code, upper case.

    >>> Money.of("799.5", "CNY")
    Money(minor=79950, currency='CNY')
    >>> Money.of(1200, "JPY").major
    Decimal('1200')
    """

    minor: int
    currency: str

    @classmethod
    def of(cls, major: Decimal | float | int | str, currency: str) -> "Money":
        """Money from an amount in whole units, rounded half up to the smallest unit.

        Raises:
            decimal.InvalidOperation: the amount is not a finite number.
        """
        digits = _MINOR_DIGITS.get(currency, 2)
        scaled = Decimal(str(major)).scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return cls(int(scaled), currency)

    @property
    def major(self) -> Decimal:
        """The amount in whole units (yuan, dollars)."""
        return Decimal(self.minor).scaleb(-_MINOR_DIGITS.get(self.currency, 2))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, both as the catalogue wrote them; the unit may be empty."""

    value: float
    unit: str = ""


#: A fact of an item: a number with its unit, one or more texts, or a flag.
Fact = Quantity | tuple[str, ...] | bool


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the catalogue. Names may be bilingual (:mod:`betimes.domain.names`).

    Attributes:
        domain: the part of the catalogue it belongs to: ``shop``, ``social``, ``video``, ``music`` …
        facts: what is known of it, by field name (``screen``, ``person``, ``5g``).
        published: when it came out or was added, aware UTC; what "new" refers to.
        available: whether it may be recommended now.
    """

    id: ItemId
    title: str
    domain: str = "shop"
    text: str = ""
    price: Money | None = None
    brand: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    image: str = ""
    published: datetime | None = None
    available: bool = True
