"""Health, metrics, headers, files, the published description and the logs."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy import text

from integrations.assistant.errors import AssistantUnavailable
from tests.integration.desk.harness import SECRET, Running, run_desk, settings_for
from ticketing import logs
from ticketing.db.engine import Database


def actions_answer(running: Running, status: int) -> None:
    """Let the action server's health check answer with a status."""
    transport = httpx.MockTransport(lambda request: httpx.Response(status))
    running.desk.http = httpx.AsyncClient(transport=transport)


async def test_ready_names_every_part(running: Running) -> None:
    actions_answer(running, 200)

    response = await running.client.get("/health/ready")

    ok = {"status": "ok"}
    parts = {"database": ok, "assistant": ok, "actions": ok}
    assert (200, {"status": "ok", "checks": parts}) == (response.status_code, response.json())


async def test_ready_says_which_part_is_missing(quick: Running) -> None:
    quick.assistant.failure = AssistantUnavailable("secret detail")
    actions_answer(quick, 503)
    away = Database("postgresql+asyncpg://nobody@127.0.0.1:9/none")
    database, quick.desk.db = quick.desk.db, away

    response = await quick.client.get("/health/ready")
    quick.desk.db = database
    await away.close()

    assert (response.status_code, response.json()["status"]) == (503, "failed")
    checks = response.json()["checks"]
    assert [check["status"] for check in checks.values()] == ["failed"] * 3
    assert checks["assistant"]["detail"] == "AssistantUnavailable"
    assert "secret detail" not in response.text


async def test_live_asks_nobody(quick: Running) -> None:
    quick.assistant.failure = AssistantUnavailable("down")

    assert (await quick.client.get("/health/live")).json() == {"status": "ok"}


async def test_metrics_count_what_happened(quick: Running) -> None:
    shopper = await quick.shopper()
    await shopper.say("hello", "1")
    await shopper.say("hello", "1")
    await quick.desk.turns.idle()
    quick.assistant.failure = AssistantUnavailable("down")
    await shopper.say("again", "2")
    await quick.desk.turns.idle()

    said = (await quick.client.get("/metrics")).text

    for line in (
        'frontdesk_messages_total{channel="web",result="accepted"} 2.0',
        'frontdesk_messages_total{channel="web",result="duplicate"} 1.0',
        'frontdesk_turns_total{outcome="answered"} 1.0',
        'frontdesk_turns_total{outcome="failed"} 1.0',
        "frontdesk_turn_seconds_count 2.0",
        'frontdesk_assistant_failures_total{kind="AssistantUnavailable"} 1.0',
        'frontdesk_handovers_total{reason="back_end_failed"} 1.0',
        "frontdesk_outbox_depth 0.0",
        "frontdesk_waiting_messages 0.0",
        "frontdesk_open_streams 0.0",
    ):
        assert line in said.splitlines(), said


