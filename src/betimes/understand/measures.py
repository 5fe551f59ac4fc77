"""Which field a number speaks of: by its unit, and by the words around it."""

import re

from betimes.domain.units import canonical
from betimes.understand.numbers import Number
from betimes.understand.sentence import Sentence

Measure = tuple[str, str | None, float]

#: Fields by the canonical unit alone.
_OF_UNIT = {
    "min": "duration", "cm": "length", "in": "screen", "kg": "weight", "GB": "storage", "mAh": "battery", "W": "power",
    "Hz": "refresh_rate", "MP": "camera", "dB": "noise", "kcal": "calories", "bpm": "tempo", "km": "distance",
    "L": "capacity", "平": "area",
}  # fmt: skip
#: Fields by the unit and words near it; the nearest word settles it.
_NEAR = {
    "min": (
        ("battery_life", r"续航|电池|待机|单次.{0,2}飞|battery|playtime|run ?time|of flight|per charge|on a charge"),
        (
            "delivery_time",
            r"送达|送到|送来|配送|到货|收到|能?到(?=$|[,，。 的])|同城|外送|"
            r"deliver\w*|arriv\w*|get (?:here|it)|ship\w*|wait|gotta get",
        ),
        ("wear_time", r"持妆"),
        ("cooking_time", r"做好|出锅|to (?:make|cook)"),
    ),
    "kg": (("load", r"承重|载重|load|holds?(?: up to)?"), ("capacity", r"洗衣机|洗烘|washer|washing machine")),
    "cm": (
        ("size", r"床(?!头|边|底)|被[子芯]|四件套"),
        ("height", r"高度?|tall|height|high"),
        ("width", r"宽度?|wide|width|narrower"),
        ("depth", r"深度?|deep|depth"),
        ("thickness", r"厚度?|thick"),
        ("diameter", r"直径|口径|diameter"),
        ("heel", r"鞋?跟|heels?"),
        ("length", r"长度?|long|length"),
    ),
    "GB": (("memory", r"内存|运存|运行|(?<![a-z])ram(?![a-z])|memory"), ("storage", r"ssd|storage|rom|存储|硬盘|存")),
    "dB": (("noise_reduction", r"降噪"),),
}  # fmt: skip
_NEAR["in"] = tuple(pair for pair in _NEAR["cm"] if pair[0] != "thickness")
#: Fields of numbers that no unit of measure follows, by the words before them.
_NAMED = (
    ("followers", r"粉丝|followers|fans"),
    ("salary", r"工资|月薪|薪资|薪水|年薪|salary"),
    ("altitude", r"海拔|altitude|elevation"),
    ("spf", r"spf|防晒指数"),
    ("delivery_fee", r"配送费|运费|delivery fee|shipping"),
    ("rating", r"评分|豆瓣|口碑|打分|imdb|rat(?:ed|ing)s?|scored?"),
)
_RATED_AFTER = re.compile(r"\s?(?:stars? )?on (?:imdb|rt|rotten|douban|letterboxd|metacritic|goodreads|amazon|yelp)")
_CHARGE = re.compile(r"(?:电池|电量|battery)[^\d,，。]{0,6}$")
#: Words before a number that make it neither a price nor anything else that is known.
_UNKNOWN = re.compile(
    r"(?:显卡|rtx|gtx|i[3579]|骁龙|麒麟|处理器|cpu|型号|胸围|腰围|臀围|身高|体重|初|第|房号|"
    r"iphone|ipad|galaxy|pixel|mate|model|ps|xbox|wifi|wi-fi|usb|zone|channel|level|chapter)\s?$"
)
_PLAIN = {
    "集": "episodes", "episode": "episodes", "episodes": "episodes", "季": "seasons", "season": "seasons",
    "seasons": "seasons", "页": "pages", "page": "pages", "pages": "pages", "字": "word_count", "星": "rating",
    "star": "rating", "stars": "rating", "码": "size", "号": "size", "匹": "power",
}  # fmt: skip
_NUTRIENT = re.compile(r"\s?(?:of )?(sugar|protein|fat|carbs|salt|糖|蛋白质?|脂肪)")
_BODY = re.compile(r"体重|身高|能穿|头身|(?<![a-z])weighs?|i'?m \d|我\d|斤的?人|my \w+ (?:\w+ )?weighs")
#: Things whose inches are those of their screen.
_SCREENED = re.compile(
    r"屏|电视|手机|显示|平板|笔记本|电脑|本(?!子)|ipad|monitor|tv|phone|laptop|tablet|screen|投影|display|macbook|chromebook|kindle"
)
_ARRIVING = re.compile(r"到货|收到|送到|送达|发货|ship|deliver|arriv|need it|get (?:it|here)")
#: What is counted, where a count is compared: 6+ players.
COUNTED = {
    "players": "players", "views": "views", "followers": "followers", "周": "weeks", "weeks": "weeks", "人": "people",
    "people": "people", "guests": "people", "ports": "ports", "pieces": "pieces", "片": "pieces", "档": "levels",
}  # fmt: skip
_COMPUTES = re.compile(
    r"笔记本|电脑|手机|平板|游戏本|轻薄本|laptop|computer|macbook|notebook|chromebook|phone|tablet|"
    r"(?<![a-z])pc(?![a-z])"
)
_MEMORY_UPTO = 48.0
_MEMORY_SIZES = frozenset((2, 3, 4, 6, 8, 12, 16, 18, 24, 32, 36, 48, 64, 128, 256, 512, 1, 1024))


