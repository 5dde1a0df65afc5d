"""Text with placeholders for other configuration keys (`${a.b:default}`) as Values."""

from __future__ import annotations

from collections.abc import Iterator

from commlint.model.values import ConfigRead, Literal, Template, Unknown, Value

TEXT_LIMIT = 5_000
NESTING_LIMIT = 10
PARTS_LIMIT = 100


def placeholders(text: str, depth: int = 0) -> Value:
    """
    Read `${key}` and `${key:default}`, the default possibly with placeholders of its own.

    An expression (`#{…}`), a name the build fills in (`@project.version@`) and text without end are unknown.
    """
    if text.startswith("#{'") and text.find("'", 3) > 0:
        # A list written as an expression over a plain text: `#{'${brokers}'.split(',')}`.
        text = text[3 : text.find("'", 3)]
    if "#{" in text or (text.startswith("@") and text.endswith("@") and len(text) > 2):
        return Unknown("an expression")
    if "${" not in text:
        return Literal(text)
    if len(text) > TEXT_LIMIT or depth > NESTING_LIMIT or text.count("${") > PARTS_LIMIT:
        return Unknown("too long")
    parts = tuple(part for part in _parts(text, depth) if part != Literal(""))
    return parts[0] if len(parts) == 1 else Template(parts)


def _parts(text: str, depth: int) -> Iterator[Value]:
    position = 0
    while (begin := text.find("${", position)) >= 0:
        end = _closing(text, begin + 2)
        if end < 0:
            break
        yield Literal(text[position:begin])
        key, colon, default = text[begin + 2 : end].partition(":")
        if "${" in key:
            yield Unknown("a key put together from others")
        else:
            yield ConfigRead(key.strip(), placeholders(default, depth + 1) if colon else None)
        position = end + 1
    yield Literal(text[position:])


def _closing(text: str, position: int) -> int:
    """Where the brace opened before `position` closes, -1 when it does not."""
    depth = 1
    for index in range(position, len(text)):
        if text.startswith("${", index):
            depth += 1
        elif text[index] == "}":
            depth -= 1
            if depth == 0:
                return index
    return -1
