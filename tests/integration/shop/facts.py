"""A small shop for the tests: three customers, six products, four orders."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from integrations.shop.facts import ShopFacts
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
    Return,
    ReturnState,
    Shipment,
    ShipmentEvent,
    ShipmentState,
)

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def product(sku: str, zh: str, en: str, *, price: str = "99.00", stock: int = 5) -> Product:
    return Product(sku, LocalizedText(zh, en), "home", cny(price), stock)


MUG = product("CUP-350-W", "陶瓷马克杯 350ml 白色", "Ceramic Mug 350 ml, White", price="39.90")
COAT = Product(
    sku="COAT-W-M",
    name=LocalizedText("羊毛大衣 女款 M码", "Women's Wool Coat, Size M"),
    category="clothing",
    price=cny("899.00"),
    stock=0,
    restock_on=date(2026, 11, 20),
    attributes={
        "material": LocalizedText("80% 羊毛", "80 % wool"),
        "care": LocalizedText("仅限干洗", "Dry-clean only"),
    },
    warranty_months=12,
)
PRODUCTS = [
    MUG,
    COAT,
    product("CASE-IP15", "iPhone 15 透明手机壳", "Clear Phone Case for iPhone 15"),
    product("KETTLE-17", "电热水壶 1.7L", "Electric Kettle 1.7 L"),
    product("KETTLE-GN", "鹅颈手冲壶", "Gooseneck Pour-Over Kettle"),
    product("SOCK-3", "纯棉短袜 3双装", "Cotton Ankle Socks, 3 Pairs"),
]

MEI = Customer("C1", "林梅", "zh", "mei@example.com", "+8615400001234", "gold", 520)
TOM = Customer("C2", "Tom Reed", "en", "tom@example.org", "+12025550143", "standard", 0)
NEW = Customer("C3", "Ada New", "en", "ada@example.net", "+12125550199", "silver", 10)


def order(number: str, customer: Customer, state: OrderState, placed_at: datetime) -> Order:
    return Order(
        number=number,
        customer_id=customer.id,
        state=state,
        placed_at=placed_at,
        total=cny("938.90"),
        phone=customer.phone,
        email=customer.email,
        address="1 Test Street",
        lines=(
            OrderLine("2", COAT.sku, COAT.name, 1, cny("899.00"), state),
            OrderLine("1", MUG.sku, MUG.name, 1, cny("39.90"), state),
        ),
        deliver_by=placed_at + 5 * DAY,
    )


def event(at: datetime, state: ShipmentState, where: str | None = None) -> ShipmentEvent:
    text = LocalizedText(f"{state} 中文", f"{state} english")
    return ShipmentEvent(at, state, text, LocalizedText(f"{where}市", where) if where else None)


SPLIT = order("FD20261101-00001", MEI, OrderState.SHIPPED, NOON - 2 * DAY)
UNPAID = order("FD20261103-00002", MEI, OrderState.PENDING_PAYMENT, NOON)
RETURNED = order("FD20261001-00003", TOM, OrderState.COMPLETED, NOON - 33 * DAY)

LATER_PARCEL = Shipment(
    tracking_number="AA0000000002",
    carrier="yto",
    order_number=SPLIT.number,
    state=ShipmentState.EXCEPTION,
    line_ids=("1",),
    events=(event(NOON - DAY / 2, ShipmentState.EXCEPTION, "Wuhan"),),
    exception_kind=ExceptionKind.DELAY,
)
FIRST_PARCEL = Shipment(
    tracking_number="SF1390000000001",
    carrier="sf",
    order_number=SPLIT.number,
    state=ShipmentState.IN_TRANSIT,
    line_ids=("2",),
    events=(
        event(NOON, ShipmentState.IN_TRANSIT, "Shanghai"),
        event(NOON - DAY, ShipmentState.INFO_RECEIVED),
    ),
    estimated_from=date(2026, 11, 4),
    estimated_to=date(2026, 11, 5),
)
LABEL_ONLY = Shipment(
    "AA0000000001", "zto", SPLIT.number, ShipmentState.PENDING, line_ids=(), events=()
)


def small_shop() -> ShopFacts:
    """Return the facts anew."""
    return ShopFacts(
        customers=[MEI, TOM, NEW],
        products=list(PRODUCTS),
        orders=[SPLIT, UNPAID, RETURNED],
        shipments=[LABEL_ONLY, LATER_PARCEL, FIRST_PARCEL],
        returns=[
            Return(
                *("R1", RETURNED.number, "2", "return", ReturnState.REFUNDED, "too_small", 1),
                requested_at=NOON - 25 * DAY,
                decided_at=NOON - 24 * DAY,
            ),
            Return(
                *("R2", RETURNED.number, "1", "exchange", ReturnState.REQUESTED, "broken", 1),
                requested_at=NOON - 3 * DAY,
            ),
        ],
        refunds=[
            Refund(
                *("F1", RETURNED.number, "R1", cny("899.00"), "alipay", RefundState.PAID),
                created_at=NOON - 20 * DAY,
                promised_by=date(2026, 10, 20),
                paid_at=NOON - 18 * DAY,
            ),
            Refund(
                *("F2", RETURNED.number, None, cny("10.00"), "alipay", RefundState.PENDING),
                created_at=NOON - DAY,
                promised_by=date(2026, 11, 9),
            ),
        ],
    )
