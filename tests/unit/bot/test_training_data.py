"""The shipped training data keeps the promises the classifier builds on."""

from collections import defaultdict
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bot.components.language_detector import reading_language
from bot.components.text import fold_message

NLU = Path(__file__).parents[3] / "data" / "nlu"
FEWEST_MESSAGES = 30
"""Per intent and language; with fewer the folds of calibration say nothing."""


@pytest.fixture(scope="module")
def messages() -> list[tuple[str, str]]:
    reader = RasaYAMLReader()
    return [
        (example.get("text"), example.get("intent"))
        for path in sorted(NLU.glob("*.yml"))
        for example in reader.read(str(path)).intent_examples
    ]


def test_no_message_has_two_meanings(messages: list[tuple[str, str]]) -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for text, intent in messages:
        meanings[f"{reading_language(text)}:{fold_message(text)}"].add(intent)
    assert {text: found for text, found in meanings.items() if len(found) > 1} == {}


def test_every_intent_is_taught_in_both_languages(messages: list[tuple[str, str]]) -> None:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for text, intent in messages:
        counts[intent, reading_language(text)] += 1
    intents = {intent for _, intent in messages}
    few = {(i, k): counts[i, k] for i in intents for k in ("zh", "en")}
    assert {key: count for key, count in few.items() if count < FEWEST_MESSAGES} == {}


def test_no_message_is_a_command(messages: list[tuple[str, str]]) -> None:
    assert [text for text, _ in messages if text.startswith("/")] == []
