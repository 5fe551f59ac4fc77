"""Which field a number speaks of: by its unit, and by the words around it."""

import re

from betimes.domain.units import canonical
from betimes.understand.numbers import Number
from betimes.understand.sentence import Sentence, Span

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
            r"lead time|post back|送达|送到|送来|配送|到货|收到|(?<!不)能?到(?=$|[,，。 的])|同城|外送|"
            r"deliver\w*|arriv\w*|get (?:here|it)|ship\w*|wait|gotta get",
        ),
        ("wear_time", r"持妆"),
        ("cooking_time", r"做好|出锅|to (?:make|cook)"),
    ),
    "kg": (
        ("load", r"承重|载重|load|holds?(?: up to)?|supports?|bears?|takes|can carry|rated for|user weight|"
        r"measures? until"),
        ("capacity", r"洗衣机|洗烘|washer|washing machine"),
        ("fill_weight", r"充绒|填充"),
        ("protein", r"蛋白质?|protein"),
    ),
    "cm": (
        ("height", r"高度?|tall|height|high"),
        ("width", r"宽度?|wide|width|narrower"),
        ("depth", r"深度?|deep|depth"),
        ("thickness", r"厚度?|thick"),
        ("diameter", r"直径|口径|diameter"),
        ("heel", r"(?<!包)(?<!脚)鞋?跟(?!练)|heels?"),
        ("climb", r"爬升|(?<![a-z])climb(?![a-z])|elevation gain"),
        ("length", r"长度?|long|length"),
        ("size", r"床(?!头|边|底)|被[子芯]|四件套"),
    ),
    "GB": (("vram", r"显存|vram"), ("memory", r"内存|运存|运行|(?<![a-z])ram(?![a-z])|"
    r"memory"), ("storage", r"ssd|storage|rom|存储|硬盘|存")),
    "dB": (("noise_reduction", r"降噪"),),
}  # fmt: skip
_NEAR["in"] = tuple(pair for pair in _NEAR["cm"] if pair[0] != "thickness")
#: Fields of numbers that no unit of measure follows, by the words before them.
_NAMED = (
    ("followers", r"粉丝|followers|fans"),
    ("word_count", r"字数"),
    ("like_count", r"点赞"),
    ("hourly_pay", r"时薪"),
    ("daily_pay", r"日薪"),
    ("salary", r"工资|月薪|薪资|薪水|年薪|salary"),
    ("altitude", r"海拔|altitude|elevation"),
    ("spf", r"spf|防晒指数"),
    ("delivery_fee", r"配送费|运费|delivery fee|shipping"),
    ("rating", r"评分|评价|好评|豆瓣|口碑|打分|imdb|rat(?:ed?|ing)s?|scored?"),
)
_RATED_AFTER = re.compile(
    r"\s?\+?\s?(?:ratings?(?![a-z])|(?:stars? )?on (?:reviews|imdb|rt|rotten|douban|letterboxd|metacritic|"
    r"goodreads|amazon|yelp))"
)
_PACE = re.compile(r"(?:bpm|tempo|节奏|步频|拍速|速度)[^\d]{0,12}$")
_WAGE_AFTER = re.compile(r"\s?(?:an?|per|/) ?h(?:ou)?r")
_WORK = re.compile(r"(?<![a-z])(?:jobs?|work|shifts?)(?![a-z])")
_BEATS = re.compile(r"bpm|beats (?:per|a) minute")
_TEMPI = range(50, 221)
_MEMORY = re.compile(r"(?:内存|运存)\s?$")
_CHARGE = re.compile(r"(?:电池|电量|battery)[^\d,，。]{0,6}$")
#: Whose age a bare number is: "people over fifty", "ages 6 to 11", "she's 8".
_AGED = re.compile(
    r"(?<![a-z])(?:(?:ages?|aged|age of)|(?:people|person|women|woman|men|man|lead|changers|anyone|nobody|folks|"
    r"adults)(?: who \w+)? "
    r"(?:over|above|past|of)|(?:he|she|i|they)(?:'s|'m|'re| is| am| are| was)(?: only| just| about)?|"
    r"(?:kids?|children|toddlers?) (?:over|under|of|are|is))\s(?:between |over |under |from )?$"
)
#: What a day of a month or an hour of the day stands beside.
_DATE_BEFORE = re.compile(
    r"(?<![a-z])(?:jan|feb|mar|apr|may(?= )|june?|july?|aug|sept?|oct|nov|dec)(?:[a-z]{2,6})?\s$|"
    r"(?<![a-z])works? $|(?<!\d)\d{1,2} (?:to|-) $"
)
_DATE_AFTER = re.compile(
    r"\s?(?:(?:-|to) ?\d{1,2}\s)?(?:january|february|march|april|june|july|august|september|october|november|december)"
)
#: A letter right after a figure makes both a name or a temperature: 4u, 20f.
_LETTER_AFTER = re.compile(r"(?!ish|max|tops|or|pp)[a-z]")
#: Words before a number that make it neither a price nor anything else that is known.
_UNKNOWN = re.compile(
    r"(?:显卡|rtx|gtx|i[3579]|骁龙|麒麟|处理器|cpu|型号|胸围|腰围|臀围|身高|体重|初|第|房号|"
    r"iphone|ipad|galaxy|pixel|mate|model|ps|xbox|wifi|wi-fi|usb|zone|channel|level|chapter|set of|pack of|"
    r"box of|bulk of|family of|group of)\s?$"
)
_PLAIN = {
    spelling: field
    for field, spellings in {
        "episodes": "集 episode episodes ep eps chapter chapters parts parter parters",
        "seasons": "季 season seasons series",
        "pages": "页 page pages",
        "word_count": "字 words",
        "rating": "星 star stars",
        "size": "码",
        "power": "匹",
        "tempo": "拍",
    }.items()
    for spelling in spellings.split()
}
#: Units that tell field and canonical unit at once.
_TOLD: dict[str, tuple[str, str | None]] = {
    "/10": ("rating", None), "/ 10": ("rating", None), "号": ("size", None),
    **{f"{what} {per} minute": ("tempo", "bpm") for what in ("beats", "steps") for per in ("per", "a")},
}  # fmt: skip
_DAYS, _GRAMS = ("天", "day", "days"), ("g", "克", "公克", "gram", "grams")
#: The gigahertz of wireless networks, which only look like grams.
_BANDS = (2.4, 2.5)
_NUTRIENT = re.compile(r"\s?(?:of )?(sugar|protein|fat|carbs|salt|糖|蛋白质?|脂肪)")
_BODY = re.compile(
    r"体重|身高|能穿|头身|(?<![a-z])(?:i|he|she|who) weighs?|i'?m \d|我\d|斤的?人|my \w+ (?:\w+ )?weighs|"
    r"[胖瘦减掉]了?\d|lost \d|\d(?:斤|公斤|kg)(?:重)?的?[^,，。]{0,3}[猫狗橘犬人]|"
    r"\d ?(?:lbs?|kg|pounds?) (?:dog|cat|lab|pup|puppy|terrier|dachshund|corgi|husky|retriever|child|kid|person|"
    r"man|guy|bird)"
)
#: Cookware, watches and lenses are told by how far they are across.
_ACROSS = re.compile(r"锅(?!架|铲|盖)|手表|腕表|表盘|机械表|skillet|frying pan|saut|saucepan|(?<![a-z])wok|wristwatch")
#: Beds and what lies on them, which a length alone tells the size of.
_BEDS = re.compile(r"床[单笠垫品但席]|床(?!头|边|底)|被[子套芯罩]|四件套|电热毯|(?<!瑜伽)席(?!子?位)|凉席")
_HEELS = re.compile(r"[高细粗]跟|跟太?高|high heels")
_WASHES = re.compile(r"洗衣机|洗烘|烘干机|波轮|滚筒|washing machine")
#: What is poured is measured by its volume.
_POURED = re.compile(
    r"bottle|mug|(?<!world )cup(?!board)|tumbler|flask|water|french press|pitcher|kettle|thermos|carafe|jug|"
    r"shampoo|stanley"
)
#: What a 号 numbers, where it is no size.
_NUMBERED = re.compile(r"电池|[楼线店车人院床]|老|师")
#: Gigahertz and generations of networks, which only look like weights.
_NETWORK = re.compile(r"\s?(?:口|网|全网|双模|频|接收|无线|信号|蓝牙|手机|\+蓝牙|hz|wifi|端口)")
#: Things whose inches are those of their screen.
_SCREENED = re.compile(
    r"屏|电视|手机|显示|平板|笔电|阅读器|看球|笔记本|电脑|本(?!子)|ipad|monitor|tv|phone|laptop|ultrabook|notebook|tablet|screen|投影|display|macbook|chromebook|kindle"
)
_WAY_BEFORE = re.compile(
    r"(?:开车|车程|高铁|动车|火车|绿皮|直飞|飞行|步行|走路|驱车|自驾|转机|飞机上?|drive|driving|commute(?:'s|"
    r" is)?)[^\d,，。]{0,4}$"
)
_WAY_AFTER = re.compile(
    r"\s?(?:的?(?:车程|路程|高铁|火车|航程|飞机)|"
    r"(?:'s)?[ -](?:drive|walk|flight|bus|train|ride|journey|trip|layover|wait|shift)(?![a-z]))"
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
_MEMORY_UPTO, _MOST_MEMORY = 48.0, 128.0
_MEMORY_SIZES = frozenset((2, 3, 4, 6, 8, 12, 16, 18, 24, 32, 36, 48, 64, 128, 256, 512, 1, 1024))


def measure(sentence: Sentence, number: Number) -> Measure | None:
    """The field a number with a unit speaks of, its canonical unit and its value in it; none when unknown."""
    text, unit = sentence.text, number.unit
    clause = sentence.clause(number.start)
    if named(sentence, number) == "altitude":
        return "altitude", "m", number.value
    if unit == "分":
        return _minutes_or_rating(sentence.words(clause), number)
    if unit in _TOLD or unit in _PLAIN:
        return _told(text, number)
    nutrient = _NUTRIENT.match(text, number.end)
    if nutrient:
        return nutrient[1], unit, number.value
    if unit in ("oz", "ounce", "ounces") and _POURED.search(text):
        value, canon = canonical(number.value, "floz")
        return "capacity", canon, value
    if unit == "g" and (_NETWORK.match(text, number.end) or number.value in _BANDS):
        return None
    if unit in ("g", "t") and number.value in _MEMORY_SIZES and not re.search(r"重|克|weigh", sentence.words(clause)):
        value, canon = canonical(number.value, unit, "storage")
        return _nearest("GB", text, number, clause) or _gigabytes(text, value), canon, value
    value, canon = canonical(number.value, unit, "weight" if unit == "g" else "")
    if canon in ("kg", "cm") and _BODY.search(text, *clause):
        return None
    return _placed(text, number, clause, value, canon)


def _told(text: str, number: Number) -> Measure | None:
    """A number whose unit alone tells the field: episodes, stars, sizes, beats."""
    unit = number.unit
    if unit in ("号", "码") and number.value <= 1:
        return None  # 大一码
    if unit == "号" and (number.several or _NUMBERED.match(text, number.end)):
        return None
    if unit in _TOLD:
        return *_TOLD[unit], number.value
    return _PLAIN[unit], None, number.value


def _placed(text: str, number: Number, clause: Span, value: float, canon: str) -> Measure | None:
    """The field of a measure by the words near it, by what is named anywhere, or by its unit alone."""
    unit = number.unit
    near = _nearest(canon, text, number, clause)
    field = near or _elsewhere(canon, text, value) or _OF_UNIT.get(canon)
    if canon == "GB" and near is None:
        field = _gigabytes(text, value)
    elif field == "memory" and value > _MOST_MEMORY:
        field = "storage"
    if unit in _DAYS and field == "duration":
        field = "delivery_time" if _ARRIVING.search(text) else None
    if field is None:
        return None
    if field == "protein" and unit in _GRAMS:
        return field, "g", number.value
    if field == "climb":
        return field, "m", value / 100.0
    if canon == "min" and _travels(text, number):
        return "travel_time", "min", value
    if canon == "in":
        return _inches(text, field, value)
    if canon == "cm" and unit in ("米", "m") and field == "length" and value >= 10_000:
        return "distance", "km", value / 100_000
    return field, canon, value


def _inches(text: str, field: str, value: float) -> Measure:
    """Inches stay inches of a screen and of what is sold by them; any other length is in centimetres."""
    if field == "screen":
        return (field if _SCREENED.search(text) else "size"), "in", value
    return field, "cm", value * 2.54


def _elsewhere(canon: str, text: str, value: float) -> str | None:
    """The field that a thing named anywhere in the sentence gives to a measure that no word near it names."""
    if canon == "cm" and value <= 15.0 and _HEELS.search(text):
        return "heel"
    if canon in ("cm", "in") and value <= 60.0 and _ACROSS.search(text) and not _SCREENED.search(text):
        return "diameter"
    if canon == "cm" and 80.0 <= value <= 240.0 and _BEDS.search(text):
        return "size"
    if canon == "kg" and _WASHES.search(text):
        return "capacity"
    return None


def _travels(text: str, number: Number) -> bool:
    """Whether a time is that of a way: two hours by car, a fifteen minute walk."""
    before = text[max(0, number.start - 8) : number.start]
    return _WAY_BEFORE.search(before) is not None or _WAY_AFTER.match(text, number.end) is not None


def _gigabytes(text: str, value: float) -> str:
    """What gigabytes are of where no word tells: so few, of a computer or a phone, are its memory."""
    return "memory" if value <= _MEMORY_UPTO and _COMPUTES.search(text) else "storage"


def _minutes_or_rating(clause: str, number: Number) -> Measure | None:
    if re.search(_NAMED[-1][1], clause) or (
        5 <= number.value <= 10 and re.search(r"分(?:以[上下]|起|\+|往上)", clause)
    ):
        return "rating", None, number.value
    if number.value < 5 and (number.value % 1 or number.several):
        return "duration", "min", number.value
    return ("duration", "min", number.value) if re.search(r"秒|分钟|时长|每?[首支集期]", clause) else None


def _nearest(unit: str, text: str, number: Number, clause: Span) -> str | None:
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
    if number.value in _TEMPI and not number.unit and (_PACE.search(before) or _BEATS.search(sentence.text)):
        return "tempo"
    if number.value in _MEMORY_SIZES and _MEMORY.search(before):
        return "memory"
    if number.value >= 2_000 and _CHARGE.search(before):
        return "battery"
    if _WAGE_AFTER.match(sentence.text, number.end) and _WORK.search(sentence.text):
        return "salary"
    for field, words in _NAMED:
        if re.search(rf"(?:{words})[^\d]{{0,16}}$", before) and (field != "rating" or number.value <= 10):
            return field
    return None


def unknown(sentence: Sentence, number: Number) -> bool:
    """Whether the word before a bare number makes it a model, a body measure or the like."""
    text = sentence.text
    before = text[max(0, number.start - 24) : number.start]
    return (
        _UNKNOWN.search(before[-10:]) is not None
        or _AGED.search(before) is not None
        or _DATE_BEFORE.search(before) is not None
        or _DATE_AFTER.match(text, number.end) is not None
        or (number.currency is None and _LETTER_AFTER.match(text, number.end) is not None)
    )
