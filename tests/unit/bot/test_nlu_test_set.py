"""What the assistant is judged by was never taught to it."""

import re
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from sklearn.feature_extraction.text import CountVectorizer

from bot.components.language_detector import reading_language
from bot.components.text import fold_message

ROOT = Path(__file__).parents[3]
TEST_SET = ROOT / "tests" / "nlu"
NEAR = 0.8
"""Jaccard similarity of three-character pieces from which on a message is a copy."""
SHORTEST_COMPARED = 7
"""Characters; below, only the same message is a copy."""

_MARKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def normalised(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold_message(_MARKED.sub(r"\1", text)))


@pytest.fixture(scope="module")
def taught() -> dict[str, set[str]]:
    reader = RasaYAMLReader()
    found: dict[str, set[str]] = {"zh": set(), "en": set()}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for example in reader.read(str(path)).intent_examples:
            text = example.get("text")
            found[reading_language(text)].add(normalised(text))
    return found


def judged(language: str) -> set[str]:
    labelled = [
        line.split("\t", 1)[1]
        for name in (f"{language}.tsv", f"{language}-ambiguous.tsv")
        for line in (TEST_SET / name).read_text(encoding="utf-8").splitlines()
    ]
    marked = (TEST_SET / f"{language}-entities.txt").read_text(encoding="utf-8").splitlines()
    return {normalised(text) for text in labelled + marked}


def near_copies(texts: set[str], others: set[str]) -> set[tuple[str, str]]:
    """Return the pairs that share most of their three-character pieces."""
    left = sorted(text for text in texts if len(text) >= SHORTEST_COMPARED)
    right = sorted(text for text in others if len(text) >= SHORTEST_COMPARED)
    pieces = CountVectorizer(
        analyzer=lambda text: {f"  {text} "[i : i + 3] for i in range(len(text) + 1)}
    )
    pieces.fit(right)
    one, other = pieces.transform(left), pieces.transform(right)
    # Pieces the vectorizer has never seen still count towards a message's size.
    sizes = [len({f"  {text} "[i : i + 3] for i in range(len(text) + 1)}) for text in left]
    shared = (one @ other.T).tocoo()
    other_sizes = other.sum(axis=1).A1
    return {
        (left[row], right[column])
        for row, column, count in zip(shared.row, shared.col, shared.data, strict=True)
        if count / (sizes[row] + other_sizes[column] - count) >= NEAR
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_message_is_both_taught_and_judged_by(
    taught: dict[str, set[str]], language: str
) -> None:
    assert taught[language] & judged(language) == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_message_taught_is_a_near_copy_of_one_judged_by(
    taught: dict[str, set[str]], language: str
) -> None:
    assert near_copies(taught[language], judged(language)) == set()
