"""What the desk asks of a messaging channel that pushes.

The web page is no such channel: it reads the conversation's log itself. Adapters: `fake` (in
memory, for tests).
"""

from collections.abc import Mapping
from typing import Protocol

from integrations.channels.models import InboundMessage, OutboundMessage


class PushChannel(Protocol):
    """A messaging platform: calls our webhook, and takes messages from us."""

    @property
    def name(self) -> str:
        """Its name in the webhook's path and in the database."""

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> list[InboundMessage]:
        """Check the signature over the raw body, then read the messages in it.

        Args:
            headers: with lower-case names.
            body: as it came over the wire.

        Raises:
            BadSignature: before anything of the body is parsed.
            UnreadableWebhook: signed, but not what the platform documents.
        """

    async def send(self, message: OutboundMessage) -> None:
        """Deliver one message; a repeat with the same id is delivered once by the platform.

        Raises:
            ChannelUnavailable: try again later.
            ChannelRefused: never try again.
        """

    async def close(self) -> None:
        """Give back connections."""
