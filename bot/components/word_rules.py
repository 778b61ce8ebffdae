"""What small vocabularies can find, as patterns of spaCy's entity ruler over folded tokens."""

from typing import Any, Dict, List

CARRIERS: Dict[str, List[str]] = {
    "sf": ["顺丰", "顺风", "sf express", "sf"],
    "jd": ["京东快递", "京东物流", "jd logistics"],
    "zto": ["中通", "zto"],
    "yto": ["圆通", "yto"],
    "sto": ["申通", "sto"],
    "yunda": ["韵达", "yunda"],
    "jt": ["极兔", "j&t", "jnt"],
    "post": ["邮政", "ems", "china post", "中国邮政"],
    "debang": ["德邦", "deppon"],
    "cainiao": ["菜鸟", "cainiao"],
    "dhl": ["dhl"],
    "ups": ["ups"],
    "fedex": ["fedex", "联邦快递"],
    "usps": ["usps"],
    "yunexpress": ["yunexpress", "云途"],
}

MEASURE_WORDS = list("件个個双双台箱盒瓶套包条條只支部本袋罐份")
UNITS = ["pc", "pcs", "piece", "pieces", "unit", "units", "item", "items", "pair", "pairs", "box"]
UNITS += ["boxes", "pack", "packs", "bottle", "bottles", "set", "sets"]

CHINESE_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5}
CHINESE_DIGITS.update({"六": 6, "七": 7, "八": 8, "九": 9, "十": 10})
ENGLISH_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
ENGLISH_NUMBERS.update({"seven": 7, "eight": 8, "nine": 9, "ten": 10})
NUMBER_WORDS = {**CHINESE_DIGITS, **ENGLISH_NUMBERS}

_SMALL = {"TEXT": {"REGEX": r"^\d{1,3}$"}}
_SCORE = {"TEXT": {"REGEX": r"^(?:[0-9]|10|一|二|两|三|四|五)$"}}
_ENGLISH_SCORE = {"TEXT": {"REGEX": r"^(?:[0-9]|10|one|two|three|four|five)$"}}


def patterns() -> List[Dict[str, Any]]:
    """Return the entity ruler's patterns; `id` is the value where the words themselves give it."""
    return [*_carriers(), *_ratings(), *_quantities()]


def number_in(text: str) -> int:
    """Return the first number in a matched span, written in digits or as a word."""
    digits = ""
    for char in text:
        if char.isdigit():
            digits += char
        elif digits:
            break
    if digits:
        return int(digits)
    lowered = text.lower()
    for word in sorted(NUMBER_WORDS, key=len, reverse=True):
        if word in lowered:
            return NUMBER_WORDS[word]
    raise ValueError(f"no number in {text!r}")


def _carriers() -> List[Dict[str, Any]]:
    from bot.components.tokenizer import tokens_of

    return [
        {"label": "carrier", "id": code, "pattern": [{"TEXT": t.text} for t in tokens_of(name)]}
        for code, names in CARRIERS.items()
        for name in names
    ]


def _ratings() -> List[Dict[str, Any]]:
    stars = [{"TEXT": {"IN": ["星", "颗"]}}]
    forms: List[List[Dict[str, Any]]] = [
        [_SCORE, *stars, {"TEXT": "星", "OP": "?"}],
        [{"TEXT": {"IN": ["打", "评", "给"]}}, {"TEXT": {"IN": ["你", "个", "了"]}, "OP": "?"},
         _SCORE, {"TEXT": "分", "OP": "?"}],
        [_ENGLISH_SCORE, {"TEXT": "-", "OP": "?"}, {"TEXT": {"IN": ["star", "stars"]}}],
        [_ENGLISH_SCORE, {"TEXT": "/"}, {"TEXT": {"IN": ["5", "10"]}}],
        [_ENGLISH_SCORE, {"TEXT": "out"}, {"TEXT": "of"}, {"TEXT": {"IN": ["5", "10", "five"]}}],
    ]  # fmt: skip
    return [{"label": "rating", "pattern": form} for form in forms]


def _quantities() -> List[Dict[str, Any]]:
    words = {"TEXT": {"IN": list(CHINESE_DIGITS)}}
    english = {"TEXT": {"IN": list(ENGLISH_NUMBERS)}}
    measure = {"TEXT": {"IN": MEASURE_WORDS}}
    unit = {"TEXT": {"IN": UNITS}}
    forms = [[_SMALL, measure], [words, measure], [_SMALL, unit], [english, unit],
             [{"TEXT": {"IN": ["x", "×", "*"]}}, _SMALL]]  # fmt: skip
    return [{"label": "quantity", "pattern": form} for form in forms]
