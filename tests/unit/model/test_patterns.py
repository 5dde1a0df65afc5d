from __future__ import annotations

import pytest

from commlint.model.patterns import matched, searched


@pytest.mark.parametrize(
    ("expression", "text", "found"),
    [
        (r"^orders\.", "orders.placed", True),
        ("orders$", "orders.placed", False),
        (r"^(orders|payments)\..*", "payments.made", True),
        (r"[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}", "x" * 40, False),
        ("[*+(]{2,4}x", "*+x", True),
        (r"\(a+\)+", "(aa))", True),
    ],
)
def test_common_patterns(expression: str, text: str, found: bool) -> None:
    """What people write is matched as it is meant; what stands in brackets or is escaped repeats nothing."""
    assert searched(expression, text) is found


@pytest.mark.parametrize(
    "expression",
    ["^(a+)+$", "(a|aa)*b", "((a*)b?)*c", "(a+){30}b", "(?:a|a)+$", "a*a*a*a*b", "(", "[", "a" * 400, "(" * 299],
)
def test_patterns_without_bounds(expression: str) -> None:
    """Repeats of repeats, and what is broken or too long, are not tried at all."""
    assert searched(expression, "a" * 200) is None
    assert matched(expression, "a" * 200) is None


def test_long_texts() -> None:
    """A text that no name is as long as is not matched."""
    assert matched("a*", "a" * 300) is True
    assert matched("a*", "a" * 301) is None
