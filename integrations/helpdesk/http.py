"""The desk over HTTP: the service side of its API."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from integrations.helpdesk.errors import HelpdeskRefused, HelpdeskTimeout, HelpdeskUnavailable
from integrations.helpdesk.models import (
    IdentityCheck,
    PhoneProof,
    Proof,
    ProvenIdentity,
    Ticket,
    TicketRequest,
)

REQUEST_SECONDS = 3.0
"""One request. Two of them and a pause fit into an action's 8 s."""
CONNECT_SECONDS = 1.0
ATTEMPTS = 2
PAUSE_SECONDS = 0.2
"""Before the second attempt; a restarting desk needs longer than we can wait anyway."""

Body = TypeVar("Body", bound=BaseModel)
Sleep = Callable[[float], Awaitable[None]]


class _TicketBody(BaseModel):
    number: int
    state: str
    position: int


class _IdentityBody(BaseModel):
    customer_id: str
    orders: list[str] | None = None


class _CheckBody(BaseModel):
    verified: bool
    locked_until: datetime | None = None
    identity: _IdentityBody | None = None


class HttpHelpdesk:
    """The desk service behind its API.

    Args:
        url: base address, e.g. `http://127.0.0.1:8000`.
        token: the service token.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(REQUEST_SECONDS, connect=CONNECT_SECONDS),
            transport=transport,
            trust_env=False,  # a proxy of the machine has no business between the two
        )

    async def open_ticket(self, request: TicketRequest) -> Ticket:
        """Post the ticket; tried twice, since its key makes a repeat harmless."""
        response = await self._post(
            "/api/tickets",
            asdict(request),
            headers={"Idempotency-Key": request.turn},
            repeatable=True,
        )
        body = _read(_TicketBody, response)
        return Ticket(body.number, body.state, body.position)

    async def check_identity(
        self, conversation: str, order_number: str, proof: Proof
    ) -> IdentityCheck:
        """Post the proof; never repeated once sent, since every check counts."""
        given = (
            {"phone_last4": proof.last4}
            if isinstance(proof, PhoneProof)
            else {"email_message": proof.message}
        )
        response = await self._post(
            f"/api/conversations/{conversation}/identity", {"order_number": order_number, **given}
        )
        body = _read(_CheckBody, response)
        if not body.verified or body.identity is None:
            return IdentityCheck(None, body.locked_until)
        orders = None if body.identity.orders is None else tuple(body.identity.orders)
        return IdentityCheck(ProvenIdentity(body.identity.customer_id, orders), body.locked_until)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _post(
        self,
        path: str,
        body: dict[str, Any],
        *,
        headers: dict[str, str] | None = None,
        repeatable: bool = False,
    ) -> httpx.Response:
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                response = await self._client.post(path, json=body, headers=headers)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                # Nothing was sent, so even a proof may be tried again.
                if last:
                    raise HelpdeskUnavailable(type(error).__name__) from error
            except httpx.TimeoutException as error:
                if last or not repeatable:
                    raise HelpdeskTimeout(type(error).__name__) from error
            except httpx.TransportError as error:
                if last or not repeatable:
                    raise HelpdeskUnavailable(type(error).__name__) from error
            else:
                if not response.is_server_error or last or not repeatable:
                    return _accepted(response)
            await self._sleep(PAUSE_SECONDS)
        raise AssertionError("the last attempt returns or raises")


def _accepted(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    if response.is_client_error:
        raise HelpdeskRefused(response.status_code, _problem_type(response))
    raise HelpdeskUnavailable(f"status {response.status_code}")


def _problem_type(response: httpx.Response) -> str:
    try:
        return str(response.json()["type"])
    except (ValueError, KeyError, TypeError):
        return "about:blank"


def _read(body: type[Body], response: httpx.Response) -> Body:
    try:
        return body.model_validate_json(response.content)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, one["loc"])) for one in error.errors()[:3])
        raise HelpdeskUnavailable(f"answer outside the contract: {fields}") from None
