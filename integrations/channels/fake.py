"""A messaging platform in memory, signed like our own webhooks."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from integrations.channels.errors import BadSignature, ChannelError, UnreadableWebhook
from integrations.channels.models import InboundMessage, OutboundMessage

SIGNATURE = "x-frontdesk-signature"
TIMESTAMP = "x-frontdesk-timestamp"
MAX_AGE = timedelta(minutes=5)
"""Older calls are refused: someone may have recorded them."""


class FakePushChannel:
    """Takes webhook calls `{"user", "id", "text" | "choice", "locale"?}`; keeps what it sends.

    A message id sent twice is delivered once, as a platform with idempotency keys does.
    """

    def __init__(self, secret: str, clock: Callable[[], datetime], *, name: str = "fake") -> None:
        self._name = name
        self._secret = secret.encode()
        self._clock = clock
        self.delivered: list[OutboundMessage] = []
        self.attempts: list[str] = []
        """Message ids, one per call of `send`."""
        self.failure: ChannelError | None = None
        """Raised by `send` while set."""

    @property
    def name(self) -> str:
        """See the port."""
        return self._name

    def sign(self, body: bytes, at: datetime | None = None) -> dict[str, str]:
        """Return the headers the platform would send with `body`."""
        timestamp = str(int((at or self._clock()).timestamp()))
        return {TIMESTAMP: timestamp, SIGNATURE: f"sha256={self._digest(timestamp, body)}"}

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> list[InboundMessage]:
        """See the port."""
        timestamp = headers.get(TIMESTAMP, "")
        expected = f"sha256={self._digest(timestamp, body)}"
        given = headers.get(SIGNATURE, "")
        if not hmac.compare_digest(given.encode("latin-1", "replace"), expected.encode()):
            raise BadSignature("signature")
        if not timestamp.isdecimal():
            raise BadSignature("timestamp")
        if abs(self._clock().timestamp() - int(timestamp)) > MAX_AGE.total_seconds():
            raise BadSignature("too old")
        try:
            called = json.loads(body)
        except (ValueError, RecursionError):
            raise UnreadableWebhook("not JSON") from None
        return [self._read(called)]

    async def send(self, message: OutboundMessage) -> None:
        """See the port."""
        self.attempts.append(message.id)
        if self.failure is not None:
            raise self.failure
        if all(message.id != sent.id for sent in self.delivered):
            self.delivered.append(message)

    async def close(self) -> None:
        """Nothing to give back."""

    def _digest(self, timestamp: str, body: bytes) -> str:
        return hmac.new(self._secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()

    def _read(self, called: Any) -> InboundMessage:
        if not isinstance(called, dict):
            raise UnreadableWebhook("not an object")
        fields = {key: called.get(key) for key in ("user", "id", "text", "choice", "locale")}
        if not all(value is None or isinstance(value, str) for value in fields.values()):
            raise UnreadableWebhook("a field that is no text")
        if not fields["user"] or not fields["id"]:
            raise UnreadableWebhook("user or id missing")
        return InboundMessage(
            channel=self._name,
            external_user=fields["user"],
            external_id=fields["id"],
            text=fields["text"],
            choice=fields["choice"],
            sent_at=self._clock(),
            locale=fields["locale"],
        )
