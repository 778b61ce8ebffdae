"""What the actions ask of the desk. Adapters: `http` (its tickets API), `fake` (for tests)."""

from typing import Protocol

from integrations.helpdesk.models import IdentityCheck, Proof, Ticket, TicketRequest


class Helpdesk(Protocol):
    """The desk's side of a handover.

    Every method raises `HelpdeskUnavailable` (or `HelpdeskTimeout`) when the desk fails, and
    `HelpdeskRefused` when it will not do it.
    """

    async def open_ticket(self, request: TicketRequest) -> Ticket:
        """Give the conversation to a person.

        The same turn again returns the same ticket, and so does any turn of a conversation
        whose ticket is still open.
        """

    async def check_identity(
        self, conversation: str, order_number: str, proof: Proof
    ) -> IdentityCheck:
        """Prove that an order is the shopper's. Each call counts as one attempt."""

    async def close(self) -> None:
        """Give back connections."""
