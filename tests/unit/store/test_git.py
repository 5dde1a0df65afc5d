"""Changes and earlier states as git tells them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from commlint.errors import UsageError
from commlint.model.changes import Changes, Span
from commlint.store.git import changes_since, export, parting, staged_changes

LINES = "".join(f"line {number}\n" for number in range(1, 11))


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.email=team@example.com", "-c", "user.name=team", "-c", "init.defaultBranch=main")
    done = subprocess.run(("git", *identity, *arguments), cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one commit; the analysed folder is a folder inside it."""
    services = tmp_path / "services"
    services.mkdir()
    (services / "a.py").write_text(LINES)
    (services / "b.py").write_text(LINES)
    (tmp_path / "outside.py").write_text(LINES)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "one")
    return services


def test_staged_lines_and_no_others(root: Path) -> None:
    """What is changed and not staged does not count, nor what lies outside the folder."""
    (root / "a.py").write_text(LINES.replace("line 3\n", "line three\nand more\n"))
    (root / "b.py").write_text("other\n")
    (root.parent / "outside.py").write_text("other\n")
    git(root, "add", "a.py", "../outside.py")

    assert staged_changes(root) == Changes({"a.py": (Span(3, 4),)})


def test_lines_taken_out_are_a_gap(root: Path) -> None:
    """Between the line before and the line after."""
    (root / "a.py").write_text(LINES.replace("line 3\n", ""))
    git(root, "add", "-A")

    (span,) = staged_changes(root).spans["a.py"]
    assert span.touches(2, 3)
    assert not span.touches(2, 2)
    assert not span.touches(3, 3)


def test_new_files_count_as_a_whole_and_moved_ones_not_at_all(root: Path) -> None:
    """A file under another name holds no new line."""
    git(root, "mv", "a.py", "moved.py")
    (root / "n e\tw\u00e4.py").write_text(LINES)
    git(root, "add", "-A")

    changes = staged_changes(root)
    assert changes.new == {"n e\tw\u00e4.py"}
    assert "moved.py" not in changes.spans


def test_before_the_first_commit_everything_staged_is_new(tmp_path: Path) -> None:
    """There is nothing to compare with."""
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text(LINES)
    git(tmp_path, "add", "-A")

    assert staged_changes(tmp_path).new == {"a.py"}


def test_since_counts_from_where_the_branches_parted(root: Path) -> None:
    """What others did on the other branch meanwhile is not ours; files git does not know yet are."""
    git(root, "checkout", "-qb", "work")
    (root / "a.py").write_text(LINES + "mine\n")
    git(root, "commit", "-qam", "mine")
    git(root, "checkout", "-q", "main")
    (root / "b.py").write_text("theirs\n")
    git(root, "commit", "-qam", "theirs")
    git(root, "checkout", "-q", "work")
    (root / "fresh.py").write_text(LINES)

    assert changes_since(root, "main") == Changes({"a.py": (Span(11, 11),)}, frozenset({"fresh.py"}))


def test_a_ref_that_is_not_there_is_told_with_the_cure(root: Path) -> None:
    """Shallow clones of CI are the usual reason; a ref never becomes an option of git."""
    for ref in ("origin/main", "--output=x", ""):
        with pytest.raises(UsageError, match="no such commit here; fetch it first"):
            changes_since(root, ref)


def test_without_a_repository_git_says_so(tmp_path: Path) -> None:
    """One line, and no traceback."""
    with pytest.raises(UsageError, match="not a git repository"):
        staged_changes(tmp_path)


def test_a_commit_is_written_out_as_it_was(root: Path, tmp_path: Path) -> None:
    """Only the analysed folder; links and files that are too large stay out."""
    (root / "link.py").symlink_to("a.py")
    (root / "sub").mkdir()
    (root / "sub" / "large.py").write_bytes(b"x" * 5000)
    (root / "sub" / "bytes.py").write_bytes(b"\xff\r\n\0")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "two")
    (root / "a.py").write_text("changed since\n")
    target = tmp_path / "before"

    export(root, parting(root, "HEAD"), target, largest=1000)

    written = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert written == {"a.py", "b.py", "sub/bytes.py"}
    assert (target / "a.py").read_text() == LINES
    assert (target / "sub/bytes.py").read_bytes() == b"\xff\r\n\0"


def test_nothing_a_repository_configures_is_run(root: Path) -> None:
    """No watcher, no external diff, no text conversion."""
    mark = root / "ran"
    script = root / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "diff.evil.textconv"):
        git(root, "config", key, str(script))
    (root / ".gitattributes").write_text("*.py diff=evil\n")
    (root / "a.py").write_text("other\n")
    mark.unlink(missing_ok=True)

    changes_since(root, "HEAD")

    assert not mark.exists()
