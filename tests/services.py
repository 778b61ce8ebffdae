"""Real PostgreSQL and Redis for the tests, run from the machine's own binaries.

Each server is started when the first test asks for it, listens on a free port of the loopback,
keeps its files in a temporary directory and is ended by its process id.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import pytest

START_SECONDS = 30.0
"""How long a server may take to accept connections on a loaded machine."""

POSTGRES_ACCOUNTS = ("postgres", "nobody")
"""PostgreSQL refuses to run as root; the first of these that exists runs it then."""


class BinaryMissing(Exception):
    """The machine has no such program."""

    def __init__(self, binary: str, install: str) -> None:
        super().__init__(f"{binary} not found; install it: {install}")


class ServerFailed(Exception):
    """A server ended, or did not answer in time."""


def free_port() -> int:
    """Return a TCP port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def find_binary(name: str, *, folders: tuple[Path, ...] = (), install: str) -> Path:
    """Return the path of a program, looked up in `folders`, then on PATH.

    Debian's `psql` on PATH is a wrapper that wants a cluster of its own, so the folders go first;
    links are kept, because `redis-server` is one program under several names.

    Raises:
        BinaryMissing: it is in neither; the message says how to install it.
    """
    path = shutil.which(name, path=os.pathsep.join(map(str, folders))) if folders else None
    path = path or shutil.which(name)
    if path is None:
        raise BinaryMissing(name, install)
    return Path(path)


def postgres_folders() -> tuple[Path, ...]:
    """Return where PostgreSQL's programs lie, newest version first."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: float(folder.parent.name),
        reverse=True,
    )
    pg_config = shutil.which("pg_config")
    if pg_config is None:
        return tuple(debian)
    said = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
    return (*debian, Path(said.stdout.strip())) if said.returncode == 0 else tuple(debian)


def _postgres_account() -> dict[str, Any]:
    """Return the `subprocess` arguments that leave root, and nothing for anyone else."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for name in POSTGRES_ACCOUNTS:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise BinaryMissing("an account to run postgres", "useradd --system postgres")


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise ServerFailed(f"ended with {process.returncode}: {log.read_text()[-2000:]}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise ServerFailed(f"not listening after {START_SECONDS:.0f} s: {log.read_text()[-2000:]}")


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class PostgresServer:
    """A running server whose superuser needs no password."""

    port: int
    psql: Path

    def sql(self, statement: str, *, database: str = "postgres") -> str:
        """Run one statement outside a transaction; return what it printed."""
        ran = subprocess.run(
            [
                *(str(self.psql), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"),
                *("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database),
                *("-c", statement),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode != 0:
            raise ServerFailed(ran.stderr)
        return ran.stdout.strip()

    def url(self, database: str) -> str:
        """Return the asyncpg URL of one database."""
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{database}"


@contextmanager
def run_postgres() -> Iterator[PostgresServer]:
    """Run a PostgreSQL server of our own.

    Raises:
        BinaryMissing: PostgreSQL is not installed.
        ServerFailed: it did not start.
    """
    folders = postgres_folders()
    binaries = {
        name: find_binary(name, folders=folders, install="apt install postgresql")
        for name in ("initdb", "postgres", "psql")
    }
    account = _postgres_account()
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-postgres-"))
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        data, log = folder / "data", folder / "log"
        environment = {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        made = subprocess.run(
            [
                *(str(binaries["initdb"]), "-D", str(data), "-U", "postgres", "--auth=trust"),
                *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            capture_output=True,
            text=True,
            cwd=folder,
            env=environment,
            check=False,
            **account,
        )
        if made.returncode != 0:
            raise ServerFailed(f"initdb: {made.stderr}")
        port = free_port()
        # The data live as long as the tests do: durability would only cost time.
        quick = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
        settings = (f"unix_socket_directories={folder}", "max_connections=200", *quick)
        with log.open("wb") as output:
            process = subprocess.Popen(
                [
                    *(str(binaries["postgres"]), "-D", str(data), "-h", "127.0.0.1"),
                    *("-p", str(port)),
                    *(part for setting in settings for part in ("-c", setting)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                env=environment,
                start_new_session=True,  # Ctrl-C in a terminal is for the tests, not for it
                **account,
            )
        try:
            _wait_for(port, process, log)
            server = PostgresServer(port, binaries["psql"])
            _wait_for_answer(server)
            yield server
        finally:
            _end(process, signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_answer(server: PostgresServer) -> None:
    """Wait out "the database system is starting up", which the open port does not tell."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            server.sql("SELECT 1")
        except ServerFailed:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def run_redis() -> Iterator[str]:
    """Run a Redis server of our own; yield its URL.

    Raises:
        BinaryMissing: Redis is not installed.
        ServerFailed: it did not start.
    """
    binary = find_binary("redis-server", install="apt install redis-server")
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-redis-"))
    try:
        port, log = free_port(), folder / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [
                    *(str(binary), "--bind", "127.0.0.1", "--port", str(port)),
                    *("--save", "", "--appendonly", "no", "--dir", str(folder)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                start_new_session=True,
            )
        try:
            _wait_for(port, process, log)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            _end(process, signal.SIGTERM)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _without(missing: BinaryMissing) -> NoReturn:
    """Skip on a developer's machine; fail where everything is said to be installed."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(str(missing))
    pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The session's PostgreSQL server."""
    try:
        running = run_postgres()
        server = running.__enter__()
    except BinaryMissing as missing:
        _without(missing)
    try:
        yield server
    finally:
        running.__exit__(None, None, None)


_database_numbers = count(1)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The asyncpg URL of a fresh, empty database, dropped after the test."""
    name = f"test_{next(_database_numbers)}"
    postgres_server.sql(f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    postgres_server.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of the session's Redis server."""
    try:
        running = run_redis()
        url = running.__enter__()
    except BinaryMissing as missing:
        _without(missing)
    try:
        yield url
    finally:
        running.__exit__(None, None, None)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of an emptied Redis."""
    import redis

    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database's async URL: the test runs once on SQLite (a file), once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
