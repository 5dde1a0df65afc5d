"""Suppressions as annotations of Kubernetes objects: `commlint.dev/ignore: "CL601, CL602: reason"`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from commlint.extract.nodes import MapNode, TextNode
from commlint.model.facts import Ignore

KEY = "commlint.dev/ignore"
MARK = KEY.encode()

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def ignores_of(manifests: Iterable[MapNode]) -> Iterator[Ignore]:
    """What the annotations of objects suppress: all that is found between the first and the last line of each."""
    for manifest in manifests:
        node = manifest.at("metadata", "annotations").get(KEY)
        if isinstance(node, TextNode) and not node.is_null:
            written, _, reason = node.text.partition(":")
            codes = tuple(_CODE.findall(written))
            first, last = manifest.extent.start_line, manifest.extent.end_line
            yield Ignore(codes, reason.strip(), first, node.extent, max(first, last))
