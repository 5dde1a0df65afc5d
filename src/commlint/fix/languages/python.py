"""Python: edits through a syntax tree that keeps every byte it does not change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import ClassVar

import libcst as cst
from libcst.codemod import CodemodContext
from libcst.codemod.visitors import AddImportsVisitor
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider

from commlint.fix.port import Fixer
from commlint.model.findings import Fix

_PRIMARIES = (cst.Attribute, cst.Subscript, cst.Call, cst.Await)

Place = tuple[int, int, int, int]


class PythonFixer(Fixer):
    """Adds and sets arguments of calls, and makes other calls in place of them."""

    suffixes: ClassVar[tuple[str, ...]] = (".py",)

    def apply(self, source: str, fixes: Sequence[Fix]) -> str:
        try:
            tree = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
        except (cst.ParserSyntaxError, RecursionError):
            return source
        wanted: dict[Place, list[Fix]] = defaultdict(list)
        # What a call is given first, what is done with the call then.
        for fix in sorted(fixes, key=lambda fix: fix.kind not in ("add-argument", "set-argument")):
            wanted[_place(fix)].append(fix)
        mending = _Mending(wanted)
        changed = tree.visit(mending)
        context = CodemodContext()
        for module in sorted(mending.needs):
            AddImportsVisitor.add_needed_import(context, module)
        return AddImportsVisitor(context).transform_module(changed).code if mending.needs else changed.code


def _place(fix: Fix) -> Place:
    """Where the call stands, in the counting of the syntax tree: columns from 0."""
    region = fix.region
    return (region.start_line, region.start_column - 1, region.end_line, region.end_column - 1)


class _Mending(cst.CSTTransformer):
    """Changes each call at a wanted place; `needs` is then what must be imported."""

    METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider)

    def __init__(self, wanted: Mapping[Place, Sequence[Fix]]) -> None:
        super().__init__()
        self.wanted = wanted
        self.needs: set[str] = set()
        # Whether an await may stand here, for each function and generator around it.
        self._awaits = [False]

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:  # noqa: N802
        where = self.get_metadata(PositionProvider, original_node)
        made: cst.BaseExpression = updated_node
        for fix in self.wanted.get((where.start.line, where.start.column, where.end.line, where.end.column), ()):
            if isinstance(made, cst.Call):
                made = self._mended(original_node, made, fix)
        return made

    def _mended(self, original: cst.Call, call: cst.Call, fix: Fix) -> cst.BaseExpression:
        match fix.kind:
            case "add-argument" if _argument(call, fix) is None:
                return _with_argument(call, fix)
            case "set-argument":
                return _with_value(call, fix)
            case "replace-call":
                self.needs.update([fix.needs] if fix.needs else [])
                return _in_place_of(call, fix.value)
            case "wrap-call" if self._awaits[-1]:
                self.needs.update([fix.needs] if fix.needs else [])
                within = isinstance(self.get_metadata(ParentNodeProvider, original), _PRIMARIES)
                return _around(call, fix.value, within)
        return call

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
        self._awaits.append(node.asynchronous is not None)

    def leave_FunctionDef(  # noqa: N802
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        self._awaits.pop()
        return updated_node

    def visit_Lambda(self, node: cst.Lambda) -> None:  # noqa: N802
        self._awaits.append(False)

    def leave_Lambda(self, original_node: cst.Lambda, updated_node: cst.Lambda) -> cst.Lambda:  # noqa: N802
        self._awaits.pop()
        return updated_node

    def visit_GeneratorExp(self, node: cst.GeneratorExp) -> None:  # noqa: N802
        # With an await inside it would be another kind of generator.
        self._awaits.append(False)

    def leave_GeneratorExp(  # noqa: N802
        self, original_node: cst.GeneratorExp, updated_node: cst.GeneratorExp
    ) -> cst.GeneratorExp:
        self._awaits.pop()
        return updated_node


def _keyword(fix: Fix) -> str:
    """The keyword that a fix names, first of its alternatives."""
    return fix.name.partition("|")[0].removeprefix("kw:")


def _argument(call: cst.Call, fix: Fix) -> cst.Arg | None:
    """The argument that is given already, by its keyword or by its place."""
    for argument in call.args:
        if argument.keyword and argument.keyword.value == _keyword(fix):
            return argument
    _, _, place = fix.name.partition("|arg:")
    positional = [argument for argument in call.args if not argument.keyword and not argument.star]
    return positional[int(place)] if place.isdigit() and int(place) < len(positional) else None


def _with_value(call: cst.Call, fix: Fix) -> cst.Call:
    """The call with the argument at the value of the fix; a call whose arguments are not all known stays as it is."""
    given = _argument(call, fix)
    if given is not None:
        return call.with_deep_changes(given, value=cst.parse_expression(fix.value))
    if any(argument.star for argument in call.args):
        return call
    return _with_argument(call, fix)


def _in_place_of(call: cst.Call, written: str) -> cst.BaseExpression:
    """What is written called with the arguments of the call; `await` in front stands around it."""
    name = written.removeprefix("await ")
    made = call.with_changes(func=cst.parse_expression(name))
    if name == written:
        return made
    # The parentheses of the call, if any, are those of the whole.
    return cst.Await(made.with_changes(lpar=[], rpar=[]), lpar=made.lpar, rpar=made.rpar)


def _around(call: cst.Call, written: str, within: bool) -> cst.Await:
    """What is written called with the function of a call and its arguments, ready for more to be asked of it."""
    function = cst.Arg(
        call.func, comma=cst.Comma(whitespace_after=_between(call)) if call.args else cst.MaybeSentinel.DEFAULT
    )
    made = call.with_changes(
        func=cst.parse_expression(written.removeprefix("await ")), args=[function, *call.args], lpar=[], rpar=[]
    )
    inner = [cst.LeftParen()] if within and not call.lpar else call.lpar
    outer = [cst.RightParen()] if within and not call.rpar else call.rpar
    return cst.Await(made, lpar=inner, rpar=outer)


def _with_argument(call: cst.Call, fix: Fix) -> cst.Call:
    """The call with the argument at the end, laid out as the arguments before it."""
    added = cst.Arg(
        keyword=cst.Name(_keyword(fix)),
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
