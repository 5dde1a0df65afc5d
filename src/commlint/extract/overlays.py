"""Overlays of Kustomize: manifests with the namespaces, names, images and values that kustomizations give them."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from commlint.extract.formats.kubernetes import KubernetesReader
from commlint.extract.nodes import ListNode, MapNode, as_map, as_text
from commlint.extract.patched import Patched, patched
from commlint.extract.rendered import Rendered, settled
from commlint.extract.yaml import read_documents
from commlint.model.declarations import Change, Declarations, Overlay
from commlint.model.deployments import Binding, ServiceDeclaration
from commlint.model.facts import FactSet, FileFacts, Notice
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, TrafficPolicy
from commlint.model.values import Literal

NESTING = 30
STEP_LIMIT = 20_000

_FILES = ("kustomization.yaml", "kustomization.yml", "kustomization", "Kustomization")
_VARIABLE = re.compile(r"^/spec/template/spec/containers/\d+/env/(?P<index>\d+|-)(?:/value)?$")

# A variable or key and the scope it is given in: `service:orders`, `configmap:common`.
Given = tuple[str, str]


@dataclass(slots=True)
class _Way:
    """What one kustomization that nobody takes in makes of a file."""

    namespace: str = ""
    prefix: str = ""
    suffix: str = ""
    images: dict[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()

    def around(self, outer: Overlay) -> _Way:
        return _Way(
            outer.namespace or self.namespace,
            outer.prefix + self.prefix,
            self.suffix + outer.suffix,
            {**self.images, **dict(outer.images)},
            (*self.files, *outer.files),
        )


def overlaid(facts: FactSet) -> FactSet:
    """The facts, manifests as the kustomizations that take them in deploy them; pure, deterministic and bounded."""
    files = {file.path: file for file in facts if file.declarations is not None}
    work = _Work({path: file.declarations for path, file in files.items() if file.declarations is not None})
    if not work.overlays:
        return facts
    work.follow()
    return FactSet(tuple(work.changed(file) for file in facts))


class _Work:
    def __init__(self, declared: dict[str, Declarations]) -> None:
        self._declared = declared
        self.overlays = {path: each.overlays[0] for path, each in sorted(declared.items()) if each.overlays}
        self._ways: dict[str, list[_Way]] = defaultdict(list)
        self._given: dict[str, list[frozenset[Given]]] = defaultdict(list)
        self._notices: dict[str, list[Notice]] = defaultdict(list)
        self._steps = STEP_LIMIT
        self._objects = Patched()
        self._inner = {
            path: tuple(each for each in map(self._kustomization, overlay.resources) if each in self.overlays)
            for path, overlay in self.overlays.items()
        }
        self._inline = {path: self._patched(path, overlay) for path, overlay in self.overlays.items()}

    def follow(self) -> None:
        """Walk from every kustomization that nobody takes in down to the files."""
        taken = {found for several in self._inner.values() for found in several}
        starts = [path for path in self.overlays if path not in taken]
        reached = {found for start in starts for found in self._reached(start)} | set(starts)
        for path in self.overlays:
            # What is left takes in each other, or is taken in by such; none of it can be built.
            if path not in reached and path in (ring := self._reached(path)):
                ended = "kustomizations that take in each other; take one out of them"
                self._notices[path].append(Notice(path, 0, ended))
                starts.append(path)
                reached |= ring
        for start in starts:
            for file, way in self._below(start, (), []):
                self._ways[file].append(way)
        self._objects = patched(self._declared, self.overlays, self._kustomization, starts)
        for notice in self._objects.cut:
            self._notices[notice.path].append(notice)

    def changed(self, file: FileFacts) -> FileFacts:
        """One file as it is deployed."""
        known = file.declarations
        if known is None:
            return file
        known = self._objects.changed(file.path, known)
        ways, inline = self._ways.get(file.path, []), self._inline.get(file.path)
        if ways:
            replaced = frozenset.intersection(*self._given[file.path]) if self._given[file.path] else frozenset()
            known = _deployed(known, ways, replaced)
        if inline is not None:
            inline = self._objects.left(file.path, inline)
            known = replace(
                known, services=(*known.services, *inline.services), bindings=(*known.bindings, *inline.bindings),
                traffic=(*known.traffic, *inline.traffic), routes=(*known.routes, *inline.routes),
            )  # fmt: skip
        notices = (*file.notices, *self._notices.get(file.path, ()))
        return replace(file, declarations=known, notices=tuple(sorted(set(notices))))

    def _kustomization(self, place: str) -> str:
        """The kustomization of a folder, the place itself when it is a file."""
        return next((each for name in _FILES if (each := posixpath.join(place, name)) in self.overlays), place)

    def _reached(self, path: str) -> set[str]:
        """The kustomizations that one takes in, and those in turn."""
        seen: set[str] = set()
        pending = list(self._inner[path])
        while pending:
            current = pending.pop()
            if current not in seen:
                seen.add(current)
                pending.extend(self._inner[current])
        return seen

    def _below(self, path: str, above: tuple[str, ...], given: list[frozenset[Given]]) -> Iterator[tuple[str, _Way]]:
        """The files a kustomization takes in, with what it and those inside it make of each."""
        overlay = self.overlays.get(path)
        self._steps -= 1
        if self._steps == 0:
            much = "kustomizations that are taken in without end; only some ways of deploying were followed"
            self._notices[path].append(Notice(path, 0, much))
        if overlay is None or path in above or len(above) > NESTING or self._steps <= 0:
            return
        here = [*given, self._values(path, overlay)]
        yield path, _Way().around(overlay)
        self._given[path].append(frozenset().union(*given))
        for place in overlay.resources:
            inner = self._kustomization(place)
            if inner in self.overlays:
                yield from ((file, way.around(overlay)) for file, way in self._below(inner, (*above, path), here))
            elif place in self._declared:
                yield place, _Way().around(overlay)
                self._given[place].append(frozenset().union(*here))
        for place in overlay.patches:
            if place in self._declared:
                yield place, _Way().around(overlay)
                self._given[place].append(frozenset().union(*given))

    def _values(self, path: str, overlay: Overlay) -> frozenset[Given]:
        """The variables that patches of a kustomization, and the keys that its generators, give."""
        inline = self._inline.get(path)
        bindings = [*(inline.bindings if inline is not None else ()), *self._declared[path].bindings]
        for place in overlay.patches:
            bindings += self._declared[place].bindings if place in self._declared else ()
        return frozenset((each.scope, each.name) for each in bindings if not each.name.endswith("*"))

    def _patched(self, path: str, overlay: Overlay) -> Declarations:
        """What the patches inside a kustomization declare, in its lines."""
        services: list[ServiceDeclaration] = []
        bindings: list[Binding] = []
        traffic: list[TrafficPolicy] = []
        routes: list[GatewayRoute] = []
        for change in overlay.changes:
            operations = self._operations(change)
            if operations is not None:
                bindings.extend(each for operation in operations for each in self._operation(change, operation))
            elif change.text:
                found = _read(path, change)
                services += found.services
                bindings += found.bindings
                traffic += found.traffic
                routes += found.routes
        return Declarations("kustomize", tuple(services), tuple(bindings), tuple(routes), traffic=tuple(traffic))

    def _operations(self, change: Change) -> list[MapNode] | None:
        """The operations of a change that does not merge but says what to do where, None for one that merges."""
        kept = self._declared[change.path].manifests if change.path in self._declared else ()
        text = change.text or (kept[0].text if kept and not kept[0].kind else "")
        nodes, _ = read_documents("", text.encode("utf-8", "replace"))
        return [as_map(item) for item in nodes[0].items] if nodes and isinstance(nodes[0], ListNode) else None

    def _operation(self, change: Change, operation: MapNode) -> Iterator[Binding]:
        """The variable that an operation adds, or gives another value: by its place among those of the workload."""
        value = operation.get("value")
        found = _VARIABLE.match(operation.text("path"))
        if found is None or not change.name:
            return
        scope, name = f"service:{change.name}", as_map(value).text("name")
        if not name and found["index"] != "-":
            own = next(filter(None, (self._variables(each, scope) for _, each in sorted(self._declared.items()))), [])
            name = own[int(found["index"])] if int(found["index"]) < len(own) else ""
        if name:
            extent, down = operation.extent, max(change.line - 1, 0)
            here = Extent(extent.start_line + down, 1, extent.end_line + down, 1) if change.text else change.extent
            yield Binding(scope, name, Literal(as_map(value).text("value") or as_text(value)), "kubernetes", here)

    def _variables(self, declarations: Declarations, scope: str) -> list[str]:
        if declarations.format != "kubernetes":
            return []
        return [each.name for each in declarations.bindings if each.scope == scope and not each.name.endswith("*")]


def _read(path: str, change: Change) -> Declarations:
    """A manifest written into a kustomization; its target may name it in place of itself."""
    lines = tuple(change.line + number for number in range(change.text.count("\n") + 1))
    found, _ = KubernetesReader().read(path, change.text.encode("utf-8", "replace"))
    found = settled(found, Rendered(path, lines))
    if not change.name:
        return found
    return replace(
        found,
        services=tuple(replace(each, name=change.name) for each in found.services),
        bindings=tuple(
            replace(each, scope=f"service:{change.name}") if each.scope.startswith("service:") else each
            for each in found.bindings
        ),
        traffic=tuple(replace(each, name=change.name) for each in found.traffic),
    )


def _deployed(known: Declarations, ways: Iterable[_Way], replaced: frozenset[Given]) -> Declarations:
    several = tuple(ways)
    namespaces = tuple(dict.fromkeys(each.namespace for each in several))
    return replace(
        known,
        services=tuple(made for each in known.services for made in _service(each, several, namespaces)),
        bindings=tuple(each for each in known.bindings if (each.scope, each.name) not in replaced),
        traffic=tuple(_with_namespace(each, namespaces) for each in known.traffic),
    )


def _service(
    item: ServiceDeclaration, ways: tuple[_Way, ...], namespaces: tuple[str, ...]
) -> Iterator[ServiceDeclaration]:
    """A workload or Service, once for each namespace it gets."""
    names = (f"{way.prefix}{item.name}{way.suffix}" for way in ways)
    images = {_renamed(item.image, way.images) for way in ways}
    # What is in a ConfigMap lies where that is mounted.
    files = sorted({path for way in ways for name, path in way.files if name in item.mounts})
    made = replace(
        item,
        aliases=tuple(dict.fromkeys((*item.aliases, *(name for name in names if name != item.name)))),
        image=images.pop() if len(images) == 1 else item.image,
        mounts=tuple(dict.fromkeys((*item.mounts, *files))),
    )
    for namespace in namespaces:
        yield replace(made, namespace=namespace or item.namespace)


def _renamed(image: str, images: dict[str, str]) -> str:
    name, tag = (image, "") if ":" not in image.rpartition("/")[2] else image.rsplit(":", 1)
    return image if name not in images else f"{images[name]}:{tag}" if tag else images[name]


def _with_namespace(item: TrafficPolicy, namespaces: tuple[str, ...]) -> TrafficPolicy:
    """A rule in the namespace it gets; in one of several it may be in any."""
    given = namespaces[0] if len(namespaces) == 1 else ""
    if len(namespaces) == 1 and not given:
        return item
    return replace(item, namespace=given)
