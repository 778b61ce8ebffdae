"""Conversations as channels use them: start, say something, read on."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.channels.models import InboundMessage
from ticketing.clock import Clock
from ticketing.conversations import repository
from ticketing.conversations.answers import Begun
from ticketing.conversations.errors import (
    ChoiceNotOffered,
    EmptyMessage,
    TextTooLong,
    TooManyWaiting,
    UnknownConversation,
    WrongToken,
)
from ticketing.conversations.live import Live
from ticketing.conversations.log import WEB, add_inbound, new_id
from ticketing.conversations.rules import WAITING_MAX, language_of, message_of_choice
from ticketing.db.engine import Database
from ticketing.db.tables import Conversation, Event, Message
from ticketing.metrics import Metrics
from ticketing.text import clean

log = structlog.get_logger()

TOKENS_KEPT = 10_000
"""Token hashes remembered, about 1 MB; beyond it the oldest is read again."""


@dataclass(frozen=True, slots=True)
class Started:
    """A new conversation and the only copy of its token."""

    conversation: str
    token: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that is safely stored."""

    message: str
    duplicate: bool
    begun: Begun | None = None
    """Its turn, when it has been begun already."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a shopper said, checked."""

    text: str
    payload: str | None = None


class Conversations:
    """Starts conversations and takes what shoppers say."""

    def __init__(
        self,
        db: Database,
        live: Live,
        clock: Clock,
        metrics: Metrics,
        *,
        claim: Callable[[Conversation, Message], Begun | None],
        process: Callable[[str, Begun | None], None],
        message_max_chars: int,
    ) -> None:
        """Wire it up.

        Args:
            claim: begins the turn of a message in the transaction that stores it, where it can.
            process: told of every accepted message, after it is stored.
            message_max_chars: longest text taken, in characters.
        """
        self._db = db
        self._live = live
        self._clock = clock
        self._metrics = metrics
        self._claim = claim
        self._process = process
        self._max_chars = message_max_chars
        self._token_hashes: OrderedDict[str, str] = OrderedDict()

    async def start(self, *, locale: str | None, customer_id: str | None, source: str) -> Started:
        """Start a conversation on the web page.

        Args:
            locale: the page's language tag.
            customer_id: who the shop's signed token names; nothing for an anonymous shopper.
            source: keyed hash of where the shopper comes from.
        """
        token = secrets.token_urlsafe(32)
        # All orders of a customer the shop itself vouches for.
        identity = {"customer_id": customer_id, "orders": None} if customer_id else None
        conversation = Conversation(
            id=new_id(),
            channel=WEB,
            token_hash=_hash(token),
            source=source,
            locale=language_of(locale),
            identity=identity,
            created_at=self._clock(),
        )
        async with self._db.write() as session:
            session.add(conversation)
        log.info("conversation_started", conversation=conversation.id, signed_in=bool(customer_id))
        return Started(conversation.id, token)

    async def authorise(self, conversation_id: str, token: str | None) -> None:
        """Check that `token` opens the conversation.

        Raises:
            UnknownConversation: there is none.
            WrongToken: the token is missing, wrong or another conversation's.
        """
        known = self._token_hashes.get(conversation_id) or await self._token_hash(conversation_id)
        if token is None or not hmac.compare_digest(_hash(token), known):
            raise WrongToken

    async def _token_hash(self, conversation_id: str) -> str:
        """Read a conversation's token hash and remember it: it never changes."""
        async with self._db.read() as session:
            conversation = await repository.find(session, conversation_id)
        if conversation is None or conversation.token_hash is None:
            raise UnknownConversation
        self._token_hashes[conversation_id] = conversation.token_hash
        if len(self._token_hashes) > TOKENS_KEPT:
            self._token_hashes.popitem(last=False)
        return conversation.token_hash

    async def say(
        self, conversation_id: str, *, external_id: str, text: str | None, choice: str | None
    ) -> Accepted:
        """Take what an authorised web shopper typed or picked.

        Raises:
            EmptyMessage, TextTooLong, ChoiceNotOffered, TooManyWaiting: nothing was stored.
        """
        typed = None if text is None else self._typed(text)
        async with self._db.write() as session:
            conversation = await repository.lock(session, conversation_id)
            if conversation is None:
                raise UnknownConversation
            # Two pages may count their messages alike, so the conversation is part of the id.
            key = f"{conversation_id}:{external_id}"
            accepted = await self._take(session, conversation, key, typed, choice)
        await self._after(conversation_id, WEB, accepted)
        return accepted

    async def receive(self, inbound: InboundMessage, *, source: str) -> Accepted | None:
        """Take what a push channel delivered; nothing when there is nothing in it.

        A platform repeats what is refused, so a text too long is cut and a choice nobody
        offered counts as text.

        Raises:
            TooManyWaiting: nothing was stored; the platform may deliver it again.
        """
        text = clean(inbound.text or "")[: self._max_chars]
        if not text and not inbound.choice:
            return None
        typed = Said(text) if text else None
        try:
            accepted, conversation_id = await self._receive(inbound, typed, source)
        except IntegrityError:
            # Another process stored this very message or user first: look again.
            accepted, conversation_id = await self._receive(inbound, typed, source)
        await self._after(conversation_id, inbound.channel, accepted)
        return accepted

    async def _receive(
        self, inbound: InboundMessage, typed: Said | None, source: str
    ) -> tuple[Accepted, str]:
        async with self._db.write() as session:
            known = await repository.find_by_user(session, inbound.channel, inbound.external_user)
            if known is None:
                known = Conversation(
                    id=new_id(),
                    channel=inbound.channel,
                    external_user=inbound.external_user,
                    source=source,
                    locale=language_of(inbound.locale),
                    created_at=self._clock(),
                )
                session.add(known)
                await session.flush()
            conversation = await repository.lock(session, known.id)
            if conversation is None:
                raise UnknownConversation
            await session.refresh(conversation)
            try:
                accepted = await self._take(
                    session, conversation, inbound.external_id, typed, inbound.choice
                )
            except ChoiceNotOffered:
                said = Said(clean(inbound.choice or "")[: self._max_chars])
                accepted = await self._take(session, conversation, inbound.external_id, said, None)
        return accepted, conversation.id

    def _typed(self, text: str) -> Said:
        cleaned = clean(text)
        if not cleaned:
            raise EmptyMessage
        if len(cleaned) > self._max_chars:
            raise TextTooLong(f"{len(cleaned)} characters, at most {self._max_chars}")
        return Said(cleaned)

    async def _take(
        self,
        session: AsyncSession,
        conversation: Conversation,
        external_id: str,
        typed: Said | None,
        choice: str | None,
    ) -> Accepted:
        known = await repository.message_id_of(session, conversation.channel, external_id)
        if known is not None:
            return Accepted(known, duplicate=True)
        said = typed or await self._picked(session, conversation.id, choice or "")
        waiting = await repository.count_waiting(session, conversation.id)
        if waiting >= WAITING_MAX:
            raise TooManyWaiting(retry_after=5)
        message = add_inbound(
            session,
            conversation,
            external_id=external_id,
            text=said.text,
            payload=said.payload,
            now=self._clock(),
        )
        begun = None if waiting else self._claim(conversation, message)
        return Accepted(message.id, duplicate=False, begun=begun)

    async def _picked(self, session: AsyncSession, conversation_id: str, choice: str) -> Said:
        message_id = message_of_choice(choice)
        message = message_id and await repository.message(session, conversation_id, message_id)
        for offered in (message and message.choices) or ():
            if offered["id"] == choice:
                return Said(offered["title"], offered["payload"])
        raise ChoiceNotOffered

    async def _after(self, conversation_id: str, channel: str, accepted: Accepted) -> None:
        result = "duplicate" if accepted.duplicate else "accepted"
        self._metrics.messages.labels(channel, result).inc()
        log.info("message", result=result, conversation=conversation_id, message=accepted.message)
        if not accepted.duplicate:
            self._process(conversation_id, accepted.begun)
            await self._live.publish(conversation_id)

    async def events(
        self, conversation_id: str, after: int, *, limit: int = 200
    ) -> Sequence[tuple[Event, Message | None]]:
        """Return a conversation's events behind number `after`, at most `limit`."""
        async with self._db.read() as session:
            return await repository.events_after(session, conversation_id, after, limit=limit)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
