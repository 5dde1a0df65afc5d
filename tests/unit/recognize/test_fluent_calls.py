"""Builders and fluent calls: what a chain of calls says of the operation in its middle."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import yaml

from commlint.model.libraries import LibraryModel
from commlint.model.operations import Operation, Role, State
from commlint.recognize.recognize import recognize
from tests.unit.programs import number, only, program_of, url

PAGE = Path(__file__).parents[3] / "docs" / "library-models.md"
EXAMPLE = next(
    text for text in re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S) if "acme-fluent" in text
)
MODEL = msgspec.convert(yaml.safe_load(EXAMPLE), LibraryModel, strict=True)


def call(source: str) -> Operation:
    """The one call that a file makes through the library of the manual's example."""
    tree = program_of({"app.py": f"from acme.fluent import to\n{source}\n"}, MODEL)
    return only([each for each in recognize(tree).operations if each.role is Role.CLIENT])


def test_calls_that_nothing_describes_keep_the_object() -> None:
    """What was said before them still holds."""
    found = call('to("http://a/b").header("x", "y").wait(5).trace().send().body()')

    assert url(found) == "http://a/b"
    assert number(found.policies.timeout.value) == 5


def test_a_later_call_in_the_same_expression_counts() -> None:
    """A bound may stand behind the call that it bounds."""
    assert number(call('to("http://a/b").send().body().within(7).block()').policies.timeout.value) == 7


def test_a_chain_that_says_nothing_leaves_the_default() -> None:
    """A later call of another name, or one in another expression, is no bound."""
    found = call('to("http://a/b").header("wait", 3).send().body()\nother().within(7)')

    assert found.policies.timeout.state is State.UNSET
