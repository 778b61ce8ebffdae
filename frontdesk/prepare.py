"""Makes an installation's data ready; run by the launcher as `python -m frontdesk.prepare PART`.

`shop`: tables, demo data when the shop is empty, the catalogue for the assistant.
`desk`: tables, demo agents, the list of whom to try.
Each line of standard output is progress for a person; the last one, when the process ends with
`EXIT_EXPLAINED`, is the reason.
"""

import argparse
import sys

from integrations.settings import Settings, SettingsError, load_settings

EXIT_EXPLAINED = 3


def main() -> int:
    """Prepare the part that is asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="frontdesk.prepare")
    parser.add_argument("part", choices=("shop", "desk"))
    parser.add_argument("--demo", action="store_true")
    asked = parser.parse_args()
    # Here, not above: the launcher reads this module for its exit code alone.
    from sqlalchemy.exc import SQLAlchemyError

    try:
        settings = load_settings()
        if asked.part == "shop":
            prepare_shop(settings, demo=asked.demo)
        else:
            prepare_desk(settings, demo=asked.demo)
    except SettingsError as error:
        return _explain(str(error))
    except SQLAlchemyError as error:
        # The first line names the cause; the rest is the statement.
        return _explain(f"the {asked.part}'s database: {str(error).splitlines()[0]}")
    except OSError as error:
        return _explain(f"the {asked.part}'s data: {error.strerror or error}")
    return 0


def prepare_shop(settings: Settings, *, demo: bool) -> None:
    """Bring the shop's tables up to date, seed an empty shop, write the catalogue."""


def prepare_desk(settings: Settings, *, demo: bool) -> None:
    """Bring the desk's tables up to date, make the demo logins."""


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _explain(reason: str) -> int:
    _say(reason)
    return EXIT_EXPLAINED


if __name__ == "__main__":
    sys.exit(main())
