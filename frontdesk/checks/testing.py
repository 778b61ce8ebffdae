"""What only the tests need of a machine."""

import shutil
import subprocess
from pathlib import Path

from frontdesk.checks.findings import Finding, ok, warn

DEBIAN_POSTGRESQL = Path("/usr/lib/postgresql")


def testing() -> list[Finding]:
    """Check for what the tests start: PostgreSQL, Redis, Chromium with Chinese fonts."""
    findings = []
    for what, found, package in (
        ("PostgreSQL", shutil.which("postgres") or _newest_postgres(), "postgresql"),
        ("Redis", shutil.which("redis-server"), "redis-server"),
        ("Chromium", shutil.which("chromium"), "chromium"),
        ("a Chinese font", _chinese_font(), "fonts-noto-cjk"),
    ):
        if found:
            findings.append(ok(f"for the tests: {what} ({found})"))
        else:
            findings.append(warn(f"for the tests: no {what}", f"Debian: apt install {package}"))
    return findings


def _newest_postgres() -> str | None:
    return next(map(str, sorted(DEBIAN_POSTGRESQL.glob("*/bin/postgres"), reverse=True)), None)


def _chinese_font() -> str | None:
    program = shutil.which("fc-list")
    if program is None:
        return None
    listed = subprocess.run(  # noqa: S603 (fontconfig's own program)
        [program, ":lang=zh", "family"], capture_output=True, text=True, check=False
    )
    return next(iter(listed.stdout.splitlines()), None)
