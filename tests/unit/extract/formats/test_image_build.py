"""Skaffold and Tilt: the folders of images."""

from __future__ import annotations

from textwrap import dedent

import pytest

from commlint.extract.extract import extract
from commlint.model.deployments import Build

SKAFFOLD = """
    apiVersion: skaffold/v4beta6
    kind: Config
    build:
      artifacts:
      - image: shop/orders
        context: src/purchases
        docker: {dockerfile: docker/Dockerfile}
      - {image: shop/stock, context: src/depot}
    profiles:
    - name: extra
      build: {artifacts: [{image: mail}]}
    """
TILT = """
    docker_build('shop/orders', './src/purchases', dockerfile='src/purchases/docker/Dockerfile')
    docker_build("shop/stock",
        context="src/depot")
    docker_build(variable, '.')
    """


@pytest.mark.parametrize(("path", "text"), [("skaffold.yaml", SKAFFOLD), ("Tiltfile", TILT)])
def test_folders_of_images(path: str, text: str) -> None:
    """Each artifact with its context and Dockerfile, as seen from the root."""
    facts = extract(path, dedent(text).encode())
    assert facts.declarations is not None
    found = [(each.image, each.build) for each in facts.declarations.services]

    assert found[:2] == [
        ("shop/orders", Build("src/purchases", "src/purchases/docker/Dockerfile")),
        ("shop/stock", Build("src/depot", "src/depot/Dockerfile")),
    ]


def test_artifact_without_a_context() -> None:
    """It is built from the folder of the file."""
    facts = extract("deploy/skaffold.yaml", dedent(SKAFFOLD).encode())
    assert facts.declarations is not None

    assert facts.declarations.services[2].build == Build("deploy", "deploy/Dockerfile")
