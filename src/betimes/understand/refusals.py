"""What a sentence refuses: spans under a negation, as exclusions or as dislikes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from betimes.understand.lexicon import Lexicon
from betimes.understand.sentence import Sentence, Span, overlaps

_STOP = r"，,。.;；!！?？\n"
#: Words that refuse the thing after them. 别 alone refuses a thing only where a name follows it.
_BEFORE_ZH = re.compile(
    rf"(?P<word>除了|除开|除去|除(?=[\u4e00-\u9fff]{{1,6}}[以之]外)|(?:千万|绝对)?(?:不要|不想要|不想[看听吃]|不能[有放吃带用是含加]|不[吃含带看听喝加放]|"
    rf"不是(?!很)|不考虑|拒绝?(?!收)|谢绝|排除|去掉|去除|剔除|避雷|避免|抛开|屏蔽|远离|不[买选推]|没有?(?=[\u4e00-\u9fff]{{1,8}}的)|(?:^|"
    rf"(?<=[{_STOP} ]))没有|"
    rf"[别勿]再?(?:给我|跟我)?再?(?:推荐?|看|听|来|放|是|有|要|带|整|弄|上|配|送|用|加|选|拿|买|出现|提))|避开|忽略|"
    rf"[别勿]再?给我(?!再)|非(?!常|遗|洲|主流|虚构|得|要)(?=[\u4e00-\u9fff]{{2,5}}(?:的|款|版|$|[,，]))|(?P<bare>(?:千万)?别(?!的|人|致|墅|"
    rf"名|处|样|说|提了|急)))"
    rf"(?P<what>[^{_STOP}]{{1,24}})"
)
_WITHOUT_ZH = re.compile(
    r"(?:(?<=[\u4e00-\u9fff ,，])|^)[无零](?P<what>糖|蔗糖|盐|油|奶|乳糖|黄油|奶油|酒精|香精|香料|"
    r"麸质|谷|防腐剂|色素|硅油|皂基|钢圈|骨|刺|坚果|辣|味精|"
    r"添加剂|咖啡因|酒|广告|字幕|歌词|人声|片头)"
    r"(?!线)"
)
_BEFORE_EN = re.compile(
    rf"(?<![a-z])(?P<word>anything but|other than|except(?: for)?|excluding|besides|aside from|apart from|"
    rf"rather than|instead of|hold the|leave off|steer clear of|keep away from|without|w/o(?:ut)?|with no|"
    rf"avoid(?:ing)?|skip(?: the| anything)?|minus|zero|sans|"
    rf"but not|and not|not|no more|no|nothing(?: from| by| with)?|none of (?:that|those)|rather not (?:have|see|get)|"
    rf"(?:don'?t|do not|doesn'?t) (?:want|show me|give me|recommend|need|include|have|contain|use|"
    rf"come with)(?: me)?(?: any)?|never (?:show|recommend|play)?(?: us| me)?(?: any(?:thing)?(?: with)?)?|"
    rf"refuse to buy from|free of|(?:isn'?t|aren'?t|ain'?t)(?: just)?|nor|ignore|enough with|leave out|"
    rf"stay away from|less)\s+"
    rf"(?P<what>[^{_STOP}()]{{1,40}})"
)
#: The negation that follows what it refuses: 碎花不要, 飞利浦除外.
_AFTER_ZH = re.compile(
    rf"(?:^|(?<=[{_STOP}、\s(（]))(?:除了?)?(?P<what>[^{_STOP}、\s()（）]{{1,16}}?)(?:那[种类个些款]的?|之类|一类|什么|类)?的?"
    r"(?:就|都|也|一律|坚决|全|统统|通通)?(?:不要|除外|[以之]外|算了|免了|别(?:给我|再)?[看推来拿]?了|不吃|不看|不听|不买|不考虑|不行|pass|不用了?|不算|免谈|别难为我了|别给我看了)"
    rf"(?=$|[{_STOP}、\s(（)）的了吧哈啊]|天天|已经)"
)
_FREE = re.compile(r"(?<![a-z])(?P<what>[a-z]+)[- ]free(?![a-z])(?! (?:of|shipping|delivery|trial|movie|film|app))")
_FREE_LEFT = frozenset("for as is are be feel totally completely it a an the get 's hands stress care toll".split())
_FEELING_ZH = re.compile(r"(?P<word>不喜欢|不爱|讨厌|受不了|最烦|太烦|烦死|怕)(?P<what>[^，,。.;；!！?？\n]{1,16})")
_FEELING_EN = re.compile(
    r"(?<![a-z])(?P<word>hate|can'?t (?:stand|do|deal with)|dislike|(?:don'?t|do not|"
    r"doesn'?t) (?:really )?(?:like|enjoy|care for|do|wear|eat|drink|watch)|"
    r"not (?:really )?(?:a fan of|into|big on)|tired of|sick of|bored (?:of|with)|fed up with|zero interest in|"
    r"over)\s+(?P<what>[^，,。.;；!！?？\n()]{1,40})"
)
#: What a negation says of how a thing is or behaves, not of a thing.
_DEGREE = re.compile(
    r"\s*(?:太|过于|那么|这么|特别|很|老|总|容易|(?:too|so|very|that|as|really|overly|super|just)(?![a-z]))\s*"
)
_STATE = re.compile(
    r"[\u4e00-\u9fff]?(?:吵|吓|碎|生锈|掉|卡|省|挡|勒|磨|漏|褪|闷|晃|断|坏|黏|粘|糊|念|装|跟|把|让|被|叫|搞|花|贵|慢|重|大|小|长|短|甜|辣|油|腻|咸|淡|薄|厚|"
    r"硬|软|丑|土|老|密密|怕|嫌)"
)
#: Turns of phrase that hold a negation word and refuse nothing.
_IDIOM = re.compile(
    r"别(?:再)?推荐?(?=$|[,，。])|[别不][^,，。]{0,4}(?:超|过|高于|低于|少于|多于|大于|小于|长于|短于|早于|晚于)(?:过|出)?|不到|不足|不(?:是|成)问题|没问题|不错|不要钱|"
    r"差不多|不知道|不确定|不限|([要是能好行会买卖吃])不\1|有没有|没有的话|无所谓|无[线人缝痛损刷极论聊奈语敌氟框边级印](?!$)|不用|不一定|不怎么|"
    r"不[掉伤贵粘累脱起发变沾刺挑磨硌勒卡呛洇透褪闷晃老土做](?!了)|"
    r"不锈钢|没[啥什有]+(?:人|么|要)|特别|分别|区别|别的|级别|性别|告别|辨别|别人|别致|别墅|非常|不[好太]意思|不满|对不起|不过|不然|不但|不仅|不管|不断|不同|不久|没见过|没看过|没听过|"
    r"没[^,，。]{0,4}的没|都没|才不|看不完|忍不住|"
    r"no (?:[a-z]+(?:er|re) than|more than|less than|over|problem|idea|later|rush|preference|limit|matter|one|"
    r"need|clue|heel|worries|doubt|thanks|pressure)|"
    r"not? (?:more than|less than|spend\w*|pay\w*|over|under|exceed|above|below|past|north|looking|sure|only|bad|"
    r"just|really|too hard|the end|in the|to mention|an? (?:issue|problem)|yet|at all|that|picky|fussy|"
    r"trying)(?![a-z])|"
    r"nothing (?:else|fancy|over|under|above|below|older|newer|stronger|more|less|to do|wrong|specific)|"
    r"never ?mind|without (?:breaking|spending|going)|"
    r"(?:don'?t|do not|doesn'?t|won'?t|can'?t|shouldn'?t) (?:care|mind|know|need to|have to|matter|cost|go over|"
    r"exceed|wait|run|want to (?:spend|pay|go)|have (?:much|a lot))|"
    r"why not|if not|or not|whether or not|not (?:\d|have to)|less than|less [a-z]+y(?![a-z])|zero (?:drop|waste|"
    r"interest|sugar)|isn'?t (?:a big deal|there)"
)
_END_ZH = re.compile(
    r"(?<![a-z])\s|\s(?![a-z])|[(（)）]|(?<=.)(?:不?要|也不|别|都|才|就|给?我|给?他|给?她|可以|之外|[以]外)|(?<=[\u4e00-\u9fff])\d|"
    r"的(?=[\u4e00-\u9fff])|的$|也行|吧$|啊$|哦$|呢$|哈$|谢谢|预算|但是|不过|其他|其它|还有啥|还有什么|因为|已经|天天"
)
_END_EN = re.compile(
    r"\b(?:please|thanks|for|under|over|with|in|at|on|but|because|cause|that|which|who|since|as|is|are|was|if|i|"
    r"it|they|though|budget|around|to|when|while|than|this|these|those|from|lol|omg|"
    r"pls|either|obviously|at all|thx|just|size|today|tonight|anymore|again|whatsoever|ever|lord|everyone|ok|"
    r"okay|needs?|so|out there|and i|and it|a[3-6])\b.*$|\s\d+\b.*$|\s?-\s.*$"
)
_PARTS_ZH = re.compile(r"[、/]|(?<=..)[和跟与及]|或者?|还有|以及|(?<=.)也不要|(?<=.)不要|(?<=.)别")
_PARTS_EN = re.compile(r"\s*(?:,|/|\bor\b|\band\b|\bnor\b|\bno\b|\bnot\b|&)\s*")
_LEAD = re.compile(
    r"(?:(?:any|the|a|an|another|anything|of|made (?:of|with)|something|more|else|about|us|me|being|having|have|"
    r"with|from|by|those|these|such|really|like|involving|containing|including|featuring|be)(?![a-z])|"
    r"荐|(?:要|带|有|是|含|放|来|用)(?=..)|所以|但是?|不过|还有|而且|因为|再给我|给我|给|再|搞|推荐|出现|那种|这种|任何|什么|牌子的?|品牌的?|什么的|买|比如|所谓|一点|叫我买|"
    r"一律)\s*"
)
_TRAIL = re.compile(
    r"(?:(?:那|这)[种版个些款类](?:的|样)?.*|之类.*|什么的|一类.*|这类.*|一律|话题|的|了|吧|啊|哈|呀|坚决|统统|都|也|就)$|\s(?:stuff|things?|content|"
    r"one|ones|brands?|junk|either|type|kind|please|related|version|songs?|movies?|music|videos?|"
    r"needed|required|anything|of all things)$"
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something refused.

    Attributes:
        what: the thing, without the negation.
        feeling: whether it is only a degree or a dislike ("too heavy"), not an exclusion.
        span: where, with its negation.
        at: where the thing itself begins.
    """

    what: str
    feeling: bool
    span: Span
    at: int


