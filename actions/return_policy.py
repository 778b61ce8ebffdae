"""What may be returned, for how long and who pays: the shop's rules, not one shopper's case."""

from actions.base import Journey
from actions.turn import Event, Turn


class ReturnPolicy(Journey):
    """Answers `ask_return_policy` from the shop's policy file."""

    action_name = "action_return_policy"

    async def answer(self, turn: Turn) -> list[Event]:
        """Tell the rules."""
        returns = turn.ports.policy.returns
        turn.say(
            "utter_return_policy",
            {
                "return_days": returns.return_days,
                "exchange_days": returns.exchange_days,
                "refund_days": returns.refund_days,
                "not_returnable": returns.not_returnable.in_language(turn.language),
            },
        )
        return []
