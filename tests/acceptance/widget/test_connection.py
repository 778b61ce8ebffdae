"""The conversation holds: over broken lines, reloads, restarts, other tabs and expired tokens."""

from playwright.async_api import Route, expect

from tests.acceptance.widget.conftest import Visit, VisitShop
from tests.acceptance.widget.server import FakeDesk, eventually

HIDE = "Object.defineProperty(document, 'hidden', {get: () => %s, configurable: true})"
TURN = "document.dispatchEvent(new Event('visibilitychange'))"


async def turn(visit: Visit, *, hidden: bool) -> None:
    """Hide the page, or show it again."""
    await visit.page.evaluate(f"{HIDE % str(hidden).lower()}; {TURN}")


async def test_nothing_is_asked_of_the_desk_before_the_chat_is_opened(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.page.wait_for_load_state("networkidle")

    assert desk.talks == {}


async def test_a_broken_line_resumes_behind_the_last_event(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.say("one")
    await visitor.shows("one")

    desk.drop()
    desk.say("two")

    await visitor.shows("one", "two")
    assert desk.talk.resumed_from == [None, "1"]


async def test_an_event_torn_by_the_break_is_shown_whole_and_once(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.say("one")
    await visitor.shows("one")

    desk.drop(unfinished='id: 2\nevent: message\ndata: {"sender": "bot", "te')
    desk.say("two")

    await visitor.shows("one", "two")


async def test_events_told_again_are_shown_once(visit: VisitShop, desk: FakeDesk) -> None:
    desk.repeats = True
    visitor = await visit()
    await visitor.open()
    desk.say("one")
    await visitor.tell("mine")
    await visitor.shows("one", "mine")

    desk.drop()
    desk.say("two")

    await visitor.shows("one", "mine", "two")


async def test_a_line_that_falls_silent_is_dialled_again(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit(clock=True)
    await visitor.open()
    desk.say("one")
    await visitor.shows("one")

    await visitor.page.clock.fast_forward(41_000)
    await eventually(lambda: not desk.talk.listeners)
    await visitor.page.clock.fast_forward(1000)
    await eventually(lambda: len(desk.talk.resumed_from) == 2)

    desk.say("two")
    await visitor.shows("one", "two")


async def test_a_page_out_of_sight_gives_its_line_up_and_misses_nothing(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit(clock=True)
    await visitor.open()
    desk.say("one")
    await visitor.shows("one")

    await turn(visitor, hidden=True)
    # The desk's comment lines keep the line from being called silent.
    for _ in range(3):
        await visitor.page.clock.fast_forward(21_000)
        desk.comment()
    await eventually(lambda: not desk.talk.listeners)
    desk.say("two")
    await turn(visitor, hidden=False)

    await visitor.shows("one", "two")


async def test_a_reload_keeps_the_conversation_open_and_whole(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    await visitor.tell("mine")
    desk.say("yours")
    await visitor.shows("mine", "yours")

    await visitor.page.reload()

    await expect(visitor.panel).to_be_visible()
    await visitor.shows("mine", "yours")
    assert len(desk.talks) == 1


async def test_what_is_replayed_is_not_read_out(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit(clock=True)
    await visitor.launcher.click()
    await eventually(lambda: bool(desk.talks) and bool(desk.talk.listeners))
    desk.say("one")
    await visitor.shows("one")
    await visitor.page.clock.pause_at(await visitor.page.evaluate("Date.now() + 1000"))

    await visitor.page.reload()
    await expect(visitor.bubbles).to_have_count(1)

    await expect(visitor.log).to_have_attribute("aria-live", "off")
    await visitor.page.clock.fast_forward(400)
    await expect(visitor.log).to_have_attribute("aria-live", "polite")


async def lose_answer(route: Route) -> None:
    """Let the desk take a message and the page not hear of it."""
    await route.fetch()
    await route.abort()


async def test_a_message_whose_answer_was_lost_is_there_once(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    await visitor.page.route("**/messages", lose_answer, times=1)

    await visitor.tell("mine")
    desk.say("yours")

    await visitor.shows("mine", "yours")


async def test_a_message_sent_again_is_the_same_message_to_the_desk(
    visit: VisitShop, desk: FakeDesk
) -> None:
    desk.deaf = True
    visitor = await visit(clock=True)
    await visitor.open()
    await visitor.page.route("**/messages", lose_answer, times=1)
    await visitor.write("mine")

    await visitor.hurry(until=lambda: len(desk.talk.posted) == 2)

    await expect(visitor.log.locator(".sent")).to_have_count(1)
    assert desk.talk.posted[0] == desk.talk.posted[1]


async def test_an_unsent_message_survives_a_reload_and_can_be_sent(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit(clock=True)
    await visitor.open()
    desk.refusals = [(503, "unavailable")] * 3
    await visitor.write("mine")
    await visitor.hurry(until=lambda: not desk.refusals)
    await expect(visitor.button("Try again")).to_be_visible()

    await visitor.page.reload()
    await visitor.button("Try again").click()

    await expect(visitor.log.locator(".row")).to_have_count(1)
    await expect(visitor.button("Try again")).to_have_count(0)
    assert [posted["text"] for posted in desk.talk.posted] == ["mine"]


async def test_two_tabs_share_one_conversation(visit: VisitShop, desk: FakeDesk) -> None:
    first = await visit()
    await first.open()
    await first.tell("from the first")
    second = await visit(context=first.page.context)
    await second.open()

    await second.tell("from the second")

    await first.shows("from the first", "from the second")
    await second.shows("from the first", "from the second")
    assert len(desk.talks) == 1


async def test_an_expired_conversation_gives_way_to_a_new_one_that_gets_the_message(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    await visitor.tell("old")
    await visitor.shows("old")
    desk.forget()

    await visitor.write("new")

    await expect(visitor.panel).to_contain_text("This is a new one.")
    await eventually(lambda: bool(desk.talks) and len(desk.talk.posted) == 1)
    await visitor.shows("new")
    assert desk.talk.posted[0]["text"] == "new"


async def test_a_desk_that_is_down_at_the_opening_is_said_and_tried_again(
    visit: VisitShop, desk: FakeDesk
) -> None:
    desk.down = True
    visitor = await visit()
    await visitor.launcher.click()
    await expect(visitor.panel).to_contain_text("We can't reach the service desk right now.")

    desk.down = False
    await visitor.button("Try again").click()
    await visitor.connected()

    await visitor.write("mine")
    await visitor.shows("mine")


async def test_a_message_written_while_the_desk_is_down_can_be_sent_later(
    visit: VisitShop, desk: FakeDesk
) -> None:
    desk.down = True
    visitor = await visit()
    await visitor.launcher.click()
    await visitor.write("mine")
    failed = visitor.log.get_by_role("button", name="Try again")
    await expect(failed).to_be_visible()

    desk.down = False
    await failed.click()

    await expect(failed).to_have_count(0)
    await visitor.shows("mine")


async def test_offline_is_said_and_messages_wait_for_the_network(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    await visitor.page.context.set_offline(True)
    await expect(visitor.panel).to_contain_text("You are offline.")
    await visitor.write("mine")
    await expect(visitor.log.locator(".sending")).to_have_count(1)

    await visitor.page.context.set_offline(False)

    await eventually(lambda: len(desk.talk.posted) == 1)
    await visitor.shows("mine")
    await expect(visitor.panel).not_to_contain_text("You are offline.")


async def test_a_refused_shopper_token_leaves_a_guest_and_tells_the_page(
    visit: VisitShop, desk: FakeDesk
) -> None:
    desk.rejects_shoppers = True
    visitor = await visit(
        script="addEventListener('frontdesk-token-rejected', () => (window.told = true))",
        attributes={"user": "e30.eyJzdWIiOiJjMSJ9.x"},
    )
    await visitor.launcher.click()
    await expect(visitor.panel).to_contain_text("Your sign-in has expired.")
    await visitor.connected()

    await visitor.write("mine")

    await visitor.shows("mine")
    assert desk.talk.shopper_token is None
    assert await visitor.page.evaluate("window.told") is True
