from datetime import timedelta

from ticketing.outbox.rules import ATTEMPTS_MAX, LONGEST, delay_after


def test_the_wait_doubles_up_to_ten_minutes_and_then_it_is_given_up() -> None:
    delays = [delay_after(attempts) for attempts in range(1, ATTEMPTS_MAX + 1)]

    assert [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)] == delays[:4]
    assert delays[-2:] == [LONGEST, None]


def test_a_platform_may_be_away_for_an_hour() -> None:
    waited = sum((delay_after(made) or timedelta() for made in range(1, ATTEMPTS_MAX)), timedelta())

    assert timedelta(hours=1) < waited
