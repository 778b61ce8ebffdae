"""The desk with a scripted assistant, for building clients: `python -m ticketing.web.preview`.

Say "cards" (卡片), "choices" (选项), "slow", "fail" or "person" (人工) to see each thing happen;
anything else is echoed. Its database lives in a temporary directory and is gone afterwards.
"""

import argparse
import asyncio
import json
import tempfile
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from integrations.assistant.errors import AssistantUnavailable
from integrations.assistant.fake import FakeAssistant, understood
from integrations.assistant.models import AssistantMessage, Choice, Reply, Turn
from integrations.channels.web.shopper_token import sign
from integrations.settings import Settings
from integrations.shop.fake import FakeShop
from ticketing import clock, logs
from ticketing.db import migrate
from ticketing.queue.rules import Reason
from ticketing.text import is_chinese
from ticketing.tickets.rules import Facts
from ticketing.web.app import create_app
from ticketing.web.wiring import Parts

SLOW_SECONDS = 4.0
SECRET = "preview-preview-preview-preview-preview"  # noqa: S105 (opens nothing but a preview)
SCENES = Path(__file__).parent / "preview.toml"
"""Its words and cards, in both languages."""


class PreviewAssistant(FakeAssistant):
    """Plays the scene a message names."""

    def __init__(self, scenes: dict[str, Any]) -> None:
        super().__init__(self._play)
        self._scenes = scenes
        self.app: FastAPI | None = None

    async def answer(self, message: AssistantMessage) -> Turn:
        """Play the scene, slowly or not at all where it says so."""
        match self._scene(message):
            case "slow":
                await asyncio.sleep(SLOW_SECONDS)
            case "fail":
                raise AssistantUnavailable("as asked")
            case "person" if self.app is not None:
                facts = Facts(Reason.ASKED_FOR_PERSON, self._language(message))
                desk = self.app.state.desk
                await desk.tickets.open(
                    message.conversation, message.message, facts, message.message
                )
        return await super().answer(message)

    def _play(self, message: AssistantMessage) -> Turn:
        language = self._language(message)
        words = self._scenes[language]
        scene = self._scene(message)
        replies = [Reply(text=words.get(scene or "", message.text or message.choice))]
        if scene == "choices":
            choices = tuple(Choice(one["title"], one["payload"]) for one in words["offered"])
            replies = [Reply(text=words["choices"], choices=choices)]
        if scene == "cards":
            replies += [Reply(text="", card=card) for card in words["shown"]]
        return Turn(tuple(replies), understood(scene or "inform", language=language))

    def _scene(self, message: AssistantMessage) -> str | None:
        said = (message.text or message.choice or "").lower()
        named = self._scenes["named"].items()
        return next((scene for scene, words in named if any(word in said for word in words)), None)

    def _language(self, message: AssistantMessage) -> str:
        if message.text is None:
            return message.locale or "en"
        return "zh" if is_chinese(message.text) else "en"


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    with tempfile.TemporaryDirectory(prefix="frontdesk-preview-") as folder:
        settings = Settings(
            var_dir=Path(folder),
            shopper_token_secret=SECRET,
            service_token=SECRET,
        )
        migrate(settings.desk_database)
        scenes = tomllib.loads(SCENES.read_text(encoding="utf-8"))
        (settings.var_dir / "demo.json").write_text(json.dumps(_shoppers(scenes)))
        assistant = PreviewAssistant(scenes)
        assistant.app = create_app(settings, Parts(assistant=assistant, shop=FakeShop()))
        logs.configure("info")
        uvicorn.run(
            assistant.app, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=2
        )


def _shoppers(scenes: dict[str, Any]) -> dict[str, Any]:
    lifetime = timedelta(days=1)
    now = clock.now()
    return {
        "shoppers": [
            {
                **shopper,
                "shopper_token": sign(
                    shopper["name"], shopper["name"], secret=SECRET, now=now, lifetime=lifetime
                ),
            }
            for shopper in scenes["shoppers"]
        ]
    }


if __name__ == "__main__":
    main()
