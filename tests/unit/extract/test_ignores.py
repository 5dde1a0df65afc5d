"""Suppression comments."""

import pytest

from commlint.extract.comments import in_text
from commlint.extract.ignores import find
from commlint.extract.languages.python import PythonReader
from commlint.model.facts import Ignore, Notice

PATH = "app.py"


def python(source: str) -> tuple[tuple[Ignore, ...], tuple[Notice, ...]]:
    """Suppressions of a Python file."""
    return find(PATH, source.encode(), PythonReader().comments(PATH, source.encode()))


def plain(source: str) -> tuple[tuple[Ignore, ...], tuple[Notice, ...]]:
    """Suppressions of a file that has no reader of a language."""
    return find("compose.yaml", source.encode(), in_text(source.encode()))


def told(found: tuple[tuple[Ignore, ...], tuple[Notice, ...]]) -> list[tuple[tuple[str, ...], str, int]]:
    """Codes, reason and line of each suppression."""
    assert found[1] == ()
    return [(entry.codes, entry.reason, entry.line) for entry in found[0]]


@pytest.mark.parametrize(
    ("comment", "codes", "reason"),
    [
        ("# commlint: ignore[CL101] slow on purpose", ("CL101",), "slow on purpose"),
        ("# commlint: ignore[CL101, call-without-timeout]", ("CL101", "call-without-timeout"), ""),
        ("# commlint: ignore legacy", (), "legacy"),
        ("# commlint: ignore", (), ""),
        ("#commlint:ignore[CL1]: see #57", ("CL1",), "see #57"),
        ("# type: ignore[arg] # commlint: ignore[CL1] why # noqa", ("CL1",), "why"),
    ],
)
def test_forms(comment: str, codes: tuple[str, ...], reason: str) -> None:
    """Codes and names stand in brackets, the reason after them."""
    assert told(python(f"f()  {comment}\n")) == [(codes, reason, 1)]


def test_comment_of_its_own_speaks_for_the_next_line_of_code() -> None:
    """Blank lines and further comments lie between."""
    source = "# commlint: ignore[CL1] a\n\n# more\n   # and more\nf()\n"

    assert told(python(source)) == [(("CL1",), "a", 5)]


def test_trailing_comment_speaks_for_its_line() -> None:
    """A comment after code means that code."""
    assert told(python("a()\nb()  # commlint: ignore[CL1]\nc()\n")) == [(("CL1",), "", 2)]


def test_file_suppression() -> None:
    """Near the top a whole file is suppressed."""
    assert told(python('"""Doc."""\n# commlint: ignore-file[CL1] generated\nf()\n')) == [(("CL1",), "generated", 0)]


def test_texts_are_no_comments() -> None:
    """What looks like a suppression inside a text is none."""
    assert told(python('x = "# commlint: ignore[CL1]"\ny = """\n# commlint: ignore\n"""\n')) == []


def test_prose_is_no_suppression() -> None:
    """A sentence that speaks of a suppression is none."""
    assert told(python("# see the manual of commlint: ignore is a verb\nf()\n")) == []


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("# commlint: ignore[CL101", "is not closed"),
        ("# commlint: ignore[]", "names no rule"),
        ("# commlint: ignore[CL101 CL102]", '"CL101 CL102" is no code'),
        ("# commlint: ingore[CL101]", 'did you mean "ignore"?'),
        ("# commlint:", "is no suppression"),
    ],
)
def test_wrong_forms(comment: str, problem: str) -> None:
    """A suppression that cannot be read suppresses nothing and says how it is written."""
    found, notices = python(f"a()\nf()  {comment}\n")

    assert found == ()
    assert [(notice.line, problem in notice.message, "commlint: " in notice.message) for notice in notices] == [
        (2, True, True)
    ]


def test_late_file_suppression() -> None:
    """Below the top a whole file cannot be suppressed any more."""
    found, notices = python("\n" * 10 + "# commlint: ignore-file\n")

    assert found == ()
    assert [notice.line for notice in notices] == [11]


@pytest.mark.parametrize(
    "line",
    [
        "image: x  # commlint: ignore[CL1] why",
        "rpc Get (A) returns (B);  // commlint: ignore[CL1] why",
        "a = 1 /* commlint: ignore[CL1] why */",
        "select 1 -- commlint: ignore[CL1] why",
        "name: it's  # commlint: ignore[CL1] why",
    ],
)
def test_other_files(line: str) -> None:
    """Files of other formats have comments as well."""
    assert told(plain(f"\n{line}\n")) == [(("CL1",), "why", 2)]


def test_other_files_skip_comments_and_quotes() -> None:
    """A comment of its own speaks for the next line of content; a quoted mark is content."""
    source = (
        "# commlint: ignore[CL1]\n# more\n\nimage: x\nname: '# commlint: ignore[CL2]'\nurl: http://x#commlint: ignore\n"
    )

    assert told(plain(source)) == [(("CL1",), "", 4)]


def test_quotes_that_never_close() -> None:
    """A long line of quotes and backslashes costs no more than its length."""
    assert told(plain('"' + "\\" * 5000 + "  # commlint: ignore[CL1] why\n")) == [(("CL1",), "why", 1)]
