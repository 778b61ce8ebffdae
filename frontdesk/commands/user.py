"""`frontdesk user`."""

import sys
from typing import Annotated

import typer

from ticketing.agents.rules import Role

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def user() -> None:
    """Add people who work at the desk."""


@app.command()
def add(
    email: Annotated[str, typer.Argument(help="Their address, which they sign in with.")],
    role: Annotated[Role, typer.Option(help="What they are at the desk.")] = Role.AGENT,
    name: Annotated[str, typer.Option(help="Name shown to shoppers and colleagues.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Add an agent, a supervisor or an administrator."""
    from frontdesk.errors import CannotRun
    from integrations.settings import load_settings
    from ticketing.agents.accounts import add_agent
    from ticketing.db import migrate
    from ticketing.errors import DeskError

    url = load_settings().desk_database
    password = (
        sys.stdin.readline().rstrip("\r\n")
        if password_stdin
        else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    migrate(url)
    try:
        add_agent(url, email=email, name=name, role=role, password=password)
    except DeskError as error:
        raise CannotRun(f"cannot add {email}: {error}") from None
    typer.echo(f"added {email} ({role})")
