"""Configuration of gateways that a ConfigMap holds as a text: the routes of whoever has it mounted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from commlint.extract import caddy_routes, haproxy_routes, nginx_routes
from commlint.extract.nodes import MapNode, TextNode
from commlint.extract.traffic import Traffic
from commlint.model.places import Extent

SIZE_LIMIT = 1_000_000

_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[str], Traffic]], ...] = (
    (nginx_routes.is_nginx, nginx_routes.routes_in),
    (haproxy_routes.is_haproxy, haproxy_routes.routes_in),
    (caddy_routes.is_caddy, caddy_routes.routes_in),
)


def mounted(name: str) -> str:
    """What stands for a ConfigMap among the places of a gateway's configuration."""
    return f"configmap:{name}"


def routes_in(data: MapNode, name: str) -> Traffic:
    """The routes and rules in the texts of a ConfigMap, in the lines of its file."""
    found = Traffic()
    for _, node in data.entries:
        if isinstance(node, TextNode) and len(node.text) <= SIZE_LIMIT:
            source = node.text.encode("utf-8", "replace")
            read = next((read for claims, read in _READERS if claims(source)), None)
            if read is not None:
                found += _moved(read(node.text), node.extent.start_line, mounted(name))
    return found


def _moved(traffic: Traffic, line: int, gateway: str) -> Traffic:
    """The text of a block begins on the line below the key."""

    def place(extent: Extent) -> Extent:
        return Extent(extent.start_line + line, extent.start_column, extent.end_line + line, extent.end_column)

    return Traffic(
        tuple(replace(each, gateway=gateway, extent=place(each.extent)) for each in traffic.routes),
        tuple(replace(each, gateways=(gateway,), extent=place(each.extent)) for each in traffic.rules),
    )
