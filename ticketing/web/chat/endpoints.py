from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from integrations.channels.web.shopper_token import InvalidShopperToken, verify
from ticketing.conversations.errors import (
    BadShopperToken,
    ChoiceNotOffered,
    EmptyMessage,
    TextTooLong,
    TooManyWaiting,
    UnknownConversation,
    WrongToken,
)
from ticketing.web.access import DeskHere, OwnConversation, OwnStream, source_of
from ticketing.web.chat.schemas import (
    ConversationStarted,
    MessageAccepted,
    NewConversation,
    NewMessage,
)
from ticketing.web.chat.sse import stream
from ticketing.web.problems import responses

router = APIRouter(prefix="/chat", tags=["chat"])

EVENT_MAX = 2**31 - 1
"""The largest number an event can have."""


@router.post("/conversations", status_code=201, responses=responses(BadShopperToken))
async def start(body: NewConversation, desk: DeskHere, request: Request) -> ConversationStarted:
    """Start a conversation; a shopper token makes the shopper known from the first word."""
    customer_id = None
    if body.shopper_token:
        secret = desk.settings.shopper_token_secret.get_secret_value()
        try:
            shopper = verify(body.shopper_token, secret=secret, now=desk.now())
        except InvalidShopperToken:
            raise BadShopperToken from None
        customer_id = shopper.customer_id
    started = await desk.conversations.start(
        locale=body.locale, customer_id=customer_id, source=desk.source(source_of(request))
    )
    return ConversationStarted(conversation=started.conversation, token=started.token)


@router.post(
    "/conversations/{conversation}/messages",
    status_code=202,
    responses=responses(
        WrongToken,
        UnknownConversation,
        EmptyMessage,
        TextTooLong,
        ChoiceNotOffered,
        TooManyWaiting,
    ),
)
async def say(conversation: OwnConversation, body: NewMessage, desk: DeskHere) -> MessageAccepted:
    """Take a message. It is stored when this answers 202, and its answer comes as an event."""
    accepted = await desk.conversations.say(
        conversation, external_id=body.external_id, text=body.text, choice=body.choice
    )
    return MessageAccepted(duplicate=accepted.duplicate, message=accepted.message)


@router.get(
    "/conversations/{conversation}/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "`message`, `owner` and `typing` events as server-sent events. The "
            "first two are numbered by `id` and replayed from the number behind `Last-Event-ID`, "
            "or from the beginning; a comment comes every 15 s.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **responses(WrongToken, UnknownConversation),
    },
)
async def events(
    conversation: OwnStream,
    desk: DeskHere,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Follow a conversation; several readers may."""
    return StreamingResponse(
        stream(
            desk.conversations,
            desk.live,
            desk.metrics,
            conversation,
            after=_number(last_event_id),
        ),
        media_type="text/event-stream",
        # A proxy that collects the stream before passing it on would stop the chat.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _number(last_event_id: str | None) -> int:
    """Return the number a client saw last; from the start when it is none of ours."""
    given = (last_event_id or "").strip()
    if not given.isascii() or not given.isdecimal() or int(given) > EVENT_MAX:
        return 0
    return int(given)
