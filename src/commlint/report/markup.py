"""Text of the analysed tree inside Markdown that GitHub or GitLab shows."""

from __future__ import annotations

from commlint.report.escaping import visible

_BREAK = "&#8203;"
"""A space without width: what follows `@`, `#` or `://` then mentions nobody and links nowhere."""

_BROKEN = ("@", "#", "!", "$", "~", "%", "://", "www.")


def prose(text: str) -> str:
    """`text` on one line, with everything that Markdown, HTML or the site would obey written as an entity."""
    shown = "".join(_entity(character) for character in visible(text))
    for mark in _BROKEN:
        escaped = "".join(_entity(character) for character in mark)
        shown = shown.replace(escaped, escaped + _BREAK)
    return shown


def code(text: str) -> str:
    """`text` as code, in HTML, since a fence can be closed from inside."""
    return f"<code>{''.join(_entity(character) for character in visible(text))}</code>"


def _entity(character: str) -> str:
    # Letters of any script stay as they are; all punctuation but the harmless goes.
    if character.isalnum() or character in " ,.;":
        return character
    return f"&#{ord(character)};"
