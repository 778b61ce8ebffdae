"""What becomes of the demo shop's orders, and how many go each way."""

from dataclasses import dataclass
from random import Random

from integrations.shop.models import OrderState
from integrations.shop.seed.sheets import read

TRIPLE_SHARE = 6
"""Of the parcels beyond one an order, one in so many makes a three-parcel order."""


@dataclass(frozen=True)
class Journey:
    """One way an order can go."""

    name: str
    order_state: OrderState
    parcels: int


class ShipmentsDoNotFit(ValueError):
    """So many shipments cannot be spread over so many orders."""


def plan(rng: Random, *, orders: int, shipments: int) -> list[Journey]:
    """Return one journey for each order, shuffled; their parcels add up to `shipments`.

    The sheet's shares are of 10,000 orders; completed orders fill up what is left.

    Raises:
        ShipmentsDoNotFit: the numbers cannot be met.
    """
    journeys: dict[str, Journey] = {}
    counts: dict[str, int] = {}
    for row in read("journeys"):
        name = row["journey"]
        journeys[name] = Journey(name, OrderState(row["order_state"]), int(row["parcels"]))
        counts[name] = (
            max(1, round(int(row["share"]) * orders / 10_000)) if row["share"] != "0" else 0
        )
    left = orders - sum(counts.values())
    parcels_left = shipments - sum(journeys[name].parcels * n for name, n in counts.items())
    extra = parcels_left - left
    triple = max(0, extra // TRIPLE_SHARE)
    double = extra - 2 * triple
    single = left - double - triple
    if min(single, double) < 0:
        raise ShipmentsDoNotFit(f"{shipments} shipments for {orders} orders")
    counts |= {"completed": single, "completed_split": double, "completed_three": triple}
    planned = [journeys[name] for name, count in counts.items() for _ in range(count)]
    rng.shuffle(planned)
    return planned
