"""`commlint rule`: the manual page of a rule, or the list of all."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from commlint.cli.screen import is_terminal, say, wants_color, width
from commlint.errors import UsageError, nearest


def rule(
    name: Annotated[
        str | None, typer.Argument(metavar="RULE", help="Code or name: CL101, call-without-timeout.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List all rules instead.")] = False,
) -> None:
    """Explain a rule: what it flags, why it matters, what to do instead, and its options."""
    from commlint.check.rule import all_rules

    rules = all_rules()
    if everything or name is None:
        for known in rules:
            say(f"{known.code}  {known.level.value:<7}  {known.name:<28}  {known.summary()}\n")
        return
    for known in rules:
        if name.strip().lower() in (known.code.lower(), known.name):
            _show(known.page())
            return
    close = nearest(name, [word for known in rules for word in (known.code, known.name)])
    raise UsageError(f'there is no rule "{name}"{close} (all of them: commlint rule --all)')


def _show(page: str) -> None:
    if not is_terminal(sys.stdout):
        say(page)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(width(), 100), no_color=not wants_color(sys.stdout)).print(Markdown(page))
