"""A desk in memory that speaks the chat contract and fails on demand, and a shop page elsewhere.

The widget's tests need failures no real desk shows when asked: a stream cut in the middle of an
event, every event told twice, one message refused. The rest of the contract is as in the design.
"""

import asyncio
import itertools
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

WEB = Path(__file__).resolve().parents[3] / "ticketing" / "web"
WIDGET = WEB / "chat" / "static" / "frontdesk.js"

Json = dict[str, Any]


def problem(status: int, kind: str, **headers: str) -> Response:
    """Answer as RFC 9457 says."""
    body = {"type": kind, "title": kind, "status": status}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


@dataclass
class Talk:
    """One conversation: its token, its events, who listens, what was posted to it."""

    token: str
    shopper_token: str | None
    locale: str | None
    events: list[tuple[int, str, Json]] = field(default_factory=list)
    listeners: set[asyncio.Queue[str | None]] = field(default_factory=set)
    external_ids: set[str] = field(default_factory=set)
    posted: list[Json] = field(default_factory=list)
    resumed_from: list[str | None] = field(default_factory=list)


class FakeDesk:
    """The desk a test scripts: `say`, `owner`, `survey`, `typing`; `drop`, `refusals`, `down`."""

    def __init__(self) -> None:
        self.url = ""
        """Where it is served."""
        self.talks: dict[str, Talk] = {}
        self.scores: list[tuple[str, Json]] = []
        self.refusals: list[tuple[int, str]] = []
        """Answers to the next messages, in order; then they are taken again."""
        self.down = False
        self.repeats = False
        """Whether a resumed stream tells everything from the start."""
        self.deaf = False
        """Whether messages are taken without being shown back."""
        self.rejects_shoppers = False
        self.shoppers: Json | None = DEMO_SHOPPERS
        self.answer: Callable[[str, str], None] | None = None
        """Called with conversation and text or choice, after a message was taken."""
        self._numbers = itertools.count(1)

    @property
    def talk(self) -> Talk:
        """The conversation begun last."""
        return list(self.talks.values())[-1]

    @property
    def conversation(self) -> str:
        return list(self.talks)[-1]

    # What a test scripts.

    def tell(self, name: str, data: Json, *, conversation: str | None = None) -> None:
        """Add an event to the log and send it to whoever listens."""
        talk = self.talks[conversation] if conversation else self.talk
        event = (len(talk.events) + 1, name, data)
        talk.events.append(event)
        self._send(talk, frame(*event))

    def say(self, text: str, *, sender: str = "bot", at: str | None = None, **more: Any) -> None:
        at = at or datetime.now(UTC).isoformat()
        message = {"id": f"m{next(self._numbers)}", "at": at, "sender": sender, "text": text}
        self.tell("message", message | more)

    def owner(self, owner: str, **more: Any) -> None:
        self.tell("owner", {"owner": owner, **more})

    def survey(self, survey: str) -> None:
        self.tell("survey", {"survey": survey})

    def typing(self, sender: str = "bot") -> None:
        self._send(self.talk, f"event: typing\ndata: {json.dumps({'sender': sender})}\n\n")

    def comment(self) -> None:
        self._send(self.talk, ": alive\n\n")

    def drop(self, *, unfinished: str = "") -> None:
        """End every stream, after a torn piece of an event if one is given."""
        for talk in self.talks.values():
            if unfinished:
                self._send(talk, unfinished)
            for queue in talk.listeners:
                queue.put_nowait(None)

    def forget(self) -> None:
        """Expire every conversation and its token."""
        self.drop()
        self.talks.clear()

    def _send(self, talk: Talk, text: str) -> None:
        for queue in talk.listeners:
            queue.put_nowait(text)

    # What the widget asks.

    async def begin(self, request: Request) -> Response:
        if self.down:
            return problem(503, "unavailable")
        body = await request.json()
        if body.get("shopper_token") and self.rejects_shoppers:
            return problem(401, "invalid-shopper-token")
        number = next(self._numbers)
        talk = Talk(f"token-{number}", body.get("shopper_token"), body.get("locale"))
        self.talks[f"c{number}"] = talk
        return JSONResponse({"conversation": f"c{number}", "token": talk.token}, 201)

    async def post(self, request: Request) -> Response:
        if self.down:
            return problem(503, "unavailable")
        conversation = request.path_params["conversation"]
        talk = self._admitted(request)
        if talk is None:
            return problem(401, "invalid-token")
        if self.refusals:
            return problem(*self.refusals.pop(0))
        body = await request.json()
        talk.posted.append(body)
        if body["external_id"] in talk.external_ids:
            return JSONResponse({"duplicate": True}, 202)
        talk.external_ids.add(body["external_id"])
        said = body.get("text") or self._title(talk, body["choice"])
        if not self.deaf:
            self.say(said, sender="shopper", external_id=body["external_id"])
        if self.answer:
            self.answer(conversation, body.get("choice") or said)
        return JSONResponse({"duplicate": False}, 202)

    async def events(self, request: Request) -> Response:
        if self.down:
            return problem(503, "unavailable")
        talk = self._admitted(request)
        if talk is None:
            return problem(401, "invalid-token")
        after = request.headers.get("last-event-id")
        talk.resumed_from.append(after)
        seen = 0 if self.repeats else int(after or 0)
        return StreamingResponse(self._stream(talk, seen), media_type="text/event-stream")

    async def rate(self, request: Request) -> Response:
        if self.refusals:
            return problem(*self.refusals.pop(0))
        self.scores.append((request.path_params["survey"], await request.json()))
        return JSONResponse({}, 201)

    async def demo(self, request: Request) -> Response:
        return JSONResponse(self.shoppers) if self.shoppers else problem(404, "no-demo")

    async def _stream(self, talk: Talk, seen: int) -> AsyncIterator[str]:
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        talk.listeners.add(queue)
        try:
            yield ": hello\n\n"
            for event in talk.events[seen:]:
                yield frame(*event)
            while (text := await queue.get()) is not None:
                yield text
        finally:
            talk.listeners.discard(queue)

    def _admitted(self, request: Request) -> Talk | None:
        talk = self.talks.get(request.path_params["conversation"])
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        return talk if talk and shown == talk.token else None

    def _title(self, talk: Talk, choice: str) -> str:
        offered = (c for _, _, data in talk.events for c in data.get("choices", ()))
        return next(str(each["title"]) for each in offered if each["id"] == choice)

    def app(self) -> ASGIApp:
        """Return the desk with the widget and the demo shop, open to any page."""
        chat = "/chat/conversations"
        routes = [
            Route(chat, self.begin, methods=["POST"]),
            Route(chat + "/{conversation}/messages", self.post, methods=["POST"]),
            Route(chat + "/{conversation}/events", self.events),
            Route("/chat/surveys/{survey}", self.rate, methods=["POST"]),
            Route("/demo/shoppers", self.demo),
            Mount("/widget", StaticFiles(directory=WIDGET.parent)),
            Route("/", lambda _: FileResponse(WEB / "demo" / "index.html")),
            Mount("/demo", StaticFiles(directory=WEB / "demo")),
        ]
        cors = Middleware(
            CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]
        )
        return Starlette(routes=routes, middleware=[cors])


