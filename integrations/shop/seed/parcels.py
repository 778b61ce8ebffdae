"""Parcels with their scans: where each stands, and how it came there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from integrations.shop.models import (
    ExceptionKind,
    LocalizedText,
    Shipment,
    ShipmentEvent,
    ShipmentState,
)
from integrations.shop.seed.people import Place, places
from integrations.shop.seed.routes import Stop, way
from integrations.shop.seed.sheets import Wording, read
from integrations.shop.seed.tracking_numbers import tracking_number

HOURS = {"domestic": (38, 84), "america": (48, 110), "abroad": (150, 260)}
"""From collection to the door, fastest and slowest."""
WAREHOUSES = {"domestic": "Hangzhou", "america": "Los Angeles", "abroad": "Shenzhen"}
FROM_CHINA_SHARE = 0.2
"""Share of the parcels to the United States that the warehouse there does not have."""
LOCKER_SHARE = 0.25
DELIVERY_HOURS = range(10, 20)
"""Hours of the day, where the door is."""
DAY = 24.0

_FIRST, _LAST_BEFORE_DOOR = "picked_up", "arrive_city"


@dataclass(frozen=True)
class Ending:
    """Where a parcel stands now. Times are hours, drawn between the two given."""

    last: str | None = None
    """The last scan of the ordinary way that happened; None: any between collection and city."""
    then: tuple[str, ...] = ()
    """What came after it, out of the ordinary."""
    ago: tuple[float, float] = (1, 14)
    """Since the last scan."""
    gap: tuple[float, float] = (3, 20)
    """Between two scans out of the ordinary, and before the first."""
    estimate: bool = True
    """Whether the carrier still names a day."""


ENDINGS = {
    "packed": Ending("label", ago=(1, 12), estimate=False),
    "moving": Ending(),
    "out_for_delivery": Ending("out_for_delivery", ago=(0.5, 5)),
    "pickup": Ending("arrive_city", ("pickup_ready",), ago=(2, 40), estimate=False),
    "attempt_fail": Ending("out_for_delivery", ("attempt_fail",), ago=(2, 20)),
    "late": Ending(None, ("delay",), ago=(4, 30), gap=(5 * DAY, 8 * DAY)),
    "stuck": Ending(ago=(8 * DAY, 13 * DAY)),
    "lost": Ending(None, ("lost",), ago=(DAY, 3 * DAY), gap=(8 * DAY, 12 * DAY), estimate=False),
    "damaged": Ending(None, ("damaged",), ago=(8, 60), estimate=False),
    "customs": Ending("arrive_hub", ("customs",), ago=(10, 80)),
    "bad_address": Ending("arrive_city", ("address",), ago=(5, 50), estimate=False),
    "refused": Ending("out_for_delivery", ("refused",), ago=(5, 30), estimate=False),
    "returning": Ending("out_for_delivery", ("refused", "returning"), ago=(5, 60), estimate=False),
    "expired": Ending(
        None, ("expired",), ago=(DAY, 5 * DAY), gap=(30 * DAY, 31 * DAY), estimate=False
    ),
    "delivered": Ending("delivered", ago=(6, 6 * DAY)),
    "completed": Ending("delivered", ago=(10 * DAY, 360 * DAY)),
    "returned": Ending("delivered", ago=(12 * DAY, 28 * DAY)),
}


@dataclass(frozen=True)
class ScanKind:
    """One row of the sheet of scans."""

    state: ShipmentState
    exception: ExceptionKind | None
    wording: Wording


@dataclass
class Carriers:
    """Carries the demo shop's parcels; no scan is later than `now`."""

    rng: Random
    now: datetime
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._texts: dict[tuple[str, LocalizedText, LocalizedText], LocalizedText] = {}
        self._cities = {place.city.en: place for place in places()}
        self._networks: dict[str, dict[str, int]] = {}
        for row in read("carriers"):
            self._networks.setdefault(row["scope"], {})[row["carrier"]] = int(row["share"])
        self._scans = {
            row["event"]: ScanKind(
                ShipmentState(row["state"]),
                ExceptionKind(row["exception"]) if row["exception"] else None,
                Wording(row["zh"], row["en"]),
            )
            for row in read("parcel_events")
        }

    def network(self, to: Place, *, through_customs: bool = False) -> str:
        """Return which network serves a place."""
        if to.country == "CN":
            return "domestic"
        from_china = through_customs or self.rng.random() < FROM_CHINA_SHARE
        return "america" if to.country == "US" and not from_china else "abroad"

    def parcel(self, line_ids: Iterable[str], to: Place, network: str, ending: Ending) -> Shipment:
        """Return a parcel of no order yet that stands where `ending` says."""
        hours = self.rng.uniform(*HOURS[network])
        stops = self._stops(way(self._cities[WAREHOUSES[network]], to, network), ending)
        offsets = [stop.share * hours for stop in stops]
        for at in range(len(stops) - len(ending.then), len(stops)):
            offsets[at] = offsets[at - 1] + self.rng.uniform(*ending.gap)
        offsets[0] = -self.rng.uniform(2, 10)  # the label comes before collection
        last_scan = self.now - timedelta(hours=self.rng.uniform(*ending.ago))
        if ending.last == "delivered":
            last_scan = self._by_day(last_scan, to)
        collected = (last_scan - timedelta(hours=offsets[-1])).replace(microsecond=0)
        scans = [
            self._scan(stop, collected + timedelta(seconds=round(offset * 3600)))
            for stop, offset in zip(stops, offsets, strict=True)
        ]
        due = (collected + timedelta(hours=hours)).date()
        carrier, number = self._number(network)
        return Shipment(
            tracking_number=number,
            carrier=carrier,
            order_number="",
            state=scans[-1].state,
            line_ids=tuple(line_ids),
            events=tuple(reversed(scans)),
            exception_kind=self._scans[_kind(stops[-1])].exception,
            estimated_from=due if ending.estimate else None,
            estimated_to=due + timedelta(days=1) if ending.estimate else None,
        )

    def _by_day(self, at: datetime, place: Place) -> datetime:
        """Return a moment at or before `at` when couriers ring at doors."""
        hour = (at + place.utc_offset).hour
        if hour in DELIVERY_HOURS:
            return at
        past = (hour - DELIVERY_HOURS[-1]) % 24
        return at - timedelta(hours=past + self.rng.randrange(len(DELIVERY_HOURS) - 1))

    def _stops(self, ordinary: list[Stop], ending: Ending) -> list[Stop]:
        """Cut the ordinary way where `ending` says and add what came then."""
        events = [stop.event for stop in ordinary]
        if ending.last is None:
            first, last = events.index(_FIRST), events.index(_LAST_BEFORE_DOOR)
            cut = self.rng.randint(first, last)
        else:
            cut = events.index(ending.last)
        done = ordinary[: cut + 1]
        at = done[-1]
        if at.event == "delivered" and self.rng.random() < LOCKER_SHARE:
            done[-1] = Stop(at.share, "delivered_locker", at.at, at.next)
        return done + [Stop(at.share, event, at.at, at.next) for event in ending.then]

    def _scan(self, stop: Stop, at: datetime) -> ShipmentEvent:
        kind = self._scans[_kind(stop)]
        known = (stop.event, stop.at, stop.next)
        if known not in self._texts:
            self._texts[known] = kind.wording.fill(
                lambda language: {
                    "place": stop.at.in_language(language),
                    "next": stop.next.in_language(language),
                }
            )
        text = self._texts[known]
        return ShipmentEvent(at, kind.state, text, None if stop.event == "label" else stop.at)

    def _number(self, network: str) -> tuple[str, str]:
        shares = self._networks[network]
        carrier = self.rng.choices(list(shares), list(shares.values()))[0]
        while (number := tracking_number(carrier, self.rng)) in self._taken:
            pass
        self._taken.add(number)
        return carrier, number


def _kind(stop: Stop) -> str:
    """Return the scan's row: arriving reads alike at every stop."""
    return "arrive" if stop.event.startswith("arrive") else stop.event
