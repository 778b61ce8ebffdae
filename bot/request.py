"""What the desk sends, checked."""

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Dict, Optional

MAX_BODY_BYTES = 256 * 1024
"""A full-length text in four-byte characters, a long list of orders, and room."""
MAX_TEXT_CHARS = 20_000
"""The most the desk can be set to pass on."""
MAX_ID_CHARS = 200

_CHOICE = re.compile(r"/(?P<intent>[\w/]+)(?P<entities>\{.*\})?", re.DOTALL)
_LANGUAGES = ("zh", "en")


class InvalidRequest(Exception):
    """The request is not one of the contract; the message says what is wrong with which field."""


@dataclass(frozen=True)
class DeskMessage:
    """One message of a shopper, typed or chosen."""

    conversation: str
    message: str
    """The desk's id of the message; the key under which it is handled once."""
    text: str
    """What Rasa gets: typed text, never a command, or a choice's payload."""
    locale: Optional[str]
    identity: Optional[Dict[str, Any]]
    redelivered: bool

    @property
    def metadata(self) -> Dict[str, Any]:
        """What actions find under `latest_message["metadata"]`."""
        return {
            "message": self.message,
            "conversation": self.conversation,
            "locale": self.locale,
            "identity": self.identity,
        }


def parse(body: bytes) -> DeskMessage:
    """Read a request body.

    Raises:
        InvalidRequest: it is not JSON, or a field is missing, unknown in form or out of bounds.
    """
    try:
        data = json.loads(body)
    except ValueError:
        raise InvalidRequest("the body is not JSON") from None
    if not isinstance(data, dict):
        raise InvalidRequest("the body is not a JSON object")
    text, choice = data.get("text"), data.get("choice")
    if (text is None) == (choice is None):
        raise InvalidRequest("exactly one of text and choice is needed")
    locale = data.get("locale")
    if locale is not None and locale not in _LANGUAGES:
        raise InvalidRequest("locale is neither zh nor en")
    redelivered = data.get("redelivered", False)
    if not isinstance(redelivered, bool):
        raise InvalidRequest("redelivered is not a boolean")
    return DeskMessage(
        conversation=_identifier(data, "conversation"),
        message=_identifier(data, "message"),
        text=typed(text) if choice is None else chosen(choice),
        locale=locale,
        identity=_identity(data.get("identity")),
        redelivered=redelivered,
    )


def typed(text: Any) -> str:
    """Return what a person typed as Rasa may see it.

    Control characters become spaces, and a leading "/" its full-width form, which reads the same
    and is no command. Offsets stay.
    """
    if not isinstance(text, str):
        raise InvalidRequest("text is not a string")
    if len(text) > MAX_TEXT_CHARS:
        raise InvalidRequest(f"text has more than {MAX_TEXT_CHARS} characters")
    # Lone surrogates (Cs) cannot be encoded, and NUL ends strings in some databases.
    clean = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text).strip()
    if not clean:
        raise InvalidRequest("text is empty")
    return "／" + clean[1:] if clean.startswith("/") else clean


def chosen(choice: Any) -> str:
    """Return a choice's payload, `/intent` or `/intent{"entity": "value"}`."""
    if not isinstance(choice, str) or len(choice) > MAX_TEXT_CHARS:
        raise InvalidRequest("choice is not a payload")
    match = _CHOICE.fullmatch(choice)
    if match is None:
        raise InvalidRequest("choice is not of the form /intent{...}")
    try:
        entities = json.loads(match["entities"] or "{}")
    except ValueError:
        raise InvalidRequest("the entities of choice are not JSON") from None
    if not isinstance(entities, dict):
        raise InvalidRequest("the entities of choice are not an object")
    return choice


def intent_of(choice: str) -> str:
    """Return the intent a payload names."""
    match = _CHOICE.fullmatch(choice)
    return match["intent"] if match else ""


def _identifier(data: Dict[str, Any], field: str) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_ID_CHARS:
        raise InvalidRequest(f"{field} is not a string of 1 to {MAX_ID_CHARS} characters")
    if not value.isprintable():
        raise InvalidRequest(f"{field} has control characters")
    return value


def _identity(identity: Any) -> Optional[Dict[str, Any]]:
    if identity is None:
        return None
    if not isinstance(identity, dict) or not isinstance(identity.get("customer_id"), str):
        raise InvalidRequest("identity has no customer_id")
    orders = identity.get("orders")
    if orders is not None and not (
        isinstance(orders, list) and all(isinstance(number, str) for number in orders)
    ):
        raise InvalidRequest("identity.orders is neither null nor a list of order numbers")
    return {"customer_id": identity["customer_id"], "orders": orders}
