"""`frontdesk chat`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from frontdesk.demo_file import DemoShopper

app = typer.Typer(add_completion=False)


class Locale(StrEnum):
    """The languages of the desk."""

    ZH = "zh"
    EN = "en"


@app.command()
def chat(
    locale: Annotated[
        Locale | None, typer.Option(help="Your language; the demo shopper's when not given.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--as", help="Be this demo shopper (a name, or part of it).")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="The desk's address; this machine's by default.")
    ] = None,
) -> None:
    """Chat with the running desk, as a demo shopper or anonymously."""
    import asyncio

    from integrations.settings import load_settings

    settings = load_settings()
    shopper = _demo_shopper(name, settings.var_dir) if name else None
    spoken = locale or (Locale(shopper["locale"]) if shopper else Locale.EN)
    token = shopper["shopper_token"] if shopper else None
    asyncio.run(_chat(url or settings.desk_url, spoken, token))


async def _chat(url: str, locale: Locale, shopper_token: str | None) -> None:
    import asyncio

    import httpx
    from rich.console import Console

    from frontdesk.errors import CannotRun
    from frontdesk.terminal.client import Chat
    from frontdesk.terminal.render import Words
    from frontdesk.terminal.session import Session

    async with httpx.AsyncClient(timeout=15.0) as http:
        conversation = Chat(http, url, sleep=asyncio.sleep)
        await conversation.open(locale=locale.value, shopper_token=shopper_token)
        try:
            await Session(conversation, Console(highlight=False), Words(locale.value)).run()
        except ExceptionGroup as several:
            known = several.subgroup(CannotRun)
            if known is None:
                raise
            raise known.exceptions[0] from None


def _demo_shopper(name: str, var_dir: Path) -> "DemoShopper":
    from frontdesk.demo_file import read_demo
    from frontdesk.errors import CannotRun

    people = read_demo(var_dir)
    shoppers = people["shoppers"] if people else []
    wanted = name.casefold()
    for shopper in shoppers:
        if wanted in shopper["name"].casefold():
            return shopper
    known = ", ".join(shopper["name"] for shopper in shoppers) or "none: run `make up` first"
    raise CannotRun(f"no demo shopper is called {name}; there are {known}")
