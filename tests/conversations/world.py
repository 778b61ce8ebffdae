"""A small shop in which every telling thing has happened once, and a desk that knows its buyers."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from actions.entitlement import Identity
from actions.policy import load_policy
from actions.ports import Ports
from integrations.helpdesk.fake import FakeHelpdesk
from integrations.helpdesk.models import PhoneProof, ProvenIdentity
from integrations.shop.fake import FakeShop
from integrations.shop.models import (
    Customer,
    ExceptionKind,
    LocalizedText,
    Money,
    Order,
    OrderLine,
    OrderState,
    Product,
    Refund,
    RefundState,
    Shipment,
    ShipmentEvent,
    ShipmentState,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai."""
DAY = timedelta(days=1)

LIN, AMY, BOB = "C-LIN", "C-AMY", "C-BOB"
PHONES = {LIN: "+8613800005678", AMY: "+14155550123", BOB: "+8613900009999"}

ON_ITS_WAY = "FD20261120-10001"
SPLIT = "FD20261118-10002"
UNPAID = "FD20261123-10003"
DELIVERED = "FD20261101-10004"
CANCELLED = "FD20261110-10005"
AMYS = "FD20261119-20001"
BOBS_LOST = "FD20261112-30001"
NOBODYS = "FD20260101-99999"

LIN_SIGNED_IN = Identity(LIN, None)
AMY_SIGNED_IN = Identity(AMY, None)

EARBUDS = Product(
    "AU-02-BK",
    LocalizedText("轻羽真无线蓝牙耳机 黑色", "Feather True Wireless Earbuds Black"),
    "audio",
    Money(Decimal("299.00"), "CNY"),
    stock=34,
    attributes={
        "features": LocalizedText(
            "蓝牙5.3；单次续航6小时；IPX4 防溅水",
            "Bluetooth 5.3; 6 hours on one charge; IPX4 splash-proof",
        ),
        "in_the_box": LocalizedText("耳机、充电盒", "Earbuds; charging case"),
    },
    warranty_months=12,
)
KETTLE = Product(
    "KI-01-CR",
    LocalizedText("晨雾电热水壶", "Morning Mist Kettle"),
    "kitchen",
    Money(Decimal("159.00"), "CNY"),
    stock=0,
    restock_on=date(2026, 12, 1),
    attributes={"material": LocalizedText("不锈钢内胆", "Stainless steel inside")},
)
PRODUCTS = (EARBUDS, KETTLE)


def line(number: str, product: Product, state: OrderState) -> OrderLine:
    """Return one line of an order."""
    return OrderLine(f"{number}-{product.sku}", product.sku, product.name, 1, product.price, state)


def order(number: str, customer: str, state: OrderState, **changes: object) -> Order:
    """Return an order of the earbuds."""
    placed = datetime.strptime(number[2:10], "%Y%m%d").replace(tzinfo=UTC)
    facts: dict[str, object] = {
        "total": Money(Decimal("299.00"), "CNY"),
        "lines": (line(number, EARBUDS, state),),
        **changes,
    }
    return Order(
        number=number,
        customer_id=customer,
        state=state,
        placed_at=placed,
        phone=PHONES.get(customer, "+8613700000000"),
        email="x@example.org",
        address="",
        **facts,  # type: ignore[arg-type]
    )


def event(days_ago: float, state: ShipmentState, zh: str, en: str) -> ShipmentEvent:
    """Return one scan."""
    return ShipmentEvent(NOW - days_ago * DAY, state, LocalizedText(zh, en))


def parcel(
    tracking_number: str, carrier: str, order_number: str, state: ShipmentState, **facts: object
) -> Shipment:
    """Return a parcel whose last scan was in its present state."""
    events = (
        event(0.5, state, "到达上海分拨中心", "Arrived at the Shanghai hub"),
        event(2, ShipmentState.INFO_RECEIVED, "商家已下单", "Label made"),
    )
    return Shipment(
        tracking_number,
        carrier,
        order_number,
        state,
        line_ids=(f"{order_number}-{EARBUDS.sku}",),
        events=events,
        **facts,  # type: ignore[arg-type]
    )


def make_shop() -> FakeShop:
    """Return the shop."""
    return FakeShop(
        *(Customer(one, one, "zh", "x@example.org", PHONES[one], "standard", 0) for one in PHONES),
        *PRODUCTS,
        order(ON_ITS_WAY, LIN, OrderState.SHIPPED),
        parcel(
            "SF1000000000001",
            "sf",
            ON_ITS_WAY,
            ShipmentState.IN_TRANSIT,
            estimated_from=date(2026, 11, 24),
            estimated_to=date(2026, 11, 25),
        ),
        order(
            SPLIT,
            LIN,
            OrderState.SHIPPED,
            lines=(
                line(SPLIT, EARBUDS, OrderState.SHIPPED),
                line(SPLIT, KETTLE, OrderState.PACKED),
            ),
        ),
        parcel("SF1000000000002", "sf", SPLIT, ShipmentState.DELIVERED),
        parcel("YT1000000000003", "yto", SPLIT, ShipmentState.IN_TRANSIT),
        order(
            UNPAID,
            LIN,
            OrderState.PENDING_PAYMENT,
            payment_due_at=NOW + timedelta(hours=5, minutes=20, seconds=40),
        ),
        order(DELIVERED, LIN, OrderState.DELIVERED),
        parcel("SF1000000000004", "sf", DELIVERED, ShipmentState.DELIVERED),
        order(CANCELLED, LIN, OrderState.CANCELLED, cancelled_at=NOW - 3 * DAY),
        Refund(
            "R-1",
            CANCELLED,
            None,
            Money(Decimal("299.00"), "CNY"),
            "alipay",
            RefundState.PENDING,
            NOW - 3 * DAY,
            date(2026, 11, 27),
        ),
        order(AMYS, AMY, OrderState.SHIPPED),
        parcel("1Z999AA10123456784", "ups", AMYS, ShipmentState.OUT_FOR_DELIVERY),
        order(BOBS_LOST, BOB, OrderState.SHIPPED),
        parcel(
            "SF1000000000009",
            "sf",
            BOBS_LOST,
            ShipmentState.EXCEPTION,
            exception_kind=ExceptionKind.LOST,
        ),
    )


def make_helpdesk(shop: FakeShop) -> FakeHelpdesk:
    """Return a desk that accepts the phone on each order."""
    return FakeHelpdesk(
        proofs={
            (one.number, PhoneProof(one.phone[-4:])): ProvenIdentity(one.customer_id, (one.number,))
            for one in shop.orders.values()
        }
    )


def make_ports() -> tuple[Ports, FakeShop, FakeHelpdesk]:
    """Return the ports and the fakes behind them."""
    shop = make_shop()
    helpdesk = make_helpdesk(shop)
    return (
        Ports(shop, helpdesk, load_policy(), timeout_seconds=8.0, now=lambda: NOW),
        shop,
        helpdesk,
    )
