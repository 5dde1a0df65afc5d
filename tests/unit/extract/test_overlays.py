"""Kustomizations over all files: namespaces, names, images and values as they are deployed."""

from __future__ import annotations

from textwrap import dedent

from commlint.extract.extract import extract
from commlint.extract.overlays import overlaid
from commlint.model.declarations import Binding, Declarations, ServiceDeclaration
from commlint.model.facts import FactSet

ORDERS = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: orders}
    spec:
      template:
        spec:
          containers:
          - name: orders
            image: orders:1
            env: [{name: STOCK, value: "http://localhost"}, {name: MAIL, value: "http://mail"}]
    """
MESH = """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: stock}
    spec: {hosts: [stock], http: [{route: [{destination: {host: stock}}], timeout: 2s}]}
    """
BASE = "resources: [orders.yaml, mesh.yaml]\n"


def files(texts: dict[str, str]) -> FactSet:
    given = {"base/orders.yaml": ORDERS, "base/mesh.yaml": MESH, "base/kustomization.yaml": BASE, **texts}
    return overlaid(FactSet.of([extract(path, dedent(text).encode()) for path, text in given.items()]))


def declared(facts: FactSet, path: str) -> Declarations:
    return next(file.declarations for file in facts if file.path == path and file.declarations is not None)


def services(facts: FactSet) -> tuple[ServiceDeclaration, ...]:
    return declared(facts, "base/orders.yaml").services


def given(facts: FactSet, path: str) -> list[tuple[str, str, object]]:
    found: tuple[Binding, ...] = declared(facts, path).bindings
    return [(each.scope, each.name, getattr(each.value, "value", None)) for each in found]


def test_names_and_images_of_an_overlay() -> None:
    """What the overlay says goes around what the base says; a service is known under both of its names."""
    prod = "resources: [../base]\nnamespace: shop\nnamePrefix: p-\nimages: [{name: orders, newName: r.io/o}]\n"
    facts = files({"prod/kustomization.yaml": prod})
    (orders,) = services(facts)

    assert (orders.namespace, orders.aliases, orders.image) == ("shop", ("p-orders",), "r.io/o:1")
    assert declared(facts, "base/mesh.yaml").traffic[0].namespace == "shop"


def test_several_overlays() -> None:
    """A workload is in each of their namespaces, and a rule in none for sure."""
    facts = files({f"{name}/kustomization.yaml": f"bases: [../base]\nnamespace: {name}\n" for name in ("dev", "prod")})

    assert [each.namespace for each in services(facts)] == ["dev", "prod"]
    assert declared(facts, "base/mesh.yaml").traffic[0].namespace == ""


PATCH = """
    resources: [../base]
    patches:
    - target: {kind: Deployment, name: orders}
      patch: |
        - op: replace
          path: /spec/template/spec/containers/0/env/0/value
          value: http://stock
    - patch: |
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: orders}
        spec: {template: {spec: {containers: [{name: orders, env: [{name: MAIL, value: "http://post"}]}]}}}
    """


def test_patches_replace_values() -> None:
    """By their place in the list, or by name; what every way of deploying replaces is gone from the base."""
    facts = files({"prod/kustomization.yaml": PATCH})

    assert given(facts, "base/orders.yaml") == []
    assert given(facts, "prod/kustomization.yaml") == [
        ("service:orders", "STOCK", "http://stock"),
        ("service:orders", "MAIL", "http://post"),
    ]
    assert [each.extent.start_line for each in declared(facts, "prod/kustomization.yaml").bindings] == [6, 13]


def test_value_that_some_overlay_keeps() -> None:
    """Both are alternatives."""
    facts = files({"prod/kustomization.yaml": PATCH, "dev/kustomization.yaml": "resources: [../base]\n"})

    assert [name for _, name, _ in given(facts, "base/orders.yaml")] == ["STOCK", "MAIL"]


def test_patch_file_and_component() -> None:
    """They may stand in files of their own, and in components that are taken in."""
    stock = ORDERS.replace("http://localhost", "http://stock").replace(', {name: MAIL, value: "http://mail"}', "")
    overlay = "resources: [../base]\ncomponents: [../mail]\npatches: [{path: stock.yaml}]\nnamespace: shop\n"
    component = "configMapGenerator: [{name: x, literals: [A=b]}]\n"
    facts = files({"prod/kustomization.yaml": overlay, "prod/stock.yaml": stock, "mail/kustomization.yaml": component})

    assert given(facts, "base/orders.yaml") == [("service:orders", "MAIL", "http://mail")]
    assert {each.namespace for each in (*services(facts), *declared(facts, "prod/stock.yaml").services)} == {"shop"}


def test_kustomizations_in_a_ring() -> None:
    """They are walked once, and told."""
    facts = files(
        {
            "a/kustomization.yaml": "resources: [../b, ../base]\nnamespace: x\n",
            "b/kustomization.yaml": "resources: [../a]\n",
        }
    )

    assert [(file.path, notice.message.partition(";")[0]) for file in facts for notice in file.notices] == [
        ("a/kustomization.yaml", "kustomizations that take in each other")
    ]
    assert services(facts)[0].namespace == "x"


def test_kustomizations_taken_in_again_and_again() -> None:
    """Each twice by the one before it would be more than anybody can follow."""
    texts = {f"k{n}/kustomization.yaml": f"resources: [../k{n + 1}, ../k{n + 1}/]\n" for n in range(28)}
    facts = files({**texts, "k28/kustomization.yaml": "resources: [../base]\nnamespace: shop\n"})

    assert any("without end" in notice.message for file in facts for notice in file.notices)
    assert services(facts)[0].namespace == "shop"
