"""What the system itself says to shoppers, by key and language."""

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")


@cache
def _catalogue(language: str) -> dict[str, str]:
    text = (Path(__file__).parent / f"{language}.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}


def say(key: str, language: str, **values: object) -> str:
    """Return the wording of `key` in `zh` or `en` with its values filled in.

    Raises:
        KeyError: no such key.
    """
    return _catalogue(language)[key].format(**values)
