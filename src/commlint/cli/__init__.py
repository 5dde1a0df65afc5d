"""The face: one file per command, and the only place that prints, exits and reads the environment."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from commlint.cli.app import run

    sys.exit(run(sys.argv[1:]))
