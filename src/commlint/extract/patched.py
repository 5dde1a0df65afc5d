"""Objects of meshes, gateways and brokers as the patches of kustomizations leave them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from commlint.extract import patches
from commlint.extract.formats.kubernetes import declared_by
from commlint.extract.nodes import ListNode, MapNode, Node, as_map
from commlint.extract.yaml import read_documents
from commlint.model.channels import ChannelDeclaration
from commlint.model.declarations import Change, Declarations, Overlay
from commlint.model.facts import Notice
from commlint.model.patterns import matched
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, TrafficPolicy

# Patches of objects, over all that kustomizations build.
_STEPS = 50_000

# An object by its file and its number among those of it.
Key = tuple[str, int]
Made = TrafficPolicy | GatewayRoute | ChannelDeclaration


@dataclass(slots=True)
class Patched:
    """
    What patches change.

    `gone`: lines of files whose objects are others now; `made`: what these declare; `cut`: what was too much.
    """

    gone: dict[str, list[Extent]] = field(default_factory=dict)
    made: dict[str, dict[Made, None]] = field(default_factory=dict)
    cut: tuple[Notice, ...] = ()

    def left(self, path: str, known: Declarations) -> Declarations:
        """What a file declares, without the objects that are others now and the patches that made them so."""
        gone = self.gone.get(path, [])
        return known if not gone else _selected(known, lambda each: not any(_holds(place, each) for place in gone))

    def changed(self, path: str, known: Declarations) -> Declarations:
        """What a file declares, with its objects as they are deployed."""
        known, made = self.left(path, known), self.made.get(path, ())
        if not made:
            return known
        return replace(
            known,
            traffic=(*known.traffic, *(each for each in made if isinstance(each, TrafficPolicy))),
            routes=(*known.routes, *(each for each in made if isinstance(each, GatewayRoute))),
            channels=(*known.channels, *(each for each in made if isinstance(each, ChannelDeclaration))),
        )


def _selected(known: Declarations, wanted: Callable[[Extent], bool]) -> Declarations:
    return replace(
        known,
        traffic=tuple(each for each in known.traffic if wanted(each.extent)),
        routes=tuple(each for each in known.routes if wanted(each.extent)),
        channels=tuple(each for each in known.channels if wanted(each.extent)),
    )


def patched(
    declared: Mapping[str, Declarations],
    overlays: Mapping[str, Overlay],
    kustomization: Callable[[str], str],
    starts: Iterable[str],
) -> Patched:
    """What the patches of kustomizations make of the objects they find; pure, and bounded by what is written."""
    if not any(overlay.changes for overlay in overlays.values()):
        return Patched()
    work = _Work(declared, overlays, kustomization)
    variants: dict[Key, list[Node | None]] = {}
    for start in starts:
        for key, node in work.built(start).objects.items():
            several = variants.setdefault(key, [])
            if node not in several:
                several.append(node)
    return work.told(variants)


@dataclass(frozen=True, slots=True)
class _Built:
    """The objects of a kustomization, None for one that a patch took away, and the patches that found none."""

    objects: dict[Key, Node | None]
    left: tuple[Change, ...] = ()


class _Work:
    def __init__(
        self, declared: Mapping[str, Declarations], overlays: Mapping[str, Overlay], kustomization: Callable[[str], str]
    ) -> None:
        self._declared, self._overlays, self._kustomization = declared, overlays, kustomization
        self._lines = _Lines()
        self._built: dict[str, _Built] = {}
        self._written: dict[str, tuple[MapNode, ...]] = {}
        self._used: dict[str, list[Extent]] = {}
        self._steps = _STEPS
        self._cut = ""

    def built(self, path: str) -> _Built:
        """A kustomization with all it takes in; one that takes in itself has nothing there."""
        if path not in self._built:
            self._built[path] = _Built({})
            self._built[path] = self._build(path, self._overlays[path])
        return self._built[path]

    def _build(self, path: str, overlay: Overlay) -> _Built:
        objects: dict[Key, Node | None] = {}
        changes: list[Change] = []
        for place in overlay.resources:
            inner = self._kustomization(place)
            if inner in self._overlays:
                found = self.built(inner)
                objects.update(found.objects)
                # Patches of a component are for what the one that takes it in has.
                changes += found.left
            else:
                objects.update({(place, number): each for number, each in enumerate(self._objects(place))})
        changes += (replace(each, path=each.path or f"{path}#") for each in overlay.changes)
        return _Built(objects, tuple(each for each in changes if not self._apply(each, objects)))

    def _objects(self, path: str) -> tuple[MapNode, ...]:
        """The objects of a file that patches may be for, and the lists of operations in it, where they stand."""
        if path not in self._written:
            declared = self._declared.get(path)
            found = (
                as_map(self._lines.placed(path, each.extent.start_line, node))
                for each in (declared.manifests if declared is not None else ())
                for node in read_documents(path, each.text.encode("utf-8", "replace"))[0][:1]
            )
            self._written[path] = tuple(found)
        return self._written[path]

    def _apply(self, change: Change, objects: dict[Key, Node | None]) -> bool:
        """Make a change of all the objects it is for; whether there are any."""
        hit = False
        for place, patch in self._patches(change):
            for key, node in objects.items():
                if isinstance(node, MapNode) and _is_for(change, patch, node):
                    hit, self._steps = True, self._steps - 1
                    if self._steps < 0:
                        self._cut = self._cut or change.path.rstrip("#")
                        return True
                    objects[key] = _patched(node, patch)
                    if place is not None:
                        self._used.setdefault(change.path.rstrip("#"), []).append(place)
        return hit

    def _patches(self, change: Change) -> Iterator[tuple[Extent | None, Node]]:
        """What a change merges or does, each with the lines in which it declares something by itself."""
        path = change.path.rstrip("#")
        if change.text:
            nodes, _ = read_documents(path, change.text.encode("utf-8", "replace"))
            for node in nodes:
                yield change.extent, self._lines.placed(path, change.line, node)
            return
        declared = self._declared.get(path)
        for each in declared.manifests if declared is not None else ():
            for node in read_documents(path, each.text.encode("utf-8", "replace"))[0][:1]:
                yield each.extent, self._lines.placed(path, each.extent.start_line, node)

    def told(self, variants: Mapping[Key, list[Node | None]]) -> Patched:
        """What is left of objects that some patch changes, and what they are now."""
        much = "patches of more objects than can be followed; those left over were not changed"
        result = Patched(self._used, cut=(Notice(self._cut, 0, much),) if self._cut else ())
        for (path, number), several in sorted(variants.items()):
            original = self._objects(path)[number]
            if several == [original]:
                continue
            result.gone.setdefault(path, []).append(self._declared[path].manifests[number].extent)
            for node in several:
                found = declared_by(as_map(node))
                items: tuple[Made, ...] = (*found.traffic, *found.routes, *found.channels)
                for each in items:
                    place, extent = self._lines.place(each.extent)
                    item = replace(each, extent=extent)
                    result.made.setdefault(place, {})[item] = None
        return result


class _Lines:
    """All texts below each other, so that every line of what was patched together tells the file it comes from."""

    def __init__(self) -> None:
        self._from: list[tuple[int, str, int]] = []
        self._next = 1

    def placed(self, path: str, line: int, node: Node) -> Node:
        """A tree whose first line is this line of a file."""
        first, self._next = self._next, self._next + node.extent.end_line + 1
        self._from.append((first, path, line))
        return _moved(node, first - 1)

    def place(self, extent: Extent) -> tuple[str, Extent]:
        first, path, line = max(each for each in self._from if each[0] <= extent.start_line)
        start = extent.start_line - first + line
        length = max(extent.end_line - extent.start_line, 0)
        return path, Extent(start, extent.start_column, start + length, extent.end_column)


def _moved(node: Node, by: int) -> Node:
    old = node.extent
    extent = Extent(old.start_line + by, old.start_column, old.end_line + by, old.end_column)
    if isinstance(node, MapNode):
        entries = tuple((replace(key, extent=_moved(key, by).extent), _moved(value, by)) for key, value in node.entries)
        return replace(node, entries=entries, extent=extent)
    if isinstance(node, ListNode):
        return replace(node, items=tuple(_moved(each, by) for each in node.items), extent=extent)
    return replace(node, extent=extent)


def _patched(node: MapNode, patch: Node) -> Node | None:
    return patches.operated(node, patch) if isinstance(patch, ListNode) else patches.merged(node, patch)


def _is_for(change: Change, patch: Node, node: MapNode) -> bool:
    kind, metadata = node.text("kind"), node.at("metadata")
    name, labels = metadata.text("name"), metadata.at("labels")
    if not (change.kind or change.name or change.labels):
        own = as_map(patch)
        return own.text("kind") == kind and own.at("metadata").text("name") == name
    if any(labels.text(key) != value for key, value in change.labels):
        return False
    return _fits(change.kind, kind) and _fits(change.name, name)


def _fits(pattern: str, text: str) -> bool:
    """Whether a selector is for a name: it is a pattern, as far as that can be tried in bounded time."""
    return not pattern or pattern == text or matched(pattern, text) is True


def _holds(outer: Extent, inner: Extent) -> bool:
    return outer.start_line <= inner.start_line <= outer.end_line
