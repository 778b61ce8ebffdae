"""The trained assistant: which model belongs to the checkout's data, and how it is made.

A model is named by a hash of everything it is made from, so that it is trained again exactly when
one of those files changed. Training runs Rasa in the assistant's own environment.
"""

import asyncio
import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from frontdesk import logs
from frontdesk.children import Children
from frontdesk.errors import StepFailed
from frontdesk.installation import BOT_PYTHON, check_environments, prepare_folder
from integrations.settings import ROOT, load_settings

SOURCES = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/rules",
    "data/stories",
    "data/responses",
    "bot/components",
    "bot/requirements.lock",
)
"""What a model is made from: files, and folders with everything in them."""

COMPONENT_SOURCES = ("bot/components", "bot/requirements.lock")
"""What Rasa's own cache of trained components does not see change: the code under them."""

KEPT_MODELS = 5
"""Older models are deleted; the newest ones make going back to an earlier commit instant."""

Progress = Callable[[str], None]
"""Called with what training does now, in plain words."""

_COMPONENT = re.compile(r"(Starting to train|Finished training|Restored) component '(\w+)'")
_STEPS = (
    (re.compile(r"Processing rules", re.IGNORECASE), "checking the rules against each other"),
    (re.compile(r"Processed (story|rule) blocks|Processing story"), "reading rules and stories"),
    (re.compile(r"Processed trackers|actions|Predict", re.IGNORECASE), "learning what to do next"),
    (re.compile(r"model is trained and saved", re.IGNORECASE), "saving the model"),
)
_COMPONENTS = (
    ("tokenizer", "splitting messages into words"),
    ("language", "telling Chinese from English"),
    ("featurizer", "turning messages into features"),
    ("entit", "learning to find order numbers, products and other facts"),
    ("extractor", "learning to find order numbers, products and other facts"),
    ("fallback", "learning when to ask again"),
    ("classifier", "learning what shoppers mean"),
    ("memoization", "learning known conversations by heart"),
    ("policy", "learning what to do next"),
)


class DataKeepsChanging(StepFailed):
    """The training data changed during each of several trainings."""

    def __init__(self, log: Path) -> None:
        super().__init__("training (the training data kept changing meanwhile)", log, [])


def content_hash(root: Path = ROOT, sources: tuple[str, ...] = SOURCES) -> str:
    """Return the hash of what a model is made from, 20 hexadecimal characters.

    Names and contents count; times, caches and hidden files do not.
    """
    digest = hashlib.sha256()
    for path in sorted(set(_files(root, sources))):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:20]


def model_path() -> Path:
    """Return where the model of the checkout's present data is, whether trained yet or not."""
    return load_settings().models_dir / f"{content_hash()}.tar.gz"


def ensure_model(progress: Progress) -> Path:
    """Train if the present data have no model yet, and return the model's path.

    Raises:
        StepFailed: Rasa could not train; the last lines it said are with it.
        CannotRun: the environment is missing, or the folder cannot be written.
    """

    async def train() -> Path:
        async with Children() as children:
            return await train_if_needed(children, progress)

    return asyncio.run(train())


async def train_if_needed(children: Children, progress: Progress) -> Path:
    """Do as `ensure_model`, as one of the launcher's own steps.

    Of several callers at once one trains; the others wait for its model.
    """
    model = model_path()
    if model.exists():
        return model
    check_environments()
    prepare_folder(model.parent, "FRONTDESK_MODELS_DIR")
    log = load_settings().var_dir / "log" / "train.log"
    async with _one_at_a_time(model.parent / ".lock", progress):
        for _ in range(3):
            model = model_path()
            if model.exists():
                return model
            await _train(children, model, log, progress)
            # The model must be what its name says, also when somebody saved a file meanwhile.
            if model_path() == model:
                _drop_old(model.parent)
                return model
            model.unlink()
            progress("the training data changed meanwhile: starting over")
    raise DataKeepsChanging(log)


def in_words(line: str) -> str | None:
    """Say in plain words which step of training a line of Rasa's output tells of, if any."""
    component = _COMPONENT.search(line)
    if component:
        what, name = component.groups()
        if what != "Starting to train":
            return None
        name = name.lower()
        return next((words for part, words in _COMPONENTS if part in name), "training")
    return next((words for pattern, words in _STEPS if pattern.search(line)), None)


async def _train(children: Children, model: Path, log: Path, progress: Progress) -> None:
    """Train into a folder of its own; the model appears whole under its name, or not at all."""
    progress("starting Rasa and reading the training data")
    unfinished = Path(tempfile.mkdtemp(prefix=".training-", dir=model.parent))
    log.parent.mkdir(parents=True, exist_ok=True)
    name = model.name.removesuffix(".tar.gz")
    try:
        child = await children.start(
            [
                *(BOT_PYTHON, "-m", "rasa", "train", "--config", "config.yml"),
                *("--domain", "domain.yml", "--data", "data"),
                *("--out", unfinished, "--fixed-model-name", name),
            ],
            environment={
                "PYTHONUNBUFFERED": "1",
                "RASA_CACHE_DIRECTORY": str(_cache(model.parent)),
                "RASA_TELEMETRY_ENABLED": "false",
                "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
                "TF_CPP_MIN_LOG_LEVEL": "3",
            },
            output=asyncio.subprocess.PIPE,
        )
        if child.stdout is None:
            raise RuntimeError("the training has no output to follow")
        try:
            with log.open("wb") as file:
                async for line in _lines(child.stdout):
                    file.write(line)
                    file.flush()
                    words = in_words(line.decode("utf-8", "replace"))
                    if words:
                        progress(words)
            await child.wait()
        finally:
            await children.end(child, grace_seconds=2.0)
        trained = unfinished / model.name
        if child.returncode != 0 or not trained.exists():
            raise StepFailed("training", log, logs.last_lines(log))
        trained.replace(model)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield the output in pieces that end with a line or a progress bar's carriage return."""
    rest = b""
    while chunk := await stream.read(64 * 1024):
        *whole, rest = re.split(rb"(?<=[\r\n])", rest + chunk)
        for line in whole:
            yield line
    if rest:
        yield rest


@asynccontextmanager
async def _one_at_a_time(path: Path, progress: Progress) -> AsyncIterator[None]:
    with path.open("a") as lock:
        waiting = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not waiting:
                    progress("waiting for another training to end")
                waiting = True
                await asyncio.sleep(0.5)
        yield


def _cache(models: Path) -> Path:
    """Return the folder of trained components that may be used again; drop outdated ones."""
    folder = models / f".cache-{content_hash(sources=COMPONENT_SOURCES)}"
    for other in models.glob(".cache-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    folder.mkdir(exist_ok=True)
    return folder


def _drop_old(models: Path) -> None:
    newest_first = sorted(models.glob("*.tar.gz"), key=lambda model: -model.stat().st_mtime)
    for model in newest_first[KEPT_MODELS:]:
        model.unlink(missing_ok=True)


def _files(root: Path, sources: tuple[str, ...]) -> Iterator[Path]:
    for source in sources:
        start = root / source
        if start.is_file():
            yield start
            continue
        for folder, folders, names in os.walk(start):
            folders[:] = [name for name in folders if not _ignored(name)]
            yield from (Path(folder, name) for name in names if not _ignored(name))


def _ignored(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__" or name.endswith((".pyc", "~"))
