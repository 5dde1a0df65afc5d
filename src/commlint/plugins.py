"""The only dynamic import: what stands on a shelf is registered by being there."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from typing import TypeVar

Port = TypeVar("Port")


@cache
def on_shelf(shelf: str, port: type[Port]) -> tuple[type[Port], ...]:
    """
    The classes in the modules of package `shelf` that implement `port`, sorted by module and class name.

    Args:
        shelf: dotted package name, such as `commlint.check.rules`.
        port: the base class that says what a plug-in of this shelf does.
    """
    package = importlib.import_module(shelf)
    found: list[type[Port]] = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda entry: entry.name):
        module = importlib.import_module(f"{shelf}.{info.name}")
        for _, member in sorted(inspect.getmembers(module, inspect.isclass)):
            if issubclass(member, port) and member is not port and member.__module__ == module.__name__:
                found.append(member)
    return tuple(found)
