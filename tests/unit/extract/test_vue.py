"""Components of one file: what their scripts say, where it stands, and what is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.codec import decode, encode
from commlint.extract.languages.vue import VueReader
from commlint.model.code import CodeFacts
from commlint.model.values import Reference

COMPONENT = b"""<template>
  <div :class="a < b">fetch('/no')</div>
</template>
<script>
import axios from "axios";
</script>
<script setup lang="ts">
const load = async (id: number): Promise<void> => { await axios.get(`/orders/${id}`); };
</script>
<style>.a { color: red }</style>
"""


def test_scripts_keep_their_places() -> None:
    """All scripts of a component are one module; templates and styles are none of it."""
    code, notices = VueReader().read("src/Orders.vue", COMPONENT)

    assert notices == ()
    assert [(each.callee, each.extent.start_line, each.extent.start_column) for each in code.calls] == [
        (Reference("axios.get"), 8, 59)
    ]
    assert [each.module for each in code.imports] == ["axios"]
    assert decode(encode(code), CodeFacts) == code


@pytest.mark.parametrize(
    ("source", "expected"),
    [(COMPONENT, {"axios"}), (b"<template>import x from 'axios'</template>", set()), (b"<script>import", set())],
)
def test_sketch(source: bytes, expected: set[str]) -> None:
    """What the scripts bring in; text in a template brings in nothing."""
    assert set(VueReader().sketch("src/Orders.vue", source).imports) == expected


@given(st.binary(max_size=200))
def test_any_bytes_can_be_read(source: bytes) -> None:
    """Nothing in a file stops a run."""
    VueReader().read("src/Orders.vue", b"<script>" + source + b"</script>")
