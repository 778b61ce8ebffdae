from typing import ClassVar

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel

from integrations.channels.errors import BadSignature, UnreadableWebhook
from integrations.channels.models import InboundMessage
from ticketing.conversations.errors import TooManyWaiting
from ticketing.db.tables import EXTERNAL_ID_MAX, EXTERNAL_USER_MAX
from ticketing.errors import DeskError
from ticketing.text import clean
from ticketing.web.access import DeskHere
from ticketing.web.problems import responses

log = structlog.get_logger()
router = APIRouter(prefix="/channels", tags=["channels"])


class UnknownChannel(DeskError):
    """No such channel is set up."""

    status: ClassVar[int] = 404
    type: ClassVar[str] = "unknown-channel"


class WrongSignature(DeskError):
    """The call is not signed by the channel, or too old."""

    status: ClassVar[int] = 401
    type: ClassVar[str] = "wrong-signature"


class Unreadable(DeskError):
    """The call is signed, but its body says nothing known."""

    status: ClassVar[int] = 422
    type: ClassVar[str] = "unreadable-webhook"


class Received(BaseModel):
    """How many messages of the call were new."""

    accepted: int


def is_storable(message: InboundMessage) -> bool:
    """Tell whether the ids of a message can be kept as they are: cut ones might be another's."""
    return all(
        0 < len(text) <= longest and clean(text) == text
        for text, longest in (
            (message.external_user, EXTERNAL_USER_MAX),
            (message.external_id, EXTERNAL_ID_MAX),
        )
    )


@router.post(
    "/{channel}/webhook",
    responses=responses(UnknownChannel, WrongSignature, Unreadable, TooManyWaiting),
)
async def webhook(channel: str, request: Request, desk: DeskHere) -> Received:
    """Take what a messaging platform delivers; what it repeats is answered and not done again."""
    adapter = desk.channels.get(channel)
    if adapter is None:
        raise UnknownChannel
    body = await request.body()
    try:
        inbound = adapter.read_webhook(request.headers, body)
    except BadSignature as error:
        log.warning("webhook_refused", channel=channel, detail=str(error))
        raise WrongSignature from None
    except UnreadableWebhook as error:
        raise Unreadable(str(error)) from None
    if not all(is_storable(message) for message in inbound):
        raise Unreadable("an id of no usable form")
    new = 0
    for message in inbound:
        source = desk.source(f"{channel}:{message.external_user}")
        accepted = await desk.conversations.receive(message, source=source)
        new += accepted is not None and not accepted.duplicate
    return Received(accepted=new)
