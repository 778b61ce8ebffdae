from fastapi import APIRouter, Depends

from ticketing.conversations.errors import UnknownConversation
from ticketing.identity.errors import ShopAway
from ticketing.identity.schemas import Checked, Proof
from ticketing.web.access import DeskHere, NotSignedIn, service
from ticketing.web.problems import responses

router = APIRouter(prefix="/api/conversations", tags=["identity"], dependencies=[Depends(service)])


@router.post(
    "/{conversation}/identity",
    responses=responses(NotSignedIn, UnknownConversation, ShopAway),
)
async def check(conversation: str, body: Proof, desk: DeskHere) -> Checked:
    """Check a proof against the shop and keep a right one with the conversation.

    Five wrong proofs lock the conversation and its source for a while. A refusal says neither
    what was wrong nor whether the order exists, in words or in time.
    """
    result = await desk.identity.check(
        conversation,
        order_number=body.order_number,
        phone_last4=body.phone_last4,
        email_message=body.email_message,
    )
    return Checked(
        verified=result.verified, locked_until=result.locked_until, identity=result.identity
    )
