"""A line of code with the part that is meant underlined."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from commlint.report.escaping import visible

_TAB = 4
_CUT = "..."


@dataclass(frozen=True, slots=True)
class Frame:
    """`code` fits the width asked for, `marker` goes below it: blanks, then carets."""

    code: str
    marker: str


def frame(line: str, start: int, end: int, width: int) -> Frame:
    """
    Show a line without its indentation, cut around the marked part when it is too long.

    Args:
        start: 1-based column of the first character that is meant.
        end: column after the last one; at or before `start` everything to the end of the line is meant.
    """
    code = line.rstrip()
    indent = len(code) - len(code.lstrip())
    first = min(max(start - 1, indent), len(code))
    last = min(end - 1, len(code)) if end > start else len(code)
    before, meant, after = (_shown(part) for part in (code[indent:first], code[first:last], code[last:]))
    room = max(width, 2 * len(_CUT) + 2)
    if cell_len(before + meant + after) > room:
        before, meant, after = _cut(before, meant, after, room)
    return Frame(before + meant + after, " " * cell_len(before) + "^" * max(cell_len(meant), 1))


def _shown(text: str) -> str:
    return visible(text.replace("\t", " " * _TAB))


def _cut(before: str, meant: str, after: str, room: int) -> tuple[str, str, str]:
    """Half of the room is kept for the marked part, a third for what leads up to it."""
    if cell_len(before) > room // 3 and cell_len(before + meant) > room:
        keep = max(room // 3 - len(_CUT), 0)
        before = _CUT + before[len(before) - keep :]
    meant = _fit(meant, room - cell_len(before))
    after = _fit(after, room - cell_len(before + meant))
    return before, meant, after


def _fit(text: str, room: int) -> str:
    if cell_len(text) <= room:
        return text
    kept = text[: max(room - len(_CUT), 0)]
    while kept and cell_len(kept) > room - len(_CUT):
        kept = kept[:-1]
    return kept + _CUT[: max(room, 0)]
