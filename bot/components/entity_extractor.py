"""Finds what a message names: orders, parcels, products, contacts, dates, amounts."""

import os
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional
from zoneinfo import ZoneInfo

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc

from bot.components import word_rules
from bot.components.catalogue import Catalogue, folded_doc
from bot.components.dates import find_dates
from bot.components.number_patterns import (
    Found,
    OrderNumbers,
    find_amounts,
    find_contacts,
    find_tracking_numbers,
    without_overlaps,
)
from bot.components.text import half_width, is_payload
from bot.components.tokenizer import tokens_of

Clock = Callable[[tzinfo], datetime]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ShopEntityExtractor(GraphComponent):
    """Adds entities with normalised values and offsets in the message as it was written.

    Numbers are found by regular expressions, small vocabularies by spaCy's entity ruler, products
    by spaCy's phrase matcher over the tokens of `MixedTokenizer`. Where two overlap, the surer
    kind wins: contacts and order numbers before tracking numbers before the rest.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the settings with their defaults; the order number's format is the shop's."""
        return {
            "order_number_pattern": r"FD[ _-]{0,3}(20\d{6})[ _-]{0,3}(\d{5})",
            "order_number_format": "FD{}-{}",
            "timezone": "Asia/Shanghai",
        }

    def __init__(
        self,
        config: Dict[str, Any],
        catalogue: Optional[Path] = None,
        clock: Clock = datetime.now,
    ) -> None:
        """Make the matchers.

        Args:
            config: see `get_default_config`.
            catalogue: the file of the shop's products.
            clock: tells the time in a zone.
        """
        settings = {**self.get_default_config(), **config}
        self._orders = OrderNumbers(
            settings["order_number_pattern"], settings["order_number_format"]
        )
        self._zone = ZoneInfo(settings["timezone"])
        self._clock = clock
        nlp = spacy.blank("xx")
        self._nlp = nlp
        self._catalogue = Catalogue(catalogue, nlp)
        self._words = EntityRuler(nlp)
        self._words.add_patterns(word_rules.patterns())

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ShopEntityExtractor":
        """Create the component; `FRONTDESK_CATALOGUE` names the products' file."""
        path = os.environ.get("FRONTDESK_CATALOGUE")
        return cls(config, Path(path) if path else None)

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities of each message to those found before."""
        for message in messages:
            text = message.get(TEXT)
            if not text or is_payload(text):
                continue
            tokens = message.get(TOKENS_NAMES[TEXT]) or tokens_of(text)
            entities = [
                {
                    "entity": found.entity,
                    "value": found.value,
                    "start": found.start,
                    "end": found.end,
                    "extractor": "ShopEntityExtractor",
                }
                for found in self.find(text, tokens)
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages

    def find(self, text: str, tokens: List[Token]) -> List[Found]:
        """Return the entities of a text in its order, none overlapping another."""
        capitals = _upper(half_width(text))
        doc = folded_doc(self._nlp, tokens)
        found: List[Found] = list(find_contacts(capitals, text))
        found += self._orders.find(capitals)
        found += find_tracking_numbers(capitals)
        found += find_amounts(capitals)
        found += self._catalogue.find(tokens, doc)
        found += find_dates(capitals, self._clock(self._zone).date())
        found += self._by_words(tokens, doc)
        return without_overlaps(found)

    def _by_words(self, tokens: List[Token], doc: Doc) -> Iterator[Found]:
        for span in self._words(doc).ents:
            # A carrier's code is the pattern's id; the other labels have numbers.
            value = span.ent_id_ or str(word_rules.number_in(span.text))
            yield Found(span.label_, value, tokens[span.start].start, tokens[span.end - 1].end)


def _upper(text: str) -> str:
    # "ß".upper() is two characters; offsets must stay.
    return "".join(char.upper() if len(char.upper()) == 1 else char for char in text)
