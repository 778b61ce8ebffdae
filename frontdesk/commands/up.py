"""`frontdesk up`."""

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def up(
    demo: Annotated[
        bool, typer.Option(help="Fill an empty shop with demo data and make demo logins.")
    ] = True,
) -> None:
    """Bring up the whole desk, keep it up, and stop it all with Ctrl-C."""
    from frontdesk.display import Display
    from frontdesk.launch import up as bring_up
    from integrations.settings import load_settings

    bring_up(load_settings(), Display(), demo=demo)
