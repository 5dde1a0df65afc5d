"""What may fail on files nobody thought of: a notice in place of an answer, and the rest goes on."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar, ParamSpec, TypeVar

from commlint.model.facts import Notice

Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")


class Guard:
    """
    Collects a notice for each failure.

    `strict`: failures are raised as they are, as the tests want it.
    """

    strict: ClassVar[bool] = False

    def __init__(self, what: str) -> None:
        self.what = what
        self._notices: dict[Notice, None] = {}

    @property
    def notices(self) -> tuple[Notice, ...]:
        return tuple(sorted(self._notices))

    def ask(
        self, path: str, line: int, ask: Callable[Asked, Answer], *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Answer | None:
        """The answer, None when there is none because asking failed."""
        try:
            return ask(*args, **kwargs)
        except Exception as error:
            self._fail(path, line, error)
            return None

    def each(self, found: Iterable[Answer]) -> Iterator[Answer]:
        """What is found before finding fails."""
        try:
            yield from found
        except Exception as error:
            self._fail("", 0, error)

    def _fail(self, path: str, line: int, error: Exception) -> None:
        if self.strict:
            raise error
        frames = traceback.extract_tb(error.__traceback__)
        where = f" in {frames[-1].name}" if frames else ""
        self._notices[
            Notice(path, line, f"{self.what} failed with {type(error).__name__}{where}: please report it")
        ] = None
