"""`var/demo.json`: whom one can try the demo as. Written at `frontdesk up`, read by many."""

import json
from pathlib import Path
from typing import TypedDict

from frontdesk.installation import write_private


class DemoShopper(TypedDict):
    """A customer of the demo shop, with one order of theirs."""

    name: str
    locale: str
    order_number: str
    phone_last4: str
    email: str
    order_state: str
    shipment_state: str | None
    tracking_number: str | None
    shopper_token: str


class DemoLogin(TypedDict):
    """Someone who works at the demo desk."""

    email: str
    password: str


class Demo(TypedDict):
    """What `frontdesk demo --json` prints."""

    shoppers: list[DemoShopper]
    agents: list[DemoLogin]
    supervisors: list[DemoLogin]


def demo_path(var_dir: Path) -> Path:
    """Return where the demo's list is kept."""
    return var_dir / "demo.json"


def read_demo(var_dir: Path) -> Demo | None:
    """Return the list, or nothing when this installation has none (yet)."""
    try:
        demo: Demo = json.loads(demo_path(var_dir).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return demo


def write_demo(var_dir: Path, demo: Demo) -> None:
    """Keep the list, readable by the owner alone: it holds passwords and signed tokens."""
    write_private(demo_path(var_dir), json.dumps(demo, ensure_ascii=False, indent=2))
