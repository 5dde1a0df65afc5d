"""Scripts that commands of deployments start, and what these run in turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from commlint.link.commands import words_of
from commlint.link.names import within

Command = tuple[str, ...]
Scripts = Mapping[str, tuple[Command, ...]]
# A script may start another, and that one a third.
DEPTH = 3


def expanded(command: Command, scripts: Scripts, near: Iterable[str]) -> Iterator[Command]:
    """A command, then all that the scripts it starts run; of scripts called alike those in the folders `near` it."""
    folders = tuple(near)
    pending, seen = [command], {command}
    for _ in range(DEPTH):
        yield from pending
        inner = [each for one in pending for path in _started(one, scripts, folders) for each in scripts[path]]
        pending = [each for each in dict.fromkeys(inner) if each not in seen]
        seen.update(pending)
    yield from pending


def _started(command: Command, scripts: Scripts, near: Sequence[str]) -> Iterator[str]:
    for word in words_of(command):
        found = _meant(word, scripts, near)
        if found is not None:
            yield found


def _meant(word: str, scripts: Scripts, near: Sequence[str]) -> str | None:
    """The script that a word of a command means; the image may hold it under other folders."""
    parts = [part for part in word.split("/") if part not in ("", ".")]
    if not parts or not any(path.rpartition("/")[2] == parts[-1] for path in scripts):
        return None
    for start in range(len(parts)):
        ending = "/".join(parts[start:])
        alike = [path for path in scripts if f"/{path}".endswith(f"/{ending}")]
        alike = [path for path in alike if any(within(path, folder) for folder in near)] or alike
        if alike:
            return alike[0] if len(alike) == 1 else None
    return None
