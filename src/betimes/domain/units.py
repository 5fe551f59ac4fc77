"""Units of measure: each spelling in Chinese or English, its canonical unit and the factor to it.

Canonical units follow ``docs/annotation.md``: minutes, centimetres (inches for screens),
kilograms, gigabytes, litres, mAh, kilometres. A screen's inch is not converted: it is the unit
such things are sold by.
"""

from typing import Final

_SPELLINGS: Final[dict[str, tuple[float, str]]] = {
    spelling: (factor, canonical)
    for canonical, spellings in {
        "min": {
            1.0: "min mins minute minutes 分钟 分",
            1 / 60: "s sec secs second seconds 秒",
            60.0: "h hr hrs hour hours 小时 个小时 钟头 个钟",
            1440.0: "d day days 天 日",
        },
        "cm": {
            1.0: "cm centimetre centimetres centimeter centimeters 厘米 公分",
            0.1: "mm millimetre millimetres millimeter millimeters 毫米",
            100.0: "m metre metres meter meters 米",
            30.48: "ft foot feet 英尺",
        },
        "in": {1.0: 'in inch inches " ″ 英寸 寸 吋'},
        "kg": {
            1.0: "kg kgs kilo kilos kilogram kilograms 公斤 千克",
            0.001: "g gram grams 克 公克",
            0.5: "斤",
            0.45359237: "lb lbs pound pounds 磅",
            0.028349523: "oz ounce ounces 盎司",
            1000.0: "t tonne tonnes 吨",
        },
        "GB": {
            1.0: "gb g gig gigs gigabyte gigabytes",
            1024.0: "tb t terabyte terabytes",
            1 / 1024: "mb megabyte megabytes",
        },
        "L": {
            1.0: "l litre litres liter liters 升 公升",
            0.001: "ml millilitre millilitres milliliter milliliters 毫升",
            0.029573530: "floz",
            0.473176473: "pint pints",
            0.946352946: "qt quart quarts",
            3.785411784: "gal gallon gallons",
        },
        "mAh": {1.0: "mah 毫安 毫安时"},
        "km": {1.0: "km kilometre kilometres kilometer kilometers 公里 千米", 1.609344: "mi mile miles 英里"},
        "W": {1.0: "w watt watts 瓦", 1000.0: "kw kilowatt kilowatts 千瓦"},
        "Hz": {1.0: "hz hertz 赫兹"},
        "MP": {1.0: "mp megapixel megapixels", 100.0: "亿像素", 0.01: "万像素"},
        "dB": {1.0: "db decibel decibels 分贝"},
        "kcal": {1.0: "kcal cal calories calorie 大卡 卡路里 千卡 卡"},
        "bpm": {1.0: "bpm"},
    }.items()
    for factor, names in spellings.items()
    for spelling in names.split()
}

#: Spellings that mean one thing for one field and another elsewhere: 8 g of memory is 8 GB.
_OF_FIELD: Final[dict[str, dict[str, tuple[float, str]]]] = {
    "memory": {"g": (1.0, "GB"), "t": (1024.0, "GB"), "m": (1 / 1024, "GB")},
    "storage": {"g": (1.0, "GB"), "t": (1024.0, "GB"), "m": (1 / 1024, "GB")},
    "weight": {"g": (0.001, "kg"), "t": (1000.0, "kg")},
    "distance": {"m": (0.001, "km"), "米": (0.001, "km"), "里": (0.5, "km"), "cm": (1e-5, "km")},
    "screen": {"cm": (1 / 2.54, "in"), "厘米": (1 / 2.54, "in")},
}


def canonical(value: float, unit: str, field: str = "") -> tuple[float, str]:
    """The value in its canonical unit. A unit that is not known is returned as it is.

    Args:
        value: the number as written.
        unit: its unit as written, in either language.
        field: the fact it belongs to, which settles spellings that mean two things.

    >>> canonical(2, "小时")
    (120.0, 'min')
    >>> canonical(190, "g", "weight"), canonical(8, "g", "memory")
    ((0.19, 'kg'), (8.0, 'GB'))
    >>> canonical(5, "stars")
    (5, 'stars')
    """
    spelling, own = unit.strip().lower(), _OF_FIELD.get(field, {})
    known = own.get(spelling) or _SPELLINGS.get(spelling)
    if known is None:
        return value, unit
    factor, name = known
    # The field's own rule also holds for what its other units come to: a screen of 155 mm is one of 15.5 cm.
    more, name = own.get(name.lower(), (1.0, name))
    return value * factor * more, name


def is_unit(spelling: str) -> bool:
    """Whether a word is a unit of measure that :func:`canonical` knows."""
    return spelling.strip().lower() in _SPELLINGS
