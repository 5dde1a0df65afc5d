"""Hosts that platforms give to what they run, and the name of the service in them."""

from __future__ import annotations

import re
from typing import Final

_HOSTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Cloud Run: with a hash and a short region, or with the number of the project; App Engine.
        r"(.+)-[a-z0-9]{8,12}-[a-z]{2}\.a\.run\.app",
        r"(.+)-\d+\.[a-z0-9-]+\.run\.app",
        r"(.+)-dot-[a-z0-9-]+\.(?:[a-z]{2}\.r\.)?appspot\.com",
        # Azure: Container Apps, App Service and Functions.
        r"([^.]+)(?:\.internal)?\.[^.]+\.[^.]+\.azurecontainerapps\.io",
        r"([^.]+)\.azurewebsites\.net",
        r"([^.]+)\.(?:herokuapp\.com|fly\.dev|internal|flycast|onrender\.com|railway\.internal)",
    )
)


def deployed_as(host: str) -> str:
    """What a host says its service is called; "" for hosts of no platform."""
    return next((found[1] for pattern in _HOSTS if (found := pattern.fullmatch(host))), "")
