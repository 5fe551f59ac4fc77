"""What a sentence refuses: spans under a negation, as exclusions or as dislikes."""

import re
from dataclasses import dataclass

_STOP = r"，,。.;；!！?？\n"
_ZH = re.compile(
    rf"(?P<word>千万别给我|千万别|除了|除开|除去|不要|不想要|不想看|不想听|不吃|不含|不带|不想|不看|不听|不用|不能有|不是|别给我|别推|别来|别放|别是|别有|别(?!的|人|致|墅|名|处|样)|拒绝|排除|去掉|"
    rf"不喜欢|不爱|讨厌|受不了|最烦|太烦|没有?(?=[\u4e00-\u9fff]{{1,8}}的)|无(?=[\u4e00-\u9fff]{{1,4}})|非(?=[\u4e00-\u9fff]{{1,4}}的))"
    rf"(?P<what>[^{_STOP}]{{1,20}})"
)
_EN = re.compile(
    rf"\b(?P<word>anything but|other than|except(?: for)?|excluding|without|avoid(?:ing)?|skip(?: the| anything)?|minus|but not|not|no|nothing(?: from| by| with)?|"
    rf"don'?t want(?: any)?|do not want|don'?t (?:like|enjoy)|hate|can'?t stand|dislike|tired of|sick of|never|refuse to buy from|free of|isn'?t|aren'?t|nor)\s+"
    rf"(?P<what>[^{_STOP}()]{{1,40}})",
    re.IGNORECASE,
)
#: The negation that follows what it refuses: 碎花不要, 飞利浦除外.
_AFTER = re.compile(
    r"(?:^|(?<=[,，。.;；!！?？\s(（]))(?P<what>[\u4e00-\u9fffa-z0-9 ]{1,14}?)(?:的)?(?:不要|除外|以外|就算了|就?免了|就?别(?:推|来|拿)?了|不吃|不看|不听|都?不行|pass|就?不用了?)(?=$|[,，。.;；!！?？\s(（的])"
)
_FREE = re.compile(r"\b(?P<what>[a-z]+)-free\b", re.IGNORECASE)
_FEELING = re.compile(
    r"不喜欢|不爱|讨厌|受不了|最烦|太烦|hate|can'?t stand|dislike|don'?t (?:like|enjoy)|tired of|sick of", re.IGNORECASE
)
_DEGREE = re.compile(r"^\s*(?:太|过于|那么|这么|特别|很|too|so|very|that|as|really|overly)\s*", re.IGNORECASE)
#: Turns of phrase that hold a negation word and refuse nothing.
_IDIOM = re.compile(
    r"别(?:再)?推荐(?!.)|别超|别过|不要高于|别高于|不要超|不能超|不想超|不是问题|没问题|不错|不要钱|差不多|不知道|不确定|不限|要不要|是不是|有没有|能不能|好不好|行不行|会不会|没有的话|无所谓|无线|不用太|不一定|不超过|不到|不高于|不低于|不少于|不大于|不怎么|"
    r"不掉毛|不卡|不伤|不贵|不粘|不锈钢|不累|不起球|不脱妆|没啥|没什么|没有人|特别|分别|区别|别的|级别|性别|告别|无人机|无糖|无油|无边|无钢圈|非常|"
    r"no [a-z]+(?:er|re) than|no (?:pricier|wider|lower|higher|longer|bigger|taller|heavier)|not looking|not (?:trying )?too hard|isn'?t a big deal|nothing stronger|not north|"
    r"not sure|not only|no more than|not more than|no less than|no problem|why not|not over|not exceed|no idea|no later|nothing (?:else|fancy)|no rush|not bad|"
    r"don'?t care|don'?t mind|don'?t know|don'?t need|no preference|no over|never mind|not (?:in|the) |no matter|no limit|not to mention|not an? (?:issue|problem)",
    re.IGNORECASE,
)
_END_ZH = re.compile(
    r"\s|\(|（|(?<=.)要|都|(?<=[\u4e00-\u9fff])\d|的(?=[\u4e00-\u9fff])|的$|就行|都行|也行|就好|了$|吧|啊|哦|呢|谢谢|预算|但是|不过|其他|其它|都可以|以外|之外|，|还有.*以外"
)
_END_EN = re.compile(
    r"\b(?:please|thanks|for|under|over|with|in|at|on|but|because|that|which|since|as|is|are|if|i|it|though|budget|around|to|when|while|than|this|these|from|around|lol|omg|pls|either|obviously|at all|thx|just|size|\d+)\b.*$",
    re.IGNORECASE,
)
_PARTS_ZH = re.compile(r"[、和跟与及/]|或者|或|还有|以及|也不要|别")
_PARTS_EN = re.compile(r"\s*(?:,|/|\bor\b|\band\b|\bnor\b|\bno\b|\bnot\b|&)\s*", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:any|the|a|an|another|anything|from|of|made (?:of|with)|something|more|else)\b|"
    r"荐|再给我|再|搞|花|推荐|给我|有|是|带|含|要|那种|这种|任何|牌子|品牌|买|吃|看|听|放|来|用)\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something refused.

    Attributes:
        what: the thing, without the negation.
        feeling: whether it is only a degree or a dislike ("too heavy"), not an exclusion.
        start, end: the span with its negation.
    """

    what: str
    feeling: bool
    start: int
    end: int


def refusals(text: str) -> list[Refusal]:
    """What a normalised, lower-cased text refuses, from left to right."""
    masked = _IDIOM.sub(lambda m: "\x01" * len(m.group()), text)
    found = [
        Refusal(thing, False, m.start(), m.end())
        for m in _AFTER.finditer(masked)
        for part in _PARTS_ZH.split(text[m.start("what") : m.end("what")])
        if (thing := _trimmed(part))
    ]
    for pattern, parts, ending in ((_ZH, _PARTS_ZH, _END_ZH), (_EN, _PARTS_EN, _END_EN)):
        for match in pattern.finditer(masked):
            at = match.start("word")
            if any(r.start <= at < r.end for r in found):
                continue
            what = (
                ending.split(match.group("what"), maxsplit=1)[0]
                if pattern is _ZH
                else ending.sub("", match.group("what"))
            )
            end = match.start("what") + len(what)
            feeling = bool(_FEELING.search(match.group("word")))
            for part in parts.split(what):
                thing = _trimmed(part)
                if not thing:
                    continue
                degree = _DEGREE.match(thing)
                found.append(Refusal(thing, feeling or degree is not None, at, end))
    found += [Refusal(m.group("what"), False, m.start(), m.end()) for m in _FREE.finditer(text)]
    return sorted(found, key=lambda r: r.start)


def _trimmed(part: str) -> str:
    thing = part.strip(" -'\"“”")
    while True:
        shorter = _LEAD.sub("", thing, count=1)
        if shorter == thing:
            return thing
        thing = shorter
