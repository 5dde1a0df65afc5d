"""Paths and command lines as files around the code write them."""

from __future__ import annotations

import posixpath
import re
import shlex

COMMAND_LIMIT = 10_000

_ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|git@|github\.com/|/|~|[A-Za-z]:[\\/])|\$")


def folder_of(path: str) -> str:
    """The folder a file stands in, "." for the root."""
    return posixpath.dirname(path) or "."


def inside(folder: str, written: str) -> str | None:
    """`written`, seen from `folder`, relative to the root; None when it leads out of the root or is no plain path."""
    if _ELSEWHERE.search(written):
        return None
    path = posixpath.normpath(posixpath.join(folder, written.replace("\\", "/")))
    return None if path == ".." or path.startswith("../") else path


def split_command(text: str) -> tuple[str, ...]:
    """A command line as a shell would split it; at spaces when its quotes do not match or it is very long."""
    if len(text) > COMMAND_LIMIT:
        return tuple(text.split())
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return tuple(text.split())
