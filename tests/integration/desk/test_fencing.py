"""A bot's answer made before a person took the conversation is never sent."""

from sqlalchemy import select

from integrations.assistant.fake import understood
from integrations.assistant.models import AssistantMessage, Choice, Reply, Turn
from tests.integration.desk.harness import Running, until
from ticketing.conversations import repository
from ticketing.db.tables import Message


async def test_an_answer_finished_after_a_handover_is_never_sent(running: Running) -> None:
    shopper = await running.shopper()
    running.assistant.pause()
    asked = await shopper.say("tell me everything")
    await until(lambda: running.assistant.received)

    opened = await running.ticket(shopper.id)
    running.assistant.resume()
    await running.desk.turns.idle()

    assert opened.status_code == 201
    async with shopper.follow() as stream:
        shown = [await stream.next() for _ in range(3)]
        await shopper.say("anyone?")
        last = await stream.next()
    assert [event.kind for event in shown] == ["message", "owner", "message"]
    assert [event.data["sender"] for event in shown if event.kind == "message"] == [
        "shopper",
        "system",
    ]
    assert last.data["text"] == "anyone?"
    async with running.desk.db.read() as session:
        understood_late = await session.get(Message, asked)
        assert understood_late is not None
        assert understood_late.settled_at is not None
        assert (understood_late.understanding or {})["intent"] == "inform"
        bot = await session.scalars(select(Message).where(Message.sender == "bot"))
        assert bot.all() == []


async def test_a_handover_of_the_turn_itself_delivers_the_last_words_and_nothing_after(
    running: Running,
) -> None:
    shopper = await running.shopper()

    running.assistant.pause()
    turn = await shopper.say("a person please")
    await until(lambda: running.assistant.received)
    opened = await running.ticket(shopper.id, key=turn, turn=turn)
    await shopper.say("are you still there")
    async with shopper.follow() as stream:
        before = [await stream.next() for _ in range(2)]
        running.assistant.resume()
        after = [await stream.next() for _ in range(3)]
    await running.desk.turns.idle()

    assert opened.json() == {"number": 1, "state": "new", "position": 1}
    assert [event.data["sender"] for event in before] == ["shopper", "shopper"]
    bot, owner, notice = after
    assert (bot.data["sender"], bot.data["text"]) == ("bot", "echo: a person please")
    assert owner.data == {"owner": "queue", "position": 1, "ticket": 1}
    assert notice.data["sender"] == "system"
    assert [turn] == running.assistant.ran


async def test_messages_in_the_queue_are_kept_and_the_notice_comes_once(quick: Running) -> None:
    shopper = await quick.shopper(locale="zh")
    await quick.ticket(shopper.id, language="zh")

    for number in range(3):
        await shopper.say(f"补充 {number}")
    await quick.desk.turns.idle()

    log = await shopper.log(5)
    assert [event.kind for event in log] == ["owner"] + ["message"] * 4
    assert [event.data["sender"] for event in log[1:]] == [
        "system",
        "shopper",
        "shopper",
        "shopper",
    ]
    assert quick.assistant.received == []
    assert "第 1 位" in log[1].data["text"]


async def test_the_shopper_goes_back_to_the_assistant_and_the_ticket_stays(
    running: Running,
) -> None:
    shopper = await running.shopper(locale="en")
    await running.ticket(shopper.id)
    owner, notice = await shopper.log(2)
    back = notice.data["choices"][0]

    picked = await shopper.pick(back["id"])
    async with shopper.follow(after=2) as stream:
        mine = await stream.next()
        returned = await stream.next()
        said = await stream.next()
        await shopper.say("where is my order")
        assert await stream.says("bot") == "echo: where is my order"
    ticket = await running.client.get("/api/tickets/1", headers=running.service)

    assert picked.status_code == 202
    assert owner.data["owner"] == "queue"
    assert (back["title"], "shopper") == (mine.data["text"], mine.data["sender"])
    assert returned.data == {"owner": "bot"}
    assert said.data["sender"] == "system"
    assert ticket.json()["state"] == "new"
    assert [entry["what"] for entry in ticket.json()["audit"]] == [
        "opened",
        "shopper_back_to_assistant",
    ]


async def test_back_to_the_assistant_picked_twice_changes_the_owner_once(quick: Running) -> None:
    shopper = await quick.shopper()
    await quick.ticket(shopper.id)
    _, notice = await shopper.log(2)
    back = notice.data["choices"][0]["id"]

    await shopper.pick(back)
    await shopper.pick(back)
    await shopper.say("hello")
    await quick.desk.turns.idle()

    log = await shopper.log(8)
    assert [event.data["owner"] for event in log if event.kind == "owner"] == ["queue", "bot"]
    assert len(quick.assistant.received) == 1


async def test_asking_again_after_going_back_hands_over_again_with_the_same_ticket(
    quick: Running,
) -> None:
    shopper = await quick.shopper()
    await quick.ticket(shopper.id, key="first")
    _, notice = await shopper.log(2)
    await shopper.pick(notice.data["choices"][0]["id"])
    await quick.desk.turns.idle()

    late_repeat = await quick.ticket(shopper.id, key="first")
    again = await quick.ticket(shopper.id, key="second", reason="complaint")

    assert (late_repeat.status_code, late_repeat.json()["number"]) == (200, 1)
    assert (again.status_code, again.json()["number"]) == (200, 1)
    log = await shopper.log(7)
    assert [event.data["owner"] for event in log if event.kind == "owner"] == [
        "queue",
        "bot",
        "queue",
    ]


async def test_an_answer_made_before_a_round_trip_to_the_queue_is_asked_anew(
    quick: Running,
) -> None:
    """The epoch tells two stretches of the assistant apart; the owner's name alone would not."""
    shopper = await quick.shopper()
    quick.assistant.pause()
    await shopper.say("slow question")
    await until(lambda: quick.assistant.received)
    async with quick.desk.db.write() as session:
        conversation = await repository.lock(session, shopper.id)
        assert conversation is not None
        conversation.epoch += 2
    quick.assistant.resume()

    async with shopper.follow() as stream:
        assert await stream.says("bot") == "echo: slow question"
    await quick.desk.turns.idle()
    assert [message.redelivered for message in quick.assistant.received] == [False, True]
    assert len(quick.assistant.ran) == 1


async def test_only_offered_choices_are_taken(running: Running) -> None:
    def offer(message: AssistantMessage) -> Turn:
        choices = (Choice("My order", '/check_order_status{"order_number": "F1"}'),)
        return Turn((Reply(text="Which?", choices=choices),), understood("greet"))

    running.assistant.script = offer
    shopper, stranger = await running.shopper(), await running.shopper()
    await shopper.say("hello")
    async with shopper.follow() as stream:
        await stream.next()
        offered = (await stream.next()).data["choices"]
    message_id = offered[0]["id"].rpartition(".")[0]

    assert [{"id": offered[0]["id"], "title": "My order"}] == offered
    for wrong in (f"{message_id}.1", f"{message_id}.-1", message_id, "/restart", "", "x.0"):
        refused = await shopper.pick(wrong)
        assert (refused.status_code, refused.json()["type"]) == (422, "choice-not-offered"), wrong
    foreign = await stranger.pick(offered[0]["id"])
    assert (foreign.status_code, foreign.json()["type"]) == (422, "choice-not-offered")

    picked = await shopper.pick(offered[0]["id"])
    await running.desk.turns.idle()
    assert picked.status_code == 202
    request = running.assistant.received[-1]
    assert request.choice == '/check_order_status{"order_number": "F1"}'
    assert request.text is None
    assert (await shopper.log(3))[2].data["text"] == "My order"
