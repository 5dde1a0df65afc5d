from __future__ import annotations

from textwrap import dedent

import pytest

from commlint.extract.formats.kustomize import KustomizeReader
from commlint.model.values import ConfigRead, Literal, Unknown


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("base/kustomization.yaml", b"configMapGenerator: []", True),
        ("base/kustomization.yml", b"secretGenerator: []", True),
        ("base/kustomization.yaml", b"resources: []", True),
        ("base/kustomization.yaml", b"apiVersion: kustomize.config.k8s.io/v1beta1", False),
        ("base/other.yaml", b"configMapGenerator: []", False),
    ],
)
def test_claims(path: str, source: bytes, expected: bool) -> None:
    """A kustomization that takes in, changes or generates something is read."""
    assert KustomizeReader().claims(path, source) is expected


def test_generators() -> None:
    """Literals and dotenv files make up a ConfigMap; of a Secret only the names are kept."""
    text = """
        resources: [orders.yaml]
        configMapGenerator:
          - name: common
            envs: [../common.env]
            literals: [LEVEL=debug, 'URL="http://stock:80?a=b"']
        secretGenerator:
          - name: keys
            literals: [TOKEN=hidden]
    """

    declarations, notices = KustomizeReader().read("k8s/base/kustomization.yaml", dedent(text).encode())

    assert notices == ()
    assert [(each.scope, each.name, each.value) for each in declarations.bindings] == [
        ("configmap:common", "*", ConfigRead("file:k8s/common.env")),
        ("configmap:common", "LEVEL", Literal("debug")),
        ("configmap:common", "URL", Literal("http://stock:80?a=b")),
        ("secret:keys", "TOKEN", Unknown("secret")),
    ]
