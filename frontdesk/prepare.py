"""Makes an installation's data ready; run by the launcher as `python -m frontdesk.prepare PART`.

`shop`: tables, demo data when the shop is empty, the catalogue for the assistant.
`desk`: tables.
`demo`: demo logins at the desk, and the list of whom to try.
Each line of standard output is progress for a person; the last one, when the process ends with
`EXIT_EXPLAINED`, is the reason.
"""

import argparse
import asyncio
import json
import secrets
import sys
from datetime import UTC, datetime, timedelta

from frontdesk.demo_file import Demo, DemoLogin, DemoShopper, read_demo, write_demo
from frontdesk.installation import write_private
from frontdesk.services import catalogue_path
from integrations.settings import Settings, SettingsError, load_settings

EXIT_EXPLAINED = 3

DEMO_TOKEN_LIFETIME = timedelta(days=30)
"""Signed anew at every start."""

DEMO_LOGINS = (
    ("agents", "lin@desk.example", "Lin"),
    ("agents", "sam@desk.example", "Sam"),
    ("supervisors", "ada@desk.example", "Ada"),
)
ROLES = {"agents": "agent", "supervisors": "supervisor"}


def main() -> int:
    """Prepare the part that is asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="frontdesk.prepare")
    parser.add_argument("part", choices=("shop", "desk", "demo"))
    parser.add_argument("--seed", action="store_true", help="fill an empty shop")
    asked = parser.parse_args()
    # Here, not above: the launcher reads this module for its exit code alone.
    from sqlalchemy.exc import SQLAlchemyError

    from integrations.shop.errors import ShopError

    try:
        settings = load_settings()
        if asked.part == "shop":
            prepare_shop(settings, seed_empty=asked.seed)
        elif asked.part == "desk":
            prepare_desk(settings)
        else:
            prepare_demo(settings)
    except SettingsError as error:
        return _explain(str(error))
    except (ShopError, SQLAlchemyError) as error:
        # The first line names the cause; the rest is the statement.
        return _explain(f"the {asked.part}'s database: {str(error).splitlines()[0]}")
    except OSError as error:
        # A server that refuses the connection, a file that cannot be written.
        return _explain(f"the {asked.part}'s database: {error.strerror or error}")
    return 0


def prepare_shop(settings: Settings, *, seed_empty: bool) -> None:
    """Bring the shop's tables up to date, seed an empty shop, write the catalogue.

    Raises:
        ShopError: the shop cannot be reached or used.
    """
    if settings.shop_adapter == "sql":
        from integrations.shop import migrate
        from integrations.shop.seed import is_empty, seed

        migrate(settings.shop_database)
        if seed_empty and is_empty(settings.shop_database):
            seed(settings.shop_database, progress=_seeding)
    asyncio.run(_write_catalogue(settings))


def prepare_desk(settings: Settings) -> None:
    """Bring the desk's tables up to date.

    Raises:
        SQLAlchemyError, OSError: the database cannot be reached or used.
    """
    from ticketing.db import migrate

    migrate(settings.desk_database)


def prepare_demo(settings: Settings) -> None:
    """Make the demo logins, choose the shoppers to try, sign for them.

    Raises:
        SQLAlchemyError, OSError: the desk's database cannot be used.
        ShopError: the shop's cannot.
    """
    agents, supervisors = (_logins(settings, kind) for kind in ("agents", "supervisors"))
    shoppers = _shoppers(settings)
    write_demo(settings.var_dir, Demo(shoppers=shoppers, agents=agents, supervisors=supervisors))


def _seeding(table: str, done: int, of: int) -> None:
    what = table.removeprefix("shop_").replace("_", " ")
    _say(f"writing the demo shop: {what} ({done} of {of})")


async def _write_catalogue(settings: Settings) -> None:
    """Write the products the assistant should know by name."""
    from integrations.shop import open_shop

    shop = open_shop(settings)
    try:
        lines = [
            json.dumps(
                {"sku": product.sku, "zh": product.name.zh, "en": product.name.en},
                ensure_ascii=False,
            )
            async for product in shop.catalogue()
        ]
    finally:
        await shop.close()
    write_private(catalogue_path(settings), "".join(f"{line}\n" for line in lines))


def _shoppers(settings: Settings) -> list[DemoShopper]:
    from integrations.channels.web.shopper_token import sign
    from integrations.shop.demo import demo_shoppers

    if settings.shop_adapter != "sql":
        return []
    secret, now = settings.shopper_token_secret.get_secret_value(), datetime.now(UTC)
    return [
        DemoShopper(
            name=shopper["name"],
            locale=shopper["locale"],
            order_number=shopper["order_number"],
            phone_last4=shopper["phone_last4"],
            email=shopper["email"],
            order_state=shopper["order_state"],
            shipment_state=shopper["shipment_state"],
            tracking_number=shopper["tracking_number"],
            shopper_token=sign(
                shopper["customer_id"],
                shopper["name"],
                secret=secret,
                now=now,
                lifetime=DEMO_TOKEN_LIFETIME,
            ),
        )
        for shopper in demo_shoppers(settings.shop_database)
    ]


def _logins(settings: Settings, kind: str) -> list[DemoLogin]:
    """Return the demo logins, made on the first start; one whose password is lost is left out."""
    from ticketing.agents.accounts import ensure_agent
    from ticketing.agents.rules import Role

    before = read_demo(settings.var_dir)
    known = [*before["agents"], *before["supervisors"]] if before else []
    passwords = {login["email"]: login["password"] for login in known}
    logins = []
    for of_kind, email, name in DEMO_LOGINS:
        if of_kind != kind:
            continue
        password = passwords.get(email, secrets.token_urlsafe(12))
        made = ensure_agent(
            settings.desk_database,
            email=email,
            name=name,
            role=Role(ROLES[kind]),
            password=password,
        )
        if made or email in passwords:
            logins.append(DemoLogin(email=email, password=password))
    return logins


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _explain(reason: str) -> int:
    _say(reason)
    return EXIT_EXPLAINED


if __name__ == "__main__":
    sys.exit(main())
