"""Names a sentence speaks of: brands, people, colours and sizes, known or told by how they stand."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from betimes.domain.intent import Constraint
from betimes.domain.names import has_han
from betimes.understand.aliases import LANGUAGES, alike, word_lines, words_of
from betimes.understand.cues import cue
from betimes.understand.lexicon import Found, Lexicon, folded
from betimes.understand.sentence import Sentence, Span, overlaps

#: Fields whose values are names in the sense of the annotation: wanting one is a constraint.
NAMED = ("brand", "person", "color")

_SOFT = cue("soft")
_SURNAME = "".join(word_lines("surnames"))
#: 周建龙播的, 张三演的: a surname with one or two characters before a verb of making.
_MAKER = re.compile(
    rf"(?<![\u4e00-\u9fff])(?P<who>[{_SURNAME}][\u4e00-\u9fff]{{1,3}}?)(?=(?:主)?[演导唱写播拍执弹讲画](?:导|演)?的|"
    rf"的(?:歌|电影|"
    rf"片子|小说|书|专辑|作品|音乐|相声))"
)
_TITLE_CASE = re.compile(
    r"(?<![A-Za-z'])(?<![Tt]he )(?!The |A |An |In |My |I )(?P<first>[A-Z][a-z']+|[A-Z]\.)(?: (?:de|van|von|da|del|"
    r"di)? ?[A-Z][a-zà-ÿ']*[a-zà-ÿ]){1,2}"
    r"(?![A-Za-z])"
)
_GIVEN: Final = words_of("given")
_MADE = re.compile(
    r"movie|film|song|music|album|track|book|novel|series|show|ballad|pop|rock|playlist|stand ?up|comedy|"
    r"thriller|doc|sing|band|podcast|rom|jazz|metal|reggaeton|hits|director|actor"
)
_SUNG = re.compile(
    r"(?<![a-z])(?:song|music|album|track|playlist|ballad|jazz|metal|symphon|concerto|rapper|hip ?hop|r&b|bpm|sung|"
    r"band(?![a-z]))"
)
_NAME = re.compile(r"[A-Z][A-Za-z'.&-]*[a-z](?: [A-Z][A-Za-z'.&-]*[a-z]){0,2}")
_BY = re.compile(
    r"(?<![a-z])(?:by|starring|directed by|featuring|feat\.?|from director|"
    r"narrated by) (?!(?:hand|rail|train|bus|car|bike|foot|air|sea|post|mail|someone|somebody|anyone|people|women|men|"
    r"heavy|default|accident|word|tomorrow|tmrw|noon|the end|[a-z]+day|(?:jan|febr)uary|march|april|may|june|july|"
    r"august|"
    r"[a-z]+ber|(?:a|an|the|my|your|her|his|our|their|that|this|those|it|me|us|you|real|its)(?: [a-z]+)*|"
    r"[a-z]+sel(?:f|ves))(?![a-z]))"
    r"(?P<who>[a-z][a-z'.-]+(?: [a-z][a-z'.-]+){0,2})(?=$|[,.;!?]| (?:with|under|that|or|and|in|for|"
    r"please)(?![a-z]))"
)
_HANDLE = re.compile(r"(?<!\w)@[a-z0-9_]{2,30}")

_SHADE = re.compile(
    r"(?:warm|cool|light|dark|deep|pale|bright|soft|dusty|matte|natural|bluish|baby|royal|neon|pastel|off|mid|washed|"
    r"ceil|cherry|brick|"
    r"emerald|forest|blush|chocolate|chestnut|peacock|seafoam|steel|midnight|electric|powder|ice|lime|ruby|slate|ash|"
    r"bottle|"
    r"mint|sage|rose|jet|snow|cobalt|burnt|dusky|smoky|stoneware|moss|petrol|duck egg|fire engine)[ -]$|"
    r"[浅深暗亮淡暖冷墨奶藏枣玫裸灰蓝雾米烟粉酒湖宝橘银黑]$"
)
_GARMENT = r"(?:高帮|低帮|衬衫|t恤|t(?![a-z])|背心|袜|球?鞋|裤|裙|帽|毛衣|外套|西装|卫衣|短袖|伞|绒|格)"
#: Colours of one character, with their shade: where they stand apart, are asked for, or say what a garment is like.
_ONE_COLOUR = re.compile(
    r"(?:颜色(?:是|要|得|能?换成?)?|^|(?<=[ ,，!、])|(?<=[行款红蓝黄黑白绿的][和或、])|[要换男女纯全]|行|"
    r"小(?=[白黑]鞋))"
    r"(?P<what>[浅深暗亮淡墨奶藏米雾烟]?[黑白红蓝绿黄紫粉灰棕咖橙]|奶咖|米黄|黑金)"
    rf"(?=的(?!起|更|人)|[ ,，!、]|$|[和或跟与]|{_GARMENT})"
)
#: Words that are a colour where they stand apart, among colours.
_APART = re.compile(
    r"(?:(?<=[,.] )|(?<= or )|(?<= in ))(?P<what>tan|rust|sand|stone|camel|coral)"
    r"(?=[,.;?!]|$| or | colou?red)"
)
_TONGUE_ZH, _TONGUE_EN = (
    "|".join(w for w in sorted(LANGUAGES, key=len, reverse=True) if has_han(w) is han) for han in (True, False)
)
#: A language that is to be heard or read: named apart, or said of a voice. That of subtitles is not.
_SPOKEN = re.compile(
    rf"(?:(?:^|(?<=[,，。!？?、 ]))|[要换唱说讲听看]|有没有|语言)(?P<zh>{_TONGUE_ZH})"
    r"(?=(?:版|的|原声|原版|发音|配音|讲解|讲|唱)*(?:$|[,，。!？?、 ])|原声|发音|配音|讲解|版本?(?!权))|"
    rf"(?<!titles in )(?<!title in )(?<!titled in )(?<!text in )(?:(?<=[a-z,] in )|"
    rf"(?<=^in ))(?P<in>{_TONGUE_EN})(?![a-z])(?! sub)|"
    rf"(?<![a-z])(?P<en>{_TONGUE_EN})(?= (?:audio|dub|language|narration|version))"
)
_COMPARED_AFTER = re.compile(
    r"\s?(?:的?(?:太贵|贵|广告|平替|替代|那种|同款|味儿?|那样|那路子?|那味儿?)|那(?:种|个级别|个?味|样|路子|范儿)|式|"
    r"通用|能用|适用|专用|用户|兼容|平替|"
    r"dupe|alternative|killer|built|style|but (?:cheap|less|afford)|users?(?![a-z])|owners?(?![a-z])|vibes?|-ish|"
    r"-esque|compatible)|"
    r"\d(?!\d*\s?(?:年|元|块|个|件|以|[万千百寸~-]))|\s\d{1,2}(?=$|[,，。 ]|pro|ultra)"
)
#: The same of people: the likes of them are wanted, not they.
_AKIN_AFTER = re.compile(
    r"\s?(?:的?(?:那种|那样|那路子?|那味儿?)|那(?:种|个级别|个?味|样|路子|范儿)|式(?!的?歌)|-ish|-esque|"
    r"vibes?(?![a-z]))"
)
_COMPARED_BEFORE = re.compile(
    r"(?:像|类似|比|替代|平替|look like|similar to|like|dupe (?:of|for)|alternative to|than|"
    r"than the|without being|instead of|compatible with|fits?|works with|for (?:an?|my)|(?<![a-z])my(?: old)?|支持|"
    r"兼容|适配|"
    r"路子像|仿)(?: the| an?)?\s?$"
)
_LETTERS = r"(?:xxs|xs|xxxl|xxl|xl|[2-6]xl|s|m|l)"
_SIZES = (
    re.compile(r"(?<![\d.])(?P<size>\d{2}(?:\.5)?)\s?(?:码|号)(?!线|楼|店)"),
    re.compile(r"(?<![a-z\d])(?P<size>super king|twin xl|queen|king|twin|full|double|single)[- ]?(?:size|sized|"
        r"bed)(?![a-z])"),
    re.compile(r"(?:mattress|bed frame|sheets?|pillowcases?|duvet|topper|blanket|comforter)(?:,| in| for)? "
    r"(?P<size>super king|twin xl|queen|king|twin|double|single)(?![a-z])"),
    re.compile(r"(?:(?:wo)?men'?s|(?<![a-z])(?:uk|eu|us)) (?P<size>\d{1,2}(?:\.5)?)(?= wide|[,.;]|$| or )"),
    re.compile(r"(?:尺码|码数|头围|(?<![a-z])sizes?)\s?[:：]?\s?(?P<size>\d+(?:\.\d)?[a-z]?|one size|"
    r"small|medium|large|"
    r"x-?large|[a-z]{1,3})(?![a-z\d])"),
    re.compile(rf"(?<![a-z\d'])(?P<size>{_LETTERS})\s?(?:码|号)"),
    re.compile(r"(?<![a-z\d])(?P<size>[abAB][3-6])(?![a-z\d])"),
    re.compile(r"(?<![a-z\d.])(?P<size>(?:(?:6[05]|7[05]|8[05]|9[05]|3[02468])(?:[a-f]|dd)|[1-5]x))(?![a-z\d])"),
    re.compile(r"(?<![a-z\d.])(?P<size>\d{1,3}\s?(?:x|by)\s?\d{1,3})(?![a-z\d]|\s?x)"),
    re.compile(r"(?<![a-z\d'])(?<!\d )(?P<size>xxs|xs|xl|xxl|xxxl|[2-6]xl)(?![a-z\d])"),
    re.compile(r"(?:鞋|靴|女|男|白|黑|shoes?|sneakers?|boots?)\s?"
    r"(?P<size>3[4-9](?:\.5)?|4[0-7](?:\.5)?)(?=$|[,，。 ])"),
    re.compile(r"(?<![a-z\d])(?<!too )(?<!more )(?P<size>(?:extra )?(?:small|medium|large)(?: tall|"
    r" petite)?)(?= size|$|[,.;]| please)"),
)  # fmt: skip
#: A size of one letter stands alone, in capitals.
_LETTER = re.compile(r"(?<![A-Za-z\d'’.&-])(?P<size>XXS|XS|XXXL|XXL|XL|[2-6]XL|S|M|L)(?![A-Za-z\d'’&.-])")
_CLOTHES = re.compile(
    r"衣|裤|裙|衫|鞋|帽|内|装|size|shirt|jacket|dress|pants|hoodie|tee|jeans|coat|sweater|leggings|shorts|linen|wear|"
    r"尺码|买|穿"
)


def known(lexicon: Lexicon, sentence: Sentence) -> list[Found]:
    """Every name in a sentence that the lexicon knows, and the people told by how they stand."""
    found = [_shaded(sentence, n) if n.field == "color" else n for n in lexicon.find(sentence)]
    found += (n for n in _plain_colours(sentence) if not overlaps(n.span, [f.span for f in found]))
    found = [n for n in found if not (n.field in ("brand", "person") and _mentioned(sentence, n))]
    spans = [n.span for n in found if n.field != "category"]
    for person in _people(sentence):
        if not overlaps(person.span, spans) and not _mentioned(sentence, person):
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
    """Colours that are ordinary words too, where nothing else can be meant."""
    for pattern in (_ONE_COLOUR, _APART):
        for match in pattern.finditer(sentence.text):
            yield Found("color", match["what"], match.start("what"), match.end("what"))


def _mentioned(sentence: Sentence, name: Found) -> bool:
    """Whether a brand or a person is only compared with or part of a model's name, not wanted."""
    before = sentence.text[max(0, name.start - 16) : name.start]
    compared = _AKIN_AFTER if name.field == "person" else _COMPARED_AFTER
    return compared.match(sentence.text, name.end) is not None or _COMPARED_BEFORE.search(before) is not None


