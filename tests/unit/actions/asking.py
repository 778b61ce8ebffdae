"""Ask a journey something, and read what it said in both languages."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from ruamel.yaml import YAML

from actions.entitlement import Identity
from integrations.settings import ROOT

RESPONSES = ROOT / "data" / "responses"
LANGUAGES = ("zh", "en")
ENTITY_SLOTS = ("order_number", "tracking_number", "product")


@lru_cache
def responses() -> dict[str, list[dict[str, Any]]]:
    """Return response → variations, from all files."""
    read = YAML(typ="safe")
    found: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(RESPONSES.glob("*.yml")):
        found.update(read.load(file)["responses"])
    return found


def variation(response: str, language: str) -> dict[str, Any]:
    """Return what is said in a language: the Chinese one, or the one without condition."""
    for one in responses()[response]:
        wanted = [condition["value"] for condition in one.get("condition", [])]
        if wanted == ([] if language == "en" else [language]):
            return one
    raise AssertionError(f"{response} is not worded in {language}")


@dataclass
class Answer:
    """What a journey said and what follows from it."""

    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]
    language: str
    failure: Exception | None = field(default=None)

    @property
    def said(self) -> list[str]:
        """Names of the responses, in order."""
        return [message["response"] for message in self.messages]

    @property
    def texts(self) -> list[str]:
        """The words, in the language of the turn."""
        return [self._text(message, self.language) for message in self.messages]

    @property
    def card(self) -> dict[str, Any]:
        """The first card."""
        return next(message["custom"] for message in self.messages if message["custom"])

    @property
    def choices(self) -> list[dict[str, str]]:
        """All choices the journey itself offered."""
        return [button for message in self.messages for button in message["buttons"]]

    @property
    def slots(self) -> dict[str, Any]:
        """Slots that were set."""
        return {one["name"]: one["value"] for one in self.events if one["event"] == "slot"}

    @property
    def followup(self) -> str | None:
        """The action that runs next, if one was asked for."""
        return next((one["name"] for one in self.events if one["event"] == "followup"), None)

    def _text(self, message: dict[str, Any], language: str) -> str:
        return str(variation(message["response"], language)["text"]).format(**message)


async def ask(
    action: Action,
    intent: str = "check_order_status",
    text: str = "…",
    *,
    language: str = "en",
    identity: Identity | None = None,
    slots: dict[str, Any] | None = None,
    loop: str | None = None,
    before: tuple[dict[str, Any], ...] = (),
    after: tuple[dict[str, Any], ...] = (),
    message: str = "m-1",
    **entities: str,
) -> Answer:
    """Run an action for one message; keyword arguments left over are its entities.

    `before` and `after` are Rasa's events around the message. Whatever is said must be worded in
    both languages with the values it was given.
    """
    said = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "intent_ranking": [{"name": intent, "confidence": 0.9}],
        "entities": [_entity(text, name, value) for name, value in entities.items()],
        "metadata": {
            "message": message,
            "conversation": "c-1",
            "locale": language,
            "identity": identity
            and {
                "customer_id": identity.customer_id,
                "orders": None if identity.orders is None else list(identity.orders),
            },
        },
    }
    known = {name: value for name, value in entities.items() if name in ENTITY_SLOTS}
    user = {"event": "user", "text": text, "parse_data": said, "message_id": message}
    tracker = Tracker(
        "c-1",
        {"language": language, **known, **(slots or {})},
        said,
        [*before, user, *after],
        False,
        None,
        {"name": loop} if loop else {},
        "action_listen",
    )
    dispatcher = CollectingDispatcher()
    answer = Answer(dispatcher.messages, await action.run(dispatcher, tracker, {}), language)
    for one in answer.messages:
        for each in LANGUAGES:
            answer._text(one, each)
    return answer


def _entity(text: str, name: str, value: str) -> dict[str, Any]:
    start = max(text.find(value), 0)
    return {"entity": name, "value": value, "start": start, "end": start + len(value)}
