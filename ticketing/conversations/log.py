"""The one way into a conversation's log.

Every function wants the conversation locked (`repository.lock`) by the session it is given: the
numbers of events follow from that. What a push channel must be sent goes to the outbox here, in
the same transaction.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.rules import TO_BOT, Owner, Sender, choice_id
from ticketing.db.tables import Conversation, Delivery, Event, Message
from ticketing.text import is_chinese
from ticketing.wording import say

WEB = "web"


def new_id() -> str:
    """Return a random id of 32 hex digits."""
    return uuid.uuid4().hex


def wording_language(conversation: Conversation, text: str = "") -> str:
    """Return the language to speak: last understood, the page's, or the text's look."""
    guessed = "zh" if is_chinese(text) else "en"
    return conversation.language or conversation.locale or guessed


def add_inbound(
    session: AsyncSession,
    conversation: Conversation,
    *,
    external_id: str,
    text: str,
    payload: str | None,
    now: datetime,
) -> Message:
    """Add what the shopper said; it waits for its turn."""
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        sender=Sender.SHOPPER,
        channel=conversation.channel,
        external_id=external_id,
        text=text,
        payload=payload,
        at=now,
        attempts=0,
    )
    _add(session, conversation, message)
    return message


def add_outbound(
    session: AsyncSession,
    conversation: Conversation,
    *,
    sender: Sender,
    text: str,
    now: datetime,
    choices: Sequence[tuple[str, str]] = (),
    card: dict[str, Any] | None = None,
    response: str | None = None,
) -> Message:
    """Add what the shopper is told. `choices` are pairs of title and payload."""
    message_id = new_id()
    offered = [
        {"id": choice_id(message_id, index), "title": title, "payload": payload}
        for index, (title, payload) in enumerate(choices)
    ]
    message = Message(
        id=message_id,
        conversation_id=conversation.id,
        sender=sender,
        channel=conversation.channel,
        text=text,
        choices=offered or None,
        card=card,
        response=response,
        at=now,
        settled_at=now,
    )
    _add(session, conversation, message)
    if conversation.external_user is not None:
        session.add(
            Delivery(
                message_id=message.id,
                conversation_id=conversation.id,
                seq=message.seq,
                channel=conversation.channel,
                external_user=conversation.external_user,
                next_at=now,
            )
        )
    return message


def hand_to_queue(
    session: AsyncSession,
    conversation: Conversation,
    *,
    ticket: int,
    position: int,
    now: datetime,
) -> None:
    """Make the queue the owner; the shopper is told the position and may go back."""
    _change_owner(session, conversation, Owner.QUEUE, now, position=position, ticket=ticket)
    language = wording_language(conversation)
    add_outbound(
        session,
        conversation,
        sender=Sender.SYSTEM,
        text=say("in_queue", language, position=position),
        choices=[(say("back_to_assistant", language), TO_BOT)],
        now=now,
    )


def hand_to_bot(
    session: AsyncSession, conversation: Conversation, *, ticket: int | None, now: datetime
) -> None:
    """Make the assistant the owner again; the ticket stays as it is."""
    _change_owner(session, conversation, Owner.BOT, now)
    if ticket is not None:
        language = wording_language(conversation)
        text = say("with_assistant_again", language, ticket=ticket)
        add_outbound(session, conversation, sender=Sender.SYSTEM, text=text, now=now)


def _change_owner(
    session: AsyncSession, conversation: Conversation, owner: str, now: datetime, **data: int
) -> None:
    conversation.owner = owner
    conversation.epoch += 1
    conversation.last_event += 1
    session.add(
        Event(
            conversation_id=conversation.id,
            seq=conversation.last_event,
            kind="owner",
            data={"owner": owner, **data},
            at=now,
        )
    )


def _add(session: AsyncSession, conversation: Conversation, message: Message) -> None:
    conversation.last_event += 1
    message.seq = conversation.last_event
    session.add(message)
    session.add(
        Event(
            conversation_id=conversation.id,
            seq=message.seq,
            kind="message",
            message_id=message.id,
            at=message.at,
        )
    )
