"""The input channel the desk talks to; the only one that is exposed, on loopback."""

import asyncio
import hmac
import logging
import os
from dataclasses import asdict
from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic, response
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot import remote_action
from bot.request import MAX_BODY_BYTES, DeskMessage, InvalidRequest, intent_of, parse
from bot.turn import NotReady, TurnResult, take_turn

logger = logging.getLogger(__name__)

MIN_TOKEN_CHARS = 16


class DeskChannel(InputChannel):
    """`POST /webhooks/desk/messages` and `GET /webhooks/desk/health`.

    Every error is `application/problem+json`: 401 wrong token, 413 body too large, 422 not the
    contract, 503 no model, no database or no lock.
    """

    def __init__(self, token: str, action_timeout_seconds: float) -> None:
        """Serve whoever shows `token`; give custom actions `action_timeout_seconds`."""
        self._token = token.encode()
        self._action_timeout_seconds = action_timeout_seconds

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, part of its routes."""
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "DeskChannel":
        """Read the channel's part of `credentials.yml`.

        Raises:
            RasaException: the token is missing or too short to be a secret.
        """
        token = str((credentials or {}).get("token") or "")
        if len(token) < MIN_TOKEN_CHARS:
            raise RasaException(
                f"FRONTDESK_ASSISTANT_TOKEN needs at least {MIN_TOKEN_CHARS} characters"
            )
        return cls(token, float(os.environ.get("FRONTDESK_ACTION_TIMEOUT_SECONDS", "8")))

    def blueprint(
        self,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],  # noqa: ARG002 (Rasa's signature)
    ) -> Blueprint:
        """Return the routes. `on_new_message` is not used: it answers nothing about failures."""
        routes = Blueprint("desk_channel")

        @routes.listener("before_server_start")
        async def prepare(app: Sanic, _loop: Any) -> None:
            app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
            remote_action.install(self._action_timeout_seconds)

        @routes.listener("after_server_stop")
        async def close(_app: Sanic, _loop: Any) -> None:
            await remote_action.DeskAction.close()

        @routes.exception(PayloadTooLarge)
        async def too_large(_request: Request, _error: PayloadTooLarge) -> HTTPResponse:
            return problem(413, "too-large", f"the body has more than {MAX_BODY_BYTES} bytes")

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = loaded_agent(request)
            if agent is None:
                return problem(503, "not-ready", "no model is loaded")
            return response.json({"status": "ok", "model": agent.processor.model_filename})

        @routes.post("/messages")
        async def messages(request: Request) -> HTTPResponse:
            if not self._authorized(request):
                return problem(401, "unauthorized", "the token is missing or wrong")
            try:
                message = parse(request.body)
            except InvalidRequest as error:
                return problem(422, "invalid-request", str(error))
            agent = loaded_agent(request)
            if agent is None:
                return problem(503, "not-ready", "no model is loaded")
            if message.text.startswith("/") and intent_of(message.text) not in agent.domain.intents:
                return problem(422, "unknown-intent", "choice names no intent of this model")
            return await answer(agent, message)

        return routes

    def _authorized(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), self._token)


async def answer(agent: Agent, message: DeskMessage) -> HTTPResponse:
    """Take the turn and say how it went."""
    # A desk that hangs up will send the message again: the turn is finished and found then,
    # rather than stopped in the middle of an action.
    turn: "asyncio.Task[TurnResult]" = asyncio.ensure_future(take_turn(agent, message))
    try:
        result = await asyncio.shield(turn)
    except NotReady:
        return problem(503, "not-ready", "no model is loaded")
    except LockError as error:
        logger.error("message %s got no lock: %s", message.message, error)
        return problem(503, "busy", "another message of this conversation is being handled")
    except SQLAlchemyError as error:
        logger.error("message %s: tracker store: %s", message.message, error)
        return problem(503, "tracker-store", "conversations cannot be read or written")
    return response.json(asdict(result))


def loaded_agent(request: Request) -> Optional[Agent]:
    """Return the agent once its model is loaded."""
    agent: Optional[Agent] = getattr(request.app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


def problem(status: int, kind: str, detail: str) -> HTTPResponse:
    """Return an RFC 9457 problem."""
    body = {"type": f"urn:frontdesk:assistant:{kind}", "status": status, "detail": detail}
    return response.json(body, status=status, content_type="application/problem+json")
