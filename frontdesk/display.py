"""What the launcher tells the person who started it: steps as they go, then what happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


class Step:
    """One thing being done; `say` tells where in it we are."""

    def __init__(self, display: "Display", label: str) -> None:
        self._display = display
        self._label = label
        self._said = ""
        self._started = monotonic()

    def say(self, words: str) -> None:
        """Show what the step does now; the same words twice are shown once."""
        if words == self._said:
            return
        self._said = words
        self._display.detail(self, self._label, words)

    def seconds(self) -> float:
        """Return how long the step has taken."""
        return monotonic() - self._started


class Display:
    """Steps side by side with their times on a terminal, plain lines elsewhere."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self._progress = Progress(
            TextColumn(" "),
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("[dim]{task.fields[words]}[/dim]"),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )
        self._tasks: dict[Step, TaskID] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keep the steps on the screen up to date."""
        if not self.console.is_terminal:
            yield
            return
        with self._progress:
            yield

    @contextmanager
    def step(self, label: str, done: str | None = None) -> Iterator[Step]:
        """Show a step while it runs, and one line with its time when it has ended well.

        Args:
            label: What is being done.
            done: What the line says then; the label when not given.
        """
        step = Step(self, label)
        if self.console.is_terminal:
            self._tasks[step] = self._progress.add_task(label, words="", total=None)
        else:
            self.console.print(f"… {label}")
        try:
            yield step
        except BaseException:
            self._remove(step)
            raise
        self._remove(step)
        self.console.print(
            f"[green]✓[/green] {done or label} [dim]({_spent(step.seconds())})[/dim]"
        )

    def detail(self, step: Step, label: str, words: str) -> None:
        """Show what a step does now."""
        if step in self._tasks:
            self._progress.update(self._tasks[step], words=escape(words))
        else:
            self.console.print(f"… {escape(label)}: {escape(words)} ({_spent(step.seconds())})")

    def event(self, words: str, *, style: str = "yellow") -> None:
        """Print one line about something that happened while running, with the time of day."""
        now = datetime.now().astimezone().strftime("%H:%M:%S")
        self.console.print(f"[dim]{now}[/dim] [{style}]{escape(words)}[/{style}]", soft_wrap=True)

    def line(self, words: str = "") -> None:
        """Print a line, which may hold markup."""
        self.console.print(words, soft_wrap=True)

    def _remove(self, step: Step) -> None:
        task = self._tasks.pop(step, None)
        if task is not None:
            self._progress.remove_task(task)


def _spent(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
