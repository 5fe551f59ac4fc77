from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from betimes.domain.item import Money, Quantity
from betimes.ingest.report import Rejected
from betimes.ingest.values import identifier, listed, measured, moment, money, words


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("¥1,299.00", Money(129900, "CNY")),
        ("￥99", Money(9900, "CNY")),
        ("1299元", Money(129900, "CNY")),
        ("1.5万元", Money(1500000, "CNY")),
        ("$12.5", Money(1250, "USD")),
        ("US$ 12", Money(1200, "USD")),
        ("12,50 €", Money(1250, "EUR")),
        ("1.299,00 EUR", Money(129900, "EUR")),
        ("£3", Money(300, "GBP")),
        ("1200円", Money(1200, "JPY")),
        ("12", Money(1200, "GBP")),
        (12, Money(1200, "GBP")),
        (0.1, Money(10, "GBP")),
        (Decimal("3.999"), Money(400, "GBP")),
        ("0", Money(0, "GBP")),
    ],
)
def test_prices(cell: object, expected: Money) -> None:
    assert money(cell, "GBP") == expected


def test_a_shared_sign_means_the_currency_that_is_known() -> None:
    assert money("$5", "CAD").currency == "CAD"
    assert money("¥500", "JPY") == Money(500, "JPY")
    assert money(4995, "USD", Decimal(100)) == Money(4995, "USD")


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("-5", "negative"),
        (-0.01, "negative"),
        ("NaN", "not a finite number"),
        (float("nan"), "not a finite number"),
        ("Infinity", "not a finite number"),
        (float("inf"), "not a finite number"),
        ("1e30", "absurd"),
        (10**400, "absurd"),
        ("9999999999", "absurd"),
        ("ask us", "not a number"),
        ("10-20", "not a number"),
        (True, "not a number"),
        ("5 pcs", "not a number"),
    ],
)
def test_prices_that_cannot_be(cell: object, what: str) -> None:
    with pytest.raises(Rejected, match=what):
        money(cell, "CNY")


@pytest.mark.parametrize(
    "cell",
    [
        "2021-09-25",
        "2021-09-25 00:00:00",
        "2021-09-25T08:00:00+08:00",
        "2021-09-25T00:00:00Z",
        "2021-09-25 00:00:00 UTC",
        "2021/9/25",
        "2021/09/25 0:00",
        "2021年9月25日",
        "20210925",
        "September 25, 2021",
        "Sep 25, 2021",
        "25 September 2021",
        "1632528000",
        "1632528000.0",
        1632528000,
        1632528000000,
        "1632528000000",
        datetime(2021, 9, 25),  # what a Parquet file holds
        date(2021, 9, 25),
    ],
)
def test_moments(cell: object) -> None:
    assert moment(cell) == datetime(2021, 9, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell", ["", "yesterday", "12/1/2010 8:26", "2021-13-01", "0", "-5", "99999999999", "9" * 4000]
)
def test_moments_that_cannot_be_told(cell: str) -> None:
    with pytest.raises(Rejected, match="not a time"):
        moment(cell)


def test_the_end_of_time_in_another_zone_is_rejected() -> None:
    with pytest.raises(Rejected, match="not a time"):
        moment("0001-01-01T00:00:00+14:00")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("120分钟", Quantity(120.0, "分钟")),
        ("190 g", Quantity(190.0, "g")),
        ("1,299", Quantity(1299.0)),
        (6, Quantity(6.0)),
        ("-3.5", Quantity(-3.5)),
        ("4 doors", None),
        ("007", None),
        ("6901234567890123", None),
        ("1e999", None),
        (float("inf"), None),
        ("IP68", None),
        ("", None),
        (True, None),
    ],
)
def test_measures(cell: object, expected: Quantity | None) -> None:
    assert measured(cell) == expected


def test_words_lose_their_control_characters_only() -> None:
    assert words("\ufeffTea\x1b[31m\u202e 茶\x00\n") == "Tea[31m 茶"
    assert words("half \ud83d") == "half"
    assert words(b"caf\xc3\xa9") == "café"


def test_lists_and_ids() -> None:
    assert listed("a|b| |a", commas=False) == ("a", "b")
    assert listed("张三、李四", commas=True) == ("张三", "李四")
    assert listed(["a", 1, None, {"x": 1}], commas=False) == ("a", "1")
    assert identifier(17850.0, "user") == "17850"
    for bad in ("", None, "x" * 257, "a\tb\x00"):
        with pytest.raises(Rejected, match="user"):
            identifier(bad, "user")
