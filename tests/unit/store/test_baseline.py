"""The file of known findings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.codec import convert
from commlint.errors import ConfigurationError
from commlint.model.baseline import Baseline, Known
from commlint.store.baseline import baseline_text, load_baseline, write_baseline
from commlint.store.documents import parse_yaml

NAME = "commlint-baseline.yaml"
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ENTRIES = st.builds(Known, TEXT, st.lists(TEXT, max_size=3).map(tuple), TEXT, TEXT)


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """Sorted, each entry with the line it stands on."""
    second = Known("CL202", ("channel:amqp:a",), "the team is on it", "orders", "2030-01-31")
    first = Known("CL101", ("app.py::f#1",), "old")
    write_baseline(tmp_path, NAME, Baseline(findings=(second, first)))

    found = load_baseline(tmp_path, NAME)

    assert found is not None
    assert found.baseline.findings == (first, second)
    lines = (tmp_path / NAME).read_text().splitlines()
    assert ["CL101" in lines[found.lines[0] - 1], "CL202" in lines[found.lines[1] - 1]] == [True, True]


@given(st.lists(ENTRIES))
def test_no_text_breaks_out_of_its_entry(entries: list[Known]) -> None:
    """One line an entry, whatever names and reasons hold."""
    text = baseline_text(Baseline(findings=tuple(entries)))

    assert text.count("\n- {") == len(set(entries))
    again = convert(parse_yaml(text.encode(), NAME) | ({} if entries else {"findings": []}), Baseline, NAME)
    assert set(again.findings) == set(entries)


def test_lines_of_two_branches_can_both_be_kept(tmp_path: Path) -> None:
    """Entries twice or out of order are no trouble."""
    one = "- {rule: CL101, subjects: [a]}\n"
    (tmp_path / NAME).write_text(f"version: 1\nfindings:\n- {{rule: CL202, subjects: [b]}}\n{one}{one}")

    found = load_baseline(tmp_path, NAME)

    assert found is not None
    assert [entry.rule for entry in found.baseline.findings] == ["CL202", "CL101", "CL101"]


def test_a_file_whose_last_entry_was_deleted_is_empty(tmp_path: Path) -> None:
    """The key alone stays behind."""
    (tmp_path / NAME).write_text("version: 1\nfindings:\n")

    found = load_baseline(tmp_path, NAME)

    assert found is not None
    assert found.baseline.findings == ()


def test_no_file_is_no_baseline(tmp_path: Path) -> None:
    """Nothing is known then."""
    assert load_baseline(tmp_path, NAME) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("version: 2\nfindings: []\n", "version 2, which this commlint does not know"),
        ("version: 1\nfindings:\n- {rule: CL101, subject: [a]}\n", 'no key "subject"; did you mean "subjects"'),
        ("version: 1\nfindings:\n- {rule: CL101, expires: soon}\n", '3: expires is "soon", which is no day'),
        ("version: 1\nfindings: {\n", "cannot be read as YAML"),
        ("- 1\n", "must be a table"),
        ("<<<<<<< ours\n", "must be a table"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    """A merge gone wrong must not hide findings in silence."""
    (tmp_path / NAME).write_text(text)

    with pytest.raises(ConfigurationError, match=problem) as error:
        load_baseline(tmp_path, NAME)
    assert str(error.value).startswith(NAME)
