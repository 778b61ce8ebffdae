from ticketing.queue.rules import Reason
from ticketing.tickets.rules import Facts, merge

OLD = Facts(
    reason=Reason.COMPLAINT,
    language="zh",
    intent="complain",
    summary="first",
    slots={"order_number": "F1", "failures": 1},
    order_number="F1",
    order_snapshot={"state": "paid"},
    understanding={"intent": "complain"},
    failed_action="action_x",
)


def test_what_a_later_report_does_not_say_stays() -> None:
    assert merge(OLD, Facts(Reason.ASKED_FOR_PERSON, "zh")) == OLD


def test_a_weightier_reason_replaces_a_lighter_one_only() -> None:
    assert merge(OLD, Facts(Reason.SAFETY, "zh")).reason == Reason.SAFETY
    assert merge(OLD, Facts(Reason.NOT_UNDERSTOOD, "zh")).reason == Reason.COMPLAINT


def test_the_newer_report_wins_where_it_says_anything() -> None:
    new = Facts(Reason.COMPLAINT, "en", summary="second", slots={"failures": 2, "product": None})

    merged = merge(OLD, new)

    assert (merged.language, merged.summary) == ("en", "second")
    assert merged.slots == {"order_number": "F1", "failures": 2}


def test_a_snapshot_is_never_kept_for_another_order() -> None:
    moved = merge(OLD, Facts(Reason.COMPLAINT, "zh", order_number="F2"))
    same = merge(OLD, Facts(Reason.COMPLAINT, "zh", order_number="F1"))

    assert (moved.order_number, moved.order_snapshot) == ("F2", None)
    assert same.order_snapshot == {"state": "paid"}
