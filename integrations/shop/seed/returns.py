"""What the demo shop's customers send back, and the money that follows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from integrations.shop.facts import ShopFacts
from integrations.shop.models import (
    Money,
    Order,
    OrderLine,
    Refund,
    RefundState,
    Return,
    ReturnState,
)
from integrations.shop.seed.sheets import read

REFUND_DAYS = 7
"""Promised between decision and money."""
PAYMENT_METHODS = {"zh": ("alipay", "wechat_pay", "card"), "en": ("card", "paypal")}

_RETURNED = [
    *[ReturnState.REFUNDED] * 5,
    *[ReturnState.REQUESTED] * 2,
    *[ReturnState.AWAITING_ITEM] * 2,
    ReturnState.APPROVED,
    ReturnState.DECLINED,
    ReturnState.RECEIVED,
    ReturnState.INSPECTED,
    ReturnState.CLOSED,
    ReturnState.CANCELLED,
]
_LAST_STATE = {"exchange": ReturnState.EXCHANGED, "repair": ReturnState.REPAIRED}
"""Where an exchange and a repair end instead of in a refund."""
_UNDECIDED = (ReturnState.REQUESTED, ReturnState.CANCELLED)


@dataclass
class ReturnsDesk:
    """Takes returns one after the other."""

    rng: Random
    now: datetime

    def __post_init__(self) -> None:
        self._reasons = read("return_reasons")

    def take_back(self, order: Order, delivered_at: datetime, locale: str, to: ShopFacts) -> None:
        """Add a return of one line of a delivered order, and its refund where one is due."""
        line = self.rng.choice(order.lines)
        reason = self.rng.choice(self._reasons)
        state = self.rng.choice(_RETURNED)
        if state is ReturnState.REFUNDED:
            state = _LAST_STATE.get(reason["kind"], state)
        requested = delivered_at + timedelta(days=self.rng.uniform(0.5, 5))
        decided = None if state in _UNDECIDED else requested + timedelta(hours=20)
        entry = Return(
            number=f"RMA{len(to.returns) + 1:06d}",
            order_number=order.number,
            line_id=line.id,
            kind=reason["kind"],
            state=state,
            reason=reason["reason"],
            quantity=1,
            requested_at=requested.replace(microsecond=0),
            decided_at=decided and decided.replace(microsecond=0),
        )
        to.returns.append(entry)
        if decided is None:
            return
        if state is ReturnState.REFUNDED:
            self._refund(order, entry.number, _price(line), decided, locale, to, paid=True)
        elif state is ReturnState.INSPECTED and entry.kind == "return":
            inspected = decided + timedelta(days=4)
            self._refund(order, entry.number, _price(line), inspected, locale, to, paid=False)

    def refund_cancelled(self, order: Order, locale: str, to: ShopFacts) -> None:
        """Add the refund of an order cancelled after payment; a third are still under way."""
        cancelled_at = order.cancelled_at or order.placed_at
        paid = self.rng.random() < 2 / 3
        self._refund(order, None, order.total, cancelled_at, locale, to, paid=paid)

    def _refund(
        self,
        order: Order,
        return_number: str | None,
        amount: Money,
        since: datetime,
        locale: str,
        to: ShopFacts,
        *,
        paid: bool,
    ) -> None:
        created = min(since, self.now - timedelta(hours=1)).replace(microsecond=0)
        paid_at = min(created + timedelta(days=self.rng.uniform(1, 6)), self.now)
        to.refunds.append(
            Refund(
                id=f"RF{len(to.refunds) + 1:06d}",
                order_number=order.number,
                return_number=return_number,
                amount=amount,
                method=self.rng.choice(PAYMENT_METHODS[locale]),
                state=RefundState.PAID if paid else RefundState.PENDING,
                created_at=created,
                promised_by=(created + timedelta(days=REFUND_DAYS)).date(),
                paid_at=paid_at.replace(microsecond=0) if paid else None,
            )
        )


def _price(line: OrderLine) -> Money:
    """Return what one piece of a line cost."""
    return line.unit_price
