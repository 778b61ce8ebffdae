import re
import tomllib
from pathlib import Path

import pytest

from ticketing import wording

FOLDER = Path(wording.__file__).parent


def catalogue(language: str) -> dict[str, str]:
    found: dict[str, str] = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    return found


def test_both_languages_say_the_same_things_with_the_same_values() -> None:
    zh, en = (
        {key: set(re.findall(r"{(\w+)}", text)) for key, text in catalogue(language).items()}
        for language in wording.LANGUAGES
    )

    assert zh == en


def test_values_are_filled_in() -> None:
    assert "第 3 位" in wording.say("in_queue", "zh", position=3)
    assert "number 3" in wording.say("in_queue", "en", position=3)


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        wording.say("nothing", "en")
