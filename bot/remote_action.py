"""Custom actions, called as Rasa calls them but without its constant cost.

Rasa 3.6 compiles the JSON schema of an action's result anew at every call (~50 ms), opens a new
connection for each, waits five minutes and sends the whole domain along. Here the schema is
compiled once, the connection is kept, the time limit is ours, and the domain travels once: an
action server of rasa-sdk 3.21 remembers it by its digest and answers 449 when it doesn't know it.
"""

import asyncio
import hashlib
import json
import logging
from functools import lru_cache
from typing import Any, Dict, List, Optional, Tuple

import aiohttp
import rasa
import rasa.core.actions.action
import rasa.core.actions.forms
from jsonschema import Draft7Validator
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException

from bot import failures

logger = logging.getLogger(__name__)

UNKNOWN_DOMAIN = 449
"""rasa-sdk's answer to a domain digest it has not seen."""
REJECTED = 400
"""rasa-sdk's answer when an action declines to run, which is not a failure."""

DEFAULT_TIMEOUT_SECONDS = 9.0


class ActionFailed(RasaException):
    """A custom action raised, timed out or answered nonsense."""


@lru_cache(maxsize=1)
def result_schema() -> Draft7Validator:
    """Return the compiled schema of an action's result."""
    return Draft7Validator(RemoteAction.action_response_format_spec())


def domain_payload(domain: Domain) -> Dict[str, Any]:
    """Return the domain as the action server takes it, with its digest."""
    # Responses are rendered here, so the action server needs none of them.
    as_dict = {key: value for key, value in domain.as_dict().items() if key != "responses"}
    digest = hashlib.sha256(json.dumps(as_dict, sort_keys=True).encode()).hexdigest()
    return {"domain": as_dict, "domain_digest": digest}


class DeskAction(RemoteAction):
    """A custom action run by the action server."""

    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    _session: Optional[aiohttp.ClientSession] = None
    # The domain last sent and its payload. Compared by identity: a domain's hash costs 2 ms.
    _domain: Tuple[Optional[Domain], Dict[str, Any]] = (None, {})

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> List[Event]:
        """Run the action and return its events, utterances first.

        Raises:
            ActionExecutionRejection: the action declined to run.
            ActionFailed: anything else went wrong; recorded for the turn.
        """
        try:
            result = await self._call(tracker, domain)
            if not result_schema().is_valid(result):
                raise ActionFailed(f"{self.name()}: the result breaks the action contract")
            said = await self._utter_responses(
                result.get("responses", []), output_channel, nlg, tracker
            )
            return [*said, *deserialise_events(result.get("events", []))]
        except ActionExecutionRejection:
            raise
        except (aiohttp.ClientError, asyncio.TimeoutError, RasaException, ValueError) as error:
            failures.record(self.name())
            raise ActionFailed(f"{self.name()}: {type(error).__name__}: {error}") from error

    async def _call(self, tracker: DialogueStateTracker, domain: Domain) -> Dict[str, Any]:
        if self.action_endpoint is None:
            raise ActionFailed(f"{self.name()}: no action endpoint is configured")
        payload = self._domain_payload(domain)
        call: Dict[str, Any] = {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": tracker.current_state(EventVerbosity.ALL),
            "version": rasa.__version__,
            "domain_digest": payload["domain_digest"],
        }
        limit = aiohttp.ClientTimeout(total=self.timeout_seconds)
        for body in (call, {**call, **payload}):
            async with self._open_session().post(
                self.action_endpoint.url, json=body, timeout=limit
            ) as response:
                if response.status == UNKNOWN_DOMAIN:
                    continue
                answer = await response.json(content_type=None)
                if response.status == REJECTED and isinstance(answer, dict):
                    raise ActionExecutionRejection(self.name(), answer.get("error"))
                response.raise_for_status()
                return answer
        raise ActionFailed(f"{self.name()}: the action server never takes the domain")

    @classmethod
    def _domain_payload(cls, domain: Domain) -> Dict[str, Any]:
        if DeskAction._domain[0] is not domain:
            DeskAction._domain = (domain, domain_payload(domain))
        return DeskAction._domain[1]

    @classmethod
    def _open_session(cls) -> aiohttp.ClientSession:
        if DeskAction._session is None or DeskAction._session.closed:
            DeskAction._session = aiohttp.ClientSession()
        return DeskAction._session

    @classmethod
    async def close(cls) -> None:
        """Give back the connections to the action server."""
        if DeskAction._session is not None:
            await DeskAction._session.close()
            DeskAction._session = None


def install(timeout_seconds: float) -> None:
    """Have Rasa call every custom action through `DeskAction`.

    Args:
        timeout_seconds: the action's own time limit; the HTTP call gets one second more, so that
            an action that gives up in time is heard.
    """
    DeskAction.timeout_seconds = timeout_seconds + 1
    rasa.core.actions.action.RemoteAction = DeskAction
    rasa.core.actions.forms.RemoteAction = DeskAction
