"""Names a sentence speaks of: brands, people, colours and sizes, known or told by how they stand."""

import re
from collections.abc import Iterator, Sequence

from betimes.domain.intent import Constraint
from betimes.domain.names import has_han
from betimes.understand.aliases import word_lines
from betimes.understand.cues import cue
from betimes.understand.lexicon import Found, Lexicon
from betimes.understand.sentence import Sentence, Span, overlaps

#: Fields whose values are names in the sense of the annotation: wanting one is a constraint.
NAMED = ("brand", "person", "color")

_SOFT = cue("soft")
_SURNAME = "".join(word_lines("surnames"))
#: 周建龙播的, 张三演的: a surname with one or two characters before a verb of making.
_MAKER = re.compile(
    rf"(?<![\u4e00-\u9fff])(?P<who>[{_SURNAME}][\u4e00-\u9fff]{{1,3}}?)(?=(?:主)?[演导唱写播拍执弹讲画](?:导|演)?的|的(?:歌|电影|"
    rf"片子|小说|书|专辑|作品|音乐|相声))"
)
_TITLE_CASE = re.compile(
    r"(?<![A-Za-z])(?!The |A |An |In |My |I )(?:[A-Z][a-z'.]+|[A-Z]\.)(?: (?:de|van|von|da|"
    r"of the)? ?[A-Z][a-z'.]+){1,2}(?![a-z])"
)
_MADE = re.compile(
    r"movie|film|song|music|album|track|book|novel|series|show|ballad|pop|rock|playlist|stand ?up|comedy|"
    r"thriller|doc|sing|band|podcast|rom|jazz|metal|reggaeton|hits|director|actor"
)
_BY = re.compile(
    r"(?<![a-z])(?:by|starring|directed by|featuring|feat\.?|from director|"
    r"narrated by) (?P<who>[a-z][a-z'.-]+(?: [a-z][a-z'.-]+){0,2})(?=$|[,.;!?]| (?:with|under|that|or|and|in|for|"
    r"please)(?![a-z]))"
)
_HANDLE = re.compile(r"(?<!\w)@[a-z0-9_]{2,30}")

_SHADE = re.compile(
    r"(?:warm|cool|light|dark|deep|pale|bright|soft|dusty|matte|natural|bluish|baby|royal|neon|pastel|off)[ -]$|"
    r"[浅深暗亮淡暖冷墨奶藏枣玫裸灰蓝雾纯]$"
)
_ONE_COLOUR = re.compile(r"(?:颜色(?:是|要|得)?|(?<=[ ,，])|[要男女])(?P<what>[黑白红蓝绿黄紫粉灰])(?=的|[ ,，]|$)")
_COMPARED_AFTER = re.compile(
    r"\s?(?:的?(?:太贵|贵|广告|平替|替代|那种|同款|味儿?)|平替|\d|dupe|alternative|killer|built|style|but)"
)
_COMPARED_BEFORE = re.compile(
    r"(?:像|类似|比|替代|平替|look like|similar to|like|dupe (?:of|for)|alternative to|than|"
    r"than the|without being|instead of)(?: the| an?)?\s?$"
)
_LETTERS = r"(?:xxs|xs|xxxl|xxl|xl|[2-6]xl|s|m|l)"
_SIZES = (
    re.compile(r"(?<![\d.])(?P<size>\d{2}(?:\.5)?)\s?(?:码|号)(?!线|楼|店)"),
    re.compile(r"(?:尺码|码数|头围|(?<![a-z])sizes?)\s?[:：]?\s?(?P<size>\d+(?:\.\d)?[a-z]?|one size|"
    r"small|medium|large|"
    r"x-?large|[a-z]{1,3})(?![a-z\d])"),
    re.compile(rf"(?<![a-z\d'])(?P<size>{_LETTERS})\s?(?:码|号)"),
    re.compile(r"(?<![a-z\d])(?P<size>queen|king|twin|full|double|single)[- ]?(?:size|sized|bed)(?![a-z])"),
    re.compile(r"(?<![a-z\d])(?P<size>[abAB][3-6])(?![a-z\d])"),
    re.compile(r"(?<![a-z\d.])(?P<size>(?:6[05]|7[05]|8[05]|9[05]|3[02468])[a-f])(?![a-z\d])"),
    re.compile(r"(?<![a-z\d.])(?P<size>\d{1,2}\s?x\s?\d{1,2})(?![a-z\d]|\s?x)"),
    re.compile(r"(?:鞋|靴|女|男|白|黑|shoes?|sneakers?|boots?)\s?"
    r"(?P<size>3[4-9](?:\.5)?|4[0-7](?:\.5)?)(?=$|[,，。 ])"),
    re.compile(r"(?<![a-z\d])(?<!too )(?<!more )(?P<size>(?:extra )?(?:small|medium|large)(?: tall|"
    r" petite)?)(?= size|$|[,.;]| please)"),
)  # fmt: skip
#: A size of one letter stands alone, in capitals.
_LETTER = re.compile(r"(?<![A-Za-z\d'’.&-])(?P<size>XXS|XS|XXXL|XXL|XL|[2-6]XL|S|M|L)(?![A-Za-z\d'’&.-])")
_CLOTHES = re.compile(
    r"衣|裤|裙|衫|鞋|帽|内|装|size|shirt|jacket|dress|pants|hoodie|tee|jeans|coat|sweater|leggings|shorts|linen|wear|尺码|买|穿"
)


