from __future__ import annotations

from importlib import metadata

import pytest

from commlint.store.shipped import program_digest


@pytest.fixture
def fresh() -> None:
    program_digest.cache_clear()


def test_another_parser_is_another_program(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A grammar that was installed anew may read the same bytes differently."""
    before = program_digest()
    program_digest.cache_clear()
    version = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "99" if name == "tree-sitter-go" else version(name))

    assert program_digest() != before
    program_digest.cache_clear()


def test_program_that_was_never_installed_has_a_digest(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs out of a mere folder is told apart by its own lines alone."""

    def absent(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", absent)

    assert program_digest()
    program_digest.cache_clear()
