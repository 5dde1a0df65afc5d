"""Plain names that are assigned to: fields of the object around, or names of the function."""

from __future__ import annotations

import pytest

from commlint.extract.languages.java import JavaReader
from commlint.extract.languages.kotlin import KotlinReader

JAVA = """
class Stock {
    Client client;
    Stock() { %s }
    void local() { Client client; client = make(); }
    void given(Client client) { client = make(); }
    void later() { run(() -> { client = make(); }); }
    void other() { other = make(); }
}
"""


def targets(reader: JavaReader | KotlinReader, text: str) -> dict[str, list[str]]:
    """The targets of assignments by the function they stand in, without what a class body declares."""
    code, _ = reader.read("Stock", text.encode())
    found: dict[str, list[str]] = {}
    for entry in code.assignments:
        if not entry.owner:
            found.setdefault(entry.function.partition(".")[2].partition(".")[0], []).append(entry.target)
    return found


@pytest.mark.parametrize(
    ("written", "expected"), [("client = make();", "this.client"), ("this.client = make();", "this.client")]
)
def test_java_fields_with_and_without_this(written: str, expected: str) -> None:
    """A field may be set without `this`, also in a lambda; what a function declares or is given hides it."""
    found = targets(JavaReader(), JAVA % written)

    assert found == {
        "<init>": [expected],
        "local": ["client", "client"],
        "given": ["client"],
        "later": ["this.client"],
        "other": ["other"],
    }


def test_kotlin_fields_set_by_init_blocks() -> None:
    """A property without a value gets one in `init`."""
    found = targets(
        KotlinReader(),
        """
        class Stock(channel: Channel) {
            private val stub: Stub
            init { stub = Stub(channel) }
            fun local() { var stub: Stub? = null; stub = Stub(other) }
        }
        """,
    )

    assert found == {"<init>": ["this.stub"], "local": ["stub", "stub"]}


def test_an_inner_class_sets_its_own_fields_only() -> None:
    """A field of the class around an inner class is none of the inner one."""
    found = targets(JavaReader(), "class A { int count; class B { int level; void go() { level = 1; count = 2; } } }")

    assert found == {"B": ["this.level", "count"]}
