"""How long delivery takes, what it costs and who carries, before anything is bought."""

from actions import words
from actions.base import Journey
from actions.turn import Event, Turn


class DeliveryQuestion(Journey):
    """Answers `ask_delivery` from the shop's policy file."""

    action_name = "action_delivery_question"

    async def answer(self, turn: Turn) -> list[Event]:
        """Tell times, costs and carriers."""
        delivery, formats = turn.ports.policy.delivery, turn.formats
        turn.say(
            "utter_delivery",
            {
                "cutoff": delivery.cutoff,
                "domestic": delivery.domestic.days,
                "domestic_carriers": _carriers(turn, delivery.domestic.carriers),
                "domestic_fee": formats.round_money(delivery.domestic.fee),
                "domestic_free_over": formats.round_money(delivery.domestic.free_over),
                "abroad": delivery.abroad.days,
                "abroad_carriers": _carriers(turn, delivery.abroad.carriers),
                "abroad_fee": formats.round_money(delivery.abroad.fee),
            },
        )
        return []


def _carriers(turn: Turn, codes: tuple[str, ...]) -> str:
    names = [words.carrier(code, turn.language) for code in codes]
    return turn.formats.one_of(names)
