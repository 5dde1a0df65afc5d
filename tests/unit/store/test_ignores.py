"""Patterns of `.gitignore` files, beside the library that knows all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from commlint.store.ignores import Patterns

SEGMENTS = st.text("abBn.*?[]-! ", min_size=1, max_size=5)
PATTERNS = st.builds(
    lambda start, segments, end: start + "/".join(segments) + end,
    st.sampled_from(["", "/", "!", "**/", "!/"]),
    st.lists(
        st.one_of(SEGMENTS, st.sampled_from(["[Bb]in", "*.a", "a*", "**", "bin", "[ab]"])), min_size=1, max_size=3
    ),
    st.sampled_from(["", "/", "/*", "/**", "  "]),
)
PATHS = st.builds(
    lambda segments, end: "/".join(segments) + end,
    st.lists(
        st.one_of(st.text("abBn.", min_size=1, max_size=4), st.sampled_from(["bin", "Bin", "x.a", "a1", "  b"])),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["", "/"]),
)


@given(st.lists(PATTERNS, min_size=1, max_size=4), PATHS)
def test_a_path_is_decided_as_all_patterns_say(lines: list[str], path: str) -> None:
    """What is looked at first never hides a pattern that speaks of a path."""
    known = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line], backend="simple")
        except ValueError:
            continue
        known.append(line)

    assert Patterns(known).decide(path) == GitIgnoreSpec.from_lines(known, backend="simple").check_file(path).include


def test_names_in_either_case_are_plain_names() -> None:
    """The patterns that templates are full of."""
    patterns = Patterns(["[Bb]in/", "*.suo", "!keep.suo", "/dist"])

    assert [patterns.decide(path) for path in ("a/Bin/", "x.suo", "keep.suo", "dist", "a/dist")] == [
        True,
        True,
        False,
        True,
        None,
    ]
