"""Charts: templates rendered with the values of their chart become what they declare, in their own lines."""

from __future__ import annotations

import copy
import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from commlint.extract.formats.kubernetes import KubernetesReader
from commlint.extract.gotemplate.parser import Broken, Node, Parsed, parse
from commlint.extract.gotemplate.render import Rendering, TooMuch
from commlint.extract.gotemplate.values import UNKNOWN, merged, plain
from commlint.extract.rendered import Rendered, settled
from commlint.extract.yaml import read_documents
from commlint.model.declarations import Declarations
from commlint.model.facts import FactSet, FileFacts, Notice

NOTICES = 5
NESTING = 6
CHART_LIMIT = 300


@dataclass(slots=True)
class Chart:
    """One chart: where it lies, what `Chart.yaml` says, its values and templates by path."""

    folder: str
    told: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    templates: dict[str, Parsed] = field(default_factory=dict)
    helpers: list[Parsed] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.told.get("name") or posixpath.basename(self.folder))


def rendered(facts: FactSet) -> FactSet:
    """The facts with what the templates of charts declare; pure, deterministic and bounded."""
    kept = [file for file in facts if file.declarations is not None and file.declarations.charts]
    if not kept:
        return facts
    charts, notices = _charts(kept)
    work = _Work(charts)
    for chart in work.roots():
        work.render(chart, chart.values, {}, chart.name, _defines(work.family(chart)), 0)
    found: dict[str, list[Declarations]] = work.found
    told = {path: [*notices.get(path, ()), *work.notices.get(path, ())] for path in {*notices, *work.notices}}
    return FactSet(tuple(_with(file, found.get(file.path, ()), told.get(file.path, ())) for file in facts))


def _with(file: FileFacts, declared: list[Declarations] | tuple[()], told: list[Notice] | tuple[()]) -> FileFacts:
    notices = tuple(sorted({*file.notices, *told}))
    if file.declarations is None or not declared:
        return replace(file, notices=notices) if told else file
    together = Declarations(
        file.declarations.format,
        tuple(dict.fromkeys(item for each in declared for item in each.services)),
        tuple(dict.fromkeys(item for each in declared for item in each.bindings)),
        tuple(dict.fromkeys(item for each in declared for item in each.routes)),
        tuple(dict.fromkeys(item for each in declared for item in each.channels)),
        tuple(dict.fromkeys(item for each in declared for item in each.traffic)),
        charts=file.declarations.charts,
    )
    return replace(file, declarations=together, notices=notices)


def _charts(files: list[FileFacts]) -> tuple[dict[str, Chart], dict[str, list[Notice]]]:
    """The charts by folder; a file belongs to the deepest chart around it."""
    notices: dict[str, list[Notice]] = defaultdict(list)
    charts: dict[str, Chart] = {}
    for file in files:
        if _kind(file) == "chart":
            charts[posixpath.dirname(file.path)] = Chart(posixpath.dirname(file.path), _yaml(file))
    for file in files:
        chart = _around(charts, file.path)
        kind = _kind(file)
        if chart is None:
            if kind == "template":
                notices[file.path].append(Notice(file.path, 0, "a template without a chart is not rendered", True))
        elif kind == "values" and posixpath.dirname(file.path) == chart.folder:
            chart.values = _yaml(file)
        elif kind in ("template", "helper"):
            try:
                parsed = parse(_text(file))
            except Broken as broken:
                why = f"this template cannot be read: {broken}; check braces, quotes and `end`"
                notices[file.path].append(Notice(file.path, broken.line, why))
                continue
            if kind == "helper":
                chart.helpers.append(parsed)
            else:
                chart.templates[file.path] = parsed
    return charts, notices


def _kind(file: FileFacts) -> str:
    return file.declarations.charts[0].kind if file.declarations is not None else ""


def _text(file: FileFacts) -> str:
    return file.declarations.charts[0].text if file.declarations is not None else ""


def _yaml(file: FileFacts) -> dict[str, Any]:
    documents, _ = read_documents(file.path, _text(file).encode())
    found = plain(documents[0]) if documents else {}
    return found if isinstance(found, dict) else {}


def _around(charts: Mapping[str, Chart], path: str) -> Chart | None:
    folder = posixpath.dirname(path)
    while folder not in charts:
        if not folder:
            return None
        folder = posixpath.dirname(folder)
    return charts[folder]


def _defines(charts: list[Chart]) -> dict[str, tuple[Node, ...]]:
    """The templates that charts define by name, those of the first going before the others."""
    found: dict[str, tuple[Node, ...]] = {}
    for chart in charts:
        for parsed in (*chart.helpers, *chart.templates.values()):
            for name, nodes in parsed.defines.items():
                found.setdefault(name, nodes)
    return found


