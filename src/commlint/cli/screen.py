"""What is shown on the terminal besides results: errors, notices, progress; and whether there is colour."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from commlint.errors import UsageError
from commlint.model.notices import Notice
from commlint.report.escaping import visible

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from commlint.looking import Progress

NOTICES_SHOWN = 10
PATIENCE = 1.0
"""Seconds a run may take before it shows that it is alive."""

REFRESH = 0.1


class NobodyReads(Exception):
    """Whoever read stdout has left."""


def say(text: str) -> None:
    """
    A result, to stdout.

    Raises:
        NobodyReads: the pipe it goes to is closed.
        UsageError: it cannot be written.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # What is still buffered must not fail again when Python flushes it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise NobodyReads from error
        raise UsageError(f"stdout: cannot be written ({error.strerror})") from error


def complain(problem: str) -> None:
    """The one line a person reads when the work could not be done."""
    print(f"error: {visible(problem)}", file=sys.stderr)


def is_terminal(stream: TextIO) -> bool:
    """Whether a person looks at this stream."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def wants_color(stream: TextIO) -> bool:
    """`NO_COLOR` and `FORCE_COLOR` decide, else whether a person looks at it."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal(stream)


def width() -> int:
    """Columns of the terminal; 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def show_notices(notices: Iterable[Notice], everything: bool) -> None:
    """Notices on stderr: the same trouble in many files is told once, and only the first few kinds that matter."""
    places: dict[str, list[Notice]] = {}
    for notice in notices:
        if everything or not notice.minor:
            places.setdefault(notice.message, []).append(notice)
    groups = list(places.values())
    if everything:
        groups = [[notice] for group in groups for notice in group]
    for group in groups if everything else groups[:NOTICES_SHOWN]:
        more = f" (and {len(group) - 1} more like this)" if group[1:] else ""
        print(f"notice: {visible(str(group[0]))}{more}", file=sys.stderr)
    hidden = len(groups) - NOTICES_SHOWN
    if hidden > 0 and not everything:
        print(f"notice: {hidden} more notices; see them with --verbose", file=sys.stderr)


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """Something to tell of progress: a bar on a terminal once a run takes long, else nothing."""
    if quiet or not is_terminal(sys.stderr):
        yield lambda step, done, total: None
        return
    shown = _Shown(time.monotonic())
    try:
        yield shown.tell
    finally:
        shown.close()


class _Shown:
    """A bar that is drawn from the outside: a thread of its own would be copied into the extracting processes."""

    def __init__(self, began: float) -> None:
        self._last = began + PATIENCE
        self._step = ""
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def tell(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._last or (now < self._last + REFRESH and step == self._step):
            return
        self._last, self._step = now, step
        if self._bar is None or self._task is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
            self._task = self._bar.add_task(step, total=None)
            self._bar.start()
        self._bar.update(self._task, description=step, completed=done, total=total or None, refresh=True)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()
