from __future__ import annotations

import pytest

from commlint.extract.paths import folder_of, inside, split_command


@pytest.mark.parametrize(
    ("folder", "written", "expected"),
    [
        (".", "./orders", "orders"),
        ("deploy", "../orders/", "orders"),
        ("deploy", ".", "deploy"),
        (".", ".", "."),
        ("deploy", "..\\orders", "orders"),
        ("deploy", "../..", None),
        (".", "../elsewhere", None),
        (".", "/srv/orders", None),
        (".", "https://example.com/repo.git#main", None),
        (".", "git@example.com:repo.git", None),
        (".", "${CONTEXT}", None),
        (".", "C:\\code", None),
    ],
)
def test_paths_are_relative_to_the_root(folder: str, written: str, expected: str | None) -> None:
    """A path is followed from its folder; what leads out of the root or is no path is None."""
    assert inside(folder, written) == expected


def test_folder_of_a_file_at_the_root() -> None:
    """The root itself is a dot."""
    assert folder_of("compose.yaml") == "."
    assert folder_of("deploy/compose.yaml") == "deploy"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("python -m orders --name 'a b'", ("python", "-m", "orders", "--name", "a b")),
        ("echo it's broken", ("echo", "it's", "broken")),
        ("", ()),
    ],
)
def test_commands_are_split_as_a_shell_would(text: str, words: tuple[str, ...]) -> None:
    """Quotes group words; quotes that do not match are letters."""
    assert split_command(text) == words
