"""Comments that silence findings, written where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from commlint.fix.fix import Edit
from commlint.model.facts import FileFacts
from commlint.model.findings import Finding

_SLASHES = (
    ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".java", ".kt", ".kts", ".go", ".cs", ".rs", ".php",
    ".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".proto", ".gradle",
)  # fmt: skip
_WITHOUT_COMMENTS = (".json", ".xml", ".csproj")

Reread = Callable[[str, bytes], FileFacts]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """The edits that silence findings, and the findings that no comment can silence where they stand."""

    edits: tuple[Edit, ...]
    refused: tuple[Finding, ...]


def suppress(findings: Iterable[Finding], reason: str, read: Callable[[str], str | None], reread: Reread) -> Suppressed:
    """
    A comment for each line with findings: above it, or behind it where nothing can stand above.

    Args:
        reason: why they stay.
        read: the text of a file, None when it cannot be read.
        reread: what a file says, to make sure that a comment is understood and nothing else is read differently.
    """
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_path[finding.region.path].append(finding)
    edits: list[Edit] = []
    refused: list[Finding] = []
    for path, found in sorted(by_path.items()):
        before = read(path)
        mark = _mark(path)
        if before is None or not mark:
            refused += found
            continue
        after, left = _commented(path, before, found, f"{mark} commlint: ignore", reason, reread)
        refused += left
        if after != before:
            edits.append(Edit(path, before, after, len(found) - len(left)))
    return Suppressed(tuple(edits), tuple(refused))


def _mark(path: str) -> str:
    """What begins a comment that ends with its line; "" where a file cannot hold one."""
    if path.endswith(_WITHOUT_COMMENTS):
        return ""
    return "//" if path.endswith(_SLASHES) else "#"


def _commented(
    path: str, text: str, findings: Iterable[Finding], opening: str, reason: str, reread: Reread
) -> tuple[str, list[Finding]]:
    by_line: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_line[finding.region.start_line].append(finding)
    refused: list[Finding] = []
    # From the last line to the first, so that the lines still to come stay where they are.
    for line, found in sorted(by_line.items(), reverse=True):
        codes = sorted({finding.code for finding in found})
        comment = f"{opening}[{', '.join(codes)}] {reason}".rstrip()
        known = reread(path, text.encode())
        for candidate, at in _candidates(text, line, comment):
            if _says(reread(path, candidate.encode()), known, at, codes):
                text = candidate
                break
        else:
            refused += found
    return text, refused


def _candidates(text: str, line: int, comment: str) -> Iterable[tuple[str, int]]:
    """The text with the comment in one place or the other, and the line the comment must then speak for."""
    lines = text.splitlines(keepends=True)
    if not 0 < line <= len(lines):
        return
    meant = lines[line - 1]
    body = meant.rstrip("\r\n")
    end = meant[len(body) :] or "\n"
    indent = body[: len(body) - len(body.lstrip())]
    # Grammars take a comment inside of a line that goes on; the languages do not.
    if line == 1 or not lines[line - 2].rstrip().endswith("\\"):
        yield "".join([*lines[: line - 1], f"{indent}{comment}{end}", *lines[line - 1 :]]), line + 1
    yield "".join([*lines[: line - 1], f"{body}  {comment}{meant[len(body) :]}", *lines[line:]]), line


def _says(facts: FileFacts, known: FileFacts, line: int, codes: list[str]) -> bool:
    """Whether the comment speaks for the line, and the file is read as it was otherwise."""
    spoken = {code for ignore in facts.ignores if ignore.line == line for code in ignore.codes}
    return spoken >= set(codes) and len(facts.notices) == len(known.notices)
