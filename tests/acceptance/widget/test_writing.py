"""Writing, sending, choosing: what the shopper does, and what can go wrong with it."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.acceptance.widget.conftest import VisitShop
from tests.acceptance.widget.server import FakeDesk, eventually

ASK = [{"id": "c1", "title": "Track the parcel"}, {"id": "c2", "title": "Return policy"}]
BACK = [{"id": "back", "title": "Back to the assistant"}]


async def test_a_message_shows_at_once_as_being_sent_and_then_as_sent(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.deaf = True
    let_go = asyncio.Event()

    async def hold(route: Route) -> None:
        await let_go.wait()
        await route.continue_()

    await visitor.page.route("**/messages", hold)
    await visitor.write("mine")
    await expect(visitor.log.locator(".sending")).to_have_text("You: mineSending…")

    let_go.set()

    await expect(visitor.log.locator(".sent")).to_have_text("You: mineSent")


async def test_a_message_refused_for_a_moment_is_sent_again_by_itself(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit(clock=True)
    await visitor.open()
    desk.refusals = [(429, "too-many-waiting"), (503, "unavailable")]
    await visitor.write("mine")
    await visitor.hurry(until=lambda: len(desk.talk.posted) == 1)

    assert desk.refusals == []
    await visitor.shows("mine")


async def test_a_message_the_desk_will_not_have_says_why_and_can_be_deleted(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.refusals = [(422, "text-too-long")]
    await visitor.write("mine")
    await expect(visitor.log.get_by_role("alert")).to_have_text("Too long to send")
    await expect(visitor.button("Try again")).to_have_count(0)

    await visitor.button("Delete").click()

    await visitor.shows()
    assert len(desk.talk.posted) == 0


async def test_messages_arrive_in_the_order_they_were_written(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit(clock=True)
    await visitor.open()
    desk.refusals = [(503, "unavailable")]
    for text in ("one", "two", "three"):
        await visitor.write(text)
    await visitor.hurry(until=lambda: len(desk.talk.posted) == 3)

    assert [posted["text"] for posted in desk.talk.posted] == ["one", "two", "three"]


async def test_enter_sends_and_shift_enter_begins_a_line(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit()
    await visitor.open()
    await visitor.field.press_sequentially("one")
    await visitor.field.press("Shift+Enter")
    await visitor.field.press_sequentially("two")
    await visitor.field.press("Enter")

    await visitor.shows("one\ntwo")
    await expect(visitor.field).to_have_value("")


async def test_enter_that_ends_a_composition_does_not_send(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    await visitor.field.focus()
    typing = await visitor.page.context.new_cdp_session(visitor.page)
    await typing.send(
        "Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6}
    )
    # The key alone: what the input method makes of it is its own affair.
    await typing.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13},
    )
    await expect(visitor.field).to_have_value("ni hao")
    await expect(visitor.bubbles).to_have_count(0)

    await typing.send("Input.insertText", {"text": "你好"})
    await visitor.page.keyboard.press("Enter")

    await visitor.shows("你好")


async def test_nothing_but_space_is_not_sent(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit()
    await visitor.open()

    await visitor.write(" \n ")

    await expect(visitor.button("Send")).to_be_disabled()
    await expect(visitor.bubbles).to_have_count(0)


@pytest.mark.parametrize(
    ("text", "said", "sendable"),
    [
        ("a" * 1799, "", True),
        ("a" * 1800, "1800 of 2000 characters", True),
        ("😀" * 2000, "2000 of 2000 characters", True),
        ("字" * 2003, "3 characters too many", False),
    ],
    ids=["far", "near", "emoji", "over"],
)
async def test_characters_are_counted_as_the_desk_counts_them(
    visit: VisitShop, text: str, said: str, sendable: bool
) -> None:
    visitor = await visit()
    await visitor.open()

    await visitor.field.fill(text)

    await expect(visitor.panel.locator(".count")).to_have_text(said)
    await expect(visitor.button("Send")).to_be_enabled(enabled=sendable)


async def test_a_draft_survives_a_reload(visit: VisitShop) -> None:
    visitor = await visit()
    await visitor.open()
    await visitor.field.fill("half a thou")

    await visitor.page.reload()

    await expect(visitor.field).to_have_value("half a thou")


async def test_markup_is_shown_as_it_was_written(visit: VisitShop, desk: FakeDesk) -> None:
    markup = "<img src=x onerror=alert(1)> <b>bold</b> &amp;"
    visitor = await visit()
    await visitor.open()
    desk.say(markup, choices=[{"id": "1", "title": markup}])

    await visitor.shows(markup)
    await expect(visitor.log.locator(".bubble *, .chip *")).to_have_count(0)


async def test_only_web_addresses_become_links_and_they_open_apart(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.say("看https://shop.example/a?b=1，或 (http://x.example). javascript:alert(1) ftp://y")

    links = visitor.bubbles.locator("a")
    await expect(links).to_have_text(["https://shop.example/a?b=1", "http://x.example"])
    await expect(links.first).to_have_attribute("rel", "noopener noreferrer")
    await expect(links.first).to_have_attribute("target", "_blank")


async def test_a_word_without_end_does_not_widen_the_chat(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit()
    await visitor.open()
    desk.say("a" * 2000)
    await expect(visitor.bubbles).to_have_count(1)

    assert await visitor.log.evaluate("log => log.scrollWidth === log.clientWidth")


async def test_a_choice_is_sent_by_its_id_shown_by_its_title_and_then_closed(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.say("What would you like?", choices=ASK)

    await visitor.button("Return policy").click()

    await visitor.shows("What would you like?", "Return policy")
    # The page shows it before the desk has it.
    await eventually(lambda: bool(desk.talk.posted))
    assert [posted.get("choice") for posted in desk.talk.posted] == ["c2"]
    await expect(visitor.button("Track the parcel")).to_be_disabled()
    await expect(visitor.button("Return policy")).to_be_disabled()
    await expect(visitor.button("Return policy")).to_have_class("chip chosen")


async def test_choices_close_when_the_shopper_writes_instead(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.say("What would you like?", choices=ASK)
    await expect(visitor.button("Return policy")).to_be_enabled()

    await visitor.tell("something else")

    await expect(visitor.button("Return policy")).to_be_disabled()


async def test_only_the_latest_choices_are_open(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit()
    await visitor.open()
    desk.say("What would you like?", choices=ASK)
    desk.say("Or rather?", choices=[{"id": "c3", "title": "A person"}])

    await expect(visitor.button("A person")).to_be_enabled()
    await expect(visitor.button("Return policy")).to_be_disabled()


async def test_the_way_back_stays_open_while_in_the_queue(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit()
    await visitor.open()
    desk.owner("queue", position=2)
    desk.say("You are number 2.", sender="system", choices=BACK)
    await visitor.tell("one more thing")
    await expect(visitor.button("Back to the assistant")).to_be_enabled()

    await visitor.button("Back to the assistant").click()
    desk.owner("bot")

    await expect(visitor.button("Back to the assistant")).to_be_disabled()
    assert desk.talk.posted[-1]["choice"] == "back"


async def test_a_choice_no_longer_offered_says_so(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit()
    await visitor.open()
    desk.say("What would you like?", choices=ASK)
    desk.refusals = [(422, "choice-not-offered")]

    await visitor.button("Return policy").click()

    await expect(visitor.log.get_by_role("alert")).to_have_text("This choice is no longer open")


async def test_suggestions_are_sent_as_text_and_leave_with_the_first_message(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()

    await visitor.button("Where is my order?").click()

    await visitor.shows("Where is my order?")
    await expect(visitor.button("Where is my order?")).to_be_hidden()
    assert desk.talk.posted[0]["text"] == "Where is my order?"
