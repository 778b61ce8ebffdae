"""Letting event streams go when the server is asked to end.

A server waits for its open responses before it tells the application of the end, and an event
stream never ends by itself: so the signal is heard here too.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def on_leaving(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` in the loop when this process gets SIGTERM or SIGINT, besides what is set up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def heard(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        earlier = before[signal.Signals(number)]
        if callable(earlier):
            earlier(number, frame)

    # Without a handler of the server's, the default must go on ending the process.
    ours = [number for number, earlier in before.items() if callable(earlier)]
    for number in ours:
        signal.signal(number, heard)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
