"""What else a sentence says it likes or dislikes: the pieces that are neither thing, bound, name nor refusal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from betimes.domain.intent import InterestKind
from betimes.domain.names import has_han

_PIECES = re.compile(
    r"[,，。.;；!！?？\n、]+\s*|\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+|\s-\s|\s+(?:and|but|with|for|that|to|of)\s+"
)
_FILLER_ZH = re.compile(
    r"有没有|有啥|有什么|推荐|求个?|想要|想买|想换|想找|想看|想听|想吃|想去|要买|要个|要|买个?|买|来[一点个首部杯份些]?|给我|帮我|帮忙|找[一个部首点些]*|看看|谢谢|麻烦|请问|请|一下|哪[个款种里家]|什么样的|什么|啥样的|啥|"
    r"可以吗|可以|行吗|吗|呢|吧|啊|呀|哦|哈|嘛|呗|的话|就好|就行|都行|也行|最好|优先|尽量|预算|价格|价位|价钱|之类|那种|这种|一[个款部台双件首本条只张把套些点种]|几[个款部首]|我想|我要|我|你们?|大家|各位|大佬|"
    r"左右|以内|以下|以上|之间|适合|用来|用的|能够|能|会|是|有|在|想|也|都|再|还|就|去|放|播放|听|看|带|送给|送|给|主要|平时|比较|稍微|有点|一点|点|些|款|个|块钱|块|元|的|了|和|跟|与|把|被|对|吃|换|新|好"
)
_EDGE_ZH = re.compile(
    rf"^(?:{_FILLER_ZH.pattern})+|(?:的|了|吗|呢|吧|啊|呀|就行|就好|都行|也行|优先|最好|谢谢|款|点的|一点的|些的)+$"
)
_EDGE_EN = re.compile(
    r"^(?:(?:i|i'm|im|i'd|me|my|we|us|you|a|an|the|some|any|something|anything|need|needs|want|wants|looking|look|for|to|find|show|get|buy|give|recommend|suggest|please|pls|with|and|but|or|of|in|on|at|by|"
    r"is|are|be|it|it's|its|that|that's|this|can|could|would|should|like|have|has|got|play|watch|put|hi|hello|hey|thanks|thank|ok|so|just|maybe|really|very|one|ones|ideally|preferably|budget|price|under|over|"
    r"below|above|around|about|from|as|up|there|what|which|who|where|any|good|must|will|do|does|not|no)\b\s*)+|"
    r"(?:\b(?:please|pls|thanks|thank you|if possible|ideally|preferably|for|with|and|or|a|the|of|to|one|ones|under|in|is|that|but)\b\s*)+$",
    re.IGNORECASE,
)
_ONLY_MARKS = re.compile(r"^[\W\d_]*$")
_MOOD = re.compile(
    r"送|礼物|生日|妈|爸|女友|男友|女朋友|男朋友|老婆|老公|孩子|儿子|女儿|宝宝|爷爷|奶奶|长辈|同事|闺蜜|朋友|今晚|周末|国庆|春节|中秋|情人节|圣诞|睡前|失眠|失恋|心情|难过|emo|放松|下班|加班|聚会|约会|婚礼|开学|旅行|"
    r"\b(?:mom|mum|dad|wife|husband|girlfriend|boyfriend|kids?|son|daughter|friend|birthday|wedding|christmas|party|tonight|weekend|date|anniversary|sleep|relax|sad|mood|breakup|commute|gift)\b",
    re.IGNORECASE,
)
_HOBBY = re.compile(
    r"跑步|摄影|徒步|健身|瑜伽|钓鱼|露营|画画|烘焙|骑行|登山|游泳|编程|园艺|滑雪|打球|篮球|足球|种花|种菜|弹琴|"
    r"\b(?:running|photography|hiking|yoga|fishing|camping|painting|baking|cycling|climbing|swimming|gardening|skiing|gaming|knitting|drawing)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"特别|超级|超|非常|一定要|必须|最|really|very|must|absolutely|love|super|extremely|definitely", re.IGNORECASE
)
_WEAK = re.compile(
    r"有点|稍微|最好|尽量|可能|也许|优先|a bit|slightly|maybe|ideally|preferably|if possible|kind of|somewhat",
    re.IGNORECASE,
)
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class Wish:
    """A piece of the sentence that says how the thing should be."""

    text: str
    start: int
    end: int


def wishes(text: str, taken: Sequence[tuple[int, int]]) -> list[Wish]:
    """The pieces of a normalised, lower-cased text outside the spans already read, less their filler words."""
    chars = list(text)
    for a, b in taken:
        chars[a:b] = ["\n"] * (b - a)
    left = "".join(chars)
    found: list[Wish] = []
    at = 0
    for piece in [*_PIECES.finditer(left), None]:
        end = piece.start() if piece else len(left)
        said = _bare(left[at:end])
        if said and len(said) <= (_LONGEST if has_han(said) else 48):
            start = left.find(said, at)
            found.append(Wish(said, start, start + len(said)))
        at = piece.end() if piece else len(left)
    return found


def _bare(piece: str) -> str:
    said = piece.strip()
    while True:
        shorter = _EDGE_EN.sub("", _EDGE_ZH.sub("", said)).strip(" -'\"~")
        if shorter == said:
            break
        said = shorter
    if _ONLY_MARKS.match(said) or len(said) < 2:
        return ""
    return said


def interest_kind(said: str, *, lasting: bool) -> InterestKind:
    """How long a wish lasts: an occasion or a person passes, an activity or a taste stays."""
    if _HOBBY.search(said):
        return InterestKind.HOBBY
    if _MOOD.search(said) and not lasting:
        return InterestKind.MOOD
    return InterestKind.TASTE


def strength(clause: str) -> float:
    """How much it matters, from the words of degree around it: .5 softened, .7 plain, .9 stressed."""
    if _WEAK.search(clause):
        return 0.5
    return 0.9 if _STRONG.search(clause) else 0.7
