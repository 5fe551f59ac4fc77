"""Units of measure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.units import canonical, is_unit

#: Spellings of one quantity, with the field they belong to.
SAME = [
    ("duration", [(2.0, "小时"), (120.0, "分钟"), (2.0, "h"), (7200.0, "s"), (120.0, "MIN")]),
    ("weight", [(1.5, "kg"), (1500.0, "g"), (3.0, "斤"), (1500.0, "克"), (1.5, " 公斤 ")]),
    ("storage", [(1.0, "TB"), (1024.0, "GB"), (1024.0, "g"), (1.0, "t")]),
    ("capacity", [(0.5, "L"), (500.0, "毫升"), (500.0, "ml")]),
    ("screen", [(10.0, "英寸"), (10.0, '"'), (25.4, "cm"), (254.0, "mm"), (0.254, "米")]),
    ("distance", [(5.0, "km"), (5000.0, "m"), (5000.0, "米"), (10.0, "里"), (5.0, "公里"), (500_000.0, "厘米")]),
    ("height", [(1.8, "m"), (180.0, "cm"), (1800.0, "毫米")]),
]
KNOWN = ["分钟", "h", "cm", "m", "英寸", "kg", "g", "斤", "gb", "tb", "l", "ml", "mah", "公里", "w", "hz", "分贝", "卡"]


@pytest.mark.parametrize(("field", "spellings"), SAME)
def test_spellings_of_one_quantity_agree(field: str, spellings: list[tuple[float, str]]) -> None:
    first, unit = canonical(*spellings[0], field)
    for value, spelling in spellings[1:]:
        meant, same_unit = canonical(value, spelling, field)
        assert same_unit == unit
        assert meant == pytest.approx(first)


@given(st.floats(0, 1e6), st.sampled_from(KNOWN), st.sampled_from(["", "weight", "memory", "screen", "distance"]))
def test_a_canonical_unit_is_canonical_already(value: float, unit: str, field: str) -> None:
    once = canonical(value, unit, field)
    assert is_unit(unit)
    assert canonical(*once, field) == pytest.approx(once)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from(KNOWN))
def test_conversion_keeps_the_order(a: float, b: float, unit: str) -> None:
    assert (a <= b) <= (canonical(a, unit)[0] <= canonical(b, unit)[0])


@given(st.floats(allow_nan=False), st.text().filter(lambda t: not is_unit(t)))
def test_an_unknown_unit_is_left_alone(value: float, unit: str) -> None:
    assert canonical(value, unit) == (value, unit)
