"""
The fingerprint of a line as GitHub's own uploader computes it, so that uploaded findings keep their alerts.

Source: `src/fingerprints.ts` of github/codeql-action.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from commlint.model.findings import Report

_BLOCK = 100
_FACTOR = 37
_WORD = 2**64
_END = "\uffff"


def with_line_hashes(report: Report, read: Callable[[str], str | None]) -> Report:
    """
    The report with the hash of every line that a finding stands on.

    Args:
        read: the text of a file, None when it cannot be read.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for finding in report.findings:
        wanted[finding.region.path].add(finding.region.start_line)
    hashes = {path: line_hashes(read(path) or "", lines) for path, lines in wanted.items()}
    return replace(
        report,
        findings=tuple(
            replace(finding, line_hash=hashes[finding.region.path].get(finding.region.start_line, ""))
            for finding in report.findings
        ),
    )


def line_hashes(text: str, wanted: Iterable[int]) -> dict[int, str]:
    """
    The wanted lines (1-based) that are there, each with `HASH:OCCURRENCE`.

    A hash is over the next hundred characters that are no blanks, line ends counting as one; of lines that are
    followed by the same ones the occurrences are counted.
    """
    units = _units(text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")) + _END
    asked = set(wanted)
    last = max(asked, default=0)
    found: dict[int, str] = {}
    seen: Counter[str] = Counter()
    start = 0
    for line in range(1, last + 1):
        block = units[start : start + _BLOCK]
        seen[block] += 1
        if line in asked:
            found[line] = f"{_hash(block):x}:{seen[block]}"
        start = units.find("\n", start) + 1
        if not start:
            break
    return found


def _hash(block: str) -> int:
    value = 0
    for unit in block:
        value = (value * _FACTOR + ord(unit)) % _WORD
    return value * pow(_FACTOR, _BLOCK - len(block), _WORD) % _WORD


def _units(text: str) -> str:
    """As JavaScript counts characters: those beyond the basic plane are two."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    return "".join(
        character
        if character <= "\uffff"
        else chr(0xD800 + ((ord(character) - 0x10000) >> 10)) + chr(0xDC00 + ((ord(character) - 0x10000) & 0x3FF))
        for character in text
    )
