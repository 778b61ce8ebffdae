import asyncio
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from integrations import settings
from tests.integration.desk.harness import Running
from ticketing.agents import service
from ticketing.agents.accounts import add_agent, ensure_agent
from ticketing.agents.errors import AgentExists, NoSuchEmail, WeakPassword
from ticketing.agents.rules import SESSION, Role
from ticketing.db.tables import Agent, AgentSession
from ticketing.lockout.rules import Limit

EMAIL, PASSWORD = "ada@shop.example", "correct horse"


@pytest.fixture
async def staffed(running: Running) -> Running:
    await running.desk.agents.add(email=EMAIL, name="Ada", role=Role.AGENT, password=PASSWORD)
    return running


async def sign_in(running: Running, email: str = EMAIL, password: str = PASSWORD) -> httpx.Response:
    return await running.client.post("/api/sessions", json={"email": email, "password": password})


async def test_a_session_opens_tickets_until_it_is_ended(staffed: Running) -> None:
    opened = await sign_in(staffed, email=" ADA@shop.example ")
    headers = {"Authorization": f"Bearer {opened.json()['token']}"}

    tickets = await staffed.client.get("/api/tickets", headers=headers)
    who = await staffed.client.get("/api/sessions/current", headers=headers)
    ended = await staffed.client.delete("/api/sessions/current", headers=headers)
    after = await staffed.client.get("/api/tickets", headers=headers)

    assert (opened.status_code, opened.json()["agent"]["role"]) == (201, "agent")
    assert tuple(response.status_code for response in (tickets, who, ended, after)) == (
        200,
        200,
        204,
        401,
    )
    assert (who.json()["name"], who.json()["email"]) == ("Ada", EMAIL)


async def test_a_session_ends_by_itself(staffed: Running) -> None:
    token = (await sign_in(staffed)).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}

    staffed.clock.advance(seconds=SESSION.total_seconds() - 1)
    last = await staffed.client.get("/api/tickets", headers=headers)
    staffed.clock.advance(seconds=1)
    over = await staffed.client.get("/api/tickets", headers=headers)

    assert (last.status_code, over.status_code) == (200, 401)


async def test_an_agent_cannot_do_what_the_action_server_does(staffed: Running) -> None:
    token = (await sign_in(staffed)).json()["token"]
    shopper = await staffed.shopper()

    response = await staffed.client.post(
        "/api/tickets",
        json={"conversation": shopper.id, "reason": "safety", "language": "en"},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k"},
    )

    assert response.status_code == 401


async def test_wrong_passwords_and_unknown_addresses_sound_the_same(staffed: Running) -> None:
    wrong = await sign_in(staffed, password="wrong")
    unknown = await sign_in(staffed, email="nobody@shop.example")

    assert (wrong.status_code, wrong.json()["type"]) == (401, "wrong-password")
    assert wrong.json() == unknown.json()


async def test_five_wrong_passwords_lock_the_account_from_there(staffed: Running) -> None:
    for _ in range(5):
        assert (await sign_in(staffed, password="wrong")).status_code == 401

    locked = await sign_in(staffed)
    staffed.clock.advance(minutes=15)
    again = await sign_in(staffed)

    assert (locked.status_code, locked.json()["type"]) == (429, "too-many-attempts")
    assert 0 < int(locked.headers["retry-after"]) <= 15 * 60 + 1
    assert again.status_code == 201


async def test_guessing_over_many_accounts_locks_the_source(
    staffed: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SOURCE_LIMIT", Limit(3, timedelta(minutes=15)))
    answers = [
        (await sign_in(staffed, email=f"a{number}@shop.example")).status_code for number in range(4)
    ]

    assert answers == [401, 401, 401, 429]


async def test_neither_password_nor_token_is_stored(staffed: Running) -> None:
    token = (await sign_in(staffed)).json()["token"]

    async with staffed.desk.db.read() as session:
        agent = (await session.scalars(select(Agent))).one()
        opened = (await session.scalars(select(AgentSession))).one()
    assert re.match(r"\$argon2id\$", agent.password_hash)
    assert token not in opened.token_hash
    assert len(opened.token_hash) == 64


@pytest.mark.parametrize(
    "body",
    [{}, {"email": EMAIL}, {"email": EMAIL, "password": "x" * 201}, {"email": 1, "password": 2}],
)
async def test_an_incomplete_sign_in_is_refused(quick: Running, body: dict[str, object]) -> None:
    response = await quick.client.post("/api/sessions", json=body)

    assert (response.status_code, response.json()["type"]) == (422, "invalid-request")


@pytest.mark.parametrize("email", ["\x00@x.example", "ü@x.example", ""])
async def test_an_address_nobody_has_is_just_wrong(running: Running, email: str) -> None:
    assert (await sign_in(running, email=email)).status_code == 401


async def test_accounts_are_added_once(sqlite_url: str) -> None:
    def add() -> None:
        person = {"email": EMAIL, "name": "", "role": Role.SUPERVISOR}
        add_agent(sqlite_url, **person, password=PASSWORD)  # type: ignore[arg-type]
        with pytest.raises(AgentExists):
            add_agent(sqlite_url, **person, password=PASSWORD)  # type: ignore[arg-type]
        assert not ensure_agent(sqlite_url, **person, password="another one")  # type: ignore[arg-type]
        with pytest.raises(WeakPassword):
            add_agent(sqlite_url, **{**person, "email": "b@x.example"}, password="short")  # type: ignore[arg-type]
        with pytest.raises(NoSuchEmail):
            add_agent(sqlite_url, **{**person, "email": "nobody"}, password=PASSWORD)  # type: ignore[arg-type]

    await asyncio.to_thread(add)


async def test_the_command_adds_a_person_who_can_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from frontdesk.commands.user import app

    monkeypatch.setenv("FRONTDESK_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    settings.load_settings.cache_clear()
    arguments = ["add", EMAIL, "--role", "supervisor", "--password-stdin"]
    try:
        added = await asyncio.to_thread(CliRunner().invoke, app, arguments, input=f"{PASSWORD}\n")
    finally:
        settings.load_settings.cache_clear()

    assert (0, f"added {EMAIL} (supervisor)\n") == (added.exit_code, added.output)
