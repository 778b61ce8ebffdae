"""The two Python environments: there, of the right version, holding what their locks say."""

import json
import re
import subprocess
from pathlib import Path

from frontdesk.checks.findings import Finding, fail, ok
from frontdesk.installation import BOT_PYTHON, PYTHON
from integrations.settings import ROOT

LIST_INSTALLED = (
    "import importlib.metadata as m, json, sys; "
    "print(json.dumps([list(sys.version_info[:2]), "
    "{d.metadata['Name']: d.version for d in m.distributions()}]))"
)
ASK_SECONDS = 60.0
SHOWN = 3
"""So many of the packages that differ are named."""

_PINNED = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\]+))?", re.MULTILINE
)


def environments() -> list[Finding]:
    """Check `.venv` and `bot/.venv`."""
    return [
        _environment("the desk's environment", PYTHON, (3, 11), None, ROOT / "requirements.lock"),
        _environment(
            "the assistant's environment",
            BOT_PYTHON,
            (3, 10),
            (3, 10),  # Rasa 3.6 runs on nothing newer
            ROOT / "bot" / "requirements.lock",
        ),
    ]


def _environment(
    what: str,
    interpreter: Path,
    oldest: tuple[int, int],
    newest: tuple[int, int] | None,
    lock: Path,
) -> Finding:
    try:
        answer = subprocess.run(  # noqa: S603 (our own interpreters)
            [interpreter, "-c", LIST_INSTALLED],
            capture_output=True,
            text=True,
            timeout=ASK_SECONDS,
            check=True,
        )
    except FileNotFoundError:
        return fail(f"{what} is missing ({interpreter})", "run `make up`, which installs it")
    except (OSError, subprocess.SubprocessError) as error:
        return fail(f"{what} does not run: {error}", "run `make clean`, then `make up`")
    found, installed = json.loads(answer.stdout)
    version = ".".join(map(str, found))
    if tuple(found) < oldest or (newest and tuple(found) > newest):
        wanted = ".".join(map(str, oldest)) + ("" if newest else " or newer")
        return fail(f"{what} is Python {version}, not {wanted}", "run `make clean`, then `make up`")
    try:
        pinned = lock.read_text(encoding="utf-8")
    except FileNotFoundError:
        return fail(f"{lock.name} of {what} is missing", "restore it from the repository")
    drift = differences(pinned, installed)
    if drift:
        more = f" and {len(drift) - SHOWN} more" if len(drift) > SHOWN else ""
        return fail(
            f"{what} differs from its lock: {'; '.join(drift[:SHOWN])}{more}",
            f"run `make -B {'.venv/.runtime' if newest is None else 'bot/.venv/.ready'}`",
        )
    return ok(f"{what}: Python {version}, {len(_PINNED.findall(pinned))} packages as locked")


def differences(lock: str, installed: dict[str, str]) -> list[str]:
    """Return how what is installed differs from a lock file's pins, one sentence a package.

    Pins with an environment marker are left out: whether they apply, the installer decided.
    """
    by_name = {_canonical(name): version for name, version in installed.items()}
    found = []
    for name, pinned, marker in _PINNED.findall(lock):
        version = by_name.get(_canonical(name))
        if marker or version == pinned:
            continue
        found.append(
            f"{name} is not installed" if version is None else f"{name} is {version}, not {pinned}"
        )
    return found


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
