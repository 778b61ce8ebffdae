"""What a browser loads: the widget, and in development the demo shop page."""

import json
from pathlib import Path
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ticketing.errors import DeskError
from ticketing.web.access import DeskHere

WEB = Path(__file__).parent
WIDGET = WEB / "chat" / "static"
DEMO = WEB / "demo"
WIDGET_SECONDS = 300
"""How long a shop page keeps the script without asking: a fix reaches everyone in minutes."""

demo = APIRouter(include_in_schema=False)


class NoDemo(DeskError):
    """There are no demo shoppers here."""

    status: ClassVar[int] = 404
    type: ClassVar[str] = "no-demo"


class WidgetFiles(StaticFiles):
    """The widget, with an ETag and a short life in caches."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file with its cache rule."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = f"public, max-age={WIDGET_SECONDS}"
        return response


@demo.get("/")
async def page() -> FileResponse:
    """Show the demo shop."""
    return FileResponse(DEMO / "index.html", headers={"Cache-Control": "no-cache"})


@demo.get("/demo/shoppers")
async def shoppers(desk: DeskHere) -> Response:
    """Return who to try, as the launcher wrote it."""
    try:
        written = (desk.settings.var_dir / "demo.json").read_bytes()
    except FileNotFoundError:
        raise NoDemo from None
    said = json.loads(written)
    # The page gets shoppers only, whatever else stands in the file.
    found = said["shoppers"] if isinstance(said, dict) else said
    return Response(
        json.dumps({"shoppers": found}),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
