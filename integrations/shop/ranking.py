"""Which of the products found is the one that was meant.

A product qualifies when the question is about nothing else, names the thing it is (the head of its
name: the *mug* of "Ceramic Mug, White"), or shares enough of its words. Otherwise "my cat is ill"
would be answered with cat litter.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from integrations.shop.models import Product
from integrations.shop.search import pieces, plain, query_terms, sku_term, stem, terms

EXACT, SKU_NAMED = 2.0, 1.5
"""Scores above any that words can reach (1.2)."""
OF_QUESTION, OF_NAME, HEAD = 0.7, 0.3, 0.2
"""What it counts that the question is covered, that the name is, and that the head is named."""
LEAST_SCORE = 0.34
"""Below it a product shares only scraps with what was asked, and showing it misleads."""
LEAST_OF_BEST = 0.6
"""Products this far behind the best one are not what was meant either."""
LONG_WORD = 7
"""Letters from which an English word alone names a thing: sunscreen, not light."""
MISTYPED = 0.5
"""Share of a word's pieces that a slip of the keyboard leaves."""

_PACKAGING = re.compile(
    r"\s*(?:\d+\s*-?\s*(?:pieces?|pairs?|packs?)|pair|[一二两三四五六七八九十\d]+[片双件对只支个条]装?|一对)$"
)
_LAST_WORD = re.compile(r"([a-z]{3,})[^a-z]*(?:\b[a-z]{1,2}\b[^a-z]*)*$")
_LAST_CHARACTERS = re.compile(r"([\u3400-\u9fff]{1,2})[^\u3400-\u9fff]*$")


def rank(
    text: str, candidates: Iterable[Product], known: Mapping[str, float], *, limit: int
) -> list[Product]:
    """Return the candidates most like `text`, best first, without those that only share scraps.

    Args:
        text: what the shopper wrote.
        candidates: products that share terms with it.
        known: `weights` of the question's terms; words no product has count for nothing, so that
            "do you have … in stock" asks for the same as "…".
        limit: how many to return at most.
    """
    asked = plain(text).strip()
    only_products = not any(_telling(term) and term not in known for term in query_terms(text))
    scored: list[tuple[float, str, Product]] = []
    for product in candidates:
        if asked in (plain(product.name.zh), plain(product.name.en), plain(product.sku)):
            score = EXACT
        elif sku_term(product.sku) in known:
            score = SKU_NAMED
        else:
            score = max(
                _score(product.name.zh, known, only_products=only_products),
                _score(product.name.en, known, only_products=only_products),
            )
        if score >= LEAST_SCORE:
            scored.append((-score, product.sku, product))
    scored.sort(key=lambda entry: entry[:2])
    enough = LEAST_OF_BEST * -scored[0][0] if scored else 0
    return [product for score, _, product in scored[:limit] if -score >= enough]


def _score(name: str, known: Mapping[str, float], *, only_products: bool) -> float:
    of_name = terms(name)
    common = [term for term in of_name if term in known]
    telling = [term for term in common if _telling(term)]
    headed = _head_is_named(name, known)
    enough = (
        headed
        or len(telling) > 1
        or (telling and (only_products or max(map(_latin_length, telling)) >= LONG_WORD))
    )
    if not enough or not common:
        return 0.0
    of_question = sum(known[term] for term in common) / sum(known.values())
    return OF_QUESTION * of_question + OF_NAME * len(common) / len(of_name) + HEAD * headed


@lru_cache(maxsize=4096)
def head(name: str) -> str:
    """Return the word that says what a product is: an English stem or one or two characters."""
    # What follows the first comma, or a space in Chinese, is the variant.
    first = re.split(r"[,，]|(?<=[\u3400-\u9fff])\s", plain(name).strip())[0]
    thing = _PACKAGING.sub("", first) or first
    if found := _LAST_CHARACTERS.search(thing):
        return found[1]
    found = _LAST_WORD.search(thing)
    return stem(found[1]) if found else ""


def _head_is_named(name: str, known: Mapping[str, float]) -> bool:
    word = head(name)
    if not word:
        return False
    if not word.isascii():
        return word in known or (f"_{word[-1]}" in known and any(map(_telling, known)))
    if word in known:
        return True
    own = pieces(word)
    # Fingers slip in the middle of a word, not on its first letters: light is no mistyped flight.
    begins = f"~^{word[:2]}" in known
    return bool(own) and begins and len(own & known.keys()) >= MISTYPED * len(own)


def _telling(term: str) -> bool:
    """Tell whether a term is a word or a pair, not a scrap of one."""
    return not term.startswith(("_", "~", "=")) and not term.isdigit()


def _latin_length(term: str) -> int:
    return len(term) if term.isascii() else 0
