"""The folder of an installation: its secrets, its room, its one owner."""

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from frontdesk import installation
from frontdesk.errors import AlreadyRunning, DiskFull, FolderUnusable, SecretsMissing
from integrations.settings import SECRETS, Settings, load_settings


@pytest.fixture
def var_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FRONTDESK_VAR_DIR", str(tmp_path))
    for name in SECRETS:
        monkeypatch.delenv(f"FRONTDESK_{name.upper()}", raising=False)
    load_settings.cache_clear()
    return tmp_path


def test_production_refuses_to_run_on_generated_secrets(var_dir: Path) -> None:
    with pytest.raises(SecretsMissing) as refused:
        installation.prepare_secrets(Settings(environment="production", var_dir=var_dir))
    for name in SECRETS:
        assert f"FRONTDESK_{name.upper()}" in str(refused.value)
    assert not (var_dir / "secrets").exists()


def test_development_makes_secrets_that_only_the_owner_can_read(var_dir: Path) -> None:
    made = installation.prepare_secrets(load_settings())
    assert len({getattr(made, name).get_secret_value() for name in SECRETS}) == len(SECRETS)
    for file in (var_dir / "secrets").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_secrets_once_made_are_kept(var_dir: Path) -> None:
    first = installation.prepare_secrets(load_settings())
    load_settings.cache_clear()
    assert installation.prepare_secrets(load_settings()) == first


def test_a_secret_that_is_set_is_used(var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_SERVICE_TOKEN", "given")
    assert installation.prepare_secrets(load_settings()).service_token.get_secret_value() == "given"
    assert not (var_dir / "secrets" / "frontdesk_service_token").exists()


def test_a_full_disk_is_told_with_how_much_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        installation.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 5 * 2**20})
    )
    with pytest.raises(DiskFull, match="5 MB free"):
        installation.prepare_folder(tmp_path, "FRONTDESK_VAR_DIR")


def test_a_disk_that_takes_no_byte_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(installation.tempfile, "TemporaryFile", refuse)
    with pytest.raises(DiskFull):
        installation.prepare_folder(tmp_path, "FRONTDESK_VAR_DIR")


def test_a_folder_that_cannot_be_made_is_told_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderUnusable, match="FRONTDESK_VAR_DIR"):
        installation.prepare_folder(tmp_path / "file" / "var", "FRONTDESK_VAR_DIR")


def test_a_second_launcher_learns_who_holds_the_installation(tmp_path: Path) -> None:
    with installation.held(tmp_path):
        installation.write_state(tmp_path, {"url": "http://127.0.0.1:8000"})
        with (
            pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}.*:8000"),
            installation.held(tmp_path),
        ):
            pass


def test_the_state_of_a_killed_launcher_counts_for_nothing(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-S", "-c", ""])
    ended.wait()
    (tmp_path / "up.json").write_text(json.dumps({"pid": ended.pid, "ready": True}))
    assert installation.read_state(tmp_path) == {}


def test_an_installation_can_be_held_again_once_let_go(tmp_path: Path) -> None:
    with installation.held(tmp_path):
        installation.write_state(tmp_path, {"url": "http://127.0.0.1:8000"})
    assert installation.read_state(tmp_path) == {}
    with installation.held(tmp_path):
        pass


def test_a_private_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    installation.write_private(path, "long" * 100)
    installation.write_private(path, "short")
    assert path.read_text() == "short"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
