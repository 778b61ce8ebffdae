import pytest

from ticketing.queue.rules import REASON_POINTS, Factor, Priority, Reason, rank


@pytest.mark.parametrize(
    ("reason", "priority"),
    [
        (Reason.SAFETY, Priority.URGENT),
        (Reason.COMPLAINT, Priority.HIGH),
        (Reason.BACK_END_FAILED, Priority.HIGH),
        (Reason.ASKED_FOR_PERSON, Priority.NORMAL),
        (Reason.NOT_UNDERSTOOD, Priority.NORMAL),
        (Reason.BEYOND_ASSISTANT, Priority.NORMAL),
        (Reason.IDENTITY_LOCKED, Priority.NORMAL),
    ],
)
def test_each_reason_has_its_level_and_says_why(reason: Reason, priority: Priority) -> None:
    ranking = rank([reason])

    assert priority == ranking.priority
    assert (Factor(f"reason:{reason}", REASON_POINTS[reason]),) == ranking.factors
    assert REASON_POINTS[reason] == ranking.points


def test_the_weightiest_reason_decides() -> None:
    assert rank([Reason.SAFETY]) == rank([Reason.ASKED_FOR_PERSON, Reason.SAFETY])


def test_every_reason_has_points() -> None:
    assert set(Reason) == set(REASON_POINTS)


def test_levels_are_spoken_of_in_lower_case() -> None:
    assert [level.word for level in Priority] == ["urgent", "high", "normal", "low"]
