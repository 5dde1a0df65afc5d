"""Shell scripts: the commands they run, which is what a container that starts one of them runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.paths import split_command
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.deployments import ScriptCommand
from commlint.model.facts import Notice

SIZE_LIMIT = 100_000
COMMAND_LIMIT = 500
# As filled in: what is longer names no program any more.
FILLED_LIMIT = 2_000

_ENDED = re.compile(r"\\\r?\n")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_APART = re.compile(r"&&|\|\||[;|]|(?<![>&\d])&(?!>)")
_QUOTED = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"")
_ASSIGNED = re.compile(r"^(?:export\s+|local\s+|readonly\s+)?([A-Za-z_]\w*)=(.*)$")
_FUNCTION = re.compile(r"^(?:function\s+)?([\w-]+)\s*(?:\(\))?\s*\{?\s*$")
_BRANCH = re.compile(r"^\(?\s*([\"']?[\w.-]+[\"']?)\s*\)\s*(.*)$")
_USED = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^{}]*))?\})")
# Words that stand before a command and are none.
_BEFORE = frozenset(
    ("if", "then", "else", "elif", "do", "while", "until", "time", "{", "(", "!", "exec", "sudo", "nohup")
)
_NO_COMMAND = frozenset((
    "fi", "done", "esac", "case", "for", "in", "}", ")", "[", "[[", "test", "echo", "printf", "set", "cd", "export",
    "sleep", "exit", "return", "shift", "local", "trap", "mkdir", "chmod", "chown", "rm", "cp", "mv", "cat", "function",
))  # fmt: skip


class ShellReader(FormatReader):
    """
    Reads shell scripts; variables a script itself gives a text are filled in, both ways of a condition count.

    Functions and the branches of a choice by one argument are told apart, as they are written: a line for their head.
    """

    name: ClassVar[str] = "shell"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.sh", "*.bash", "entrypoint", "docker-entrypoint", "*-entrypoint")

    def claims(self, path: str, source: bytes) -> bool:
        return path.endswith((".sh", ".bash")) or source.startswith(b"#!")

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            return Declarations(self.name), ()
        text, notices = decode(path, source)
        return Declarations(self.name, commands=tuple(_commands(text))[:COMMAND_LIMIT]), notices


def _commands(text: str) -> Iterator[ScriptCommand]:
    values: dict[str, str] = {}
    function = branch = ""
    for line in _ENDED.sub(" ", text).splitlines():
        head = _function(line)
        if head or line.startswith("}"):
            function = head
            continue
        chosen = _BRANCH.match(line.strip())
        if chosen is not None:
            branch, line = chosen[1].strip("\"'"), chosen[2]
        for part in _parts(line):
            assigned = _ASSIGNED.match(part)
            if assigned is not None and " " not in _QUOTED.sub("", assigned[2]):
                values[assigned[1]] = _filled(assigned[2].strip("\"'"), values)
                continue
            words = _words(_filled(part, values))
            if words and words[0] not in _NO_COMMAND:
                yield ScriptCommand(words, function or branch)
        if line.rstrip().endswith(";;") or line.strip() == "esac":
            branch = ""


def _function(line: str) -> str:
    """The name of the function that begins with a line, "" when none does."""
    found = _FUNCTION.match(line.strip()) if "()" in line or line.startswith("function ") else None
    return found[1] if found is not None else ""


def _parts(line: str) -> Iterator[str]:
    """The simple commands of a line; what stands in quotes parts nothing."""
    quoted: list[str] = []

    def hide(found: re.Match[str]) -> str:
        quoted.append(found[0])
        return f"\0{len(quoted) - 1}\0"

    hidden = _COMMENT.sub("", _QUOTED.sub(hide, line.replace("\0", "")))
    for part in _APART.split(hidden):
        shown = re.sub("\0(\\d+)\0", lambda found: quoted[int(found[1])], part).strip()
        if shown:
            yield shown


def _filled(text: str, values: dict[str, str]) -> str:
    """`text` with what the script gave its variables; what it did not give stays as it is written."""

    def fill(found: re.Match[str]) -> str:
        given = values.get(found[1] or found[2], found[3])
        return found[0] if given is None else given

    return _USED.sub(fill, text)[:FILLED_LIMIT]


def _words(part: str) -> tuple[str, ...]:
    """The words of a command, without what only leads up to it."""
    words = list(split_command(part))
    while words and (words[0] in _BEFORE or _ASSIGNED.match(words[0])):
        words.pop(0)
    return tuple(words)
