"""Decisions about a message's way. Pure: no clock, no database."""

import re
from dataclasses import dataclass
from enum import Enum, StrEnum

WAITING_MAX = 20
"""Unprocessed messages a conversation may have; more is a flood, or a broken client."""
ATTEMPTS_MAX = 3
"""A message that broke its turn this often goes to a person instead."""


class Owner(StrEnum):
    """Who answers a conversation, besides an agent's own id."""

    BOT = "bot"
    QUEUE = "queue"


class Sender(StrEnum):
    """Who said a message."""

    SHOPPER = "shopper"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


_ID = re.compile("[0-9a-f]{32}")

TO_BOT = "desk:back_to_assistant"
"""Payload of the desk's own choice; the assistant's payloads begin with a slash."""


class Verdict(Enum):
    """What becomes of the assistant's answer when it is there."""

    REPLY = "reply"
    """Store and send it."""
    DISCARD = "discard"
    """A person has the conversation now: the answer must not be seen."""
    AGAIN = "again"
    """The conversation went to a person and came back: ask anew under the new epoch."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of a conversation under one owner."""

    owner: str
    epoch: int


def verdict(begun: Leg, now: Leg) -> Verdict:
    """Decide about an answer made under `begun` when the conversation stands at `now`."""
    if now.owner != Owner.BOT:
        return Verdict.DISCARD
    return Verdict.REPLY if now == begun else Verdict.AGAIN


class Way(Enum):
    """Where a shopper's message goes."""

    ASSISTANT = "assistant"
    PERSON = "person"
    TO_BOT = "to_bot"
    GIVE_UP = "give_up"


def way(owner: str, payload: str | None, attempts: int) -> Way:
    """Decide where a message goes, given who owns the conversation when its turn comes."""
    if payload == TO_BOT:
        return Way.TO_BOT
    if owner != Owner.BOT:
        return Way.PERSON
    return Way.GIVE_UP if attempts >= ATTEMPTS_MAX else Way.ASSISTANT


def is_id(text: str) -> bool:
    """Tell whether a text can be an id of ours; no other is worth a look into the database."""
    return _ID.fullmatch(text) is not None


def choice_id(message_id: str, index: int) -> str:
    """Return the id under which a message's choice is offered."""
    return f"{message_id}.{index}"


def message_of_choice(choice: str) -> str | None:
    """Return the id of the message a choice id says it was offered with."""
    message, dot, index = choice.rpartition(".")
    return message if dot and index.isdecimal() else None


def language_of(tag: str | None) -> str | None:
    """Return `zh` or `en` for a BCP 47 tag of ours (`zh-Hant-TW`, `en_GB`), otherwise nothing."""
    primary = (tag or "").replace("_", "-").split("-")[0].lower()
    return primary if primary in {"zh", "en"} else None
