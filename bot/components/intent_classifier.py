"""What does the shopper want? One linear model a language, and `nlu_fallback` when unsure."""

import logging
from collections import defaultdict
from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.language_detector import reading_language
from bot.components.linear_model import LinearModel, train
from bot.components.text import is_payload

logger = logging.getLogger(__name__)

LANGUAGES = ("zh", "en")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ShopperIntentClassifier(GraphComponent, IntentClassifier):
    """Sets `intent` and `intent_ranking`.

    Below the trained threshold, or when two intents are too close, the intent is `nlu_fallback`;
    the ranking still says what it would have been.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the settings with their defaults."""
        return {
            # Share of messages that may get a wrong answer on held-out data.
            "max_wrong": 0.1,
            # Least distance between the first and the second intent.
            "margin": 0.1,
            # Intents whose answers serve each other's wish: doubt between them is no doubt.
            "interchangeable": ["check_order_status", "track_parcel"],
            "ranking_length": 5,
            "seed": 7,
        }

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        models: Optional[Dict[str, LinearModel]] = None,
    ) -> None:
        """Hold the models by language; none before training."""
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._models = models or {}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ShopperIntentClassifier":
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn each language from the messages that read as that language."""
        examples: Dict[str, List[Tuple[str, str]]] = defaultdict(list)
        for example in training_data.intent_examples:
            text, intent = example.get(TEXT), example.get(INTENT)
            if text and intent:
                examples[reading_language(text)].append((text, intent))
        for language, pairs in examples.items():
            texts, intents = zip(*pairs, strict=True)
            model = train(
                language,
                texts,
                intents,
                max_wrong=self._config["max_wrong"],
                seed=self._config["seed"],
            )
            logger.info(
                "%s: %d messages, %d intents, answers from confidence %.2f on",
                language, len(pairs), len(model.classes), model.threshold,
            )  # fmt: skip
            self._models[language] = model
        with self._model_storage.write_to(self._resource) as folder:
            for model in self._models.values():
                model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "ShopperIntentClassifier":
        """Load the trained component."""
        with model_storage.read_from(resource) as folder:
            models = {
                language: LinearModel.load(folder, language)
                for language in LANGUAGES
                if (folder / f"{language}.json").exists()
            }
        return cls(config, model_storage, resource, models)

    def process(self, messages: List[Message]) -> List[Message]:
        """Classify each message; a choice's payload names its intent itself."""
        for message in messages:
            text = message.get(TEXT)
            if text and not is_payload(text):
                intent, ranking = self.classify(text)
                message.set(INTENT, intent, add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def classify(self, text: str) -> Tuple[Dict[str, Any], List[Dict[str, Any]]]:
        """Return the intent and the ranking of all that were considered, best first."""
        model = self._models.get(reading_language(text)) or next(iter(self._models.values()))
        confidences = model.confidences(text)
        order = confidences.argsort()[::-1][: self._config["ranking_length"]]
        ranking = [
            {"name": model.classes[index], "confidence": float(confidences[index])}
            for index in order
        ]
        sure, doubt = self._weigh(ranking)
        if sure >= model.threshold and sure - doubt >= self._config["margin"]:
            return ranking[0], ranking
        return {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1 - sure}, ranking

    def _weigh(self, ranking: List[Dict[str, Any]]) -> Tuple[float, float]:
        """Return the confidence of the best answer and of the best that answers another wish."""
        alike = self._config["interchangeable"]
        first = ranking[0]["name"]
        same = [one for one in ranking if one["name"] == first or {one["name"], first} <= {*alike}]
        rest = [one["confidence"] for one in ranking if one not in same]
        return sum(one["confidence"] for one in same), max(rest, default=0.0)
