"""What is counted, in a registry of the process's own desk."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

TURN_BUCKETS = (0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds; a trained assistant answers in tens of milliseconds, its time limit is 15 s."""


class Metrics:
    """The desk's Prometheus metrics."""

    content_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.messages = Counter(
            "frontdesk_messages",
            "Messages accepted from shoppers",
            ["channel", "result"],
            registry=self._registry,
        )
        self.turns = Counter(
            "frontdesk_turns", "Processed messages", ["outcome"], registry=self._registry
        )
        self.turn_seconds = Histogram(
            "frontdesk_turn_seconds",
            "From giving a message to the assistant to its stored answer",
            buckets=TURN_BUCKETS,
            registry=self._registry,
        )
        self.assistant_failures = Counter(
            "frontdesk_assistant_failures",
            "Turns without a usable answer",
            ["kind"],
            registry=self._registry,
        )
        self.handovers = Counter(
            "frontdesk_handovers",
            "Conversations given to the queue",
            ["reason"],
            registry=self._registry,
        )
        self.deliveries = Counter(
            "frontdesk_deliveries",
            "Attempts to deliver to push channels",
            ["channel", "result"],
            registry=self._registry,
        )
        self.outbox_depth = Gauge(
            "frontdesk_outbox_depth", "Messages not delivered yet", registry=self._registry
        )
        self.waiting = Gauge(
            "frontdesk_waiting_messages", "Messages not processed yet", registry=self._registry
        )
        self.streams = Gauge(
            "frontdesk_open_streams", "Open event streams", registry=self._registry
        )

    def render(self) -> bytes:
        """Return the metrics in Prometheus' text form."""
        return generate_latest(self._registry)
