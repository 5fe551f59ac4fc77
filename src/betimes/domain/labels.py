"""Fields, amounts and constraints as a reader sees them, in Chinese and English."""

from betimes.domain.event import ActKind, Purpose
from betimes.domain.intent import Constraint
from betimes.domain.item import Money, Quantity
from betimes.domain.names import Locale, has_han, localised
from betimes.domain.units import canonical

_FIELDS: dict[str, tuple[str, str]] = {
    "price": ("价格", "price"),
    "brand": ("品牌", "brand"),
    "category": ("类别", "category"),
    "tags": ("标签", "tags"),
    "person": ("人物", "person"),
    "year": ("年份", "year"),
    "rating": ("评分", "rating"),
    "duration": ("时长", "duration"),
    "delivery_time": ("送达时间", "delivery time"),
    "size": ("尺码", "size"),
    "screen": ("屏幕", "screen"),
    "color": ("颜色", "colour"),
    "weight": ("重量", "weight"),
    "memory": ("内存", "memory"),
    "storage": ("存储", "storage"),
    "battery": ("电池", "battery"),
    "battery_life": ("续航", "battery life"),
    "distance": ("距离", "distance"),
    "capacity": ("容量", "capacity"),
    "power": ("功率", "power"),
    "height": ("高度", "height"),
    "length": ("长度", "length"),
    "width": ("宽度", "width"),
    "material": ("材质", "material"),
    "ingredient": ("成分", "ingredient"),
    "flavour": ("口味", "flavour"),
    "feature": ("特性", "feature"),
    "genre": ("类型", "genre"),
    "language": ("语言", "language"),
    "country": ("国家", "country"),
    "episodes": ("集数", "episodes"),
    "title": ("名称", "title"),
    "model": ("型号", "model"),
    "place": ("地点", "place"),
    "season": ("季节", "season"),
    "days": ("天数", "days"),
    "level": ("难度", "level"),
    "calories": ("热量", "calories"),
    "camera": ("摄像头", "camera"),
    "chip": ("芯片", "chip"),
    "refresh_rate": ("刷新率", "refresh rate"),
    "noise_cancelling": ("降噪", "noise cancelling"),
    "waterproof": ("防水", "waterproof"),
    "instrumental": ("纯音乐", "instrumental"),
    "live": ("现场版", "live"),
    "tempo": ("速度", "tempo"),
    "noise": ("噪音", "noise"),
    "age": ("适用年龄", "age"),
    "servings": ("份数", "servings"),
    "skin_type": ("肤质", "skin type"),
    "vegan": ("纯素", "vegan"),
    "organic": ("有机", "organic"),
    "form": ("形态", "form"),
}

_ACTS: dict[ActKind, tuple[str, str]] = {
    ActKind.VIEW: ("看过", "viewed"),
    ActKind.CLICK: ("点开过", "clicked"),
    ActKind.LIKE: ("喜欢", "liked"),
    ActKind.DISLIKE: ("不喜欢", "disliked"),
    ActKind.SAVE: ("收藏了", "saved"),
    ActKind.BUY: ("买过", "bought"),
    ActKind.RATE: ("评过分", "rated"),
    ActKind.SKIP: ("跳过", "skipped"),
    ActKind.DWELL: ("停留过", "dwelt on"),
}

_DOMAINS: dict[str, tuple[str, str]] = {
    "shop": ("商店", "the shop"),
    "video": ("视频", "video"),
    "music": ("音乐", "music"),
    "social": ("社区", "the community"),
}

_PURPOSES: dict[Purpose, tuple[str, str]] = {
    Purpose.TRAINING: ("用改正过的句子训练模型", "corrected sentences train the model"),
    Purpose.DOMAINS: ("各领域相通", "what is known in one domain counts in the others"),
}

