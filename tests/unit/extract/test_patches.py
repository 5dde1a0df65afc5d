"""Patches of objects: merged, or operations on places."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.extract.gotemplate.values import plain
from commlint.extract.nodes import Node
from commlint.extract.patches import merged, operated
from commlint.extract.yaml import read_documents

OBJECT = "{spec: {hosts: [a], http: [{name: x, timeout: 1s}, {name: y}]}, kind: K}"


def node(text: str) -> Node:
    return read_documents("a.yaml", text.encode())[0][0]


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ("{spec: {hosts: [b, c]}}", {"spec": {"hosts": ["b", "c"]}}),
        ("{spec: {retries: 2}}", {"spec": {"hosts": ["a"], "retries": 2}}),
        ("{spec: {hosts: null}}", {"spec": {}}),
        ("{spec: {$patch: replace, x: 1}}", {"spec": {"x": 1}}),
        ("{spec: {$patch: delete}}", {}),
        ("{other: {x: {y: 1, z: null}}}", {"spec": {"hosts": ["a"]}, "other": {"x": {"y": 1}}}),
    ],
)
def test_merged(patch: str, expected: object) -> None:
    """Mappings merge, lists are replaced, null takes away, directives do as they say."""
    assert plain(merged(node("{spec: {hosts: [a]}}"), node(patch))) == expected


def test_a_patch_may_take_an_object_away() -> None:
    """By a directive at its top."""
    assert merged(node(OBJECT), node("{$patch: delete, kind: K}")) is None


HTTP = [{"name": "x", "timeout": "1s"}, {"name": "y"}]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("{op: replace, path: /spec/http/0/timeout, value: 2s}", [{"name": "x", "timeout": "2s"}, {"name": "y"}]),
        ("{op: add, path: /spec/http/1/timeout, value: 3s}", [HTTP[0], {"name": "y", "timeout": "3s"}]),
        ("{op: add, path: /spec/http/0, value: {name: z}}", [{"name": "z"}, *HTTP]),
        ("{op: add, path: /spec/http/-, value: {name: z}}", [*HTTP, {"name": "z"}]),
        ("{op: replace, path: /spec/http/1, value: {name: z}}", [HTTP[0], {"name": "z"}]),
        ("{op: remove, path: /spec/http/0}", [{"name": "y"}]),
        ("{op: remove, path: /spec/http/0/timeout}", [{"name": "x"}, {"name": "y"}]),
        ("{op: move, from: /spec/http/1, path: /spec/http/0}", [HTTP[1], HTTP[0]]),
        (
            "{op: copy, from: /spec/http/0/timeout, path: /spec/http/1/timeout}",
            [HTTP[0], {"name": "y", "timeout": "1s"}],
        ),
        ("{op: add, path: /spec/http/9/timeout, value: 3s}", HTTP),
        ("{op: add, path: /nowhere/x, value: 3s}", HTTP),
        ("{op: remove, path: /spec/http/7}", HTTP),
        ("{op: replace, path: /spec/http/x/y, value: 1}", HTTP),
        ("{op: add, path: /spec/http/0/a~1b~0c, value: 1}", [{**HTTP[0], "a/b~c": 1}, HTTP[1]]),
    ],
)
def test_operations(operation: str, expected: list[object]) -> None:
    """Each does what RFC 6902 says; one whose place is not there does nothing."""
    assert plain(operated(node(OBJECT), node(f"[{operation}]")))["spec"]["http"] == expected


JSON = st.recursive(
    st.none() | st.integers(0, 9) | st.sampled_from(["a", "spec"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["spec", "http", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)
POINTER = st.lists(st.sampled_from(["spec", "http", "0", "1", "-", "a", ""]), max_size=4).map(
    lambda p: "/" + "/".join(p)
)


@given(JSON, JSON, st.sampled_from(["add", "replace", "remove", "move", "copy", "test", ""]), POINTER, POINTER)
def test_patches_are_total(target: object, value: object, op: str, path: str, origin: str) -> None:
    """Whatever is patched with whatever, nothing is raised, and what a merge gives a second time it gives again."""
    whole, patch = node(json.dumps({"spec": target})), node(json.dumps({"spec": value}))
    operated(whole, node(json.dumps([{"op": op, "path": path, "from": origin, "value": value}])))
    once = merged(whole, patch)

    assert once is None or plain(merged(once, patch)) == plain(once)
