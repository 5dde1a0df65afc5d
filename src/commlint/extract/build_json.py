"""Build files in JSON, read the same way by all formats that have one."""

from __future__ import annotations

import json

from commlint.extract.yaml import decode
from commlint.model.facts import Notice

SIZE_LIMIT = 400_000


def parsed(path: str, source: bytes) -> tuple[str, object, tuple[Notice, ...]]:
    """The text of a build file, what its JSON holds (None when it cannot be read), and what was noticed."""
    text, notices = decode(path, source)
    if len(text) > SIZE_LIMIT:
        much = Notice(path, 0, f"more than {SIZE_LIMIT} characters are no build file; it was not read")
        return text, None, (*notices, much)
    try:
        return text, json.loads(text), notices
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        broken = Notice(path, line, "the build file is broken and was not read: mend its JSON")
        return text, None, (*notices, broken)
