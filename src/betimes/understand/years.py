"""Years in a sentence: ``2015年以后``, ``the 90s``, ``pre-1960``, this year."""

import re
from collections.abc import Iterator
from datetime import datetime

from betimes.domain.intent import Constraint, Op
from betimes.domain.names import has_han
from betimes.understand.comparisons import comparison
from betimes.understand.cues import cue
from betimes.understand.sentence import Sentence, Span, overlaps

_DECADE = re.compile(
    r"(?<!\d)(?:(?P<century>19|20)?(?P<ten>\d)0)\s?(?:'?s(?![a-z])|年代|(?=(?:到|至|-|~)(?:19|20)?\d0年代))|"
    r"(?P<some>[五六七八九])几(?:年代?(?!级|前)|(?=[五六七八九]几年))"
)
_DECADES_EN = {
    "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970,
    "eighties": 1980, "nineties": 1990, "noughties": 2000,
}  # fmt: skip
_NAMED_DECADE = re.compile(rf"(?<![a-z])(?:{'|'.join(_DECADES_EN)})(?![a-z])")
#: What joins two decades, or two years, into one time: 八九十年代, "the 60s and 70s".
_JOIN = re.compile(r"\s?(?:到|至|、|和|与|或|-|~|/|&|and|or|n|to|through|thru)?\s?(?:the )?")
#: The decade of a person's life, or what a thing only looks like.
_LIFE = re.compile(r"(?<![a-z])(?:his|her|their|my|our|your|mid|(?<!the )late|(?<!the )early)[- ]$")
_LOOK = re.compile(r"\s?(?:-?inspired|-?style|themed?|setting|vibe|rock ?star|semi)")
_YEAR = re.compile(r"(?<![\d.$¥€£])(?P<year>19\d\d|20[0-4]\d)(?!\d|\.\d|\s?[元块gw])(?:\s?年(?!代))?")
_SHORT = re.compile(
    r"(?<![\d近过])(?P<zh>0\d|[1-4][1-9](?=年(?:[以之后的出上拍]))|[5-9]\d)(?:年(?!代|前|内|以(?!前|后|来)|了|来|的?(?:茅台|老|历史))|版)|'(?P<en>\d\d)(?![\d\"s])"
)
_YEARS = re.compile(
    r"(?<![\d.$¥€£])(?P<first>(?:19|20)?\d\d|'\d\d)\s?年?\s?(?:到|至|-|~|and|to|through|thru|until|till)\s?"
    r"(?P<last>19\d\d|20[0-4]\d|'?\d\d)(?!\d|[:.]\d|\s?(?:[元块分集天个寸人米岁%]|年代|min|bpm|hour|day|usd|bucks))(?P<mark>\s?年)?"
)
_CLOCK = (
    (re.compile(r"今年(?!\d|[大刚读毕要高轮流]|上(?!映|的))|this year(?! or last)"), 0),
    (re.compile(r"去年(?!\d)(?=的|上|出|拍|发|[,，。 ])|last year's"), -1),
)
#: 近五年, "the last five years".
_LATELY = re.compile(
    r"(?:最?近|过去)(?:这)?(?P<near>\d{1,2})年(?!级|代)|(?<!\d)(?P<within>\d{1,2})年(?:之|以)?内(?!的?(?:保|质|陈))|"
    r"(?:last|past) (?P<en>\d{1,2}) years"
)
#: Words for what is told by its year; without one, 1999 may as well be an amount.
_DATED = re.compile(
    r"片|剧|影|歌|曲|专辑|音乐|综艺|动漫|番|视频|文章|帖|笔记|经验|导演|演的|拍|发[的布行]|出的|上映|"
    r"film|movie|show|series|song|album|music|anime|cartoon|hits|released|debut|made|classic|vinyl|album|drama|"
    r"sitcom|doc|"
    r"since|stuff|pre|game|recordings?|horror|one with|r&b|hip|rock|pop|emo|country|soul|jazz|grime|jungle|punk|metal|"
    r"wave|disco|house|techno|posted|posts?|uploaded"
)
#: What only happened in a year: it says nothing of the thing wanted.
_HAPPENED = re.compile(r"born|been [a-z ]{2,24}since|sober|my old|back in|手机是|生人|属(?=[鼠牛虎兔龙蛇马羊猴鸡狗猪])")
_TITLED = re.compile(r"(?:请回答|album|called|titled)\s?$")
_SINCE = re.compile(
    r"(?<![a-z])(?:after|before|since|from|until|till|newer than|older than|earlier than|later than|prior to|"
    r"pre|post|made after|up to)[- ]$"
)
#: What follows a year that bounds it, where nothing else says that it is a year.
_SINCE_AFTER = re.compile(
    r"(?:\+|(?:以|之)[前后来]|往后|[前后](?![面座])|\s(?:or|and) (?:newer|later|after|earlier|before|older)|"
    r"\s(?:onwards?|on)(?=$|[\s,.;!]))"
)
_ONWARD = re.compile(r"(?:\s(?:on|forward)(?=$|[\s,.;!])|往后)")
#: What follows an amount and never a year.
_AMOUNT_AFTER = re.compile(r"以[内下上]|之[内下上]|内|左右|上下|出头|多|起|元|块|打|封|够|就|吧|一[台个部套]")
_TITLE_AFTER = re.compile(r"\s?(?:那张|这张|vibes?|那部(?!$|[,，。])|届|》)")
_DENIED = re.compile(r"(?<![a-z])not (?:the )?$")
_SOFT, _PAST = cue("soft"), cue("past_price")


