"""`commlint version`: what to name in a bug report."""

from __future__ import annotations

import platform

from commlint import __version__
from commlint.cli.screen import say


def version() -> None:
    """Print the versions of commlint and of Python, and the system it runs on."""
    say(f"commlint {__version__} (Python {platform.python_version()}, {platform.system()})\n")
