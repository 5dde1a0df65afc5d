"""Findings become edits of files."""

from __future__ import annotations

from commlint.fix.fix import edits
from commlint.model.findings import Finding, Fix, Level
from commlint.model.operations import Confidence
from commlint.model.places import Region

CALL = Region("app.py", 1, 1, 1, 9)


def finding(fix: Fix | None) -> Finding:
    return Finding("CL101", "call-without-timeout", Level.ERROR, Confidence.CERTAIN, "", CALL, (), "", fix=fix)


def test_diff_is_one_that_git_takes() -> None:
    """An edit shows as a unified diff, with the missing end of line told."""
    (edit,) = edits([finding(Fix("add-argument", CALL, "timeout", "5"))], {"app.py": "get(url)"}.get)

    assert edit.diff == (
        "--- a/app.py\n+++ b/app.py\n@@ -1 +1 @@\n-get(url)\n\\ No newline at end of file\n"
        "+get(url, timeout=5)\n\\ No newline at end of file\n"
    )


def test_nothing_to_mend() -> None:
    """Findings without an edit, and files that cannot be read or are of no known language, change nothing."""
    fix = Fix("add-argument", CALL, "timeout", "5")
    elsewhere = Fix("add-argument", Region("app.rb", 1, 1, 1, 9), "timeout", "5")

    assert edits([finding(None)], {"app.py": "get(url)"}.get) == ()
    assert edits([finding(fix)], {}.get) == ()
    assert edits([finding(elsewhere)], {"app.rb": "get(url)"}.get) == ()
