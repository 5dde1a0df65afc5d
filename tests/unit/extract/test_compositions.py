"""Compose files that take from others: what is extended, and what is overridden."""

from __future__ import annotations

from textwrap import dedent

from commlint.extract.compositions import composed
from commlint.extract.extract import extract
from commlint.model.declarations import Declarations
from commlint.model.deployments import ServiceDeclaration
from commlint.model.facts import FactSet
from commlint.model.values import ConfigRead, Literal, Value

BASE = """
    services:
      base:
        build: ./orders
        environment: {STOCK: http://stock, LEVEL: info}
        env_file: common.env
        ports: ["80:8000"]
    """


def files(**texts: str) -> FactSet:
    return composed(
        FactSet.of(extract(f"{name.replace('__', '/')}.yaml", dedent(text).encode()) for name, text in texts.items())
    )


def declared(facts: FactSet, path: str) -> Declarations:
    found = next(file.declarations for file in facts if file.path == path)
    assert found is not None
    return found


def service(facts: FactSet, path: str, name: str) -> ServiceDeclaration:
    return next(each for each in declared(facts, path).services if each.name == name)


def bound(facts: FactSet, path: str, scope: str) -> list[tuple[str, Value]]:
    return [(each.name, each.value) for each in declared(facts, path).bindings if each.scope == scope]


def test_service_of_another_file() -> None:
    """Image, build, ports and variables come along, seen from the file they stand in; own entries go before."""
    facts = files(
        compose="services: {orders: {extends: {file: parts/common.yaml, service: base}, environment: {LEVEL: debug}}}",
        parts__common=BASE,
    )
    orders = service(facts, "compose.yaml", "orders")

    assert (orders.source_root, orders.ports[0].number) == ("parts/orders", 8000)
    lent = "extended:parts/common.yaml#base"
    assert bound(facts, "compose.yaml", "service:orders") == [
        ("*", ConfigRead("file:parts/common.env")),
        ("*", ConfigRead(lent)),
        ("LEVEL", Literal("debug")),
    ]
    assert bound(facts, "parts/common.yaml", lent) == [("STOCK", Literal("http://stock")), ("LEVEL", Literal("info"))]


def test_files_that_extend_each_other() -> None:
    """A ring is cut with a notice at the service that begins it."""
    facts = files(
        compose="services: {a: {image: x, extends: {file: other.yaml, service: b}}}",
        other="services: {b: {image: y, extends: {file: compose.yaml, service: a}}}",
    )

    assert service(facts, "compose.yaml", "a").image == "x"
    assert {notice.message for file in facts for notice in file.notices} == {
        '"a" extends itself, or too many others',
        '"b" extends itself, or too many others',
    }


def test_service_that_is_not_there() -> None:
    """Is told, and changes nothing."""
    facts = files(compose="services: {a: {image: x, extends: {file: other.yaml, service: b}}}")

    assert [notice.message for file in facts for notice in file.notices] == [
        '"a" extends "b" of other.yaml, which is not there'
    ]


def test_override_beside_a_compose_file() -> None:
    """Compose takes it in by itself, so what it says replaces what the first file says."""
    facts = files(
        compose="services: {a: {image: x, environment: {HOST: one, PORT: '1'}}}",
        compose_override="services: {a: {environment: {HOST: two}}}",
    )
    text = dedent("services: {a: {environment: {HOST: two}}}").encode()
    override = extract("compose.override.yaml", text)
    facts = composed(FactSet.of((*(file for file in facts if file.path == "compose.yaml"), override)))

    assert bound(facts, "compose.yaml", "service:a") == [("PORT", Literal("1"))]
    assert bound(facts, "compose.override.yaml", "service:a") == [("HOST", Literal("two"))]
