"""What the doctor finds, and what it advises."""

from pathlib import Path

import pytest

from frontdesk.checks.configuration import configuration, unknown_variables
from frontdesk.checks.environments import differences
from frontdesk.checks.findings import Level
from frontdesk.checks.stores import stores
from integrations.settings import Settings
from integrations.shop import migrate as migrate_shop
from ticketing.db import migrate as migrate_desk

LOCK = """\
# by uv
fastapi==1.0 \\
    --hash=sha256:00
sqlalchemy[asyncio]==2.1.0 \\
    --hash=sha256:00
colorama==0.4 ; sys_platform == 'win32' \\
    --hash=sha256:00
typing_extensions==4.1
"""


def test_an_environment_as_locked_shows_no_difference() -> None:
    installed = {"FastAPI": "1.0", "SQLAlchemy": "2.1.0", "typing-extensions": "4.1", "more": "1"}
    assert differences(LOCK, installed) == []


def test_missing_and_other_versions_are_told_apart() -> None:
    assert differences(LOCK, {"fastapi": "1.1", "typing-extensions": "4.1"}) == [
        "fastapi is 1.1, not 1.0",
        "sqlalchemy is not installed",
    ]


def test_a_misspelt_variable_is_told_with_the_right_name() -> None:
    (finding,) = unknown_variables({"FRONTDESK_DESK_PROT": "1", "PATH": "/bin"})
    assert finding.level is Level.WARN
    assert "FRONTDESK_DESK_PORT" in finding.advice


def test_known_variables_are_no_finding() -> None:
    (finding,) = unknown_variables({"FRONTDESK_DESK_PORT": "1"})
    assert finding.level is Level.OK


def test_production_without_secrets_is_a_fault(tmp_path: Path) -> None:
    settings = Settings(environment="production", var_dir=tmp_path, models_dir=tmp_path)
    faults = [each for each in configuration(settings) if each.level is Level.FAIL]
    assert any("FRONTDESK_ASSISTANT_TOKEN" in fault.advice for fault in faults)


def test_databases_that_do_not_exist_yet_will_be_made(tmp_path: Path) -> None:
    found = stores(Settings(var_dir=tmp_path))
    assert {finding.level for finding in found} == {Level.WARN}
    assert all("next start" in finding.advice for finding in found)


def test_migrated_databases_are_well(tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path)
    migrate_desk(settings.desk_database)
    migrate_shop(settings.shop_database)
    assert [finding.level for finding in stores(settings)] == [Level.OK, Level.OK]


def test_a_database_that_refuses_is_a_fault_with_its_setting(tmp_path: Path) -> None:
    settings = Settings(
        var_dir=tmp_path, database_url="postgresql+asyncpg://u:secret@127.0.0.1:1/x"
    )
    desk, _ = stores(settings)
    assert desk.level is Level.FAIL
    assert "FRONTDESK_DATABASE_URL" in desk.advice
    assert "secret" not in desk.what


@pytest.mark.parametrize("url", ["nonsense", "mysql+nothing://x/y"])
def test_a_database_address_that_means_nothing_is_a_fault(tmp_path: Path, url: str) -> None:
    _, shop = stores(Settings(var_dir=tmp_path, shop_database_url=url))
    assert shop.level is Level.FAIL
    assert "FRONTDESK_SHOP_DATABASE_URL" in shop.advice


def test_redis_that_does_not_answer_is_a_fault(tmp_path: Path) -> None:
    *_, redis = stores(Settings(var_dir=tmp_path, redis_url="redis://127.0.0.1:1/0"))
    assert redis.level is Level.FAIL
    assert "FRONTDESK_REDIS_URL" in redis.advice


def test_several_desk_workers_without_redis_are_a_fault(tmp_path: Path) -> None:
    *_, redis = stores(Settings(var_dir=tmp_path, desk_workers=2))
    assert redis.level is Level.FAIL
