"""Features of a folded message: overlapping pieces of it."""

from typing import List

ZH_CHARS = range(1, 5)
EN_CHARS = range(2, 6)
EN_WORDS = range(1, 3)


def features(text: str, language: str) -> List[str]:
    """Return the pieces of a folded message, repeated as often as they occur.

    Chinese: 1 to 4 characters, spaces left out of the way. English: 2 to 5 characters within a
    word and its borders, and 1 or 2 words, marked by a leading tab.
    """
    return _chinese(text) if language == "zh" else _english(text)


def _chinese(text: str) -> List[str]:
    return [text[i : i + n] for n in ZH_CHARS for i in range(len(text) - n + 1)]


def _english(text: str) -> List[str]:
    words = text.split()
    pieces: List[str] = []
    for word in words:
        bordered = f" {word} "
        for n in EN_CHARS:
            if n >= len(bordered):
                pieces.append(bordered)
                break
            pieces.extend(bordered[i : i + n] for i in range(len(bordered) - n + 1))
    for n in EN_WORDS:
        pieces.extend("\t" + " ".join(words[i : i + n]) for i in range(len(words) - n + 1))
    return pieces
