"""When a model is trained anew, and what becomes of a training that fails."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontdesk import training
from frontdesk.errors import StepFailed
from integrations.settings import load_settings


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("config.yml", "domain.yml", "bot/requirements.lock", "data/nlu/order_status.yml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"the content of {name}")
    return tmp_path


def test_touching_a_file_changes_nothing(checkout: Path) -> None:
    before = training.content_hash(checkout)
    (checkout / "config.yml").touch()
    assert training.content_hash(checkout) == before


@pytest.mark.parametrize(
    "name",
    ["config.yml", "data/nlu/order_status.yml", "data/nlu/new.yml", "bot/components/new/part.py"],
)
def test_changed_or_new_content_asks_for_a_new_model(checkout: Path, name: str) -> None:
    before = training.content_hash(checkout)
    (checkout / name).parent.mkdir(parents=True, exist_ok=True)
    (checkout / name).write_text("changed")
    assert training.content_hash(checkout) != before


def test_moving_content_to_another_file_asks_for_a_new_model(checkout: Path) -> None:
    before = training.content_hash(checkout)
    (checkout / "data/nlu/order_status.yml").rename(checkout / "data/nlu/tracking.yml")
    assert training.content_hash(checkout) != before


@pytest.mark.parametrize(
    "name", ["data/seeds/products.csv", "data/nlu/.swp", "bot/components/__pycache__/a.pyc", "x.md"]
)
def test_files_a_model_is_not_made_from_change_nothing(checkout: Path, name: str) -> None:
    before = training.content_hash(checkout)
    (checkout / name).parent.mkdir(parents=True, exist_ok=True)
    (checkout / name).write_text("changed")
    assert training.content_hash(checkout) == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "INFO rasa.engine.training.hooks - Starting to train component 'MixedTokenizer'.",
            "splitting messages into words",
        ),
        (
            "INFO rasa.engine.training.hooks - Starting to train component 'RulePolicy'.",
            "learning what to do next",
        ),
        ("INFO hooks - Starting to train component 'Something'.", "training"),
        ("INFO hooks - Finished training component 'RulePolicy'.", None),
        ("Your Rasa model is trained and saved at 'models/x.tar.gz'.", "saving the model"),
        ("a line about nothing", None),
    ],
)
def test_rasas_output_is_told_in_plain_words(line: str, words: str | None) -> None:
    assert training.in_words(line) == words


@pytest.fixture
def fake_rasa(tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A stand-in for `python -m rasa train`: runs a script that the test writes."""
    script = tmp_path / "fake_rasa.py"
    interpreter = tmp_path / "python"
    interpreter.write_text(f'#!/bin/sh\nexec {sys.executable} -S {script} "$@"\n')
    interpreter.chmod(0o755)
    monkeypatch.setattr(training, "BOT_PYTHON", interpreter)
    monkeypatch.setattr(training, "check_environments", lambda: None)
    monkeypatch.setattr(training, "content_hash", lambda **_: "cafe")
    monkeypatch.setenv("FRONTDESK_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("FRONTDESK_MODELS_DIR", str(tmp_path / "models"))
    load_settings.cache_clear()
    yield script
    load_settings.cache_clear()


TRAINS = """
import pathlib, sys, time
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
name = sys.argv[sys.argv.index("--fixed-model-name") + 1]
with open(pathlib.Path(__file__).with_name("runs"), "a") as runs:
    runs.write("run\\n")
print("Starting to train component 'MixedTokenizer'.", flush=True)
(out / f"{name}.tar.gz").write_text("model")
"""


def test_a_training_that_fails_leaves_no_model_and_shows_its_last_words(fake_rasa: Path) -> None:
    fake_rasa.write_text(
        "import sys; print('reading'); print('domain.yml: no such slot: colour'); sys.exit(1)"
    )
    with pytest.raises(StepFailed) as failed:
        training.ensure_model(lambda _: None)
    assert failed.value.last_lines == ["reading", "domain.yml: no such slot: colour"]
    assert "train.log" in str(failed.value)
    assert not training.model_path().exists()
    assert not list(training.model_path().parent.glob(".training-*"))


def test_a_training_that_makes_no_model_has_failed_though_it_ended_well(fake_rasa: Path) -> None:
    fake_rasa.write_text("print('No training data given.')")
    with pytest.raises(StepFailed):
        training.ensure_model(lambda _: None)


def test_what_training_does_is_told_as_it_goes(fake_rasa: Path) -> None:
    fake_rasa.write_text(TRAINS)
    said: list[str] = []
    assert training.ensure_model(said.append).read_text() == "model"
    assert "splitting messages into words" in said


async def test_two_callers_at_once_train_once(fake_rasa: Path) -> None:
    fake_rasa.write_text(TRAINS)
    models = await asyncio.gather(
        *(asyncio.to_thread(training.ensure_model, lambda _: None) for _ in range(2))
    )
    assert models[0] == models[1]
    assert fake_rasa.with_name("runs").read_text() == "run\n"


def test_data_saved_while_training_start_it_over(
    fake_rasa: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_rasa.write_text(TRAINS)
    # Before the training, after it (a file was saved meanwhile), and from then on.
    hashes = iter(["old", "old", "cache", "new", "new", "cache"])
    monkeypatch.setattr(training, "content_hash", lambda **_: next(hashes, "new"))
    model = training.ensure_model(lambda _: None)
    assert model.name == "new.tar.gz"
    assert [path.name for path in model.parent.glob("*.tar.gz")] == ["new.tar.gz"]


def test_only_the_newest_models_are_kept(tmp_path: Path) -> None:
    import os

    for age in range(8):
        path = tmp_path / f"{age}.tar.gz"
        path.touch()
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    training._drop_old(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{age}.tar.gz" for age in range(training.KEPT_MODELS)
    ]
