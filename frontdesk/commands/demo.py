"""`frontdesk demo`."""

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print for a program.")] = False,
) -> None:
    """Print whom one can try the demo as: shoppers with their orders, logins of the desk."""
    import json

    from rich.console import Console
    from rich.table import Table

    from frontdesk.demo_file import demo_path, read_demo
    from frontdesk.errors import CannotRun
    from integrations.settings import load_settings

    settings = load_settings()
    people = read_demo(settings.var_dir)
    if people is None:
        raise CannotRun(f"no demo here ({demo_path(settings.var_dir)}); `make up` makes one")
    if as_json:
        typer.echo(json.dumps(people, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    shoppers = Table(title="Shoppers", title_justify="left", box=None, pad_edge=False)
    for heading in ("name", "", "order", "phone …", "e-mail", "order is", "parcel", "parcel is"):
        shoppers.add_column(heading, overflow="fold")
    for shopper in people["shoppers"]:
        shoppers.add_row(
            shopper["name"],
            shopper["locale"],
            shopper["order_number"],
            shopper["phone_last4"],
            shopper["email"],
            shopper["order_state"],
            shopper["tracking_number"] or "–",
            shopper["shipment_state"] or "–",
        )
    console.print(shoppers)
    console.print()
    logins = Table(title="Logins of the desk", title_justify="left", box=None, pad_edge=False)
    for heading in ("role", "e-mail", "password"):
        logins.add_column(heading)
    for role in ("agents", "supervisors"):
        for login in people[role]:
            logins.add_row(role[:-1], login["email"], login["password"])
    console.print(logins)
