"""Where results go: `NAME` to stdout, `NAME:FILE` to a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from commlint.cli.screen import say
from commlint.errors import UsageError


@dataclass(frozen=True, slots=True)
class Destination:
    """A format and the file it goes to, None for stdout."""

    format: str
    file: Path | None


def destinations(given: Iterable[str]) -> tuple[Destination, ...]:
    """
    Output formats as the command line names them, checked before any work is done for them.

    Raises:
        UsageError: there is no such format, or two go to the same place.
    """
    from commlint.report.report import require, writers

    found: list[Destination] = []
    for text in given:
        name, colon, file = text.partition(":")
        require(name, writers(), "output format")
        if colon and not file:
            raise UsageError(
                f"--output-format {text}: no file after the colon; write {name}:FILE, or {name} for stdout"
            )
        found.append(Destination(name, Path(file) if file else None))
    places = [target.file for target in found]
    for place in places:
        if places.count(place) > 1:
            raise UsageError(f"--output-format: two formats go to {place or 'stdout'}; give one of them a file")
        if place is not None:
            require_writable(place)
    return tuple(found)


def require_writable(file: Path) -> None:
    """
    Raises:
        UsageError: a result could not be written there.
    """
    if file.is_dir():
        raise UsageError(f"{file}: is a folder; name a file in it")
    if not file.parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.parent}; make it first")


def write(text: str, file: Path | None) -> None:
    """
    Raises:
        UsageError: the file cannot be written.
    """
    if file is None:
        say(text)
        return
    try:
        file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise UsageError(f"{file}: cannot be written ({error.strerror})") from error
