"""When to try a delivery again. Pure."""

from datetime import timedelta

FIRST = timedelta(seconds=1)
LONGEST = timedelta(minutes=10)
ATTEMPTS_MAX = 18
"""With the delays below, about an hour and a half: longer, and the words have lost their moment."""


def delay_after(attempts: int) -> timedelta | None:
    """Return how long to wait after the given number of failed attempts; nothing = give up.

    Doubles from one second to ten minutes.
    """
    if attempts >= ATTEMPTS_MAX:
        return None
    return min(LONGEST, FIRST * 2.0 ** (attempts - 1))
