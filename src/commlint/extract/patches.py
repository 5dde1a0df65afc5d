"""Patches of objects: merged into them, or operations on places in them (RFC 6902); pure and total."""

from __future__ import annotations

from dataclasses import replace

from commlint.extract.nodes import ListNode, MapNode, Node, TextNode, as_map

_DIRECTIVE = "$patch"
_END = "-"


def merged(target: Node, patch: Node) -> Node | None:
    """
    An object with another laid over it: mappings merge, null takes away, all else is replaced.

    None when the patch takes it away. Custom objects have no lists that merge by a key.
    """
    if not isinstance(patch, MapNode):
        return None if isinstance(patch, TextNode) and patch.is_null else patch
    directive = patch.text(_DIRECTIVE)
    if directive == "delete":
        return None
    said = tuple((key, value) for key, value in patch.entries if key.text != _DIRECTIVE)
    if directive == "replace":
        return replace(patch, entries=said)
    if not isinstance(target, MapNode):
        target = replace(patch, entries=())
    over = {key.text: value for key, value in said}
    entries: list[tuple[TextNode, Node]] = []
    for key, value in target.entries:
        kept = merged(value, over[key.text]) if key.text in over else value
        if kept is not None:
            entries.append((key, kept))
    known = {key.text for key, _ in target.entries}
    for key, value in said:
        # Laid over nothing, it still loses what it says is null.
        fresh = merged(key, value) if key.text not in known else None
        if fresh is not None:
            entries.append((key, fresh))
    return replace(target, entries=tuple(entries))


def operated(target: Node, operations: Node) -> Node:
    """An object after a list of operations; one whose place is not there changes nothing."""
    for operation in operations.items if isinstance(operations, ListNode) else ():
        each = as_map(operation)
        place, value = _steps(each.text("path")), each.get("value")
        match each.text("op"):
            case "add" | "replace" as kind if value is not None:
                target = _put(target, place, value, insert=kind == "add")
            case "remove":
                target = _without(target, place)
            case "copy" | "move" as kind:
                origin = _steps(each.text("from"))
                found = _at(target, origin)
                if found is not None:
                    target = _without(target, origin) if kind == "move" else target
                    target = _put(target, place, found, insert=True)
    return target


def _steps(pointer: str) -> tuple[str, ...]:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def _at(node: Node | None, steps: tuple[str, ...]) -> Node | None:
    for step in steps:
        if isinstance(node, ListNode):
            number = _number(step, node)
            node = node.items[number] if number is not None and number < len(node.items) else None
        else:
            node = as_map(node).get(step)
    return node


def _number(step: str, node: ListNode) -> int | None:
    if step == _END:
        return len(node.items)
    return int(step) if step.isascii() and step.isdigit() and len(step) < 7 else None


def _put(node: Node, steps: tuple[str, ...], value: Node, *, insert: bool) -> Node:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(node, ListNode):
        number = _number(step, node)
        if number is None or number > len(node.items):
            return node
        before, here, after = node.items[:number], node.items[number : number + 1], node.items[number + 1 :]
        if rest or not insert:
            return replace(node, items=(*before, *(_put(each, rest, value, insert=insert) for each in here), *after))
        return replace(node, items=(*before, value, *here, *after))
    if not isinstance(node, MapNode):
        return node
    inner = node.get(step)
    if inner is None:
        if rest:
            return node
        return replace(node, entries=(*node.entries, (TextNode(step, value.extent), value)))
    made = _put(inner, rest, value, insert=insert)
    return replace(node, entries=tuple((key, made if key.text == step else old) for key, old in node.entries))


def _without(node: Node, steps: tuple[str, ...]) -> Node:
    if not steps:
        return node
    step, rest = steps[0], steps[1:]
    if isinstance(node, ListNode):
        number = _number(step, node)
        if number is None or number >= len(node.items):
            return node
        here = (_without(node.items[number], rest),) if rest else ()
        return replace(node, items=(*node.items[:number], *here, *node.items[number + 1 :]))
    if not isinstance(node, MapNode):
        return node
    entries = (
        (key, _without(value, rest) if key.text == step else value)
        for key, value in node.entries
        if rest or key.text != step
    )
    return replace(node, entries=tuple(entries))
