"""Where the data that comes with commlint is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import commlint


@cache
def rules_directory() -> Path:
    """
    The folder with `models/` and `packs/`: inside the package when installed, at the root of a checkout.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    package = Path(commlint.__file__).resolve().parent
    for candidate in (package / "rules", package.parents[1] / "rules"):
        if (candidate / "models").is_dir():
            return candidate
    raise FileNotFoundError(f"{package / 'rules'}: the installation lacks its library models; install commlint again")
