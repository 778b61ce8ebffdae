from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.intent_classifier import ShopperIntentClassifier
from bot.components.linear_model import LinearModel, fit_temperature, fit_threshold, softmax

MESSAGES = {
    "track_parcel": ["我的包裹到哪了", "物流怎么不动", "查一下快递", "包裹到哪里了", "快递到哪了",
                     "where is my parcel", "track my package", "parcel where",
                     "track parcel please", "where is the package now"],
    "greet": ["你好", "您好", "在吗", "你好呀", "在吗亲",
              "hello", "hi there", "hello hello", "hi hello", "hello you there"],
    "out_of_scope": ["今天天气怎么样", "讲讲股票", "明天下雨吗", "天气好吗", "股票涨了吗",
                     "what is the weather", "tell me about stocks", "is it going to rain",
                     "weather today", "the stock market"],
}  # fmt: skip


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def trained(storage: LocalModelStorage) -> ShopperIntentClassifier:
    examples = [
        Message({"text": text, "intent": intent})
        for intent, texts in MESSAGES.items()
        for text in texts
    ]
    classifier = ShopperIntentClassifier({"max_wrong": 1.0}, storage, Resource("intents"))
    classifier.train(TrainingData(examples))
    return classifier


def context() -> ExecutionContext:
    return ExecutionContext(GraphSchema({}))


def test_below_the_threshold_the_answer_is_a_fallback_that_says_what_it_would_have_been(
    trained: ShopperIntentClassifier, storage: LocalModelStorage
) -> None:
    models = {name: replace(model, threshold=1.1) for name, model in trained._models.items()}
    unsure = ShopperIntentClassifier({}, storage, Resource("intents"), models)
    for text in ("你好", "hello", "龘龘", "😀"):
        intent, ranking = unsure.classify(text)
        assert intent["name"] == "nlu_fallback"
        assert intent["confidence"] == pytest.approx(1 - ranking[0]["confidence"])
        assert len(ranking) >= 2


def test_two_intents_too_close_are_a_fallback(
    trained: ShopperIntentClassifier, storage: LocalModelStorage
) -> None:
    strict = ShopperIntentClassifier({"margin": 1.0}, storage, Resource("intents"), trained._models)
    assert strict.classify("你好")[0]["name"] == "nlu_fallback"


def test_doubt_between_intents_whose_answers_serve_each_other_is_no_doubt(
    trained: ShopperIntentClassifier, storage: LocalModelStorage
) -> None:
    # So flat that every intent is in doubt.
    flat = {
        name: replace(model, temperature=0.1, threshold=0.0)
        for name, model in trained._models.items()
    }
    everything = {"margin": 0.5, "interchangeable": trained._models["zh"].classes}
    sure = ShopperIntentClassifier(everything, storage, Resource("intents"), flat)
    assert sure.classify("你好")[0]["name"] == "greet"
    others = {"margin": 0.5, "interchangeable": ["track_parcel", "out_of_scope"]}
    unsure = ShopperIntentClassifier(others, storage, Resource("intents"), flat)
    assert unsure.classify("你好")[0]["name"] == "nlu_fallback"


@pytest.mark.parametrize(
    ("text", "intent"),
    [("包裹到哪了", "track_parcel"), ("包裹到哪了？？", "track_parcel"),
     ("WHERE IS MY PARCEL", "track_parcel"), ("我的包裹到哪裡了", "track_parcel"),
     ("你好", "greet"), ("hello", "greet"), ("明天天气", "out_of_scope")],
)  # fmt: skip
def test_each_language_is_read_by_its_own_model(
    trained: ShopperIntentClassifier, text: str, intent: str
) -> None:
    assert trained.classify(text)[0]["name"] == intent


def test_a_loaded_classifier_answers_as_the_trained_one(
    trained: ShopperIntentClassifier, storage: LocalModelStorage
) -> None:
    loaded = ShopperIntentClassifier.load({}, storage, Resource("intents"), context())
    for text in ("包裹到哪了", "track it", "嗯"):
        _, ours = trained.classify(text)
        _, theirs = loaded.classify(text)
        assert [r["name"] for r in ours] == [r["name"] for r in theirs]
        assert [r["confidence"] for r in ours] == pytest.approx([r["confidence"] for r in theirs])


def test_choices_and_empty_texts_are_not_classified(trained: ShopperIntentClassifier) -> None:
    messages = [Message({"text": "/greet"}), Message({"text": ""}), Message({})]
    trained.process(messages)
    assert all(message.get("intent") is None for message in messages)


def test_confidences_are_probabilities(trained: ShopperIntentClassifier) -> None:
    for model in trained._models.values():
        for text in ("", "包裹", "parcel parcel", "x" * 2000):
            confidences = model.confidences(text)
            assert confidences.sum() == pytest.approx(1, abs=1e-5)
            assert confidences.min() >= 0


def test_the_threshold_is_the_lowest_that_keeps_wrong_answers_rare() -> None:
    truth = np.array(["a"] * 8 + ["b"] * 2)
    confidences = np.array([[0.9, 0.1]] * 8 + [[0.6, 0.4], [0.4, 0.6]])
    assert fit_threshold(confidences, ["a", "b"], truth, max_wrong=0.1) == 0.2
    assert fit_threshold(confidences, ["a", "b"], truth, max_wrong=0.0) == pytest.approx(
        0.6, abs=0.011
    )


def test_saying_out_of_scope_to_a_wish_is_not_a_wrong_answer() -> None:
    confidences = np.array([[0.9, 0.1]] * 4)
    truth = np.array(["b"] * 4)
    assert fit_threshold(confidences, ["out_of_scope", "b"], truth, max_wrong=0.0) == 0.2


def test_answers_that_are_always_wrong_are_not_given() -> None:
    confidences = np.array([[1.0, 0.0]] * 4)
    assert fit_threshold(confidences, ["a", "b"], np.array(["b"] * 4), max_wrong=0.0) == 0.95


def test_margins_that_are_right_half_of_the_time_end_up_at_one_half() -> None:
    margins = np.array([[1.0, 0.0], [1.0, 0.0]] * 50)
    factor = fit_temperature(margins, np.array([0, 1] * 50))
    assert softmax(margins * factor)[0, 0] < 0.65


def test_a_model_survives_its_files(tmp_path: Path) -> None:
    fields: dict[str, Any] = {
        "language": "zh",
        "classes": ["a", "b"],
        "vocabulary": {"好": 0},
        "idf": np.ones(1, np.float32),
        "weights": np.array([[2.0, -2.0]], np.float32),
        "intercept": np.zeros(2, np.float32),
        "temperature": 1.0,
        "threshold": 0.5,
    }
    LinearModel(**fields).save(tmp_path)
    assert LinearModel.load(tmp_path, "zh").confidences("好")[0] > 0.9
