"""Helm charts: their files are kept as written, and rendered once all of a chart are known."""

from __future__ import annotations

import posixpath
import re
from typing import ClassVar

from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode, is_yaml
from commlint.model.declarations import ChartFile, Declarations
from commlint.model.facts import Notice

SIZE_LIMIT = 500_000

# What a template of a manifest says itself, or takes in.
_MANIFEST = re.compile(rb"\bapiVersion\b|\{\{-?\s*(?:include|template)\b")


class HelmReader(FormatReader):
    """Keeps `Chart.yaml`, `values.yaml` and the templates of charts."""

    name: ClassVar[str] = "helm"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml", "*.tpl")

    def claims(self, path: str, source: bytes) -> bool:
        return _kind(path, source) != ""

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            much = Notice(path, 0, f"more than {SIZE_LIMIT} bytes are no file of a chart; it was not read")
            return Declarations(self.name), (much,)
        text, notices = decode(path, source)
        return Declarations(self.name, charts=(ChartFile(_kind(path, source), text.replace("\r\n", "\n")),)), notices


def _kind(path: str, source: bytes) -> str:
    base = posixpath.basename(path).lower()
    if base == "chart.yaml":
        return "chart"
    if base in ("values.yaml", "values.yml"):
        return "values"
    if "templates" not in path.split("/")[:-1]:
        return ""
    if base.endswith(".tpl") or (base.startswith("_") and is_yaml(path)):
        return "helper"
    return "template" if is_yaml(path) and b"{{" in source and _MANIFEST.search(source) else ""
