from datetime import UTC, datetime, timedelta

from ticketing.lockout.rules import (
    FORGET,
    Count,
    Limit,
    after_failure,
    after_return,
    locked_until,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LIMIT = Limit(5, timedelta(minutes=15))


def failed(times: int, start: Count | None = None) -> Count:
    count = start or Count()
    for _ in range(times):
        count = after_failure(count, NOW, LIMIT)
    return count


def test_the_fifth_failure_locks_and_the_fourth_does_not() -> None:
    assert locked_until(failed(4), NOW) is None
    assert NOW + LIMIT.lock == locked_until(failed(5), NOW)


def test_a_lock_ends_at_its_time_and_counting_starts_anew() -> None:
    later = NOW + LIMIT.lock
    locked = failed(5)

    assert locked_until(locked, later - timedelta(microseconds=1)) is not None
    assert locked_until(locked, later) is None
    assert after_failure(locked, later, LIMIT).failures == 1


def test_an_old_failure_is_forgotten() -> None:
    old = failed(4)

    assert after_failure(old, NOW + FORGET, LIMIT).failures == 5
    assert after_failure(old, NOW + FORGET + timedelta(seconds=1), LIMIT).failures == 1


def test_an_attempt_given_back_is_as_if_never_made() -> None:
    back = after_return(failed(5))

    assert (back.failures, back.locked_until) == (4, None)
    assert after_return(Count()).failures == 0
