"""Whether the desk runs, whether it can work, and how it does."""

import asyncio
from collections.abc import Awaitable
from typing import Literal

import httpx
from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from integrations.assistant.errors import AssistantError
from ticketing.conversations import repository as conversations
from ticketing.outbox import repository as outbox
from ticketing.web.access import DeskHere
from ticketing.web.wiring import Desk

router = APIRouter(tags=["running"])

CHECK_SECONDS = 2.0
"""A part that takes longer to say that it is well, is not."""


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Check(BaseModel):
    """One part the desk needs."""

    status: Literal["ok", "failed"]
    detail: str | None = None


class Readiness(BaseModel):
    """Whether all parts are there; each is named."""

    status: Literal["ok", "failed"]
    checks: dict[str, Check]


@router.get("/health/live")
async def live() -> Alive:
    """Answer that the process runs."""
    return Alive()


@router.get(
    "/health/ready",
    response_model_exclude_none=True,
    responses={503: {"model": Readiness, "description": "A part is missing; which one is named"}},
)
async def ready(desk: DeskHere, response: Response) -> Readiness:
    """Ask the database, the assistant and the action server, at once and shortly."""
    names = ("database", "assistant", "actions")
    found = await asyncio.gather(
        _check(_database(desk)), _check(desk.assistant.ping()), _check(_actions(desk))
    )
    status: Literal["ok", "failed"] = (
        "ok" if all(check.status == "ok" for check in found) else "failed"
    )
    if status != "ok":
        response.status_code = 503
    return Readiness(status=status, checks=dict(zip(names, found, strict=True)))


@router.get("/metrics", response_class=Response)
async def metrics(desk: DeskHere) -> Response:
    """Return the metrics in Prometheus' text form."""
    async with desk.db.read() as session:
        desk.metrics.outbox_depth.set(await outbox.depth(session))
        desk.metrics.waiting.set(await conversations.count_all_waiting(session))
    return Response(desk.metrics.render(), media_type=desk.metrics.content_type)


async def _check(asked: Awaitable[None]) -> Check:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await asked
    except (AssistantError, SQLAlchemyError, httpx.HTTPError, OSError) as error:
        # The kind is enough for an operator here; details are in the log of the part itself.
        return Check(status="failed", detail=type(error).__name__)
    return Check(status="ok")


async def _database(desk: Desk) -> None:
    async with desk.db.read() as session:
        await session.execute(text("SELECT 1"))


async def _actions(desk: Desk) -> None:
    response = await desk.http.get(f"{desk.settings.actions_url}/health")
    response.raise_for_status()
