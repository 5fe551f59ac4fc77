"""Years in a sentence: ``2015年以后``, ``the 90s``, ``pre-1960``, this year."""

import re
from collections.abc import Iterator
from datetime import datetime

from betimes.domain.intent import Constraint, Op
from betimes.understand.comparisons import comparison
from betimes.understand.cues import cue
from betimes.understand.sentence import Sentence, Span

_DECADE = re.compile(r"(?<!\d)(?:(?P<century>19|20)?(?P<ten>\d)0)\s?(?:'?s(?![a-z])|年代)")
_DECADES_EN = {
    "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970,
    "eighties": 1980, "nineties": 1990, "noughties": 2000,
}  # fmt: skip
_NAMED_DECADE = re.compile(rf"(?<![a-z])(?:{'|'.join(_DECADES_EN)})(?![a-z])")
_YEAR = re.compile(r"(?<![\d.$¥€£])(?P<year>19\d\d|20[0-4]\d)(?!\d|\.\d|\s?[元块gw])(?:\s?年(?!代))?")
_SHORT = re.compile(r"(?<!\d)(?P<zh>\d\d)年(?!代|内|以|的?(?:茅台|老|历史))|'(?P<en>\d\d)(?![\d\"s])")
_YEARS = re.compile(rf"{_YEAR.pattern}\s?(?:到|至|-|~|and|to|through)\s?(?P<last>19\d\d|20[0-4]\d)(?!\d)\s?年?")
_CLOCK = (
    (re.compile(r"今年(?!\d|[大刚读毕要]|上(?!映))|this year"), 0),
    (re.compile(r"去年(?!\d)(?=的|上|出|拍|发|[,，。 ])|last year's"), -1),
)
#: Words for what is told by its year; without one, 1999 may as well be an amount.
_DATED = re.compile(
    r"片|剧|影|歌|曲|专辑|音乐|综艺|动漫|番|视频|文章|帖|笔记|经验|导演|演的|拍|发[的布行]|出的|上映|"
    r"film|movie|show|series|song|album|music|anime|cartoon|hits|released|debut|made|classic|vinyl|album|drama|"
    r"sitcom|doc|"
    r"since|stuff|pre|game|recordings?|horror|one with|r&b|hip|rock|pop|emo|country"
)
_SINCE = re.compile(
    r"(?<![a-z])(?:after|before|since|from|until|till|newer than|older than|earlier than|later than|prior to|pre)[- ]$"
)
_TITLE_AFTER = re.compile(r"\s?(?:那张|这张|vibes?|那部|届)")
_SOFT = cue("soft")


def years(sentence: Sentence, at: datetime) -> Iterator[tuple[Constraint, Span]]:
    """The bounds on the year, each with its span, in no particular order."""
    text = sentence.text
    taken: list[Span] = []
    for match in _YEARS.finditer(text):
        if match[0].rstrip().endswith("年") or _DATED.search(text):
            taken.append(match.span())
            yield from _bounds(sentence, match.span(), int(match["year"]), int(match["last"]))
    for match in _DECADE.finditer(text):
        century = match["century"] or ("20" if match["ten"] in "01" else "19")
        first = int(f"{century}{match['ten']}0")
        taken.append(match.span())
        yield from _bounds(sentence, match.span(), first, first + 9)
    for match in _NAMED_DECADE.finditer(text):
        first = _DECADES_EN[match[0]]
        yield from _bounds(sentence, match.span(), first, first + 9)
    for span, year in _single(text, at):
        if not any(a < span[1] and span[0] < b for a, b in taken):
            taken.append(span)
            yield from _bounds(sentence, span, year, year)


def _single(text: str, at: datetime) -> Iterator[tuple[Span, int]]:
    dated = _DATED.search(text) is not None
    for match in _YEAR.finditer(text):
        compared = _SINCE.search(text[max(0, match.start() - 16) : match.start()]) is not None
        if (match[0].endswith("年") or dated or compared) and not _TITLE_AFTER.match(text, match.end()):
            yield match.span(), int(match["year"])
    for match in _SHORT.finditer(text):
        if dated or int(match["zh"] or match["en"]) > 50:
            short = int(match["zh"] or match["en"])
            yield match.span(), (1900 if short > at.year % 100 else 2000) + short
    for pattern, back in _CLOCK:
        for match in pattern.finditer(text):
            yield match.span(), at.year + back


def _bounds(sentence: Sentence, span: Span, first: int, last: int) -> Iterator[tuple[Constraint, Span]]:
    compared = comparison(sentence, *span)
    whole = (compared.start, compared.end)
    evidence = sentence.words(whole).strip()
    hard = _SOFT.search(sentence.words(sentence.clause(span[0]))) is None
    if compared.op is not None:
        pairs: list[tuple[Op, int]] = [(compared.op, first if compared.op == ">=" else last)]
        if first != last and compared.op == "<=" and re.search(r"前|before|pre", evidence):
            pairs = [("<=", first)]
    elif first == last:
        pairs = [("=", first)]
    else:
        pairs = [(">=", first), ("<=", last)]
    for op, year in pairs:
        yield Constraint("year", op, float(year), hard=hard, evidence=evidence), whole
