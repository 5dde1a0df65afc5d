"""`commlint version`: what to name in a bug report."""

from __future__ import annotations

import platform
import sys

from commlint import __version__


def version() -> None:
    """Print the versions of commlint and of Python, and the system it runs on."""
    sys.stdout.write(f"commlint {__version__} (Python {platform.python_version()}, {platform.system()})\n")
