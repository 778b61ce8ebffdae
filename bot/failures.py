"""Which custom actions failed in the turn being handled; Rasa itself only logs them."""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import Iterator, List

_failed: ContextVar[List[str]] = ContextVar("frontdesk_failed_actions")


def record(action: str) -> None:
    """Note that `action` raised or timed out; outside a turn, do nothing."""
    _failed.get([]).append(action)


@contextmanager
def recorded() -> Iterator[List[str]]:
    """Yield the list that collects this turn's failed actions, in order."""
    failed: List[str] = []
    token = _failed.set(failed)
    try:
        yield failed
    finally:
        _failed.reset(token)
