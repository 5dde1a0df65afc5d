"""Line hashes, held against figures that GitHub's uploader itself gave for these texts."""

from __future__ import annotations

import pytest

from commlint.report.line_hash import line_hashes

LINES = ["9d6df1b2f0c8f1bc:1", "7a194bea213206ea:1", "d1dca606250d7024:1", "c129715d7a2bc9a3:1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            "import requests\n\n  \trequests.get(url)\nreturn 1",
            ["12e0750625300ae3:1", "b747858104c4858e:1", "8536259fb146bb1c:1", "f567fa51e3aecb3c:1"],
        ),
        ("first line\n\tsecond line\nthird\n", LINES),
        ("first line\r\n\tsecond line\r\nthird\r\n", LINES),
        ("first line\r\tsecond line\rthird\r", LINES),
        ("a\U0001f600b\nc\n", ["8025dd5336ab6fb2:1", "3791504be0bd17cc:1", "c129715d7a2bc9a3:1"]),
        ("\ufeffname = 'ü'\nother\n", ["354c481b20537e48:1", "90d7f71d640f3bc3:1"]),
    ],
)
def test_hashes_are_those_of_the_uploader(text: str, expected: list[str]) -> None:
    """Blanks do not count, all line ends are one, and characters are those of JavaScript."""
    found = line_hashes(text, range(1, len(expected) + 1))

    assert list(found.values()) == expected


def test_equal_lines_are_counted() -> None:
    """A line that is followed by the same hundred characters as an earlier one gets a higher number."""
    found = line_hashes("call(service)\n" * 12, [1, 2, 5, 6])

    assert found == {
        1: "f85ea8e33d30e9e8:1",
        2: "f85ea8e33d30e9e8:2",
        5: "f85ea8e33d30e9e8:5",
        6: "f85ea8e33d55db13:1",
    }


def test_lines_that_are_not_there_have_no_hash() -> None:
    """Line numbers beyond the end are left out."""
    assert line_hashes("one\n", [2, 3]).keys() == {2}
