"""`frontdesk shop`: fill the shop's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def shop() -> None:
    """Fill the shop's database, from a merchant's exports or with a demo."""


@app.command()
def seed(
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete everything the shop holds first.")
    ] = False,
) -> None:
    """Fill an empty shop with the demo shop; its parcels move relative to today."""
    from frontdesk.errors import CannotRun
    from integrations.settings import load_settings
    from integrations.shop import migrate
    from integrations.shop.seed import ShopNotEmpty
    from integrations.shop.seed import seed as seed_shop

    settings = load_settings()
    with _one_line():
        migrate(settings.shop_database)
        try:
            with _progress() as progress:
                seed_shop(settings.shop_database, progress=progress, replace=replace)
        except ShopNotEmpty as error:
            raise CannotRun(f"{error}; `frontdesk shop seed --replace` deletes it first") from error
    typer.echo("the demo shop is ready")


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the exported files are.")],
) -> None:
    """Import a merchant's CSV or JSON Lines exports: all of it, or nothing when a row is bad."""
    from frontdesk.errors import CannotRun
    from integrations.settings import load_settings
    from integrations.shop import migrate
    from integrations.shop.importing import BadRows, ImportRefused, Problem, import_folder

    def report(problem: Problem) -> None:
        typer.echo(str(problem), err=True)

    url = load_settings().shop_database
    with _one_line():
        migrate(url)
        try:
            with _progress() as progress:
                merged = import_folder(url, folder, report=report, progress=progress)
        except (BadRows, ImportRefused) as error:
            raise CannotRun(str(error)) from error
    for kind, rows in merged.items():
        typer.echo(f"{kind}: {rows.added} new, {rows.changed} changed, {rows.unchanged} unchanged")


@contextmanager
def _one_line() -> Iterator[None]:
    """Turn what keeps the shop from being filled into one line."""
    from frontdesk.errors import CannotRun
    from integrations.shop.errors import ShopError

    try:
        yield
    except ShopError as error:
        raise CannotRun(str(error).splitlines()[0]) from error


@contextmanager
def _progress() -> Iterator[Any]:
    """Show a bar on a terminal; give what tells it how far the work is."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:32}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=None)

        def tell(what: str, done: int, of: int) -> None:
            bar.update(task, description=what, completed=done, total=of)

        yield tell