def refusals(sentence: Sentence, lexicon: Lexicon) -> list[Refusal]:
    """What a sentence refuses, from left to right."""
    text = sentence.text
    masked = _IDIOM.sub(lambda m: "\x01" * len(m[0]), text)
    found: list[Refusal] = []
    for reader in (_after, _without, _feelings, _before):
        for refusal in reader(text, masked, lexicon):
            earlier = [r for r in found if overlaps(refusal.span, [r.span])]
            if all(r.span == refusal.span for r in earlier) and refusal not in found:
                found.append(refusal)
    return sorted(found, key=lambda r: r.span)


def _after(text: str, masked: str, lexicon: Lexicon) -> Iterator[Refusal]:
    for match in _AFTER_ZH.finditer(masked):
        if "\x01" in match["what"] or re.search(r"^(?:我|你|他|这|那|第)|\d", match["what"]):
            continue
        for thing, at in _parts(match["what"], match.start("what"), _PARTS_ZH, lexicon):
            yield Refusal(thing, False, match.span(), at)


def _without(text: str, masked: str, lexicon: Lexicon) -> Iterator[Refusal]:
    for match in (*_WITHOUT_ZH.finditer(masked), *_FREE.finditer(masked)):
        if match["what"] not in _FREE_LEFT:
            yield Refusal(match["what"], False, match.span(), match.start("what"))


