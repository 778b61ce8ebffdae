"""The shop's facts as the desk sees them, whatever system holds them.

Times are timezone-aware UTC. Amounts are decimals with their currency. Words for states are the
field's own (order: the shop's; shipment: AfterShip's; return: the RMA's) and never translated here.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class OrderState(StrEnum):
    """State of an order, and of each of its lines."""

    PENDING_PAYMENT = "pending_payment"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ShipmentState(StrEnum):
    """AfterShip's delivery status tags, which every carrier's vocabulary maps onto."""

    PENDING = "pending"
    INFO_RECEIVED = "info_received"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    ATTEMPT_FAIL = "attempt_fail"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    EXPIRED = "expired"


class ExceptionKind(StrEnum):
    """Why a shipment is in `exception`."""

    DELAY = "delay"
    CUSTOMS = "customs"
    LOST = "lost"
    DAMAGED = "damaged"
    ADDRESS = "address"
    REFUSED = "refused"
    RETURNING = "returning"


class ReturnState(StrEnum):
    """State of a return (RMA)."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DECLINED = "declined"
    AWAITING_ITEM = "awaiting_item"
    RECEIVED = "received"
    INSPECTED = "inspected"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    REPAIRED = "repaired"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class RefundState(StrEnum):
    """State of a payment back to the shopper."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount and its ISO 4217 currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """One text in the desk's two languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text in `zh` or `en`; English for any other language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Customer:
    """A person with an account at the shop."""

    id: str
    name: str
    locale: str
    """`zh` or `en`."""
    email: str
    phone: str
    """E.164, e.g. `+8613812345678`."""
    tier: str
    """`standard`, `silver` or `gold`."""
    points: int


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the catalogue."""

    sku: str
    name: LocalizedText
    category: str
    price: Money
    stock: int
    restock_on: date | None = None
    attributes: dict[str, LocalizedText] = field(default_factory=dict)
    """Attribute code (`material`, `size_advice`, `in_the_box` …) → its text."""
    warranty_months: int | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One product of an order, with a state of its own."""

    id: str
    sku: str
    name: LocalizedText
    quantity: int
    unit_price: Money
    state: OrderState


@dataclass(frozen=True, slots=True)
class Order:
    """An order with its lines; contact data are those given on this order."""

    number: str
    customer_id: str
    state: OrderState
    placed_at: datetime
    total: Money
    phone: str
    email: str
    address: str
    lines: tuple[OrderLine, ...]
    payment_due_at: datetime | None = None
    """When an unpaid order is cancelled by itself."""
    ship_by: datetime | None = None
    """Promised dispatch."""
    deliver_by: datetime | None = None
    """Promised delivery."""
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShipmentEvent:
    """One scan of a parcel."""

    at: datetime
    state: ShipmentState
    description: LocalizedText
    location: LocalizedText | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """One parcel of an order; an order can ship in several."""

    tracking_number: str
    carrier: str
    """Carrier code, e.g. `sf`, `yto`, `ups`."""
    order_number: str
    state: ShipmentState
    line_ids: tuple[str, ...]
    events: tuple[ShipmentEvent, ...]
    """Newest first."""
    exception_kind: ExceptionKind | None = None
    estimated_from: date | None = None
    estimated_to: date | None = None
    """The carrier's or the shop's arrival interval, both days included."""


@dataclass(frozen=True, slots=True)
class Return:
    """A return, exchange or repair of one order line."""

    number: str
    order_number: str
    line_id: str
    kind: str
    """`return`, `exchange` or `repair`."""
    state: ReturnState
    reason: str
    quantity: int
    requested_at: datetime
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back for one order."""

    id: str
    order_number: str
    return_number: str | None
    amount: Money
    method: str
    """Payment method code, e.g. `alipay`, `card`."""
    state: RefundState
    created_at: datetime
    promised_by: date
    paid_at: datetime | None = None
