"""In what order tickets are worked, and why. Pure.

The weights are the desk's own judgement of how much a cause may wait; each ticket keeps the factors
that made its priority, so that an agent can see them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Reason(StrEnum):
    """Why a conversation goes to a person."""

    ASKED_FOR_PERSON = "asked_for_person"
    COMPLAINT = "complaint"
    NOT_UNDERSTOOD = "not_understood"
    BACK_END_FAILED = "back_end_failed"
    BEYOND_ASSISTANT = "beyond_assistant"
    IDENTITY_LOCKED = "identity_locked"
    SAFETY = "safety"


class Priority(IntEnum):
    """A ticket's level; the lower number is worked first."""

    URGENT = 0
    HIGH = 1
    NORMAL = 2
    LOW = 3

    @property
    def word(self) -> str:
        """The level as the contracts name it."""
        return self.name.lower()


REASON_POINTS = {
    Reason.SAFETY: 100,
    Reason.COMPLAINT: 50,
    Reason.BACK_END_FAILED: 40,
    Reason.ASKED_FOR_PERSON: 20,
    Reason.BEYOND_ASSISTANT: 20,
    Reason.NOT_UNDERSTOOD: 20,
    Reason.IDENTITY_LOCKED: 10,
}
LEVELS = ((90, Priority.URGENT), (40, Priority.HIGH), (10, Priority.NORMAL))
"""Points from which a level is reached, highest first; below the last it is low."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One cause of a priority with its points."""

    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """A priority with what it was made of, weightiest first."""

    priority: Priority
    factors: tuple[Factor, ...]

    @property
    def points(self) -> int:
        """The sum of the factors."""
        return sum(factor.points for factor in self.factors)


def rank(reasons: Iterable[Reason]) -> Ranking:
    """Rank a ticket by the reasons it was opened for.

    Only the weightiest reason counts: asking for a person three times is one wish.
    """
    weightiest = max(set(reasons), key=lambda reason: (REASON_POINTS[reason], reason))
    factor = Factor(f"reason:{weightiest}", REASON_POINTS[weightiest])
    level = next((level for least, level in LEVELS if factor.points >= least), Priority.LOW)
    return Ranking(level, (factor,))
