"""In which order scans and parcels are told, the same in every adapter."""

from collections.abc import Iterable
from datetime import UTC, datetime

from integrations.shop.models import Shipment, ShipmentEvent, ShipmentState

_PROGRESS = {state: at for at, state in enumerate(ShipmentState)}
_NEVER = datetime.max.replace(tzinfo=UTC)


def newest_first(events: Iterable[ShipmentEvent]) -> tuple[ShipmentEvent, ...]:
    """Return scans newest first; of two at one moment, the one further along comes first."""
    return tuple(sorted(events, key=lambda event: (event.at, _PROGRESS[event.state]), reverse=True))


def first_scan(parcel: Shipment) -> tuple[datetime, str]:
    """Return the sort key that puts the parcel shipped first first, unscanned ones last."""
    return (parcel.events[-1].at if parcel.events else _NEVER, parcel.tracking_number)