_CURRENCY_ZH = {"CNY": "元", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元", "HKD": "港元"}
_CURRENCY_EN = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$"}
_UNIT_ZH = {
    "min": "分钟",
    "in": "英寸",
    "h": "小时",
    "kg": "千克",
    "g": "克",
    "L": "升",
    "km": "公里",
    "cm": "厘米",
}
_OP_ZH = {"<=": "不超过", ">=": "不低于", "=": "是", "!=": "不要", "in": "属于", "contains": "含"}
_OP_EN = {"<=": "at most", ">=": "at least", "=": "is", "!=": "not", "in": "one of", "contains": "contains"}


def field_label(field: str, locale: Locale) -> str:
    """A field's name for a reader; a field without a name of its own is shown as it is.

    >>> field_label("battery_life", "zh"), field_label("spf_value", "en")
    ('续航', 'spf value')
    """
    zh, en = _FIELDS.get(field, (field, field.replace("_", " ")))
    return zh if locale == "zh" else en


def domain_label(domain: str, locale: Locale) -> str:
    """A domain's name for a reader; one without a name of its own is shown as it is.

    >>> domain_label("video", "zh"), domain_label("shop", "en"), domain_label("games", "en")
    ('视频', 'the shop', 'games')
    """
    zh, en = _DOMAINS.get(domain, (domain, domain))
    return zh if locale == "zh" else en


def purpose_label(purpose: Purpose, locale: Locale) -> str:
    """What a person consents to, for them to read."""
    return _PURPOSES[purpose][0 if locale == "zh" else 1]


def number(value: float) -> str:
    """A number for a reader: thousands parted, no needless zeros.

    >>> number(1099.0), number(4.98), number(0.1899999)
    ('1,099', '4.98', '0.19')
    """
    rounded = round(value, 2)
    return f"{int(rounded):,}" if rounded == int(rounded) else f"{rounded:,.2f}".rstrip("0")


def amount(value: float, currency: str | None, locale: Locale) -> str:
    """An amount in whole units with its currency.

    >>> amount(1099, "CNY", "zh"), amount(129.5, "USD", "en"), amount(80, None, "en")
    ('1,099 元', '$129.5', '80')
    """
    if currency is None:
        return number(value)
    if locale == "zh":
        return f"{number(value)} {_CURRENCY_ZH.get(currency, currency)}"
    sign = _CURRENCY_EN.get(currency)
    return f"{sign}{number(value)}" if sign else f"{number(value)} {currency}"


def money(price: Money, locale: Locale) -> str:
    """A price for a reader."""
    return amount(float(price.major), price.currency, locale)


def quantity(value: Quantity, locale: Locale) -> str:
    """A number with its unit; one written in Chinese is converted for a reader of English.

    >>> quantity(Quantity(6.7, "in"), "zh"), quantity(Quantity(8, "GB"), "en"), quantity(Quantity(3), "en")
    ('6.7 英寸', '8 GB', '3')
    >>> quantity(Quantity(3, "斤"), "en")
    '1.5 kg'
    """
    if locale == "en" and has_han(value.unit):
        value = Quantity(*canonical(value.value, value.unit))
    unit = _UNIT_ZH.get(value.unit, value.unit) if locale == "zh" else value.unit
    # A year or a plain count carries no unit, and a year no thousands mark.
    shown = number(value.value) if unit else number(value.value).replace(",", "")
    return f"{shown} {unit}".strip()


def acted(kind: ActKind, title: str, locale: Locale) -> str:
    """What was done with an item, for a reader.

    >>> acted(ActKind.CLICK, "晴天 / Sunny Day", "en"), acted(ActKind.BUY, "晴天 / Sunny Day", "zh")
    ('clicked Sunny Day', '买过 晴天')
    """
    return f"{_ACTS[kind][0 if locale == 'zh' else 1]} {localised(title, locale)}"


def describe(constraint: Constraint, locale: Locale) -> str:
    """A constraint for a reader.

    >>> describe(Constraint("price", "<=", 1000.0, currency="CNY"), "zh")
    '价格不超过 1,000 元'
    >>> describe(Constraint("brand", "!=", "苹果 / Apple"), "en")
    'brand not Apple'
    """
    if constraint.field == "price" and isinstance(constraint.value, (int, float)):
        value = amount(float(constraint.value), constraint.currency, locale)
    elif isinstance(constraint.value, (int, float)):
        value = quantity(Quantity(float(constraint.value), constraint.unit or ""), locale)
    elif isinstance(constraint.value, tuple):
        value = ("、" if locale == "zh" else ", ").join(localised(v, locale) for v in constraint.value)
    else:
        value = localised(constraint.value, locale)
    label = field_label(constraint.field, locale)
    return f"{label}{_OP_ZH[constraint.op]} {value}" if locale == "zh" else f"{label} {_OP_EN[constraint.op]} {value}"
