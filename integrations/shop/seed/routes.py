"""The ordinary way of a parcel, from label to door, by network."""

from dataclasses import dataclass

from integrations.shop.models import LocalizedText
from integrations.shop.seed.people import Place


@dataclass(frozen=True)
class Stop:
    """One scan of the ordinary way."""

    share: float
    """How much of the way's time has passed, 0 at collection, 1 at the door."""
    event: str
    at: LocalizedText
    next: LocalizedText


def way(start: Place, to: Place, network: str) -> list[Stop]:
    """Return every scan of an undisturbed parcel, first to last.

    `network` is `domestic` or `america` (hub to hub) or `abroad` (by air, through customs).
    """
    middle = _by_air(start, to) if network == "abroad" else _by_road(start, to)
    return [
        Stop(0, "label", start.city, start.hub),
        Stop(0, "picked_up", start.city, start.hub),
        Stop(0.05, "arrive", start.hub, to.hub),
        *middle,
        Stop(0.88, "arrive_city", to.city, to.city),
        Stop(0.95, "out_for_delivery", to.city, to.city),
        Stop(1, "delivered", to.city, to.city),
    ]


def _by_road(start: Place, to: Place) -> list[Stop]:
    if start.hub == to.hub:
        return [Stop(0.4, "depart", to.hub, to.city)]
    return [
        Stop(0.15, "depart", start.hub, to.hub),
        Stop(0.6, "arrive_hub", to.hub, to.city),
        Stop(0.68, "depart", to.hub, to.city),
    ]


def _by_air(start: Place, to: Place) -> list[Stop]:
    return [
        Stop(0.15, "export_cleared", start.city, to.hub),
        Stop(0.25, "flight", start.hub, to.hub),
        Stop(0.55, "arrive_hub", to.hub, to.city),
        Stop(0.7, "import_cleared", to.hub, to.city),
        Stop(0.76, "depart", to.hub, to.city),
    ]
