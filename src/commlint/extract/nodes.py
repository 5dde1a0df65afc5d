"""YAML as a tree of nodes that know where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from commlint.model.places import Extent

NOWHERE = Extent(1, 1, 1, 1)

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class TextNode:
    """A scalar as written; `plain` is without quotes, so that `null` can be told from "null". `tag`: as in `!Ref`."""

    text: str
    extent: Extent
    plain: bool = True
    tag: str = ""

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in _NULLS


@dataclass(frozen=True, slots=True)
class ListNode:
    """A sequence."""

    items: tuple[Node, ...]
    extent: Extent
    tag: str = ""


@dataclass(frozen=True, slots=True)
class MapNode:
    """
    A mapping, merge keys (`<<`) taken in and every key once.

    All accessors are total: what is missing or of another shape is empty.
    """

    entries: tuple[tuple[TextNode, Node], ...] = ()
    extent: Extent = NOWHERE
    tag: str = ""

    def get(self, name: str) -> Node | None:
        return next((node for key, node in self.entries if key.text == name), None)

    def at(self, *names: str) -> MapNode:
        """The mapping reached through `names`, empty when there is none."""
        current = self
        for name in names:
            current = as_map(current.get(name))
        return current

    def items(self, name: str) -> tuple[Node, ...]:
        """The items of the sequence under `name`."""
        node = self.get(name)
        return node.items if isinstance(node, ListNode) else ()

    def maps(self, name: str) -> tuple[MapNode, ...]:
        """The mappings among the items of the sequence under `name`."""
        return tuple(item for item in self.items(name) if isinstance(item, MapNode))

    def text(self, name: str) -> str:
        """The scalar under `name` as written, "" for null or none."""
        return as_text(self.get(name))

    def place(self, name: str) -> Extent:
        """Where the value under `name` stands, else where the mapping does."""
        node = self.get(name)
        return node.extent if node is not None else self.extent


Node = TextNode | ListNode | MapNode


def as_map(node: Node | None) -> MapNode:
    """`node` when it is a mapping, else an empty one."""
    return node if isinstance(node, MapNode) else MapNode()


def as_text(node: Node | None) -> str:
    """The text of a scalar, "" for null and for anything else."""
    return node.text if isinstance(node, TextNode) and not node.is_null else ""
