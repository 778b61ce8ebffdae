"""What a ticket holds and how two reports of one case become one. Pure."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from ticketing.queue.rules import REASON_POINTS, Reason


class State(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"


UNFINISHED = (State.NEW, State.OPEN, State.PENDING, State.ON_HOLD)
"""A conversation has at most one ticket in these states."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a case."""

    reason: Reason
    language: str
    intent: str | None = None
    summary: str | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    order_number: str | None = None
    order_snapshot: dict[str, Any] | None = None
    understanding: dict[str, Any] | None = None
    failed_action: str | None = None


def merge(old: Facts, new: Facts) -> Facts:
    """Return the facts of a case reported again.

    The weightier reason stays; elsewhere the newer report wins where it says anything. A snapshot
    belongs to its order: a new order without one leaves none.
    """
    weightier = REASON_POINTS[new.reason] > REASON_POINTS[old.reason]
    moved = new.order_number is not None and new.order_number != old.order_number
    return replace(
        old,
        reason=new.reason if weightier else old.reason,
        language=new.language,
        intent=new.intent or old.intent,
        summary=new.summary or old.summary,
        slots={
            **old.slots,
            **{key: value for key, value in new.slots.items() if value is not None},
        },
        order_number=new.order_number or old.order_number,
        order_snapshot=new.order_snapshot if moved else new.order_snapshot or old.order_snapshot,
        understanding=new.understanding or old.understanding,
        failed_action=new.failed_action or old.failed_action,
    )
