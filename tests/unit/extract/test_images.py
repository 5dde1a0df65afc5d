from __future__ import annotations

import pytest

from commlint.extract.images import KINDS, is_sidecar, kind_of, kind_of_image, languages_of_image


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        ("postgres:16-alpine", "database"),
        ("docker.io/library/mysql", "database"),
        ("bitnami/mongodb:7.0", "database"),
        ("mcr.microsoft.com/mssql/server:2022-latest", "database"),
        ("registry.example.com:5000/team/orders-db:3", "database"),
        ("redis:7@sha256:0123", "cache"),
        ("valkey/valkey", "cache"),
        ("rabbitmq:3-management", "broker"),
        ("confluentinc/cp-kafka:7.5.0", "broker"),
        ("confluentinc/cp-zookeeper", "coordination"),
        ("confluentinc/cp-schema-registry", "registry"),
        ("hashicorp/consul:1.17", "registry"),
        ("jaegertracing/all-in-one:1.50", "observability"),
        ("otel/opentelemetry-collector-contrib:0.90.0", "observability"),
        ("danielqsj/kafka-exporter", "observability"),
        ("k8s.gcr.io/fluentd-elasticsearch:v2", "observability"),
        ("provectuslabs/kafka-ui", "observability"),
        ("nginx", "gateway"),
        ("traefik:v3", "gateway"),
        ("envoyproxy/envoy:v1.30", "gateway"),
        ("minio/minio", "storage"),
        ("grafana/k6", "loadgen"),
        ("${VALKEY_IMAGE}", "cache"),
        ("${REGISTRY:-docker.io}/postgres:${TAG:-16}", "database"),
    ],
)
def test_stock_images(image: str, kind: str) -> None:
    """A product is known by its name, whatever registry, vendor, tag or digest is around it."""
    assert kind_of_image(image) == kind


@pytest.mark.parametrize(
    "image",
    [
        "",
        "shop/orders:1.0",
        "shop/orders:postgres-16",
        "postgres.example.com/shop/orders",
        "redis/orders",
        "shop/postgresql-migration-job",
        "shop/kafka-consumer",
        "shop/shop-nginx",
        "shop/natsumi",
        "shop/dashboard-with-jaeger",
        "shop/mykafka",
        "python:3.12",
        "ghcr.io/open-telemetry/demo:2.0-cart",
        "${IMAGE_NAME}:${VERSION}-redis",
    ],
)
def test_services_of_the_system(image: str) -> None:
    """A tag, a registry, a part of a word or a client of a product does not make an image infrastructure."""
    assert kind_of_image(image) == ""


def test_no_phrase_stands_twice() -> None:
    """A phrase belongs to one kind, so that the order of the table means nothing."""
    phrases = [phrase for several in KINDS.values() for phrase in several]

    assert sorted(set(phrases)) == sorted(phrases)


@pytest.mark.parametrize(
    ("container", "image", "expected"),
    [
        ("istio-proxy", "auto", True),
        ("proxy", "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.8", True),
        ("agent", "fluent/fluent-bit:3", True),
        ("orders", "shop/orders", False),
        ("web", "nginx", False),
        ("otel-collector", "shop/whatever", True),
    ],
)
def test_sidecars(container: str, image: str, expected: bool) -> None:
    """A container is a sidecar by its name or by its image."""
    assert is_sidecar(container, image) is expected


@pytest.mark.parametrize(
    ("image", "languages"),
    [
        ("python:3.12-slim", ("python",)),
        ("tiangolo/uvicorn-gunicorn-fastapi:python3.8-slim", ("python",)),
        ("mcr.microsoft.com/dotnet/aspnet:8.0", ("csharp",)),
        ("debian:bookworm", ()),
        ("example/python-tools", ()),
    ],
)
def test_what_stock_images_run(image: str, languages: tuple[str, ...]) -> None:
    """An image of a language runs programs in it; nothing is known of any other."""
    assert languages_of_image(image) == languages


@pytest.mark.parametrize(
    ("name", "image", "kind"),
    [
        ("orders", "shop/orders-postgres:3", ""),
        ("orders-postgres", "shop/orders-postgres:3", "database"),
        ("kafka", "provectuslabs/kafka-ui", "observability"),
        ("store", "postgres:16", "database"),
    ],
)
def test_an_image_made_for_a_product_is_a_program(name: str, image: str, kind: str) -> None:
    """What the image adds to the name of the service is what it was made to work with."""
    assert kind_of(name, image) == kind
