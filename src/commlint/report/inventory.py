"""Inventories as text and as JSON: rows with a place each, for every list the command line gives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from commlint.report.escaping import visible

Cell = str | int | float | bool | None | tuple[str, ...]
Row = Mapping[str, Cell]


def as_json(title: str, rows: Iterable[Row], null: Collection[str] = ()) -> str:
    """The rows under the name of what they are, as one document; cells that are None are left out, except in `null`."""
    kept = [{name: cell for name, cell in row.items() if cell is not None or name in null} for row in rows]
    return msgspec.json.format(msgspec.json.encode({title: kept}), indent=2).decode() + "\n"


def as_text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """A table of the `columns`, each row with its place in front; a column in which nothing stands is left out."""
    shown = [column for column in columns if any(_cell(row.get(column)) for row in rows)]
    table = [["place", *(column.replace("_", " ") for column in shown)]]
    table += [[f"{row['path']}:{row['line']}", *(_cell(row.get(column)) for column in shown)] for row in rows]
    widths = [max(len(line[index]) for line in table) for index in range(len(table[0]))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in table]
    return "".join(f"{line}\n" for line in lines)


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else ""
        case tuple():
            return visible(", ".join(value))
        case float():
            return f"{value:g}"
        case _:
            return visible(str(value))
