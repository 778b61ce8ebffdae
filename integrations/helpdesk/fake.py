"""A desk in memory, for tests and for building actions without one."""

from dataclasses import dataclass, field
from datetime import datetime

from integrations.helpdesk.errors import HelpdeskError
from integrations.helpdesk.models import (
    IdentityCheck,
    Proof,
    ProvenIdentity,
    Ticket,
    TicketRequest,
)


@dataclass
class FakeHelpdesk:
    """Keeps tickets and checks proofs against `proofs`; can be made to fail."""

    proofs: dict[tuple[str, Proof], ProvenIdentity] = field(default_factory=dict)
    """(order number, what proves it) → what is proven by it."""
    waiting: int = 0
    """Tickets already in the queue when the first one is opened."""
    locked_until: datetime | None = None
    """While set, nothing is checked."""
    failure: HelpdeskError | None = None
    """Raised instead of an answer while set."""
    tickets: list[TicketRequest] = field(default_factory=list)
    """Every request that made or reached a ticket, in order."""
    checks: list[tuple[str, str, Proof]] = field(default_factory=list)
    """Every proof that was checked: conversation, order number, proof."""
    identities: dict[str, ProvenIdentity] = field(default_factory=dict)
    """What each conversation has proven last, as the desk sends it with later messages."""
    _numbers: dict[str, int] = field(default_factory=dict)

    async def open_ticket(self, request: TicketRequest) -> Ticket:
        """Open the conversation's ticket, or return the open one; see the port."""
        if self.failure is not None:
            raise self.failure
        self.tickets.append(request)
        number = self._numbers.setdefault(request.conversation, len(self._numbers) + 1)
        return Ticket(number, "new", self.waiting + number)

    async def check_identity(
        self, conversation: str, order_number: str, proof: Proof
    ) -> IdentityCheck:
        """Look the proof up; see the port."""
        if self.failure is not None:
            raise self.failure
        if self.locked_until is not None:
            return IdentityCheck(None, self.locked_until)
        self.checks.append((conversation, order_number, proof))
        proven = self.proofs.get((order_number, proof))
        if proven is not None:
            self.identities[conversation] = proven
        return IdentityCheck(proven)

    async def close(self) -> None:
        """Nothing to give back."""
