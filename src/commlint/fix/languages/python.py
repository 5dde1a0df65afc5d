"""Python: edits through a syntax tree that keeps every byte it does not change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from commlint.fix.port import Fixer
from commlint.model.findings import Fix

Place = tuple[int, int, int, int]


class PythonFixer(Fixer):
    """Adds keyword arguments to calls."""

    suffixes: ClassVar[tuple[str, ...]] = (".py",)

    def apply(self, source: str, fixes: Sequence[Fix]) -> str:
        try:
            tree = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
        except (cst.ParserSyntaxError, RecursionError):
            return source
        wanted = {_place(fix): fix for fix in fixes if fix.kind == "add-argument"}
        return tree.visit(_AddArguments(wanted)).code


def _place(fix: Fix) -> Place:
    """Where the call stands, in the counting of the syntax tree: columns from 0."""
    region = fix.region
    return (region.start_line, region.start_column - 1, region.end_line, region.end_column - 1)


class _AddArguments(cst.CSTTransformer):
    """Gives each call at a wanted place its argument."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, wanted: dict[Place, Fix]) -> None:
        super().__init__()
        self.wanted = wanted

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        where = self.get_metadata(PositionProvider, original_node)
        fix = self.wanted.get((where.start.line, where.start.column, where.end.line, where.end.column))
        if fix is None or any(
            argument.keyword and argument.keyword.value == fix.name for argument in updated_node.args
        ):
            return updated_node
        return _with_argument(updated_node, fix)


def _with_argument(call: cst.Call, fix: Fix) -> cst.Call:
    """The call with the argument at the end, laid out as the arguments before it."""
    added = cst.Arg(
        keyword=cst.Name(fix.name),
        value=cst.parse_expression(fix.value),
        equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
    )
    if not call.args:
        return call.with_changes(args=[added])
    *others, last = call.args
    between = _between(call)
    if isinstance(last.comma, cst.Comma):
        # The comma behind the last argument holds the way to the closing parenthesis; the new one takes it over.
        added = added.with_changes(comma=last.comma)
    else:
        added = added.with_changes(whitespace_after_arg=last.whitespace_after_arg)
        last = last.with_changes(whitespace_after_arg=cst.SimpleWhitespace(""))
    last = last.with_changes(comma=cst.Comma(whitespace_after=between))
    return call.with_changes(args=[*others, last, added])


def _between(call: cst.Call) -> cst.BaseParenthesizableWhitespace:
    """What stands between two arguments of a call: as before, a line break where each has its own line."""
    for argument in call.args[:-1]:
        if isinstance(argument.comma, cst.Comma):
            return argument.comma.whitespace_after
    if isinstance(call.whitespace_before_args, cst.ParenthesizedWhitespace):
        return call.whitespace_before_args
    return cst.SimpleWhitespace(" ")