def years(sentence: Sentence, at: datetime) -> Iterator[tuple[Constraint, Span]]:
    """The bounds on the year, each with its span, in no particular order."""
    text = sentence.text
    taken: list[Span] = []
    for span, first, last in (*_spelled(text, at), *_decades(text), *_single(sentence, at)):
        if not overlaps(span, taken):
            taken.append(span)
            yield from _bounds(sentence, span, first, last)
    for match in _LATELY.finditer(text):
        back = int(match["near"] or match["within"] or match["en"])
        if match["within"] is None or _DATED.search(text):
            hard = _SOFT.search(sentence.words(sentence.clause(match.start()))) is None
            since = Constraint("year", ">=", float(at.year - back), hard=hard, evidence=match[0].strip())
            yield since, match.span()


def _spelled(text: str, at: datetime) -> Iterator[tuple[Span, int, int]]:
    """Two years with a join: ``1978 to 1986``, ``'65 to '75``, ``99年到09年``, ``1979-83``."""
    dated = _DATED.search(text) is not None
    for match in _YEARS.finditer(text):
        marked = match["mark"] is not None or "'" in match[0] or "年" in match[0]
        first = _whole(match["first"], at)
        last = _whole(match["last"], at, first // 100 if len(match["first"]) == 4 else None)
        full = len(match["first"]) == 4
        sure = marked or (full and (dated or first % 100 > 0) and first >= 1900) or (dated and first % 100 > 50)
        if sure and first < last <= at.year + 1 and not (full and not first >= 1900):
            yield match.span(), first, last
    for match in re.finditer(r"this year or last", text):
        yield match.span(), at.year - 1, at.year


def _whole(year: str, at: datetime, century: int | None = None) -> int:
    """A year of two digits in its century: the one given, or the latest that has had it."""
    short = int(year.lstrip("'"))
    if short >= 100:
        return short
    if century is not None:
        return 100 * century + short
    return (1900 if short > at.year % 100 else 2000) + short


def _decades(text: str) -> Iterator[tuple[Span, int, int]]:
    """Decades; those that a join puts side by side are one time."""
    found: list[tuple[Span, int, int]] = []
    for match in sorted((*_DECADE.finditer(text), *_NAMED_DECADE.finditer(text)), key=lambda m: m.start()):
        if match[0] in _DECADES_EN:
            first = _DECADES_EN[match[0]]
        elif match["some"]:
            first = 1900 + 10 * ("五六七八九".index(match["some"]) + 5)
        else:
            first = int(f"{match['century'] or ('20' if match['ten'] in '01' else '19')}{match['ten']}0")
        if _LIFE.search(text[max(0, match.start() - 8) : match.start()]) or _LOOK.match(text, match.end()):
            continue
        (start, end), earliest, _ = found[-1] if found else ((0, 0), 0, 0)
        if found and earliest < first and _JOIN.fullmatch(text, end, match.start()):
            found[-1] = ((start, match.end()), earliest, first + 9)
        else:
            found.append((match.span(), first, first + 9))
    yield from found


def _single(sentence: Sentence, at: datetime) -> Iterator[tuple[Span, int, int]]:
    text = sentence.text
    dated = _DATED.search(text) is not None
    for match in _YEAR.finditer(text):
        clause = sentence.words(sentence.clause(match.start()))
        before = text[max(0, match.start() - 16) : match.start()]
        if _HAPPENED.search(clause) or _PAST.search(clause) or _TITLED.search(before):
            continue
        compared = _SINCE.search(before) is not None or _SINCE_AFTER.match(text, match.end()) is not None
        compared = compared or _DENIED.search(before) is not None
        amount = not match[0].endswith("年") and (
            _AMOUNT_AFTER.match(text, match.end()) is not None
            # 两千 is an amount wherever nothing says that it is a year.
            or (match["year"] == "2000" and has_han(text) and not _SINCE_AFTER.match(text, match.end()))
        )
        if (match[0].endswith("年") or dated or compared) and not amount and not _TITLE_AFTER.match(text, match.end()):
            yield match.span(), int(match["year"]), int(match["year"])
    for match in _SHORT.finditer(text):
        short = match["zh"] or match["en"]
        clause = sentence.words(sentence.clause(match.start()))
        if (dated or int(short) > 50) and not _HAPPENED.search(clause):
            yield match.span(), _whole(short, at), _whole(short, at)
    for pattern, back in _CLOCK:
        for match in pattern.finditer(text):
            yield match.span(), at.year + back, at.year + back


def _bounds(sentence: Sentence, span: Span, first: int, last: int) -> Iterator[tuple[Constraint, Span]]:
    compared = comparison(sentence, *span)
    whole = (compared.start, compared.end)
    evidence = sentence.words(whole).strip()
    hard = _SOFT.search(sentence.words(sentence.clause(span[0]))) is None
    pairs: list[tuple[Op, int]]
    onward = _ONWARD.match(sentence.text, span[1])
    if onward and compared.op is None:
        whole, pairs = (span[0], onward.end()), [(">=", first)]
    elif first == last and _DENIED.search(sentence.text, 0, span[0]):
        pairs = [("!=", first)]
    elif compared.op is not None:
        pairs = [(compared.op, first if compared.op == ">=" else last)]
        if first != last and compared.op == "<=" and re.search(r"前|before|pre", evidence):
            pairs = [("<=", first)]
    elif first == last:
        pairs = [("=", first)]
    else:
        pairs = [(">=", first), ("<=", last)]
    for op, year in pairs:
        yield Constraint("year", op, float(year), hard=hard, evidence=evidence), whole
