"""Naming files of traces."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlint.errors import UsageError
from commlint.store.traces import trace_sources


def test_paths_and_patterns_name_every_file_once(tmp_path: Path) -> None:
    """Sorted, and below the root by their path from there."""
    root, other = tmp_path / "root", tmp_path / "other"
    for path in (root / "t" / "b.json", root / "t" / "a.json", other / "c.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)

    found = trace_sources([str(root / "t" / "*.json"), str(root / "t" / "a.json"), str(other / "c.json")], root)

    assert [source.name for source in found] == sorted(["t/a.json", "t/b.json", (other / "c.json").as_posix()])
    with next(source for source in found if source.name == "t/a.json").open() as file:
        assert file.read() == b"a.json"


def test_name_with_signs_of_a_pattern_is_a_name_when_it_is_there(tmp_path: Path) -> None:
    """Nobody should have to escape what a shell completed."""
    (tmp_path / "run[1].json").touch()

    assert [source.name for source in trace_sources([str(tmp_path / "run[1].json")], tmp_path)] == ["run[1].json"]


@pytest.mark.parametrize("name", ["missing.json", "*.none"])
def test_name_of_nothing_is_an_error(name: str, tmp_path: Path) -> None:
    """A run without the traces somebody asked for would say the wrong thing."""
    with pytest.raises(UsageError, match="there is no such file"):
        trace_sources([str(tmp_path / name)], tmp_path)