def measure(sentence: Sentence, number: Number) -> Measure | None:
    """The field a number with a unit speaks of, its canonical unit and its value in it; none when unknown."""
    text, unit = sentence.text, number.unit
    start, end = sentence.clause(number.start)
    if named(sentence, number) == "altitude":
        return "altitude", "m", number.value
    if unit in _PLAIN:
        return _PLAIN[unit], None, number.value
    if unit == "分":
        return _minutes_or_rating(text[start:end], number)
    nutrient = _NUTRIENT.match(text, number.end)
    if nutrient:
        return nutrient[1], unit, number.value
    if unit in ("g", "t") and number.value in _MEMORY_SIZES and not re.search(r"重|克|weigh", text[start:end]):
        value, canon = canonical(number.value, unit, "storage")
        return _nearest("GB", text, number, (start, end)) or _gigabytes(text, value), canon, value
    value, canon = canonical(number.value, unit, "weight" if unit == "g" else "")
    if canon in ("kg", "cm") and _BODY.search(text, start, end):
        return None
    field = _nearest(canon, text, number, (start, end)) or _OF_UNIT.get(canon)
    if canon == "GB" and field == "storage" and _nearest("GB", text, number, (start, end)) is None:
        field = _gigabytes(text, value)
    if unit in ("天", "day", "days") and field == "duration":
        field = "delivery_time" if _ARRIVING.search(text) else None
    if field is None:
        return None
    if canon == "in" and field == "screen" and not _SCREENED.search(text):
        return "size", "in", value
    if canon == "in" and field != "screen":
        return field, "cm", value * 2.54
    if canon == "cm" and unit in ("米", "m") and field == "length" and value >= 10_000:
        return "distance", "km", value / 100_000
    return field, canon, value


def _gigabytes(text: str, value: float) -> str:
    """What gigabytes are of where no word tells: so few, of a computer or a phone, are its memory."""
    return "memory" if value <= _MEMORY_UPTO and _COMPUTES.search(text) else "storage"


def _minutes_or_rating(clause: str, number: Number) -> Measure | None:
    if re.search(_NAMED[-1][1], clause) or (5 <= number.value <= 10 and re.search(r"分(?:以上|起|\+|往上)", clause)):
        return "rating", None, number.value
    return ("duration", "min", number.value) if re.search(r"秒|分钟|时长|每?[首支集期]", clause) else None


def _nearest(unit: str, text: str, number: Number, clause: tuple[int, int]) -> str | None:
    """Of the fields a unit may belong to, the one whose word stands nearest in the clause."""
    best: tuple[int, str] | None = None
    low, high = max(clause[0], number.start - 24), min(clause[1], number.end + 24)
    for field, words in _NEAR.get(unit, ()):
        for match in re.finditer(words, text[low:high]):
            at, end = low + match.start(), low + match.end()
            gap = number.start - end if end <= number.start else max(0, at - number.end)
            if best is None or gap < best[0]:
                best = gap, field
    return best[1] if best else None


def named(sentence: Sentence, number: Number) -> str | None:
    """The field that the words before a bare number name, if they name one."""
    start, _ = sentence.clause(number.start)
    before = sentence.text[max(start, number.start - 24) : number.start]
    if number.value <= 10 and _RATED_AFTER.match(sentence.text, number.end):
        return "rating"
    if number.value >= 2_000 and _CHARGE.search(before):
        return "battery"
    for field, words in _NAMED:
        if re.search(rf"(?:{words})[^\d]{{0,16}}$", before) and (field != "rating" or number.value <= 10):
            return field
    return None


def unknown(sentence: Sentence, number: Number) -> bool:
    """Whether the word before a bare number makes it a model, a body measure or the like."""
    return _UNKNOWN.search(sentence.text[max(0, number.start - 10) : number.start]) is not None
