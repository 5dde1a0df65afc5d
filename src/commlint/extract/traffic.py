"""What one object of a mesh or gateway declares, and the parts such objects share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commlint.extract.nodes import MapNode
from commlint.model.declarations import GatewayRoute, RouteMatch, TrafficPolicy


@dataclass(frozen=True, slots=True)
class Traffic:
    """Routes and rules, in the order written."""

    routes: tuple[GatewayRoute, ...] = ()
    rules: tuple[TrafficPolicy, ...] = ()

    def __add__(self, other: Traffic) -> Traffic:
        return Traffic(self.routes + other.routes, self.rules + other.rules)


ANY = RouteMatch()


def plain_prefix(path: str) -> str:
    """A path up to where its regular expression begins: `/api(/|$)(.*)` and `/api/*` are the prefix `/api`."""
    plain = re.split(r"[(*?\[\\]", path, maxsplit=1)[0]
    return plain if plain == path and plain else plain.rstrip("/") or "/"


def prefix_of(match: RouteMatch) -> str:
    """The fixed beginning of the paths that a match takes."""
    if not match.how:
        return "/"
    return plain_prefix(match.path.lstrip("^")) if match.how == "pattern" else match.path or "/"


def identity(manifest: MapNode) -> tuple[str, str]:
    """Name and namespace of an object."""
    metadata = manifest.at("metadata")
    return metadata.text("name"), metadata.text("namespace")
