"""A shopper who talks to the running assistant as the desk would let them."""

from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from actions.entitlement import Identity
from integrations.helpdesk.fake import FakeHelpdesk

Language = Literal["zh", "en"]

SECONDS = 30.0


@dataclass
class Shopper:
    """One conversation; each call of `say` or `pick` is one turn.

    Attributes:
        name: id of the conversation, also the start of its messages' ids.
        identity: what the desk knows of the shopper; sent with every message.
        replies: what came back in the last turn.
    """

    client: httpx.AsyncClient
    helpdesk: FakeHelpdesk
    name: str
    language: Language
    identity: Identity | None = None
    replies: list[dict[str, Any]] = field(default_factory=list)
    understood: dict[str, Any] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    _turns: int = 0

    async def say(self, zh: str, en: str) -> list[str]:
        """Say something in the shopper's language; return the names of the responses."""
        return await self._send(text=zh if self.language == "zh" else en)

    async def pick(self, number: int = 0) -> list[str]:
        """Pick one of the choices of the last turn, counted from 0."""
        return await self._send(choice=self.choices[number]["payload"])

    @property
    def next_message(self) -> str:
        """Desk id the next message will have."""
        return f"{self.name}-{self._turns + 1}"

    @property
    def choices(self) -> list[dict[str, str]]:
        """What the last turn offered."""
        return [choice for reply in self.replies for choice in reply["choices"]]

    @property
    def card(self) -> dict[str, Any]:
        """The first card of the last turn."""
        return next(reply["card"] for reply in self.replies if reply["card"])

    @property
    def text(self) -> str:
        """All words of the last turn."""
        return "\n".join(reply["text"] or "" for reply in self.replies)

    async def _send(self, **said: str) -> list[str]:
        message = self.next_message
        self._turns += 1
        response = await self.client.post(
            "/webhooks/desk/messages",
            json={
                "conversation": self.name,
                "message": message,
                "locale": self.language,
                "identity": self._identity(),
                "redelivered": False,
                **said,
            },
            timeout=SECONDS,
        )
        response.raise_for_status()
        proven = self.helpdesk.identities.get(self.name)
        if proven is not None:
            self.identity = Identity(proven.customer_id, proven.orders)
        body = response.json()
        self.replies, self.understood = body["replies"], body["understood"]
        self.failed = body["failed"]
        return [reply["response"] for reply in self.replies]

    def _identity(self) -> dict[str, Any] | None:
        if self.identity is None:
            return None
        orders = self.identity.orders
        return {
            "customer_id": self.identity.customer_id,
            "orders": None if orders is None else list(orders),
        }
