"""The command line: `frontdesk COMMAND`, or `python -m frontdesk COMMAND`."""

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS = ("up", "train", "shop", "user", "demo", "chat", "doctor")
"""In the order of the help; each is a module in `frontdesk/commands/` with an `app`."""


class _Commands(TyperGroup):
    """Imports a command when it is asked for, so that each starts as fast as it can."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 (the signature is Typer's)
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = typer.main.get_command(import_module(f"frontdesk.commands.{cmd_name}").app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def frontdesk() -> None:
    """The customer-service desk of an online shop."""


def main() -> None:
    """Run the command line; whatever stands in the way is one line, without a traceback."""
    from frontdesk.errors import CannotRun, StepFailed
    from integrations.settings import SettingsError

    try:
        app()
    except (CannotRun, SettingsError) as error:
        sys.stderr.write(f"frontdesk: {error}\n")
        if isinstance(error, StepFailed):
            sys.stderr.writelines(f"  | {line}\n" for line in error.last_lines)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
