from ticketing.conversations.live import LocalLive


async def test_a_signal_wakes_those_who_watch_and_nobody_else() -> None:
    live = LocalLive()
    with (
        live.watch("a") as one,
        live.watch("a") as two,
        live.watch("b") as other,
        live.watch(None) as everyone,
    ):
        await live.publish("a", typing="bot")

        watches = (one, two, other, everyone)
        assert [watch.changed.is_set() for watch in watches] == [True, True, False, True]
        assert [watch.typing for watch in (one, two, other)] == ["bot", "bot", None]


async def test_who_left_is_forgotten() -> None:
    live = LocalLive()
    with live.watch("a"):
        pass
    assert live._watches == {}


async def test_the_end_wakes_everyone() -> None:
    live = LocalLive()
    with live.watch("a") as watch:
        await live.close()

        assert (live.ended, watch.changed.is_set()) == (True, True)
