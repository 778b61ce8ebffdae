"""Settings, ports, folders, the model."""

import difflib
import os
import shutil

from frontdesk.checks.findings import Finding, fail, ok, warn
from frontdesk.errors import CannotRun
from frontdesk.installation import ROOM_BYTES, prepare_folder, read_state
from frontdesk.ports import listeners, require_free
from frontdesk.training import model_path
from integrations.settings import SECRETS, Settings

HANDED_TO_RASA = {
    "FRONTDESK_ACTIONS_WEBHOOK",
    "FRONTDESK_CATALOGUE",
}
"""Variables the launcher sets for Rasa; no settings of ours."""


def configuration(settings: Settings) -> list[Finding]:
    """Check what the operator decides."""
    return [
        *unknown_variables(dict(os.environ)),
        *_secrets(settings),
        *_folders(settings),
        *_ports(settings),
        _model(),
    ]


def unknown_variables(environment: dict[str, str]) -> list[Finding]:
    """Find `FRONTDESK_*` variables that set nothing, most likely misspelt."""
    known = {f"FRONTDESK_{name.upper()}" for name in Settings.model_fields} | HANDED_TO_RASA
    findings = []
    for name in sorted(environment):
        if not name.upper().startswith("FRONTDESK_") or name.upper() in known:
            continue
        close = difflib.get_close_matches(name.upper(), known, n=1)
        findings.append(
            warn(
                f"{name} is set, but there is no such setting",
                f"did you mean {close[0]}?" if close else "unset it",
            )
        )
    return findings or [ok("settings are read and valid")]


def _secrets(settings: Settings) -> list[Finding]:
    missing = [name for name in SECRETS if not getattr(settings, name).get_secret_value()]
    if not missing:
        return [ok("secrets are set")]
    if settings.environment == "production":
        names = ", ".join(f"FRONTDESK_{name.upper()}" for name in missing)
        return [fail("production has no secrets of its own", f"set {names}")]
    return [ok("secrets will be made at the first start (development)")]


def _folders(settings: Settings) -> list[Finding]:
    findings = []
    for folder, setting in (
        (settings.var_dir, "FRONTDESK_VAR_DIR"),
        (settings.models_dir, "FRONTDESK_MODELS_DIR"),
    ):
        try:
            prepare_folder(folder, setting)
        except CannotRun as reason:
            findings.append(fail(str(reason), f"change {setting}, its rights or its disk"))
            continue
        free = shutil.disk_usage(folder).free
        if free < 3 * ROOM_BYTES:
            findings.append(warn(f"{free // 2**20} MB free for {folder}", "make room soon"))
        else:
            findings.append(ok(f"{folder} can be written, {free // 2**30} GB free"))
    return findings


def _ports(settings: Settings) -> list[Finding]:
    state = read_state(settings.var_dir)
    if state:
        down = [
            f"{name} is {process['state']}"
            for name, process in state["processes"].items()
            if process["state"] != "ready"
        ]
        running = f"running at {state['url']} (process {state['pid']})"
        if down:
            return [warn(f"{running}: {', '.join(down)}", f"see {settings.var_dir / 'log'}")]
        return [ok(running)]
    try:
        wanted = listeners(settings)
    except CannotRun as reason:
        return [fail(str(reason), "change the setting")]
    findings = []
    for listener in wanted:
        try:
            require_free(listener)
        except CannotRun as reason:
            findings.append(fail(str(reason), f"or set {listener.setting}"))
        else:
            findings.append(ok(f"port {listener.port} is free for {listener.what}"))
    return findings


def _model() -> Finding:
    model = model_path()
    if model.exists():
        return ok(f"the model fits the training data ({model.name})")
    return warn("no model of the present training data", "`make train`, or the next start makes it")