def _people(sentence: Sentence) -> Iterator[Found]:
    for pattern in (_MAKER, _BY):
        for match in pattern.finditer(sentence.text):
            yield Found("person", match["who"], match.start("who"), match.end("who"))
    for match in _HANDLE.finditer(sentence.text):
        yield Found("person", match[0], match.start(), match.end())
    if not sentence.cased.istitle():
        for match in _TITLE_CASE.finditer(sentence.cased):
            if match["first"].lower().strip(".") in _GIVEN:
                yield Found("person", sentence.text[match.start() : match.end()], match.start(), match.end())


def languages(sentence: Sentence) -> Iterator[Found]:
    """The languages a thing is to be in."""
    for match in _SPOKEN.finditer(sentence.text):
        at = match.lastgroup or "zh"
        yield Found("language", match[at], match.start(at), match.end(at))


def refused_too(name: Found, constraints: Iterable[Constraint]) -> bool:
    """Whether what a name names is excluded: a brand that is refused is named a second time to say why."""
    return any(
        c.op == "!=" and c.field == name.field and alike(c.field, folded(str(c.value)), name.value) for c in constraints
    )


def sung_by(sentence: Sentence, start: int, end: int, names: Iterable[Found]) -> bool:
    """Whether a name that nobody knows, refused in a sentence about music, is a person's or a group's.

    It is not where a person is named too: then it is one of their songs.
    """
    said = sentence.cased[start:end]
    written = _NAME.fullmatch(said) is not None and not sentence.cased.isupper() and not sentence.cased.istitle()
    return written and _SUNG.search(sentence.text) is not None and not any(n.field == "person" for n in names)


def wanted(lexicon: Lexicon, sentence: Sentence, names: Sequence[Found]) -> Iterator[Constraint]:
    """What a sentence wants of brands, people and colours."""
    for name in names:
        if name.field in (*NAMED, "language"):
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
