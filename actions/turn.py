"""One turn as a journey sees it: who asks, what was said, and how to answer."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.cards import Card
from actions.entitlement import Identity, identity_of
from actions.formats import Formats
from actions.ports import Ports
from actions.words import Language
from integrations.helpdesk.models import Reason

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the shopper may pick instead of typing."""

    title: str
    payload: str


def payload(intent: str, **entities: str) -> str:
    """Return what picking a choice sends: an intent with its entities."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}"


class Turn:
    """The message being answered.

    Attributes:
        identity: what the shopper has proven; a check that succeeds in this turn sets it.
        order_number: the order named in this message, or just proven.
        tracking_number: the parcel named in this message, or waiting for the proof.
        offered: why a person is offered in this turn, if one is.
    """

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker, ports: Ports) -> None:
        self._dispatcher = dispatcher
        self.tracker = tracker
        self.ports = ports
        self.language: Language = "zh" if tracker.get_slot("language") == "zh" else "en"
        self.formats = Formats(self.language, ports.policy.zone, ports.now())
        metadata = tracker.latest_message.get("metadata") or {}
        self.message_id = str(metadata.get("message") or "")
        self.conversation = str(metadata.get("conversation") or tracker.sender_id)
        self.identity: Identity | None = identity_of(metadata)
        self.order_number = self.entity("order_number")
        self.tracking_number = self.entity("tracking_number")
        self.offered: Reason | None = None

    @property
    def intent(self) -> str:
        """What the message was taken for."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def text(self) -> str:
        """What the shopper wrote; empty when a choice was picked."""
        text = str(self.tracker.latest_message.get("text") or "")
        return "" if text.startswith("/") else text

    def entities(self, name: str) -> list[str]:
        """Return the values of one entity in this message, in order, none twice."""
        found = self.tracker.latest_message.get("entities") or []
        values = (str(one["value"]) for one in found if one.get("entity") == name)
        return list(dict.fromkeys(values))

    def entity(self, name: str) -> str | None:
        """Return the last value of one entity in this message: a correction comes last."""
        return next(reversed(self.entities(name)), None)

    def text_besides(self, *names: str) -> str:
        """Return what the shopper wrote without the words taken for these entities."""
        found = self.tracker.latest_message.get("entities") or []
        cuts = [(one["start"], one["end"]) for one in found if one.get("entity") in names]
        text = self.text
        for start, end in sorted(cuts, reverse=True):
            text = f"{text[:start]} {text[end:]}"
        return text.strip()

    def slot(self, name: str) -> Any:
        """Return what the conversation remembers under a name."""
        return self.tracker.slots.get(name)

    def say(
        self,
        response: str,
        values: Mapping[str, object] | None = None,
        *,
        card: Card | None = None,
        choices: tuple[Choice, ...] = (),
    ) -> None:
        """Answer with a response of `data/responses`, its values, a card and more choices."""
        told: dict[str, Any] = {name: str(value) for name, value in (values or {}).items()}
        self._dispatcher.utter_message(
            response=response,
            json_message=card,
            buttons=[asdict(choice) for choice in choices],
            **told,
        )

    def unsay(self) -> None:
        """Take back everything said in this turn."""
        self._dispatcher.messages.clear()
