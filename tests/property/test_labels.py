"""Amounts and constraints as a reader sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.intent import Constraint
from betimes.domain.item import Money, Quantity
from betimes.domain.labels import amount, describe, field_label, money, number, quantity
from betimes.domain.names import Locale, has_han

locales = st.sampled_from(["zh", "en"])
FIELDS = ["price", "brand", "screen", "person", "battery_life", "color", "genre", "year"]


@given(st.floats(-1e9, 1e9))
def test_a_number_reads_back_to_two_places(value: float) -> None:
    shown = number(value)
    assert float(shown.replace(",", "")) == pytest.approx(value, abs=0.005001)
    assert "." not in shown or not shown.endswith(("0", "."))


@given(st.integers(0, 10**11), st.sampled_from(["CNY", "USD", "JPY", "KWD", "XTS"]), locales)
def test_a_price_shows_its_amount_and_its_currency(minor: int, currency: str, locale: Locale) -> None:
    price = Money(minor, currency)
    shown = money(price, locale)
    assert number(float(price.major)) in shown
    assert len({money(Money(minor, c), locale) for c in ("CNY", "USD", "JPY", "EUR", "HKD", "GBP", "XTS")}) == 7


@given(st.floats(0, 1e6), st.sampled_from(["in", "GB", "min", "", "rpm"]), locales)
def test_a_quantity_keeps_its_number(value: float, unit: str, locale: Locale) -> None:
    shown = quantity(Quantity(value, unit), locale)
    assert shown.split(" ")[0].replace(",", "") == number(value).replace(",", "")
    assert (" " in shown) == bool(unit)


def test_a_year_carries_no_thousands_mark() -> None:
    assert quantity(Quantity(2019), "zh") == "2019"


@given(
    st.sampled_from(FIELDS),
    st.sampled_from(["<=", ">=", "=", "!=", "in", "contains"]),
    st.floats(0, 1e6) | st.just("小米 / Xiaomi") | st.just(("小米 / Xiaomi", "苹果 / Apple")),
    locales,
)
def test_a_constraint_is_told_in_the_readers_language(
    field: str, op: str, value: float | str | tuple[str, ...], locale: Locale
) -> None:
    constraint = Constraint(field, op, value)  # type: ignore[arg-type]  # hypothesis draws the literal as a str
    told = describe(constraint, locale)
    assert told.startswith(field_label(field, locale))
    assert has_han(told) == (locale == "zh")


def test_the_ops_are_told_apart() -> None:
    for locale in ("zh", "en"):
        told = {describe(Constraint("brand", op, "x"), locale) for op in ("<=", ">=", "=", "!=", "in", "contains")}
        assert len(told) == 6


def test_an_amount_without_a_currency_is_a_number() -> None:
    assert amount(1099, None, "zh") == "1,099"
