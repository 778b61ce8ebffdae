"""How messages and cards look on a terminal."""

import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

SENDER_STYLES = {"shopper": "cyan", "bot": "green", "agent": "magenta", "system": "yellow"}
INDENT = (0, 0, 0, 2)


class Words:
    """The terminal's own wording, in one language."""

    def __init__(self, locale: str) -> None:
        self._locale = locale

    def __call__(self, key: str, **values: object) -> str:
        """Return the wording, with its values filled in."""
        words: str = _catalogue()[key][self._locale]
        return words.format(**values)

    def state(self, code: str | None) -> str:
        """Return a state of an order, a line or a parcel; one we do not know stays as it is."""
        if code is None:
            return ""
        words: str = _catalogue()["state"].get(code, {}).get(self._locale, code)
        return words


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def message(data: dict[str, Any], words: Words) -> RenderableType:
    """Return a chat message: who, what, its card, its numbered choices."""
    sender = data["sender"]
    name = words("you" if sender == "shopper" else sender)
    parts: list[RenderableType] = []
    head = Text(f"{name}  ", style=f"bold {SENDER_STYLES.get(sender, 'white')}")
    head.append(data.get("text") or "", style="default not bold")
    parts.append(head)
    if data.get("card"):
        parts.append(Padding(card(data["card"], words), INDENT))
    parts.extend(
        Padding(Text.assemble((f"{number}", "bold cyan"), f"  {choice['title']}"), INDENT)
        for number, choice in enumerate(data.get("choices") or [], start=1)
    )
    return Group(*parts)


def owner(data: dict[str, Any], words: Words) -> str:
    """Say who answers now, and where in the queue the shopper is."""
    if data["owner"] == "queue":
        if data.get("position") is None:
            return words("owner_queue_unknown")
        return words("owner_queue", position=data["position"])
    return words("owner_bot" if data["owner"] == "bot" else "owner_agent")


def card(data: dict[str, Any], words: Words) -> RenderableType:
    """Return a card; of a type that is newer than this client, what it holds."""
    if data["type"] == "order":
        return _order(data, words)
    if data["type"] == "parcel":
        return _parcel(data, words)
    if data["type"] == "product":
        return _product(data, words)
    return Text(", ".join(f"{key}: {value}" for key, value in data.items()))


def _order(data: dict[str, Any], words: Words) -> RenderableType:
    table = _table()
    for line in data["lines"]:
        state = "" if line["state"] == data["state"] else words.state(line["state"])
        table.add_row(
            Text(f"{line['quantity']} ×"),
            Text(line["name"]),
            Text(_money(line["price"])),
            Text(state),
        )
    table.add_row("", Text(words("total"), style="bold"), Text(_money(data["total"])), "")
    rows: list[RenderableType] = [table]
    rows.extend(
        Text(
            f"{words('parcel')} {parcel['tracking_number']} · {parcel['carrier_name']} · "
            f"{words.state(parcel['state'])}"
        )
        for parcel in data["parcels"]
    )
    if data.get("payment_due_at"):
        rows.append(Text(f"{words('pay_by')} {_time(data['payment_due_at'])}"))
    if data.get("deliver_by"):
        rows.append(Text(f"{words('deliver_by')} {_time(data['deliver_by'])}"))
    title = f"{words('order')} {data['number']} · {words.state(data['state'])}"
    return _panel(rows, title, _time(data["placed_at"]))


def _parcel(data: dict[str, Any], words: Words) -> RenderableType:
    timeline = _table()
    for number, event in enumerate(data["events"]):
        latest = number == 0
        place = " · ".join(filter(None, (event.get("location"), event["text"])))
        timeline.add_row(
            Text("●" if latest else "│", style="green" if latest else "dim"),
            Text(_time(event["at"]), style="" if latest else "dim"),
            Text(place, style="" if latest else "dim"),
        )
    rows: list[RenderableType] = [timeline]
    days = list(filter(None, (data.get("estimated_from"), data.get("estimated_to"))))
    if days:
        rows.append(Text(f"{words('expected')} {' – '.join(dict.fromkeys(days))}"))
    state = words.state(data["state"])
    if data.get("exception"):
        state = f"{state} ({words.state(data['exception'])})"
    title = f"{words('parcel')} {data['tracking_number']} · {data['carrier_name']} · {state}"
    return _panel(rows, title, f"{words('order')} {data['order_number']}")


def _product(data: dict[str, Any], words: Words) -> RenderableType:
    table = _table()
    for attribute in data["attributes"]:
        table.add_row(Text(attribute["name"], style="dim"), Text(attribute["value"]))
    stock = words("in_stock") if data["in_stock"] else words("out_of_stock")
    if data.get("restock_on"):
        stock = f"{stock}, {words('restock')} {data['restock_on']}"
    return _panel([Text(f"{_money(data['price'])} · {stock}"), table], data["name"], data["sku"])


def _table() -> Table:
    return Table(box=None, show_header=False, pad_edge=False)


def _panel(rows: Iterable[RenderableType], title: str, subtitle: str) -> Panel:
    return Panel(
        Group(*rows),
        title=Text(title, style="bold"),
        title_align="left",
        subtitle=Text(subtitle, style="dim"),
        subtitle_align="left",
        border_style="dim",
        expand=False,
    )


def _money(money: dict[str, str]) -> str:
    return f"{money['amount']} {money['currency']}"


def _time(iso: str) -> str:
    """Return a time as the shopper's clock shows it; a bare date stays one."""
    moment = datetime.fromisoformat(iso)
    if len(iso) <= len("2026-01-31"):
        return iso
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
