import pytest

from ticketing.conversations.rules import (
    ATTEMPTS_MAX,
    TO_BOT,
    Leg,
    Owner,
    Verdict,
    Way,
    choice_id,
    is_id,
    language_of,
    message_of_choice,
    verdict,
    way,
)

AGENT = "0" * 32


@pytest.mark.parametrize(
    ("now", "decided"),
    [
        (Leg(Owner.BOT, 3), Verdict.REPLY),
        (Leg(Owner.QUEUE, 4), Verdict.DISCARD),
        (Leg(AGENT, 5), Verdict.DISCARD),
        (Leg(Owner.BOT, 5), Verdict.AGAIN),
        (Leg(Owner.QUEUE, 3), Verdict.DISCARD),
    ],
)
def test_an_answer_counts_only_in_the_stretch_it_was_made_in(now: Leg, decided: Verdict) -> None:
    assert decided is verdict(Leg(Owner.BOT, 3), now)


@pytest.mark.parametrize(
    ("owner", "payload", "attempts", "goes"),
    [
        (Owner.BOT, None, 0, Way.ASSISTANT),
        (Owner.BOT, "/greet", ATTEMPTS_MAX - 1, Way.ASSISTANT),
        (Owner.BOT, None, ATTEMPTS_MAX, Way.GIVE_UP),
        (Owner.QUEUE, None, 0, Way.PERSON),
        (Owner.QUEUE, "/greet", ATTEMPTS_MAX, Way.PERSON),
        (AGENT, None, 0, Way.PERSON),
        (Owner.QUEUE, TO_BOT, 0, Way.TO_BOT),
        (Owner.BOT, TO_BOT, 0, Way.TO_BOT),
    ],
)
def test_a_message_goes_to_whoever_owns_the_conversation(
    owner: str, payload: str | None, attempts: int, goes: Way
) -> None:
    assert goes is way(owner, payload, attempts)


def test_a_choice_names_the_message_it_was_offered_with() -> None:
    assert message_of_choice(choice_id("m1", 12)) == "m1"


@pytest.mark.parametrize("given", ["", "m1", "m1.", "m1.x", "/restart", "m1.-1", "m1. 1"])
def test_what_is_no_choice_names_no_message(given: str) -> None:
    assert message_of_choice(given) is None


@pytest.mark.parametrize(
    ("given", "ours"),
    [("0" * 32, True), ("0" * 31, False), ("0" * 32 + "\n", False), ("G" * 32, False), ("", False)],
)
def test_only_32_hex_digits_are_an_id(given: str, ours: bool) -> None:
    assert ours == is_id(given)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", "zh"),
        ("zh-Hant-TW", "zh"),
        ("ZH_cn", "zh"),
        ("en-GB", "en"),
        ("fr", None),
        ("english", None),
        ("", None),
        (None, None),
    ],
)
def test_a_language_tag_is_one_of_ours_or_nothing(tag: str | None, language: str | None) -> None:
    assert language == language_of(tag)
