"""Kustomizations over all files: namespaces, names, images and values as they are deployed."""

from __future__ import annotations

from textwrap import dedent

import pytest

from commlint.extract.extract import extract
from commlint.extract.overlays import overlaid
from commlint.model.declarations import Declarations
from commlint.model.deployments import Binding, ServiceDeclaration
from commlint.model.facts import FactSet
from commlint.model.values import Literal

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


def rules(facts: FactSet) -> list[tuple[str, int, tuple[object, ...], object]]:
    """Where each rule stands, with its bound and its tries."""
    return [
        (file.path, each.extent.start_line, each.timeout, each.retries)
        for file in facts
        for each in (file.declarations.traffic if file.declarations else ())
    ]


TO_STOCK = "target: {group: networking.istio.io, kind: VirtualService, name: st.*}"
LONGER = """
    - op: replace
      path: /spec/http/0/timeout
      value: 9s
    """
MERGED = """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: stock}
    spec:
      http:
      - route: [{destination: {host: stock}}]
        timeout: 9s
    """
INLINE = f"resources: [../base]\npatches:\n- {TO_STOCK}\n  patch: |"


@pytest.mark.parametrize(
    ("kustomization", "patch", "place"),
    [
        (INLINE + LONGER, "", ("base/mesh.yaml", 5)),
        (f"resources: [../base]\npatches: [{{path: p.yaml, {TO_STOCK}}}]\n", LONGER, ("base/mesh.yaml", 5)),
        (f"resources: [../base]\npatchesJson6902: [{{path: p.yaml, {TO_STOCK}}}]\n", LONGER, ("base/mesh.yaml", 5)),
        ("resources: [../base]\npatches: [{path: p.yaml}]\n", MERGED, ("prod/p.yaml", 7)),
        ("resources: [../base]\npatchesStrategicMerge: [p.yaml]\n", MERGED, ("prod/p.yaml", 7)),
        ("resources: [../base]\npatches:\n- patch: |" + MERGED, "", ("prod/kustomization.yaml", 9)),
        ("resources: [../base]\ncomponents: [../part]\n", "", ("base/mesh.yaml", 5)),
    ],
)
def test_patches_of_rules(kustomization: str, patch: str, place: tuple[str, int]) -> None:
    """A patch in any form leaves one rule, which stands where most of it is written."""
    operation = '[{"op": "replace", "path": "/spec/http/0/timeout", "value": "9s"}]'
    part = f"patches: [{{{TO_STOCK}, patch: '{operation}'}}]\n"
    texts = {"prod/kustomization.yaml": kustomization, "part/kustomization.yaml": part}
    facts = files({**texts, "prod/p.yaml": patch} if patch else texts)

    assert rules(facts) == [(*place, (Literal(9.0),), None)]


def test_rule_that_some_overlay_keeps() -> None:
    """What one way of deploying patches and another does not is both."""
    facts = files({"prod/kustomization.yaml": INLINE + LONGER, "dev/kustomization.yaml": "resources: [../base]\n"})

    assert sorted(str(timeout) for _, _, (timeout,), _ in rules(facts)) == [str(Literal(2.0)), str(Literal(9.0))]


def test_rule_that_a_patch_takes_away() -> None:
    """Nothing is left of it."""
    gone = "resources: [../base]\npatches:\n- patch: |" + MERGED.replace("    spec:", "    $patch: delete\n    spec:")

    assert rules(files({"prod/kustomization.yaml": gone})) == []


@pytest.mark.parametrize("name", ["other", "(a*)*b", ".*.*.*.*k", "["])
def test_patches_for_others(name: str) -> None:
    """A patch whose target is not there, or cannot be told in bounded time, changes nothing."""
    overlay = f"resources: [../base]\npatches: [{{target: {{name: '{name}'}}, path: p.yaml}}]\n"

    assert rules(files({"prod/kustomization.yaml": overlay, "prod/p.yaml": LONGER})) == [
        ("base/mesh.yaml", 5, (Literal(2.0),), None)
    ]


def test_files_in_config_maps_lie_where_those_are_mounted() -> None:
    """A ConfigMap made of files brings them to the pods that have it."""
    orders = ORDERS.rstrip() + "\n          volumes: [{name: c, configMap: {name: conf}}]\n"
    overlay = "resources: [../base]\nconfigMapGenerator: [{name: conf, files: [a.conf=edge/nginx.conf, ../out.conf]}]\n"
    (service,) = services(files({"base/orders.yaml": orders, "prod/kustomization.yaml": overlay}))

    assert service.mounts == ("configmap:conf", "out.conf", "prod/edge/nginx.conf")


def test_more_patches_of_objects_than_can_be_followed() -> None:
    """The work is bounded, and that is told."""
    many = "---\n".join(dedent(MESH).replace("name: stock", f"name: s{number}") for number in range(300))
    patches = "".join(
        f'- {{target: {{kind: VirtualService}}, patch: \'[{{"op": "remove", "path": "/x{n}"}}]\'}}\n'
        for n in range(200)
    )
    facts = files({"prod/many.yaml": many, "prod/kustomization.yaml": f"resources: [many.yaml]\npatches:\n{patches}"})

    assert any("patches of more objects" in notice.message for file in facts for notice in file.notices)
