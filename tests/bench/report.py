"""The bench's figures as one table: what was aimed at, what came, and the ratio to plain Rasa."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.__main__ import Result


def render(ours: Result, plain: Result) -> str:
    """Return the comparison as aligned text."""
    rows: list[tuple[str, str, str, str, str]] = [
        ("", "frontdesk", "plain rasa", "ratio", "aim"),
    ]

    def row(name: str, one: float, other: float, unit: str, aim: str = "") -> None:
        shown = f"{one / other:.2f}" if other else "-"
        rows.append((name, f"{one:.1f} {unit}", f"{other:.1f} {unit}", shown, aim))

    for mine, theirs in zip(ours.loads, plain.loads, strict=True):
        single = mine.senders == 1
        row(f"p50, {mine.senders} senders", mine.p50, theirs.p50, "ms", "<= 40 ms" * single)
        row(f"p95, {mine.senders} senders", mine.p95, theirs.p95, "ms")
        row(
            f"throughput, {mine.senders} senders",
            mine.throughput,
            theirs.throughput,
            "/s",
            "" if single else ">= 2 x",
        )
    row("message 10", ours.ageing.at_10, plain.ageing.at_10, "ms")
    row("message 300", ours.ageing.at_300, plain.ageing.at_300, "ms")
    row("message 300 / 10", ours.ageing.ratio, plain.ageing.ratio, "x", "<= 1.2")
    row("training (plain: extrapolated)", ours.train_seconds, plain.train_seconds, "s", "<= 180 s")
    row("start to ready", ours.start_seconds, plain.start_seconds, "s", "< 60 s")
    for name in sorted(ours.memory_mib | plain.memory_mib):
        row(
            f"memory, {name}",
            ours.memory_mib.get(name, 0),
            plain.memory_mib.get(name, 0),
            "MiB",
        )
    row(
        "memory, all",
        sum(ours.memory_mib.values()),
        sum(plain.memory_mib.values()),
        "MiB",
        "<= 1638 MiB",
    )
    widths = [max(len(line[column]) for line in rows) for column in range(5)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in rows
    )
