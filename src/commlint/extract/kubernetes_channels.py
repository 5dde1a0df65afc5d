"""Kubernetes resources that declare channels: RabbitMQ, Strimzi, NATS, Knative, Dapr, and controllers for AWS."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from commlint.extract.brokers import (
    binding_of,
    connector_of,
    definitions_of,
    exchange_of,
    feeds_of,
    policies_of,
    queue_of,
)
from commlint.extract.nodes import MapNode, TextNode, as_map
from commlint.extract.yaml import read_documents
from commlint.model.channels import ChannelDeclaration
from commlint.model.declarations import Contract
from commlint.model.places import Extent

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}


def channels_of(manifest: MapNode) -> Iterator[ChannelDeclaration]:
    """The channels one resource declares."""
    group = manifest.text("apiVersion").partition("/")[0]
    read = _READERS.get((group, manifest.text("kind")))
    if read is not None:
        yield from read(manifest, manifest.at("spec"), manifest.at("metadata").text("name"))


def definitions_in(data: MapNode) -> Iterator[ChannelDeclaration]:
    """What the RabbitMQ definitions declare that a ConfigMap or Secret holds as a text."""
    for key, node in data.entries:
        if isinstance(node, TextNode) and key.text.endswith(".json") and '"queues"' in node.text:
            documents, _ = read_documents("", node.text.replace("\t", " ").encode())
            below = node.extent.start_line if "\n" in node.text else node.extent.start_line - 1
            for channel in definitions_of(as_map(documents[0] if documents else None)):
                first, column, last, end = channel.extent
                yield replace(channel, extent=Extent(first + below, column, last + below, end))


def _queue(manifest: MapNode, spec: MapNode, name: str) -> Iterator[ChannelDeclaration]:
    found = queue_of(spec, spec.text("vhost"), manifest.extent)
    yield found if found.name else replace(found, name=name)


def _policy(manifest: MapNode, spec: MapNode, name: str) -> Iterator[ChannelDeclaration]:
    yield from policies_of(spec, spec.text("vhost"), manifest.extent)


def _exchange(manifest: MapNode, spec: MapNode, name: str) -> Iterator[ChannelDeclaration]:
    yield exchange_of(spec, spec.text("vhost"), manifest.extent)


def _binding(manifest: MapNode, spec: MapNode, name: str) -> Iterator[ChannelDeclaration]:
    if spec.text("destinationType") != "exchange":
        queue, key = spec.text("destination"), spec.text("routingKey")
        yield from binding_of(spec.text("source"), queue, key, spec.text("vhost"), manifest.extent)


def _topic(manifest: MapNode, spec: MapNode, name: str) -> Iterator[ChannelDeclaration]:
    yield ChannelDeclaration(spec.text("topicName") or name, "topic", "kafka", manifest.extent)


def _connector(manifest: MapNode, spec: MapNode, name: str) -> Iterator[ChannelDeclaration]:
    yield from connector_of(name, _of_connector(spec), manifest.extent)


def _of_connector(spec: MapNode) -> MapNode:
    """The settings of a connector as Kafka Connect takes them."""
    settings = spec.at("config")
    kind = spec.get("class")
    entries = (
        settings.entries if kind is None else (*settings.entries, (TextNode("connector.class", kind.extent), kind))
    )
    return MapNode(entries, settings.extent)


def contracts_of(manifest: MapNode) -> Iterator[Contract]:
    """What a connector sends in place of a service."""
    if manifest.text("kind") == "KafkaConnector":
        yield from feeds_of(_of_connector(manifest.at("spec")), manifest.extent)


def _nats_consumer(manifest: MapNode, spec: MapNode, name: str) -> Iterator[ChannelDeclaration]:
    limit = spec.text("maxDeliver")
    yield ChannelDeclaration(
        name=spec.text("durableName") or name,
        kind="subscription",
        broker="nats",
        extent=manifest.extent,
        redelivery_limit=int(limit) if limit.isascii() and limit.isdigit() else None,
        visibility=_seconds(spec.text("ackWait")),
        sources=(spec.text("streamName"),),
    )


def _nats_stream(manifest: MapNode, spec: MapNode, name: str) -> Iterator[ChannelDeclaration]:
    yield ChannelDeclaration(spec.text("name") or name, "stream", "nats", manifest.extent)


def _delivery(manifest: MapNode, spec: MapNode, name: str) -> Iterator[ChannelDeclaration]:
    """A Knative trigger, subscription or broker; a trigger without a sink of its own has that of its broker."""
    delivery = spec.at("delivery")
    sink = delivery.at("deadLetterSink")
    target = sink.text("uri") or sink.at("ref").text("name")
    kind = {"Broker": "topic", "Channel": "topic"}.get(manifest.text("kind"), "subscription")
    missing = "unknown" if kind == "topic" or spec.text("broker") else "unset"
    retry = delivery.text("retry")
    yield ChannelDeclaration(
        name=name,
        kind=kind,
        broker="knative",
        extent=manifest.extent,
        dead_letter="set" if sink.entries else missing,
        target=target,
        redelivery_limit=int(retry) + 1 if retry.isascii() and retry.isdigit() else None,
        sources=tuple(each for each in (spec.text("broker"), spec.at("channel").text("name")) if each),
    )


def _dapr(manifest: MapNode, spec: MapNode, name: str) -> Iterator[ChannelDeclaration]:
    target = spec.text("deadLetterTopic")
    topic = spec.text("topic")
    state = "set" if target else "unset"
    yield ChannelDeclaration(name, "subscription", "dapr", manifest.extent, state, target, sources=(topic,))


def _sqs(manifest: MapNode, spec: MapNode, name: str) -> Iterator[ChannelDeclaration]:
    """A queue of the AWS controllers for Kubernetes or of Crossplane."""
    settings = spec.at("forProvider") if spec.get("forProvider") is not None else spec
    policy = settings.get("redrivePolicy")
    separate = "unknown" if spec.get("forProvider") is not None else "unset"
    yield ChannelDeclaration(
        name=settings.text("queueName") or name,
        kind="queue",
        broker="sqs",
        extent=manifest.extent,
        dead_letter="set" if policy is not None else separate,
        visibility=_seconds(settings.text("visibilityTimeout") or settings.text("visibilityTimeoutSeconds")),
    )


def _seconds(text: str) -> float | None:
    found = _DURATION.fullmatch(text)
    return float(found[1]) * _UNITS[found[2]] if found else None


_READERS: Final[dict[tuple[str, str], Callable[[MapNode, MapNode, str], Iterator[ChannelDeclaration]]]] = {
    ("rabbitmq.com", "Queue"): _queue,
    ("rabbitmq.com", "Policy"): _policy,
    ("rabbitmq.com", "OperatorPolicy"): _policy,
    ("rabbitmq.com", "Exchange"): _exchange,
    ("rabbitmq.com", "Binding"): _binding,
    ("kafka.strimzi.io", "KafkaTopic"): _topic,
    ("kafka.strimzi.io", "KafkaConnector"): _connector,
    ("jetstream.nats.io", "Stream"): _nats_stream,
    ("jetstream.nats.io", "Consumer"): _nats_consumer,
    ("eventing.knative.dev", "Trigger"): _delivery,
    ("eventing.knative.dev", "Broker"): _delivery,
    ("messaging.knative.dev", "Subscription"): _delivery,
    ("dapr.io", "Subscription"): _dapr,
    ("sqs.services.k8s.aws", "Queue"): _sqs,
    ("sqs.aws.upbound.io", "Queue"): _sqs,
}
KINDS: Final = tuple(sorted({kind for _, kind in _READERS}))
