"""Scripts that commands of deployments start, and what these run in turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from commlint.link.commands import words_of
from commlint.link.names import within
from commlint.model.deployments import ScriptCommand

Command = tuple[str, ...]
Scripts = Mapping[str, tuple[ScriptCommand, ...]]
# A script may start another, and that one a third.
DEPTH = 3


def expanded(command: Command, scripts: Scripts, near: Iterable[str]) -> Iterator[Command]:
    """A command, then all that the scripts it starts run; of scripts called alike those in the folders `near` it."""
    folders = tuple(near)
    pending, seen = [command], {command}
    for _ in range(DEPTH):
        yield from pending
        inner = [
            each for one in pending for path in _started(one, scripts, folders) for each in _run(scripts[path], one)
        ]
        pending = [each for each in dict.fromkeys(inner) if each not in seen]
        seen.update(pending)
    yield from pending


def _run(script: Sequence[ScriptCommand], command: Command) -> list[Command]:
    """
    What a script runs when it is started by a command.

    Where a word of the command is the name of a function or branch, what stands there and in what it calls, and what is
    run in any case; else all of it.
    """
    labels = {each.label for each in script if each.label}
    chosen = labels & set(words_of(command))
    if not chosen:
        return [each.words for each in script]
    pending = list(chosen)
    while pending:
        called = {each.words[0] for each in script if each.label == pending[-1]} & labels - chosen
        pending.pop()
        chosen |= called
        pending.extend(called)
    return [each.words for each in script if not each.label or each.label in chosen]


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
