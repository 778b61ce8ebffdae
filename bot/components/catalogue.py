"""The shop's products, found by name or SKU in a message."""

import json
import logging
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

from rasa.nlu.tokenizers.tokenizer import Token
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from bot.components.number_patterns import Found
from bot.components.text import fold_word
from bot.components.tokenizer import tokens_of

logger = logging.getLogger(__name__)

MIN_NAME_CHARS = 2
"""A one-character name would be found in every other message."""


class Catalogue:
    """Products from a JSON Lines file of `{"sku", "zh", "en"}`, read again when it changes."""

    def __init__(self, path: Optional[Path], nlp: Language) -> None:
        """Watch `path`; without one no product is known."""
        self._path = path
        self._nlp = nlp
        self._read_at: Optional[Tuple[int, int]] = None
        self._matcher: Optional[PhraseMatcher] = None
        if path is None:
            logger.warning("no catalogue file is set: products are not recognised")

    def find(self, tokens: List[Token], doc: Doc) -> Iterator[Found]:
        """Yield the products named in a message, the longest name first where names overlap.

        Args:
            tokens: of the message, with its offsets.
            doc: the same tokens, folded.
        """
        self._refresh()
        if self._matcher is None:
            return
        for span in filter_spans(self._matcher(doc, as_spans=True)):
            start, end = tokens[span.start].start, tokens[span.end - 1].end
            yield Found("product", span.label_, start, end)

    def _refresh(self) -> None:
        if self._path is None:
            return
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            if self._read_at != (0, 0):
                logger.warning("no catalogue at %s: products are not recognised", self._path)
            self._read_at, self._matcher = (0, 0), None
            return
        written_at = (stat.st_mtime_ns, stat.st_size)
        if written_at != self._read_at:
            self._read_at = written_at
            self._matcher = self._read(self._path)

    def _read(self, path: Path) -> PhraseMatcher:
        matcher = PhraseMatcher(self._nlp.vocab)
        count = 0
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    product = json.loads(line)
                    names = {product["sku"], product["zh"], product["en"]}
                    sku = str(product["sku"])
                except (ValueError, KeyError, TypeError):
                    # One bad line must not take all products away from the assistant.
                    logger.error("%s line %d is not {sku, zh, en}", path, number)
                    continue
                phrases = [
                    folded_doc(self._nlp, tokens_of(str(name)))
                    for name in names
                    if name and len(str(name)) >= MIN_NAME_CHARS
                ]
                matcher.add(sku, phrases)
                count += 1
        logger.info("%d products read from %s", count, path)
        return matcher


def folded_doc(nlp: Language, tokens: List[Token]) -> Doc:
    """Return a spaCy document of the folded tokens, one to one."""
    return Doc(nlp.vocab, words=[fold_word(token.text) or token.text for token in tokens])