@dataclass(slots=True)
class _Work:
    """Rendering all charts of a tree."""

    charts: dict[str, Chart]
    found: dict[str, list[Declarations]] = field(default_factory=lambda: defaultdict(list))
    notices: dict[str, list[Notice]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0

    def roots(self) -> list[Chart]:
        """Charts that are installed by themselves: no others take them in, and they are no libraries."""
        takers: dict[str, set[str]] = defaultdict(set)
        for folder, chart in self.charts.items():
            for child, _, _ in self._children(chart):
                takers[child.folder].add(folder)
        return [
            chart
            for folder, chart in sorted(self.charts.items())
            if (not takers[folder] or self._begins_a_ring(folder, takers)) and chart.told.get("type") != "library"
        ]

    def _begins_a_ring(self, folder: str, takers: Mapping[str, set[str]]) -> bool:
        """Whether a chart is the first of some that only take in each other; told, as none of them can be installed."""
        seen: set[str] = set()
        pending = [folder]
        while pending:
            current = pending.pop()
            if current not in seen:
                seen.add(current)
                pending.extend(takers.get(current, ()))
        if min(seen) != folder or not all(takers.get(each) for each in seen):
            return False
        self._say(posixpath.join(folder, "Chart.yaml"), 0, "charts that take in each other; take one out of the others")
        return True

    def family(self, chart: Chart, depth: int = 0) -> list[Chart]:
        """A chart and all it takes in."""
        below = [child for child, _, _ in self._children(chart)] if depth < NESTING else []
        return [chart, *(each for child in below for each in self.family(child, depth + 1))]

    def render(
        self, chart: Chart, values: dict[str, Any], shared: Any, release: str, defines: Mapping[str, tuple[Node, ...]],
        depth: int,
    ) -> None:  # fmt: skip
        self.count += 1
        if depth > NESTING or self.count > CHART_LIMIT:
            return
        values = copy.deepcopy(values)
        values["global"] = merged(values.get("global") or {}, shared or {})
        rendering = Rendering(defines)
        for path, parsed in sorted(chart.templates.items()):
            self._template(rendering, path, parsed, _root(chart, values, release, path), release)
        for child, name, told in self._children(chart):
            if _is_on(told, values):
                below = (
                    merged(child.values, values.get(name) or {}) if isinstance(values.get(name), dict) else child.values
                )
                self.render(child, below, values["global"], release, defines, depth + 1)

    def _template(self, rendering: Rendering, path: str, parsed: Parsed, root: dict[str, Any], release: str) -> None:
        rendering.unclear.clear()
        try:
            text, lines = rendering.render(parsed, root)
        except TooMuch:
            self._say(path, 0, "this template takes in others without end, or too much; it was not rendered")
            return
        for line, what in list(dict.fromkeys(rendering.unclear))[:NOTICES]:
            self._say(path, line, f"not understood: {what}; what it decides is left open")
        if text.strip():
            declarations, notices = KubernetesReader().read(path, text.encode())
            self.found[path].append(settled(declarations, Rendered(path, tuple(lines), release)))
            for notice in notices[:NOTICES]:
                line = lines[notice.line - 1] if 0 < notice.line <= len(lines) else 0
                self._say(path, line, notice.message)

    def _say(self, path: str, line: int, message: str) -> None:
        self.notices[path].append(Notice(path, line, message))

    def _children(self, chart: Chart) -> Iterator[tuple[Chart, str, dict[str, Any]]]:
        """The charts that a chart takes in, each with the name of its values and what the dependency says."""
        dependencies = [each for each in chart.told.get("dependencies") or () if isinstance(each, dict)]
        named = {str(each.get("name")) for each in dependencies}
        for each in dependencies:
            child = self._dependency(chart, each)
            if child is not None:
                yield child, str(each.get("alias") or each.get("name")), each
        start = posixpath.join(chart.folder, "charts")
        for folder, child in sorted(self.charts.items()):
            if posixpath.dirname(folder) == start and child.name not in named:
                yield child, child.name, {}

    def _dependency(self, chart: Chart, told: dict[str, Any]) -> Chart | None:
        inside = self.charts.get(posixpath.join(chart.folder, "charts", str(told.get("name"))))
        place = str(told.get("repository") or "")
        if inside is None and place.startswith("file://"):
            folder = posixpath.normpath(posixpath.join(chart.folder, place.removeprefix("file://")))
            inside = self.charts.get("" if folder == "." else folder)
        return inside if inside is not chart else None


def _is_on(told: dict[str, Any], values: dict[str, Any]) -> bool:
    """Whether the condition of a dependency holds; one whose value nobody gives does."""
    for path in str(told.get("condition") or "").split(","):
        value: Any = values
        for name in path.strip().split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, bool):
            return value
    return True


def _root(chart: Chart, values: dict[str, Any], release: str, path: str) -> dict[str, Any]:
    """What a template is given; a chart is installed under its own name."""
    told = {key[:1].upper() + key[1:]: value for key, value in chart.told.items()}
    version = {"Version": "v1.31.0", "GitVersion": "v1.31.0", "Major": "1", "Minor": "31"}
    return {
        "Values": values,
        "Chart": {**told, "Name": chart.name},
        "Release": {"Name": release, "Namespace": "default", "Service": "Helm", "IsInstall": True, "IsUpgrade": False,
                    "Revision": 1},
        "Capabilities": {"KubeVersion": version, "APIVersions": UNKNOWN, "HelmVersion": {"Version": "v3.16.0"}},
        "Template": {"Name": path, "BasePath": posixpath.dirname(path)},
        "Files": UNKNOWN,
        "Subcharts": UNKNOWN,
    }  # fmt: skip
