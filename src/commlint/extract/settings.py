"""Configuration files as flat lists of keys, whatever form they are written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from commlint.extract.nodes import ListNode, MapNode, Node, TextNode, as_text
from commlint.model.places import Extent

SETTING_LIMIT = 20_000

_SEPARATORS = re.compile(r"[-_]")
_SEGMENT = re.compile(r"\[[^\]]*\]|[^.\[\]]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """One key with its value as written; `items` when a list of texts is written out."""

    key: str
    text: str
    extent: Extent
    items: tuple[str, ...] = ()


def relaxed(key: str) -> str:
    """A key without case, dashes and underscores: `read-timeout`, `readTimeout` and `read_timeout` are one."""
    return _SEPARATORS.sub("", key).lower()


def flattened(node: Node, joint: str = ".", indexed: str = "[{}]") -> Iterator[Setting]:
    """
    The leaves of a tree, keys joined by `joint`, items of lists numbered as `indexed` says.

    A list of texts is also one setting of its own.
    """
    pending: list[tuple[str, Node, Extent | None]] = [("", node, None)]
    count = 0
    while pending and count < SETTING_LIMIT:
        key, current, place = pending.pop()
        inner: list[tuple[str, Node, Extent | None]] = []
        if isinstance(current, TextNode):
            count += 1
            yield Setting(key, as_text(current), place or current.extent)
        elif isinstance(current, MapNode):
            inner = [
                (f"{key}{joint}{name.text}" if key else name.text, entry, name.extent)
                for name, entry in current.entries
            ]
        else:
            texts = _texts(current)
            if texts:
                count += 1
                yield Setting(key, ",".join(texts), place or current.extent, texts)
            inner = [(key + indexed.format(number), item, item.extent) for number, item in enumerate(current.items)]
        pending.extend(reversed(inner))


def _texts(node: ListNode) -> tuple[str, ...]:
    texts = tuple(as_text(item) for item in node.items if isinstance(item, TextNode))
    return texts if len(texts) == len(node.items) else ()


class Keys:
    """The settings of one document, asked by key in its relaxed form; of several the last counts."""

    def __init__(self, settings: Iterable[Setting]) -> None:
        self._settings = {relaxed(setting.key): setting for setting in settings}

    def get(self, *keys: str) -> Setting | None:
        """The first of `keys` that is given."""
        return next((self._settings[relaxed(key)] for key in keys if relaxed(key) in self._settings), None)

    def text(self, *keys: str) -> str:
        found = self.get(*keys)
        return found.text if found is not None else ""

    def below(self, prefix: str) -> dict[str, Keys]:
        """What stands below `prefix`, by its next segment as written: names of a map, `[0]` of a list."""
        start = relaxed(prefix)
        found: dict[str, list[Setting]] = {}
        for key, setting in self._settings.items():
            if key.startswith(start) and key[len(start) : len(start) + 1] in (".", "["):
                parts = _SEGMENT.findall(setting.key)
                depth = len(_SEGMENT.findall(prefix))
                rest = "".join(part if part[0] == "[" else f".{part}" for part in parts[depth + 1 :]).lstrip(".")
                found.setdefault(parts[depth], []).append(replace(setting, key=rest))
        return {name: Keys(several) for name, several in found.items()}

    def __iter__(self) -> Iterator[Setting]:
        return iter(self._settings.values())
