"""Tokens of messages that mix Chinese and Latin writing."""

import re
from typing import Any, Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.components.text import HAN, half_width

# One Chinese character, a word, a number, or any other visible character. "iphone15" and
# "iPhone 15" give the same tokens.
TOKEN = re.compile(
    rf"[{HAN}]"
    r"|[^\W\d_\u3400-\u9fff\uf900-\ufaff]+(?:'[^\W\d_\u3400-\u9fff\uf900-\ufaff]+)?"
    r"|\d+(?:[.,]\d+)*"
    r"|\S"
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MixedTokenizer(Tokenizer):
    """Splits text into characters where it is Chinese and into words where it is not."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return Rasa's settings for splitting intent names: they are not split."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> List[Token]:
        """Return the tokens of one attribute; `start` and `end` are offsets in its text."""
        return tokens_of(message.get(attribute))


def tokens_of(text: str) -> List[Token]:
    """Return the tokens of `text`, each the very characters between its offsets."""
    return [
        Token(text[match.start() : match.end()], match.start(), match.end())
        for match in TOKEN.finditer(half_width(text))
    ]
