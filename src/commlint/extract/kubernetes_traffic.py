"""What objects of Kubernetes say of the traffic between services, by their kinds."""

from __future__ import annotations

from commlint.extract import ingress, mesh_consul, mesh_gateway_api, mesh_istio, mesh_others
from commlint.extract.nodes import MapNode
from commlint.extract.traffic import Traffic

_READERS = {
    kind: module.read
    for module in (mesh_istio, mesh_gateway_api, mesh_consul, mesh_others, ingress)
    for kind in module.KINDS
}
KINDS = tuple(_READERS)


def traffic_of(manifest: MapNode) -> Traffic:
    """Routes and rules of an object, none when it is of another kind."""
    kind = manifest.text("kind")
    if kind == "Service":
        return Traffic(rules=tuple(ingress.service_annotations(manifest)))
    reader = _READERS.get(kind)
    return reader(manifest) if reader is not None else Traffic()
