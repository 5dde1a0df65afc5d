"""What one object of a mesh or gateway declares, and the parts such objects share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commlint.extract.nodes import MapNode
from commlint.model.facts import Notice
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy


@dataclass(frozen=True, slots=True)
class Traffic:
    """Routes and rules, in the order written; `cut`: the line at which there was too much to read on, else 0."""

    routes: tuple[GatewayRoute, ...] = ()
    rules: tuple[TrafficPolicy, ...] = ()
    cut: int = 0

    def __add__(self, other: Traffic) -> Traffic:
        return Traffic(self.routes + other.routes, self.rules + other.rules, self.cut or other.cut)

    def notices(self, path: str) -> tuple[Notice, ...]:
        """What is to be told of a file that was not read to its end."""
        much = "too many directives, or nested too deeply; nothing was read from here on, split the file up"
        return (Notice(path, self.cut, much),) if self.cut else ()


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
