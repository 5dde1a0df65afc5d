"""Kubernetes manifests: workloads, Services, ConfigMaps, Secrets (names only), and the traffic between them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar

from commlint.extract import embedded, kubernetes_channels, kubernetes_traffic
from commlint.extract.images import is_sidecar, kind_of, kind_of_image
from commlint.extract.interpolation import interpolate_kubernetes
from commlint.extract.manifest_ignores import ignores_of
from commlint.extract.nodes import MapNode, Node, TextNode, as_map, as_text
from commlint.extract.port import FormatReader
from commlint.extract.yaml import has_top_key, is_yaml, read_documents
from commlint.model.channels import ChannelDeclaration
from commlint.model.declarations import Contract, Declarations, Manifest
from commlint.model.deployments import Binding, Port, ServiceDeclaration
from commlint.model.facts import Ignore, Notice
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, TrafficPolicy
from commlint.model.values import ConfigRead, Literal, Unknown, Value

# Where each kind of workload keeps its pod template.
_WORKLOADS: dict[str, tuple[str, ...]] = {
    "DaemonSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "DeploymentConfig": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Pod": (),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "Rollout": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
}
_JOBS = frozenset({"Job", "CronJob"})
_CUSTOM = (*kubernetes_traffic.KINDS, *kubernetes_channels.KINDS)
_KINDS = (*_WORKLOADS, *_CUSTOM, "Service", "ConfigMap", "Secret", "List", r"\w+List")
_KIND = re.compile(rf"""["']?\bkind["']?[ \t]*:[ \t]*["']?(?:{"|".join(_KINDS)})\b""".encode())
_KUSTOMIZATION = re.compile(r"^kustomization\.ya?ml$", re.IGNORECASE)
_NESTED_LISTS = 3
_KEPT_SIZE = 100_000


class KubernetesReader(FormatReader):
    """Reads manifests as `kubectl apply` takes them, also bases and patches of Kustomize."""

    name: ClassVar[str] = "kubernetes"
    version: ClassVar[int] = 2
    names: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml")

    def claims(self, path: str, source: bytes) -> bool:
        if not is_yaml(path) or b"apiVersion" not in source or _KUSTOMIZATION.match(posixpath.basename(path)):
            return False
        return has_top_key(source, "apiVersion") and _KIND.search(source) is not None

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_documents(path, source)
        found = declared_by(*(each for document in documents for each in _manifests(as_map(document), 0)))
        return replace(found, manifests=tuple(_kept(documents, source))), notices

    def ignores(self, path: str, source: bytes) -> tuple[Ignore, ...]:
        documents, _ = read_documents(path, source)
        return tuple(ignores_of(manifest for document in documents for manifest in _manifests(as_map(document), 0)))


def declared_by(*manifests: MapNode) -> Declarations:
    """What manifests declare, in their order."""
    found = _Found()
    for manifest in manifests:
        found.take(manifest)
    services, bindings, routes = tuple(found.services), tuple(found.bindings), tuple(found.routes)
    channels, traffic, contracts = tuple(found.channels), tuple(found.traffic), tuple(found.contracts)
    return Declarations(KubernetesReader.name, services, bindings, routes, channels, traffic, contracts)


def _kept(documents: tuple[Node, ...], source: bytes) -> Iterator[Manifest]:
    """Objects that patches of kustomizations may change, as written."""
    lines: list[bytes] = []
    for document in map(as_map, documents):
        kind, extent = document.text("kind"), document.extent
        if kind in _CUSTOM:
            lines = lines or source.split(b"\n")
            text = b"\n".join(lines[extent.start_line - 1 : extent.end_line])
            if len(text) <= _KEPT_SIZE:
                yield Manifest(kind, document.at("metadata").text("name"), extent, text.decode("utf-8", "replace"))


def _manifests(document: MapNode, depth: int) -> Iterator[MapNode]:
    """A manifest, or those a List holds."""
    if document.text("kind").endswith("List") and depth < _NESTED_LISTS:
        for item in document.maps("items"):
            yield from _manifests(item, depth + 1)
    elif document.text("apiVersion") and document.text("kind"):
        yield document


@dataclass(slots=True)
class _Found:
    """What the manifests of one file declare, in the order written."""

    services: list[ServiceDeclaration] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    routes: list[GatewayRoute] = field(default_factory=list)
    traffic: list[TrafficPolicy] = field(default_factory=list)
    channels: list[ChannelDeclaration] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)

    def take(self, manifest: MapNode) -> None:
        kind = manifest.text("kind")
        metadata = manifest.at("metadata")
        name = metadata.text("name") or metadata.text("generateName").rstrip("-")
        if not name:
            return
        place = metadata.place("name")
        if kind == "Service" and manifest.text("apiVersion").startswith("serving.knative.dev"):
            self._workload(name, place, "Service", manifest, manifest.at("spec", "template"))
        elif kind in _WORKLOADS:
            self._workload(name, place, kind, manifest, manifest.at(*_WORKLOADS[kind]))
        elif kind == "Service":
            self.services.extend(_service(name, place, manifest))
        elif kind == "ConfigMap":
            self._values(f"configmap:{name}", manifest.at("data"), secret=False)
            self.channels.extend(kubernetes_channels.definitions_in(manifest.at("data")))
        elif kind == "Secret":
            self._values(f"secret:{name}", manifest.at("data"), secret=True)
            self._values(f"secret:{name}", manifest.at("stringData"), secret=True)
            self.channels.extend(kubernetes_channels.definitions_in(manifest.at("stringData")))
        self.channels.extend(kubernetes_channels.channels_of(manifest))
        self.contracts.extend(kubernetes_channels.contracts_of(manifest))
        traffic = kubernetes_traffic.traffic_of(manifest)
        if kind == "ConfigMap":
            traffic += embedded.routes_in(manifest.at("data"), name)
        self.routes.extend(traffic.routes)
        self.traffic.extend(traffic.rules)

    def _workload(self, name: str, place: Extent, kind: str, manifest: MapNode, template: MapNode) -> None:
        containers = _containers(template.at("spec"))
        if not containers:
            # A patch that names a workload only to scale or label it declares nothing of its own.
            return
        image = containers[0].text("image")
        labels = template.at("metadata", "labels")
        self.services.append(
            ServiceDeclaration(
                name=name,
                origin="kubernetes",
                extent=place,
                kind="job" if kind in _JOBS else kind_of(name, image),
                namespace=manifest.at("metadata").text("namespace"),
                image=image,
                command=_command(containers[0]),
                ports=_container_ports(containers),
                selects=_labels(labels),
                mounts=tuple(_config_maps(template.at("spec"))),
            )
        )
        self._environment(f"service:{name}", containers)

    def _environment(self, scope: str, containers: tuple[MapNode, ...]) -> None:
        """What the containers are given; the first container beats the others, single names beat whole maps."""
        whole: list[Binding] = []
        single: dict[str, Binding] = {}
        for container in containers:
            for source in container.maps("envFrom"):
                whole.extend(_taken_over(scope, source))
            own: dict[str, Binding] = {}
            for entry in container.maps("env"):
                name = entry.text("name")
                own[name] = Binding(scope, name, _value(entry), "kubernetes", entry.place("name"))
            for name, binding in own.items():
                single.setdefault(name, binding)
        self.bindings.extend(whole)
        self.bindings.extend(binding for name, binding in single.items() if name)

    def _values(self, scope: str, data: MapNode, *, secret: bool) -> None:
        for key, node in data.entries:
            if isinstance(node, TextNode):
                value = Unknown("secret") if secret else Literal(as_text(node))
                self.bindings.append(Binding(scope, key.text, value, "kubernetes", key.extent))


def _config_maps(pod: MapNode) -> Iterator[str]:
    """The ConfigMaps that a pod has as files."""
    for volume in pod.maps("volumes"):
        for each in (volume, *volume.at("projected").maps("sources")):
            name = each.at("configMap").text("name")
            if name:
                yield embedded.mounted(name)


def _containers(pod: MapNode) -> tuple[MapNode, ...]:
    """The containers that do the work, the main one first; sidecars only when there is nothing else."""
    every = pod.maps("containers")
    working = [each for each in every if not is_sidecar(each.text("name"), each.text("image"))]
    # A database or cache beside a program is there for it.
    return tuple(sorted(working, key=lambda each: kind_of_image(each.text("image")) != "")) or every[:1]


def _command(container: MapNode) -> tuple[str, ...]:
    return tuple(as_text(item) for key in ("command", "args") for item in container.items(key))


def _container_ports(containers: tuple[MapNode, ...]) -> tuple[Port, ...]:
    found: dict[Port, None] = {}
    for container in containers:
        for port in container.maps("ports"):
            number = _number(port.text("containerPort"))
            if number is not None:
                found[Port(number, _number(port.text("hostPort")), port.text("name"))] = None
    return tuple(found)


def _service(name: str, place: Extent, manifest: MapNode) -> Iterator[ServiceDeclaration]:
    spec = manifest.at("spec")
    ports: list[Port] = []
    for port in spec.maps("ports"):
        number = _number(port.text("port"))
        if number is not None:
            target = port.text("targetPort") or str(number)
            ports.append(Port(number, _number(port.text("nodePort")), port.text("name"), target))
    external = spec.text("externalName")
    selects = _labels(spec.at("selector"))
    if not (ports or external or selects):
        return
    yield ServiceDeclaration(
        name=name,
        origin="kubernetes-service",
        extent=place,
        namespace=manifest.at("metadata").text("namespace"),
        aliases=(external,) if external else (),
        ports=tuple(ports),
        selects=selects,
    )


def _labels(node: MapNode) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key.text, value.text) for key, value in node.entries if isinstance(value, TextNode)))


def _value(entry: MapNode) -> Value:
    source = entry.at("valueFrom")
    if not source.entries:
        return interpolate_kubernetes(entry.text("value"))
    for kind, scope in (("configMapKeyRef", "configmap"), ("secretKeyRef", "secret")):
        reference = source.at(kind)
        if reference.text("name"):
            return ConfigRead(f"{scope}:{reference.text('name')}/{reference.text('key')}")
    field_path = source.at("fieldRef").text("fieldPath")
    return Unknown(f"known to the running pod only: {field_path}" if field_path else "known to the running pod only")


def _taken_over(scope: str, source: MapNode) -> Iterator[Binding]:
    for kind, of in (("configMapRef", "configmap"), ("secretRef", "secret")):
        name = source.at(kind).text("name")
        if name:
            key = f"{source.text('prefix')}*"
            yield Binding(scope, key, ConfigRead(f"{of}:{name}"), "kubernetes", source.at(kind).place("name"))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) < 65536 else None
