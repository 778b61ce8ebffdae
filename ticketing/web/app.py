"""The desk service's application: `uvicorn --factory ticketing.web.app:create_app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from integrations.settings import Settings, load_settings
from ticketing import logs
from ticketing.agents.endpoints import router as sessions
from ticketing.identity.endpoints import router as identity
from ticketing.tickets.endpoints import router as tickets
from ticketing.web import pages, problems
from ticketing.web.channels import router as channels
from ticketing.web.chat.endpoints import router as chat
from ticketing.web.headers import SecurityHeaders
from ticketing.web.health import router as health
from ticketing.web.leaving import on_leaving
from ticketing.web.limits import BodyLimit
from ticketing.web.wiring import Desk, Parts

log = structlog.get_logger()

DESCRIPTION = """\
The customer-service desk of an online shop: conversations with shoppers, tickets for agents.

Errors are `application/problem+json` (RFC 9457) with a stable `type`; listings are paged by cursor.
"""


def create_app(settings: Settings | None = None, parts: Parts | None = None) -> FastAPI:
    """Return the application; nothing is opened before its lifespan begins.

    Args:
        settings: read from the environment when not given.
        parts: fakes and a clock in place of the real things, for tests and tools. Without them
            the process's logs are set up as well.
    """
    given = settings or load_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if parts is None:
            logs.configure(given.log_level)
        desk = Desk(given, parts or Parts())
        app.state.desk = desk
        await desk.start()
        log.info("desk_started", environment=given.environment)
        try:
            with on_leaving(desk.live.end):
                yield
        finally:
            await desk.stop()
            log.info("desk_stopped")

    app = FastAPI(
        title="Frontdesk",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        # Their pages load scripts from elsewhere; the description itself is enough.
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(
                CORSMiddleware,
                allow_origins=given.allowed_origins,
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
                max_age=600,
            ),
            Middleware(BodyLimit),
        ],
    )
    problems.install(app)
    for router in (chat, channels, sessions, tickets, identity, health):
        app.include_router(router)
    widget = pages.WidgetFiles(directory=pages.WIDGET, check_dir=False)
    app.mount("/widget", GZipMiddleware(widget))
    if given.environment == "development":
        app.include_router(pages.demo)
        app.mount("/demo", StaticFiles(directory=pages.DEMO, check_dir=False))
    return app