def _feelings(text: str, masked: str, lexicon: Lexicon) -> Iterator[Refusal]:
    for pattern, ending, parts in ((_FEELING_ZH, _END_ZH, _PARTS_ZH), (_FEELING_EN, _END_EN, _PARTS_EN)):
        for match in pattern.finditer(masked):
            what = _ended(match["what"], ending, lexicon)
            span = (match.start(), match.start("what") + len(what))
            for thing, at in _parts(what, match.start("what"), parts, lexicon):
                yield Refusal(thing, True, span, at)


def _before(text: str, masked: str, lexicon: Lexicon) -> Iterator[Refusal]:
    for pattern, ending, parts in ((_BEFORE_ZH, _END_ZH, _PARTS_ZH), (_BEFORE_EN, _END_EN, _PARTS_EN)):
        at = 0
        while match := pattern.search(masked, at):
            what = _ended(match["what"], ending, lexicon)
            end = match.start("what") + len(what)
            at = max(end, match.end("word"))
            bare = match.groupdict().get("bare") is not None or match["word"] == "less"
            for thing, start in _parts(what, match.start("what"), parts, lexicon):
                degree = _DEGREE.match(thing)
                state = (
                    bare
                    and not lexicon.fields_of(thing)
                    and (_STATE.match(thing) is not None or not 2 < len(thing) < 7)
                )
                yield Refusal(thing, degree is not None or state, (match.start(), end), start)


def _ended(what: str, ending: re.Pattern[str], lexicon: Lexicon) -> str:
    """The refused span up to where it ends, which is never within a name: 美的 ends in 的."""
    name = next(lexicon.find(Sentence(what)), None)
    found = ending.search(what, name.end if name is not None and name.start == 0 else 1)
    return (what[: found.start()] if found else what).split("\x01", 1)[0]


def _parts(what: str, at: int, parts: re.Pattern[str], lexicon: Lexicon) -> Iterator[tuple[str, int]]:
    """The things in a refused span, each with its place; names that follow each other directly are parted."""
    place = 0
    for part in parts.split(what):
        place = what.find(part, place)
        for thing in _adjacent(_trimmed(part, lexicon), lexicon):
            if thing and thing in part:
                yield thing, at + place + part.find(thing)


def _trimmed(part: str, lexicon: Lexicon) -> str:
    thing = part.strip(" -'\"“”《》")
    while True:
        if "brand" in lexicon.fields_of(thing):
            return thing
        shorter = _LEAD.sub("", thing, count=1) if _LEAD.match(thing) else thing
        shorter = _TRAIL.sub("", shorter).strip(" -'\"“”《》")
        if shorter == thing:
            return "" if len(thing) < 2 and thing.isascii() else thing
        thing = shorter


def _adjacent(thing: str, lexicon: Lexicon) -> list[str]:
    """A run of known names as single ones: 榴莲火龙果 where both are known."""
    names = list(lexicon.find(Sentence(thing)))
    if len(names) > 1 and sum(n.end - n.start for n in names) == len(thing):
        return [n.value for n in names]
    return [thing]
