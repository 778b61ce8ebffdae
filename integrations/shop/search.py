"""Finding products by what a shopper calls them, in Chinese, English or both.

A name is cut into terms: for Chinese its characters and pairs of neighbours, for Latin script its
words without plural endings and their three-letter pieces (which survive a typing slip). Rare terms
weigh more than common ones. A store keeps an inverted index of terms; `ranking` puts what it finds
in order, the same for all adapters.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from integrations.shop.chinese import to_simplified
from integrations.shop.models import Product

CANDIDATES = 60
"""Products a store hands to be ranked: enough to reorder, few enough to load at once."""

LOOKED_AT = 20_000
"""Rows of the index read for one question."""

_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]+|[0-9]+(?:\.[0-9]+)?")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SHORTEST_FUZZY = 5
"""Letters a word needs for its pieces to say something."""

_CHARACTER_WEIGHT = 0.25
_PIECE_WEIGHT = 0.3
"""What a single character or a piece of a word counts against a pair or a word."""

_FILLERS = """
a an and any are can could do does for have i in is it me my of on or please show some that the this
to u want what which with you your 的 了 吗 呢 有 没 是 我 你 这 那 个 想 要 买
"""
_NOT_NAMES = frozenset(_FILLERS.split())


def plain(text: str) -> str:
    """Return text folded for comparison: full-width, case, accents and Traditional forms gone."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return to_simplified("".join(c for c in folded if not unicodedata.combining(c)))


def stem(word: str) -> str:
    """Drop an English plural ending."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


@lru_cache(maxsize=4096)
def terms(text: str) -> frozenset[str]:
    """Return the terms of a name or a question.

    Single characters are marked `_` and pieces of words `~`: they count less (see `weight`).
    """
    found: set[str] = set()
    for run in _RUNS.findall(plain(text)):
        if _HAN.match(run):
            found.update(f"_{character}" for character in run if character not in _NOT_NAMES)
            found.update(run[at : at + 2] for at in range(len(run) - 1))
        elif run not in _NOT_NAMES:
            word = stem(run)[:48]
            found.add(word)
            found.update(pieces(word))
    return frozenset(found)


def pieces(word: str) -> set[str]:
    """Return the marked three-letter pieces of a word, none when it is too short to have any."""
    if len(word) < _SHORTEST_FUZZY or not word.isascii() or not word.isalpha():
        return set()
    padded = f"^{word}$"
    return {f"~{padded[at : at + 3]}" for at in range(len(padded) - 2)}


def product_terms(product: Product) -> frozenset[str]:
    """Return the terms a store indexes for a product: its two names and its SKU."""
    return name_terms(product.sku, product.name.zh, product.name.en)


def name_terms(sku: str, zh: str, en: str) -> frozenset[str]:
    """Return the terms of one catalogue row."""
    return terms(zh) | terms(en) | {sku_term(sku)}


def sku_term(text: str) -> str:
    """Return the term under which a SKU is found whole, whatever its spelling."""
    return "=" + re.sub(r"[\s\-_]+", "", plain(text))[:62]


def query_terms(text: str) -> frozenset[str]:
    """Return the terms to look up for what a shopper wrote."""
    words = re.findall(r"[a-z0-9][a-z0-9\-_]{2,}", plain(text))
    return terms(text) | {sku_term(word) for word in words}


def weight(term: str, having: int, products: int) -> float:
    """Return what a match of `term` is worth: its rarity among `products`, by kind of term.

    `having` is how many products have the term (inverse document frequency, smoothed).
    """
    rarity = math.log(1 + products / (1 + having))
    if term.startswith("="):
        return 10 * rarity  # a SKU names one thing
    if term.startswith("~"):
        return _PIECE_WEIGHT * rarity
    if term.startswith("_"):
        return _CHARACTER_WEIGHT * rarity
    return rarity


def weights(having: Mapping[str, int], products: int) -> dict[str, float]:
    """Return the weight of each term of a question that some product has.

    The pieces of a word that is known whole are left out: they are there for words mistyped.
    """
    known = [term for term, count in having.items() if count]
    needless = set().union(*map(pieces, known))
    return {term: weight(term, having[term], products) for term in known if term not in needless}


def rarest(having: Mapping[str, int], known: Mapping[str, float]) -> list[str]:
    """Return the terms to look candidates up by: the telling ones, as far as `LOOKED_AT` goes.

    What most products have in common tells none of them apart, and reading all of it is slow.
    """
    chosen: list[str] = []
    rows = 0
    for term in sorted(known, key=lambda term: (-known[term], term)):
        rows += having[term]
        if chosen and rows > LOOKED_AT:
            break
        chosen.append(term)
    return chosen
