"""How far long work is: on a terminal what is done, how fast and how long it takes; elsewhere lines alone."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Say = Callable[[str], None]
Step = Callable[[int, int], None]  # so much of the work is done, with so many turns


class Terminal:
    """Says lines on a terminal, above what shows how far the work is."""

    def __init__(self, file: TextIO) -> None:
        from rich.console import Console

        self.console = Console(file=file, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def __call__(self, line: str) -> None:
        self.console.print(line)

    @contextmanager
    def steps(self, what: str, total: int, unit: str) -> Iterator[Step]:
        """Shows how far the work is until it ends."""
        from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TimeRemainingColumn

        left = TimeRemainingColumn(compact=True)
        bar = ("{task.description}", SpinnerColumn(), BarColumn(), TaskProgressColumn())
        with Progress(*bar, "{task.fields[told]}", left, "left", console=self.console, transient=True) as shown:
            task = shown.add_task(what, total=total, told="")
            items = turns = 0

            def step(size: int, more: int) -> None:
                nonlocal items, turns
                items, turns = items + 1, turns + more
                pace = turns / max(shown.tasks[0].elapsed or 0, 0.1)
                shown.update(task, advance=size, told=f"{items:,} {unit}, {pace:,.0f} turns/s,")

            yield step


def speaker(file: TextIO) -> Say:
    """What says lines to this file, with progress where it is a terminal."""
    if file.isatty() and os.environ.get("TERM") != "dumb":
        return Terminal(file)
    return lambda line: print(line, file=file, flush=True)


@contextmanager
def steps(say: Say, what: str, total: int, unit: str) -> Iterator[Step]:
    """What is to be called with each piece of the work: how large it is, of the total, and how many turns it holds."""
    if isinstance(say, Terminal):
        with say.steps(what, total, unit) as step:
            yield step
    else:
        yield lambda _size, _turns: None
