"""Settings of programs that no framework names."""

import pytest

from commlint.extract.formats.yaml_and_toml import YamlAndTomlReader
from commlint.model.values import Literal, Sequence

READER = YamlAndTomlReader()


@pytest.mark.parametrize("path", ["config.yaml", "cmd/a/config.dev.yml", "orders/etc/orders.yaml", "cmd/job/job.toml"])
def test_files_that_are_settings(path: str) -> None:
    """By their names, by the names of their folders, or by being TOML."""
    assert READER.claims(path, b"kafka:\n  topic: orders\n")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("orders.yaml", b"a: 1\n"),
        ("config/deployment.yaml", b"apiVersion: apps/v1\n"),
        ("conf/compose.yaml", b"services:\n  a: {}\n"),
        ("pyproject.toml", b"[project]\n"),
    ],
)
def test_files_of_others(path: str, source: bytes) -> None:
    """Manifests, compose files and settings of tools are none."""
    assert not READER.claims(path, source)


def test_keys_of_yaml_and_toml_are_joined_by_dots() -> None:
    """A list of texts is one setting too; the profile is in the name."""
    found, _ = READER.read("config.prod.yaml", b"Kafka:\n  Topic: orders\n  Brokers: [a, b]\n")
    bound = {each.name: (each.value, each.profile) for each in found.bindings}

    assert bound["Kafka.Topic"] == (Literal("orders"), "prod")
    assert bound["Kafka.Brokers"] == (Sequence((Literal("a"), Literal("b"))), "prod")
    toml, _ = READER.read("a.toml", b'[kafka]\ntopic = "orders"\nbrokers = ["a", "b"]\n')
    assert {each.name: each.value for each in toml.bindings}["kafka.topic"] == Literal("orders")


def test_damaged_toml_is_a_notice() -> None:
    """What cannot be read is said."""
    found, notices = READER.read("a.toml", b"= 1\n")

    assert found.bindings == ()
    assert len(notices) == 1
