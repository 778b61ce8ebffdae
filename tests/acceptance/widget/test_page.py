"""On a merchant's page: one small script, other people's rules, signing in and out."""

import gzip

from playwright.async_api import expect

from tests.acceptance.widget.conftest import VisitShop
from tests.acceptance.widget.server import WIDGET, FakeDesk, eventually

KIB = 1024
ANNA = "e30.eyJzdWIiOiJhbm5hIn0.x"
BEN = "e30.eyJzdWIiOiJiZW4ifQ.x"


def test_the_script_is_at_most_20_kib_gzipped() -> None:
    assert len(gzip.compress(WIDGET.read_bytes(), 9)) <= 20 * KIB


async def test_it_is_one_request_and_runs_under_a_strict_policy(visit: VisitShop) -> None:
    visitor = await visit()
    await visitor.open()

    loaded = await visitor.page.evaluate(
        "performance.getEntriesByType('resource').map((each) => new URL(each.name).pathname)"
    )
    assert [path for path in loaded if path.startswith("/widget")] == ["/widget/frontdesk.js"]


async def test_a_second_script_tag_changes_nothing(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit(desk.url)
    await visitor.page.add_script_tag(url=f"{desk.url}/widget/frontdesk.js")

    await expect(visitor.launcher).to_have_count(1)


async def test_calls_queued_before_the_script_are_carried_out(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit(script=f"window.frontdesk = [['setUser', '{ANNA}'], ['open', 'Hi']]")

    await expect(visitor.field).to_have_value("Hi")
    await visitor.connected()
    assert [talk.shopper_token for talk in desk.talks.values()] == [ANNA]


async def test_a_draft_from_the_page_does_not_overwrite_what_was_written(
    visit: VisitShop,
) -> None:
    visitor = await visit()
    for draft in ("Is the mug in stock?", "Is the kettle in stock?"):
        await visitor.page.evaluate("draft => frontdesk.open(draft)", draft)
    await expect(visitor.field).to_have_value("Is the kettle in stock?")
    await visitor.field.fill("my own words")

    await visitor.page.evaluate("frontdesk.open('Is the mug in stock?')")

    await expect(visitor.field).to_have_value("my own words")


async def test_each_shopper_has_a_conversation_of_their_own(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    for token, text in ((ANNA, "from Anna"), (BEN, "from Ben")):
        await visitor.page.evaluate("token => frontdesk.setUser(token)", token)
        await visitor.connected()
        await visitor.tell(text)

    await visitor.page.evaluate("token => frontdesk.setUser(token)", ANNA)

    await visitor.shows("from Anna")
    assert [talk.shopper_token for talk in desk.talks.values()] == [None, ANNA, BEN]


async def test_a_fresh_token_of_the_same_shopper_keeps_the_conversation(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.page.evaluate("token => frontdesk.setUser(token)", ANNA)
    await visitor.open()
    await visitor.tell("from Anna")

    await visitor.page.evaluate("token => frontdesk.setUser(token)", f"{ANNA}2")

    await visitor.shows("from Anna")
    assert len(desk.talks) == 1


async def test_signing_out_leaves_nothing_of_the_shopper_in_the_browser(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.page.evaluate("token => frontdesk.setUser(token)", ANNA)
    await visitor.open()
    await visitor.tell("from Anna")
    await visitor.field.fill("a draft")

    await visitor.page.evaluate("frontdesk.setUser(null)")

    await visitor.shows()
    await expect(visitor.field).to_have_value("")
    kept = "Object.keys({...localStorage, ...sessionStorage}).filter((key) => /anna/.test(key))"
    assert await visitor.page.evaluate(kept) == []


async def test_a_browser_that_refuses_storage_can_still_chat(
    visit: VisitShop, desk: FakeDesk
) -> None:
    refuse = "Object.defineProperty(window, '%s', {get() { throw new Error('refused'); }});"
    visitor = await visit(script=refuse % "localStorage" + refuse % "sessionStorage")
    await visitor.open()

    await visitor.tell("mine")
    desk.say("yours")

    await visitor.shows("mine", "yours")


async def test_the_element_taken_from_the_page_leaves_no_line_open(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    await visitor.page.evaluate("document.querySelector('frontdesk-chat').remove()")

    await eventually(lambda: not desk.talk.listeners)