async def test_every_answer_carries_the_security_headers(quick: Running) -> None:
    paths = ("/health/live", "/nowhere", "/widget/frontdesk.js", "/openapi.json", "/")
    for path in paths:
        headers = (await quick.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_only_named_shop_pages_may_call_from_elsewhere(sqlite_url: str) -> None:
    settings = settings_for(sqlite_url, allowed_origins=["https://shop.example"])
    async with run_desk(settings) as running:
        asked = {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        for origin, allowed in (("https://shop.example", True), ("https://evil.example", False)):
            headers = {"Origin": origin, **asked}
            preflight = await running.client.options("/chat/conversations", headers=headers)
            refused = await running.client.post(
                "/chat/conversations", content=b"x" * 100_000, headers={"Origin": origin}
            )
            for response in (preflight, refused):
                assert allowed == ("access-control-allow-origin" in response.headers)


async def test_the_widget_travels_compressed(quick: Running) -> None:
    async with quick.client.stream("GET", "/widget/frontdesk.js") as answer:
        travelled = sum([len(chunk) async for chunk in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert travelled <= 20_480


async def test_the_widget_is_cached_and_asked_for_again_by_its_etag(quick: Running) -> None:
    first = await quick.client.get("/widget/frontdesk.js")
    second = await quick.client.get(
        "/widget/frontdesk.js", headers={"If-None-Match": first.headers["etag"]}
    )

    assert (first.status_code, second.status_code) == (200, 304)
    assert "javascript" in first.headers["content-type"]
    assert "max-age" in first.headers["cache-control"]
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    for outside in ("/widget/../endpoints.py", "/widget/%2e%2e/endpoints.py", "/widget/"):
        assert (await quick.client.get(outside)).status_code == 404


async def test_the_demo_is_there_in_development_only(sqlite_url: str, tmp_path: Path) -> None:
    people = {"shoppers": [{"name": "小明"}], "agents": [{"password": "x"}]}
    (tmp_path / "demo.json").write_text(json.dumps(people), encoding="utf-8")
    development = settings_for(sqlite_url, var_dir=tmp_path)
    async with run_desk(development) as running:
        page = await running.client.get("/")
        shoppers = await running.client.get("/demo/shoppers")
    async with run_desk(development.model_copy(update={"environment": "production"})) as running:
        gone = [(await running.client.get(path)).status_code for path in ("/", "/demo/shoppers")]

    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (200, "text/html")
    assert shoppers.json() == {"shoppers": [{"name": "小明"}]}
    assert gone == [404, 404]


async def test_without_a_demo_file_there_are_no_demo_shoppers(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with run_desk(settings_for(sqlite_url, var_dir=tmp_path)) as running:
        response = await running.client.get("/demo/shoppers")

    assert (response.status_code, response.json()["type"]) == (404, "no-demo")


async def test_unknown_paths_and_methods_are_problems(quick: Running) -> None:
    nowhere = await quick.client.get("/nowhere")
    wrong_method = await quick.client.delete("/chat/conversations")

    assert (nowhere.status_code, nowhere.json()["type"]) == (404, "not-found")
    assert (
        wrong_method.status_code,
        wrong_method.json()["type"],
    ) == (405, "method-not-allowed")


async def test_the_description_is_complete_and_holds_no_secret(quick: Running) -> None:
    description = (await quick.client.get("/openapi.json")).json()

    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            assert operation.get("description"), f"{method} {path}"
            for response in operation["responses"].values():
                assert response.get("description"), f"{method} {path}"
    assert {
        "/chat/conversations",
        "/chat/conversations/{conversation}/messages",
        "/chat/conversations/{conversation}/events",
        "/channels/{channel}/webhook",
        "/api/sessions",
        "/api/tickets",
        "/api/tickets/{number}",
        "/api/conversations/{conversation}/identity",
        "/health/live",
        "/health/ready",
        "/metrics",
    } <= set(description["paths"])
    assert SECRET not in json.dumps(description)
    for page in ("/docs", "/redoc"):
        assert (await quick.client.get(page)).status_code == 404


@pytest.fixture
def logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("error"),
        processors=[structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )


@pytest.mark.usefixtures("logging_restored")
def test_logs_are_json_lines_with_personal_data_masked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("info")
    structlog.get_logger("desk").info("message", message="m1", said="13812345678")
    logging.getLogger("other").warning("mail from %s", "a.person@example.com")
    try:
        raise ValueError("card 4111 1111 1111 1111")
    except ValueError:
        logging.getLogger("other").exception("failed")

    lines: list[dict[str, Any]] = [
        json.loads(line) for line in capsys.readouterr().out.splitlines()
    ]
    assert tuple(lines[0][key] for key in ("event", "message", "said")) == (
        "message",
        "m1",
        "*******5678",
    )
    assert lines[1]["event"] == "mail from a***@e***.com"
    assert "4111 1111" not in lines[2]["exception"]
    assert "ValueError" in lines[2]["exception"]


async def test_an_unexpected_failure_is_a_problem_without_details(
    quick: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(quick.desk.conversations, "start", broken)
    response = await quick.client.post("/chat/conversations", json={})

    assert (response.status_code, response.json()["type"]) == (500, "unexpected")
    assert "hunter2" not in response.text


async def test_the_embedded_database_writes_ahead_and_checks_references(
    quick: Running,
) -> None:
    async with quick.desk.db.read() as session:
        found = [
            (await session.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 1, 1, 20]
