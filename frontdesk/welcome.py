"""What is printed once everything is ready: where to go and whom to be."""

from frontdesk.demo_file import read_demo
from frontdesk.display import Display
from integrations.settings import Settings

SHOWN_SHOPPERS = 4


def welcome(display: Display, settings: Settings, seconds: float, *, demo: bool) -> None:
    """Print the addresses, the demo logins and how to stop."""
    url = settings.public_url or settings.desk_url
    display.line()
    display.line(f"[bold green]Frontdesk is ready[/bold green] [dim](after {seconds:.0f} s)[/dim]")
    display.line()
    if settings.environment == "development":
        display.line(f"  Demo shop with the chat   {url}/")
    display.line(f"  API description           {url}/openapi.json")
    display.line(f"  Chat in the terminal      .venv/bin/frontdesk chat --url {settings.desk_url}")
    display.line(f"  Logs                      {settings.var_dir / 'log'}")
    people = read_demo(settings.var_dir) if demo else None
    if people:
        display.line()
        display.line("  Shoppers to try [dim](all of them: .venv/bin/frontdesk demo)[/dim]")
        for shopper in people["shoppers"][:SHOWN_SHOPPERS]:
            display.line(
                f"    {shopper['locale']}  {shopper['name']}: order {shopper['order_number']}, "
                f"phone …{shopper['phone_last4']}, {shopper['order_state']}"
            )
        display.line("  Logins of the desk")
        for role in ("agents", "supervisors"):
            for login in people[role]:
                display.line(f"    {role[:-1]:10} {login['email']}  {login['password']}")
    display.line()
    display.line("[dim]Ctrl-C stops everything.[/dim]")