async def eventually(true: Callable[[], bool]) -> None:
    """Wait for the desk to have seen something."""
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


def frame(number: int, name: str, data: Json) -> str:
    """Return one server-sent event."""
    return f"id: {number}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def shop_app(desk: str) -> ASGIApp:
    """Return a merchant's page: another origin, under the strictest policy that lets chat work."""
    policy = (
        f"default-src 'none'; script-src {desk}; connect-src {desk}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )

    async def page(request: Request) -> Response:
        query = request.query_params
        attributes = "".join(f' data-{key}="{query[key]}"' for key in query if key != "lang")
        return HTMLResponse(
            f'<!doctype html><html lang="{query.get("lang", "en")}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>A shop</title><script src="{desk}/widget/frontdesk.js"{attributes} async>'
            "</script><h1>A shop</h1><button>Buy</button>",
            headers={"Content-Security-Policy": policy},
        )

    return Starlette(routes=[Route("/", page)])


@asynccontextmanager
async def serving(app: ASGIApp, bound: socket.socket) -> AsyncIterator[str]:
    """Serve an app on a bound socket; yields its address."""
    config = uvicorn.Config(
        app, lifespan="off", ws="none", log_level="critical", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


def bound_socket() -> socket.socket:
    """Return a socket on a free port of this machine."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound


DEMO_SHOPPERS = {
    "shoppers": [
        {
            "name": "陈思远",
            "locale": "zh",
            "order_number": "FD20261120-99867",
            "phone_last4": "5678",
            "email": "siyuan.chen@example.com",
            "order_state": "shipped",
            "shipment_state": "out_for_delivery",
            "tracking_number": "SF1402937755018",
            "shopper_token": "e30.eyJzdWIiOiJjMSJ9.x",
        },
        {
            "name": "Emily Carter",
            "locale": "en",
            "order_number": "FD20261119-98097",
            "phone_last4": "0172",
            "email": "emily.carter@example.com",
            "order_state": "shipped",
            "shipment_state": "out_for_delivery",
            "tracking_number": "1Z3468CY1257181536",
            "shopper_token": "e30.eyJzdWIiOiJjMiJ9.x",
        },
        {
            "name": "林佳慧",
            "locale": "zh",
            "order_number": "FD20261111-24708",
            "phone_last4": "3306",
            "email": "jiahui.lin@example.com",
            "order_state": "shipped",
            "shipment_state": "exception",
            "tracking_number": "YT7788190024613",
            "shopper_token": "e30.eyJzdWIiOiJjMyJ9.x",
        },
        {
            "name": "Daniel Novak",
            "locale": "en",
            "order_number": "FD20261119-64075",
            "phone_last4": "4410",
            "email": "daniel.novak@example.com",
            "order_state": "delivered",
            "shipment_state": "delivered",
            "tracking_number": "1Z999AA10987654321",
            "shopper_token": "e30.eyJzdWIiOiJjNCJ9.x",
        },
        {
            "name": "王磊",
            "locale": "zh",
            "order_number": "FD20261123-95539",
            "phone_last4": "9021",
            "email": "lei.wang@example.com",
            "order_state": "pending_payment",
            "shipment_state": None,
            "tracking_number": None,
            "shopper_token": "e30.eyJzdWIiOiJjNSJ9.x",
        },
        {
            "name": "Aisha Rahman",
            "locale": "en",
            "order_number": "FD20261121-59525",
            "phone_last4": "2285",
            "email": "aisha.rahman@example.com",
            "order_state": "cancelled",
            "shipment_state": None,
            "tracking_number": None,
            "shopper_token": "e30.eyJzdWIiOiJjNiJ9.x",
        },
    ]
}
