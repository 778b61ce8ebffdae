"""Who is calling: the token of a conversation, the action server, or an agent."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated, ClassVar

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ticketing.agents.rules import Role
from ticketing.agents.service import SignedIn
from ticketing.errors import DeskError
from ticketing.web.wiring import Desk

bearer = HTTPBearer(
    auto_error=False, description="The token of the conversation, session or service"
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


class NotSignedIn(DeskError):
    """A valid session or service token is needed."""

    status: ClassVar[int] = 401
    type: ClassVar[str] = "not-signed-in"


class NotAllowed(DeskError):
    """That is not for this role."""

    status: ClassVar[int] = 403
    type: ClassVar[str] = "not-allowed"


def desk_of(request: Request) -> Desk:
    """Return the running desk."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)  # noqa: S101 (set by the lifespan, before any request)
    return desk


DeskHere = Annotated[Desk, Depends(desk_of)]


def source_of(request: Request) -> str:
    """Return the address the request came from; empty when the server does not say."""
    return request.client.host if request.client else ""


async def own_conversation(
    conversation: str,
    desk: DeskHere,
    credentials: Credentials,
) -> str:
    """Return the path's conversation when the bearer token is its own."""
    await desk.conversations.authorise(conversation, _token(credentials))
    return conversation


async def own_conversation_streamed(
    conversation: str,
    desk: DeskHere,
    credentials: Credentials,
    token: Annotated[
        str | None,
        Query(description="The token, for a browser's EventSource, which sends no headers."),
    ] = None,
) -> str:
    """The same, for a stream."""
    await desk.conversations.authorise(conversation, _token(credentials) or token)
    return conversation


async def service(desk: DeskHere, credentials: Credentials) -> None:
    """Let the action server pass."""
    if not is_service(desk, _token(credentials)):
        raise NotSignedIn


async def signed_in(desk: DeskHere, credentials: Credentials) -> SignedIn:
    """Return the agent whose session it is."""
    token = _token(credentials)
    agent = token and await desk.agents.who(token)
    if not agent:
        raise NotSignedIn
    return agent


def staff(*roles: Role) -> Callable[..., Awaitable[None]]:
    """Return a dependency that lets the service and agents of these roles pass."""

    async def check(desk: DeskHere, credentials: Credentials) -> None:
        if is_service(desk, _token(credentials)):
            return
        agent = await signed_in(desk, credentials)
        if agent.role not in roles:
            raise NotAllowed

    return check


def is_service(desk: Desk, token: str | None) -> bool:
    """Tell whether a token is the service's; without one configured, none is."""
    expected = desk.settings.service_token.get_secret_value()
    given = (token or "").encode("utf-8", "surrogatepass")
    return bool(expected) and hmac.compare_digest(given, expected.encode())


def _token(credentials: HTTPAuthorizationCredentials | None) -> str | None:
    return credentials.credentials if credentials else None


OwnConversation = Annotated[str, Depends(own_conversation)]
OwnStream = Annotated[str, Depends(own_conversation_streamed)]
