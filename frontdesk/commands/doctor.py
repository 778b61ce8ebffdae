"""`frontdesk doctor`."""

import typer

app = typer.Typer(add_completion=False)


@app.command()
def doctor() -> None:
    """Check this installation and say what is wrong, and what to do about it."""
    from rich.console import Console
    from rich.markup import escape

    from frontdesk.checks.configuration import configuration
    from frontdesk.checks.environments import environments
    from frontdesk.checks.findings import Level
    from frontdesk.checks.stores import stores
    from frontdesk.checks.testing import testing
    from integrations.settings import load_settings

    settings = load_settings()
    styles = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}
    console = Console(highlight=False)
    counts = dict.fromkeys(Level, 0)
    for check in (
        environments,
        lambda: configuration(settings),
        lambda: stores(settings),
        testing,
    ):
        for finding in check():
            counts[finding.level] += 1
            mark = f"[{styles[finding.level]}]{finding.level:4}[/]"
            console.print(f"{mark}  {escape(finding.what)}", soft_wrap=True)
            if finding.advice:
                console.print(f"      [dim]→ {escape(finding.advice)}[/dim]", soft_wrap=True)
    console.print(f"\n{counts[Level.FAIL]} to mend, {counts[Level.WARN]} to know about")
    raise typer.Exit(1 if counts[Level.FAIL] else 0)