def known(lexicon: Lexicon, sentence: Sentence) -> list[Found]:
    """Every name in a sentence that the lexicon knows, and the people told by how they stand."""
    found = [_shaded(sentence, n) if n.field == "color" else n for n in lexicon.find(sentence)]
    found += (n for n in _plain_colours(sentence) if not overlaps(n.span, [f.span for f in found]))
    found = [n for n in found if not (n.field == "brand" and _mentioned(sentence, n))]
    spans = [n.span for n in found if n.field != "category"]
    for person in _people(sentence):
        if not overlaps(person.span, spans):
            found = [n for n in found if not overlaps(n.span, [person.span])]
            found.append(person)
            spans.append(person.span)
    return sorted(found, key=lambda n: n.start)


def _shaded(sentence: Sentence, colour: Found) -> Found:
    """A colour with the word of shade before it: warm white, 浅灰色."""
    shade = _SHADE.search(sentence.text[max(0, colour.start - 9) : colour.start])
    if shade is None:
        return colour
    start = colour.start - len(shade[0])
    return Found("color", sentence.text[start : colour.end], start, colour.end)


def _plain_colours(sentence: Sentence) -> Iterator[Found]:
    """Colours of one character, which are names only where nothing else can be meant."""
    for match in _ONE_COLOUR.finditer(sentence.text):
        yield Found("color", match["what"], match.start("what"), match.end("what"))


def _mentioned(sentence: Sentence, name: Found) -> bool:
    """Whether a brand is only compared with or part of a model's name, not wanted."""
    before = sentence.text[max(0, name.start - 16) : name.start]
    return _COMPARED_AFTER.match(sentence.text, name.end) is not None or _COMPARED_BEFORE.search(before) is not None


def _people(sentence: Sentence) -> Iterator[Found]:
    for pattern in (_MAKER, _BY):
        for match in pattern.finditer(sentence.text):
            yield Found("person", match["who"], match.start("who"), match.end("who"))
    for match in _HANDLE.finditer(sentence.text):
        yield Found("person", match[0], match.start(), match.end())
    titled = list(_TITLE_CASE.finditer(sentence.cased))
    if titled and _MADE.search(sentence.text) and not sentence.cased.istitle():
        for match in titled:
            yield Found("person", sentence.text[match.start() : match.end()], match.start(), match.end())


def wanted(lexicon: Lexicon, sentence: Sentence, names: Sequence[Found]) -> Iterator[Constraint]:
    """What a sentence wants of brands, people and colours."""
    for name in names:
        if name.field in NAMED:
            clause = sentence.clause(name.start)
            hard = _SOFT.search(sentence.words(clause)) is None
            value = lexicon.canonical(name.field, sentence.cased[name.start : name.end])
            yield Constraint(name.field, "=", value, hard=hard, evidence=name.value)


def sizes(sentence: Sentence) -> Iterator[tuple[Constraint, Span]]:
    """The sizes a sentence names, each with its span: ``42码``, ``size M``, ``A5``, ``queen size``."""
    taken: list[Span] = []
    patterns: list[tuple[re.Pattern[str], str]] = [(p, sentence.text) for p in _SIZES]
    if _CLOTHES.search(sentence.text):
        patterns.append((_LETTER, sentence.cased))
    for pattern, text in patterns:
        for match in pattern.finditer(text):
            if overlaps(match.span(), taken):
                continue
            taken.append(match.span())
            said = sentence.cased[match.start("size") : match.end("size")]
            value = said.replace(" ", "") if "x" in said.lower() and said[0].isdigit() else said
            number = re.fullmatch(r"\d+(?:\.\d)?", value)
            numeric = has_han(match[0]) and number is not None
            yield Constraint("size", "=", float(value) if numeric else value, evidence=match[0].strip()), match.span()
