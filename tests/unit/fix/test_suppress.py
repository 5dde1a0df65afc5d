"""Comments that silence findings."""

from __future__ import annotations

import pytest

from commlint.extract.extract import extract
from commlint.fix.suppress import Suppressed, suppress
from commlint.model.findings import Finding, Level
from commlint.model.operations import Confidence
from commlint.model.places import Region


def finding(path: str, line: int, code: str = "CL101") -> Finding:
    return Finding(code, "x", Level.ERROR, Confidence.CERTAIN, "m", Region(path, line, 5, line, 9), (), "")


def silenced(path: str, text: str, *found: tuple[int, str]) -> Suppressed:
    findings = [finding(path, line, code) for line, code in found]
    return suppress(findings, "the proxy bounds it", lambda asked: text if asked == path else None, extract)


@pytest.mark.parametrize(
    ("path", "text", "line", "comment"),
    [
        ("a.py", "def f():\n    requests.get(url)\n", 2, "    # commlint: ignore[CL101] the proxy bounds it"),
        ("a.ts", "function f() {\n  fetch(url)\n}\n", 2, "  // commlint: ignore[CL101] the proxy bounds it"),
        (
            "a.go",
            "package a\n\nfunc f() {\n\thttp.Get(url)\n}\n",
            4,
            "\t// commlint: ignore[CL101] the proxy bounds it",
        ),
        ("A.java", "class A {\n  void f() {\n    c.get(u);\n  }\n}\n", 3, "    // commlint: ignore[CL101] the proxy"),
        (
            "a.tf",
            'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n',
            1,
            "# commlint: ignore[CL101] the proxy bounds it",
        ),
        ("compose.yaml", "services:\n  a:\n    image: b\n", 2, "  # commlint: ignore[CL101] the proxy bounds it"),
    ],
)
def test_a_comment_above_in_the_syntax_of_the_file(path: str, text: str, line: int, comment: str) -> None:
    """Indented as the line it speaks for; everything else stays as it was."""
    (edit,) = silenced(path, text, (line, "CL101")).edits

    lines = edit.after.splitlines(keepends=True)
    assert lines[line - 1].startswith(comment)
    assert "".join([*lines[: line - 1], *lines[line:]]) == text
    assert [ignore.line for ignore in extract(path, edit.after.encode()).ignores] == [line + 1]


def test_several_findings_of_a_file() -> None:
    """One comment a line, with all its codes; line ends stay as they are."""
    text = "a = 1\r\nf(a)\r\ng(a)\r\n"
    (edit,) = silenced("a.py", text, (2, "CL101"), (2, "CL111"), (3, "CL101")).edits

    assert edit.after == (
        "a = 1\r\n# commlint: ignore[CL101, CL111] the proxy bounds it\r\nf(a)\r\n"
        "# commlint: ignore[CL101] the proxy bounds it\r\ng(a)\r\n"
    )
    assert edit.mended == 3


def test_where_nothing_can_stand_above_it_stands_behind() -> None:
    """A comment after a line that goes on would tear it in two."""
    text = "x = 1 + \\\n    f(url)\n"
    (edit,) = silenced("a.py", text, (2, "CL101")).edits

    assert edit.after == "x = 1 + \\\n    f(url)  # commlint: ignore[CL101] the proxy bounds it\n"


def test_where_no_comment_can_stand_the_finding_is_named() -> None:
    """Inside of a text that goes over several lines, and in files without comments."""
    inside = 'x = f"""\n{f(url)}\n"""\n'
    assert [each.region.start_line for each in silenced("a.py", inside, (2, "CL101")).refused] == [2]
    assert silenced("a.json", "{}\n", (1, "CL202")).edits == ()
    assert len(silenced("a.json", "{}\n", (1, "CL202")).refused) == 1
    assert len(suppress([finding("gone.py", 1)], "", lambda path: None, extract).refused) == 1
