"""What to say of one parcel: shared by order status and parcel tracking."""

from dataclasses import dataclass

from actions import words
from actions.cards import Card
from actions.formats import Formats
from actions.turn import Turn
from integrations.shop.models import Shipment, ShipmentState

MOVING = (ShipmentState.PENDING, ShipmentState.INFO_RECEIVED, ShipmentState.IN_TRANSIT)


@dataclass(frozen=True, slots=True)
class Saying:
    """A response and its values."""

    response: str
    values: dict[str, str]

    def to(self, turn: Turn, card: Card | None = None) -> None:
        """Say it in a turn, with a card."""
        turn.say(self.response, self.values, card=card)


def is_late(parcel: Shipment, formats: Formats) -> bool:
    """Tell whether a parcel on its way should have arrived before today."""
    due = parcel.estimated_to
    return parcel.state in MOVING and due is not None and due < formats.today


def parcel_saying(parcel: Shipment, turn: Turn) -> Saying:
    """Return what to say of a parcel now."""
    return Saying(_response(parcel, turn.formats), _values(parcel, turn))


def arrival(parcel: Shipment, formats: Formats) -> str:
    """Return when a parcel should arrive, or by when it should have; empty if nobody has said."""
    first, last = parcel.estimated_from, parcel.estimated_to
    if last is None:
        return formats.day(first) if first else ""
    if first is None or last < formats.today:
        return formats.day(last)
    # A day that has passed is no promise any more.
    return formats.interval(max(first, formats.today), last)


def _response(parcel: Shipment, formats: Formats) -> str:
    if is_late(parcel, formats):
        return "utter_parcel_late"
    if parcel.state is ShipmentState.IN_TRANSIT and not parcel.estimated_to:
        return "utter_parcel_in_transit_undated"
    if parcel.state is ShipmentState.EXCEPTION and parcel.exception_kind:
        return f"utter_parcel_exception_{parcel.exception_kind.value}"
    return f"utter_parcel_{parcel.state.value}"


def _values(parcel: Shipment, turn: Turn) -> dict[str, str]:
    newest = parcel.events[0] if parcel.events else None
    return {
        "tracking_number": parcel.tracking_number,
        "carrier": words.carrier(parcel.carrier, turn.language),
        "eta": arrival(parcel, turn.formats),
        "event": _newest_event(parcel, turn),
        "time": turn.formats.moment(newest.at) if newest else "",
    }


def _newest_event(parcel: Shipment, turn: Turn) -> str:
    if not parcel.events:
        return words.shipment_state(parcel.state, turn.language)
    newest = parcel.events[0]
    told = newest.description.in_language(turn.language).rstrip("。.")
    return f"{turn.formats.moment(newest.at)} {told}"
