"""What git knows of the analysed folder: what changed, and how files were at a commit."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from commlint.errors import UsageError
from commlint.model.changes import Changes, Span

# Nothing that a repository configures is run: no hooks, no watchers, no external diff, no filters of text.
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--relative", "-M", "-U0")
_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_LINKS = frozenset({"120000", "160000"})
_ESCAPES = {"a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}


def staged_changes(root: Path) -> Changes:
    """
    What is staged for the next commit, in lines of the files as they are now.

    Raises:
        UsageError: `root` is in no git repository, or git cannot be run.
    """
    _require_repository(root)
    staged = _paths(
        _git(root, "diff", "--cached", "--no-ext-diff", "--relative", "--name-only", "-z", "--diff-filter=d")
    )
    base = _resolved(root, "HEAD") or _git(root, "hash-object", "-t", "tree", "--stdin").decode().strip()
    return _only(_changes(root, base), staged)


def changes_since(root: Path, ref: str) -> Changes:
    """
    What is different from where the work on `ref` parted from here; files that git does not know yet are new.

    Raises:
        UsageError: there is no such commit, or `root` is in no git repository.
    """
    changes = _changes(root, parting(root, ref))
    untracked = _paths(_git(root, "ls-files", "--others", "--exclude-standard", "-z"))
    return Changes(changes.spans, changes.new | untracked)


def parting(root: Path, ref: str) -> str:
    """
    The commit that `ref` and the current one have in common.

    Raises:
        UsageError: there is no such commit, or they have none in common.
    """
    commit = _resolved(root, ref)
    if commit is None:
        raise UsageError(f"{ref}: there is no such commit here; fetch it first (in CI: a full clone, fetch-depth: 0)")
    try:
        return _git(root, "merge-base", commit, "HEAD").decode().strip()
    except UsageError as error:
        raise UsageError(f"{ref}: has no commit in common with this one; fetch more of the history") from error


def export(root: Path, commit: str, folder: Path, largest: int) -> None:
    """
    Write the files of `root` as they were at a commit into a folder; links, submodules and what is larger stay out.

    Raises:
        UsageError: git cannot be run.
    """
    entries: list[tuple[str, str]] = []
    for entry in _git(root, "ls-tree", "-r", "-l", "-z", commit).split(b"\0"):
        head, _, name = entry.partition(b"\t")
        mode, kind, blob, length = (head.decode().split() + [""] * 4)[:4]
        if kind == "blob" and mode not in _LINKS and length.isdigit() and int(length) <= largest:
            entries.append((blob, os.fsdecode(name)))
    blobs = _git(root, "cat-file", "--batch", input="".join(f"{blob}\n" for blob, _ in entries).encode())
    at = 0
    for _, path in entries:
        end = blobs.index(b"\n", at)
        size = int(blobs[at:end].split()[2])
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(blobs[end + 1 : end + 1 + size])
        at = end + size + 2


def _changes(root: Path, base: str) -> Changes:
    """The files now against those of a commit or tree."""
    spans: dict[str, list[Span]] = {}
    new: set[str] = set()
    path, fresh = "", False
    for line in _git(root, *_DIFF, base, "--").split(b"\n"):
        if line.startswith(b"diff --git "):
            path, fresh = "", False
        elif not path and line.startswith(b"new file mode"):
            fresh = True
        elif not path and line.startswith(b"+++ ") and line != b"+++ /dev/null":
            path = _unquoted(os.fsdecode(line[4:])).removeprefix("b/")
            if fresh:
                new.add(path)
        elif path and (hunk := _HUNK.match(line)):
            start, count = int(hunk[1]), int(hunk[2] or 1)
            # Without a line of its own a hunk is a gap after the line it names.
            spans.setdefault(path, []).append(Span(start, start + count - 1) if count else Span(start + 1, start))
    return Changes({path: tuple(found) for path, found in spans.items()}, frozenset(new))


def _only(changes: Changes, paths: Iterable[str]) -> Changes:
    wanted = frozenset(paths)
    return Changes({path: spans for path, spans in changes.spans.items() if path in wanted}, changes.new & wanted)


def _unquoted(path: str) -> str:
    """A path as git writes it where it holds control characters or quotes; a tab ends one that holds spaces."""
    if not path.startswith('"'):
        return path.removesuffix("\t")
    inner = path[1 : path.rindex('"')]
    return re.sub(r"\\([0-7]{3}|.)", lambda escape: _escaped(escape[1]), inner)


def _escaped(code: str) -> str:
    return chr(int(code, 8)) if code.isdigit() else _ESCAPES.get(code, code)


def _paths(listed: bytes) -> frozenset[str]:
    return frozenset(os.fsdecode(path) for path in listed.split(b"\0") if path)


def _resolved(root: Path, ref: str) -> str | None:
    _require_repository(root)
    try:
        found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    except UsageError:
        return None
    return found.decode().strip()


def _require_repository(root: Path) -> None:
    """
    Raises:
        UsageError: `root` is in no git repository.
    """
    _git(root, "rev-parse", "--git-dir")


def _git(root: Path, *arguments: str, input: bytes = b"") -> bytes:
    """
    Raises:
        UsageError: git is not there, or says no.
    """
    try:
        done = subprocess.run((*_GIT, *arguments), cwd=root, input=input, capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"git cannot be run ({error.strerror}); install it, or leave out the option") from error
    if done.returncode:
        lines: Iterator[str] = iter(done.stderr.decode("utf-8", "replace").strip().splitlines())
        raise UsageError(f"git {arguments[0]}: {next(lines, 'failed')}")
    return done.stdout
