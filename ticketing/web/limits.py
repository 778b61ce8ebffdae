"""How large a body may be, held before anything parses it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ticketing.web.problems import problem

KIB = 1024
LIMITS = (("/chat/", 64 * KIB), ("/channels/", 256 * KIB), ("/api/", 512 * KIB))
"""Path prefix → bytes. A ticket carries slots and an order; a chat message 2,000 characters."""
OTHERWISE = 64 * KIB
DRAIN = 16 * 1024 * KIB
"""A body too large is read to its end, and thrown away, up to here: a client that still writes
would not read our answer."""


class BodyLimit:
    """Reads bodies up to their limit and answers 413 beyond it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body in one piece."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        body = await _read(receive, _limit(scope["path"]))
        if body is None:
            response = problem(
                413,
                "body-too-large",
                "The request's body is too large",
                f"at most {_limit(scope['path'])} bytes",
                headers={"Connection": "close"},
            )
            await response(scope, receive, send)
            return
        given = False

        async def receive_read() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, receive_read, send)


def _limit(path: str) -> int:
    return next((limit for prefix, limit in LIMITS if path.startswith(prefix)), OTHERWISE)


async def _read(receive: Receive, limit: int) -> bytes | None:
    """Return the body, or nothing when it is larger than `limit`."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        part = message.get("body", b"")
        size += len(part)
        if size <= limit:
            parts.append(part)
        if not message.get("more_body", False) or size > DRAIN:
            return b"".join(parts) if size <= limit else None
