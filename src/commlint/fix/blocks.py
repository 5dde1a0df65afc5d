"""
What a block of infrastructure code is given, and what is put beside it: templates filled from the block itself.

`{label}` is what the file calls the block, `{index}` the element of a repeated one.
`{copy:NAME}` alone on a line is the attribute NAME as the block has it. `{renamed:NAME:SUFFIX:LAST:ATTRIBUTE}` is its
value with SUFFIX behind it, before LAST where it ends so. The line is left out where the block has no such attribute.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

_COPY = re.compile(r"^(?P<margin> *)\{copy:(?P<name>[^}]+)\}$")
_RENAMED = re.compile(r"\{renamed:(?P<name>[^:}]+):(?P<suffix>[^:}]+):(?P<last>[^:}]*):(?P<attribute>[^}]*)\}")


class NoEdit(Exception):
    """A template cannot be filled from a block."""


class Block(ABC):
    """A block as the file has it."""

    label: str
    index: str = ""

    @abstractmethod
    def copied(self, name: str) -> str | None:
        """The attribute as it is written, without the margin of its first line; None when there is none."""

    @abstractmethod
    def renamed(self, name: str, suffix: str, last: str) -> str | None:
        """The value with a suffix, as it is written; None when there is none, or where it is computed."""

    @abstractmethod
    def computed(self, name: str, suffix: str) -> str | None:
        """A value that is computed, with a suffix; None when there is none, or no way to write it."""


def filled(template: str, block: Block) -> str:
    """
    The template with what the block says.

    Raises:
        NoEdit: the value that gets a suffix is computed, and the block has the attribute that says how it must end.
    """
    lines: list[str] = []
    for line in template.splitlines():
        if copy := _COPY.match(line):
            text = block.copied(copy["name"])
            if text is not None:
                lines.append(f"{copy['margin']}{text}")
            continue
        if found := _RENAMED.search(line):
            written = _renamed(block, found)
            if written is None:
                continue
            line = f"{line[: found.start()]}{written}{line[found.end() :]}"
        lines.append(line)
    return "\n".join(lines).replace("{label}", block.label).replace("{index}", block.index)


def _renamed(block: Block, found: re.Match[str]) -> str | None:
    name, suffix = found["name"], found["suffix"]
    written = block.renamed(name, suffix, found["last"])
    if written is not None:
        return written
    if block.copied(name) is not None and found["attribute"] and block.copied(found["attribute"]) is not None:
        raise NoEdit(name)
    return block.computed(name, suffix)


def before_last(text: str, suffix: str, last: str) -> str:
    """A text with a suffix, before what must stay its end."""
    return f"{text.removesuffix(last)}{suffix}{last}" if last and text.endswith(last) else f"{text}{suffix}"
