"""What may stand in a text that people wrote."""

import re
import unicodedata
from typing import Any

# C0 and C1 controls except tab and line feed, lone surrogates, noncharacters, and the marks
# that turn writing direction around: the last make a text read differently from what it says.
_REMOVED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)


def clean(text: str) -> str:
    """Return `text` without control characters, in NFC, trimmed; line ends are line feeds.

    Emoji keep their joiners and selectors. A text in which nothing can be seen becomes empty.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    cleaned = unicodedata.normalize("NFC", _REMOVED.sub("", unified)).strip()
    return cleaned if any(map(_is_seen, cleaned)) else ""


def _is_seen(character: str) -> bool:
    # Format characters (zero-width spaces, joiners) and variation selectors show nothing alone.
    return unicodedata.category(character) not in {"Cf", "Mn", "Zs"} and not character.isspace()


def clean_tree(value: Any) -> Any:
    """Return a JSON value whose every string is cleaned, keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): clean_tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_tree(item) for item in value]
    return value


def is_chinese(text: str) -> bool:
    """Tell whether a text has Chinese characters; the best guess before any understanding."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)
