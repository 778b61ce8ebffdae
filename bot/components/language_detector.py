"""Is this message Chinese or English? Unsure is an answer too."""

import re
from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.text import HAN, half_width, has_han, is_payload

LANGUAGE = "language"

_HAN = re.compile(f"[{HAN}]")
_KANA_OR_HANGUL = re.compile(r"[぀-ヿ가-힯]")
_LATIN_WORD = re.compile(r"(?<![\w*@.-])[a-z]+(?:'[a-z]+)?(?![\w*@-])")

# Words that English sentences are held together by, and the shop words that come alone.
ENGLISH = frozenset(
    """
    about after again all already also am an and any anyone anything are as at be because been
    before but by can can't cannot could did didn't do does doesn't doing done don't dont for from
    get give go going got had have haven't havent having help her here him his how i i'd i'll
    i'm im i've if in is isn't isnt it it's its just keep know let like long make many more much
    my need never not now of off on one only or our out over please pls plz put really say send
    sent she should show since so some someone something still take tell than that that's thats the
    their them then there these they thing this those till to too u until up update ur us very via
    want wants was wasn't wasnt way we well went were what what's whats when where where's wheres
    which who whom whose why will with without won't wont work would wrong yes yet you your
    hello hi hey thanks thank bye goodbye agent human refund return returns exchange cancel shipping
    delivery delivered dispatch track tracking status order orders parcel package courier price cost
    discount stock available invoice payment paid warranty repair broken damaged missing late
    address sorry okay stop nope yeah yep sure good great nice bad terrible awful complaint account
    login password points size sizes colour color customs problem issue question wait waiting
    """.split()  # noqa: SIM905 (200 lines otherwise)
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Adds the entity `language`, `zh` or `en`, over the whole message when it is sure."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LanguageDetector":
        """Create the component."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entity to each message it is sure about."""
        for message in messages:
            text = message.get(TEXT)
            language = None if is_payload(text) else language_of(text or "")
            if language is not None:
                entity = {
                    "entity": LANGUAGE,
                    "value": language,
                    "start": 0,
                    "end": len(text),
                    "extractor": "LanguageDetector",
                }
                found = [*message.get(ENTITIES, []), entity]
                message.set(ENTITIES, found, add_to_output=True)
        return messages


def language_of(text: str) -> Optional[str]:
    """Return `zh`, `en`, or None when the message doesn't say.

    A number, an emoji, a product's name, "ok" say nothing. Chinese with foreign words in it is
    Chinese; an English sentence that quotes a Chinese name is English.
    """
    plain = half_width(text).lower().replace("’", "'")
    if _KANA_OR_HANGUL.search(plain):
        return None
    words = _LATIN_WORD.findall(plain)
    english = sum(word in ENGLISH for word in words)
    if has_han(plain):
        return "en" if english >= 3 and len(words) * 2 > len(_HAN.findall(plain)) else "zh"
    # Two of these words, or one in a message of up to three.
    return "en" if english >= 2 or (english and len(words) <= 3) else None


def reading_language(text: str) -> str:
    """Return the language to read `text` in: the detected one, else by its script."""
    return language_of(text) or ("zh" if has_han(text) else "en")
