"""
All code of a system as one program.

`Program` answers what an expression means (`evaluate`), what a name stands for, who calls a function.
It is demand-driven: nothing is resolved before it is asked for, answers are remembered, and depth is bounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from copy import copy
from functools import cached_property

from commlint.model.facts import FactSet
from commlint.model.libraries import Catalogue
from commlint.model.values import Value
from commlint.resolve import (
    annotated,
    calls,
    conditions,
    decorators,
    filled,
    injection,
    kept,
    lookup,
    makers,
    members,
    methods,
    overloads,
    provided,
    scattered,
    tokens,
    worth,
)
from commlint.resolve.entities import CallSite, Entities, Entity, Frame, Function, Object, Scope, Type, Written, unknown
from commlint.resolve.handing import Handed, handed_to
from commlint.resolve.index import NAMELESS
from commlint.resolve.port import closest
from commlint.resolve.tree import Tree
from commlint.resolve.use import Use

MAX_ALTERNATIVES = 8
MAX_NESTING = 48
ITSELF = unknown("depends on itself")
MAX_DEPTH = 50
"""Expressions inside expressions, through names and calls: each takes up to twenty frames of the thousand there are."""


class Program(Tree):
    """The code of a system, asked question by question."""

    def __init__(self, facts: FactSet, catalogue: Catalogue) -> None:
        super().__init__(facts, catalogue)
        self._begin(self.files)

    def parts(self, islands: Iterable[Collection[str]]) -> tuple[Program, ...]:
        """
        Files that have nothing to do with each other as programs of their own, each of which learns by itself.

        What a part names elsewhere is found there, but nothing elsewhere is looked through for what uses it.
        Files of no island are a part together; there is at least one part.
        """
        known = [each for island in islands if (each := self.files.keys() & island)]
        rest = self.files.keys() - set().union(*known)
        return tuple(self._part(each) for each in (*known, *((rest,) if rest or not known else ())))

    def _part(self, paths: Collection[str]) -> Program:
        part = copy(self)
        part._begin(paths)
        return part

    def _begin(self, paths: Collection[str]) -> None:
        self.own = tuple((path, self.files[path]) for path in sorted(paths) if path in self.files)
        self._answers: dict[tuple[object, ...], Entities] = {}
        # What names mean wherever they stand in a file.
        self.names: dict[tuple[str, str, str], Entities] = {}
        self.asking: set[tuple[Entity | None, str]] = set()
        self.elements: dict[Written, Entities] = {}
        self._callers: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {}
        self._module_scopes: dict[str, Scope] = {}
        self._frames: dict[tuple[str, str], Frame] = {}
        self._makers: dict[Type, tuple[Object, ...]] = {}
        self._implementing: dict[Type, tuple[Type, ...]] = {}
        self.bases: dict[Type, Entities] = {}
        self.lineages: dict[Type, Entities] = {}
        # How many answers were given for want of depth or because a question depends on itself.
        self.cut_short = 0
        self._nesting = 0
        self._depth = 0
        self.decorators = decorators.Decorators(self)
        self.container = injection.Container(self)
        self._handed: dict[tuple[str, int], Handed] = {}
        self._early: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        self._configured: dict[tuple[str, int], list[Use]] = {}
        self._configured_names: dict[str, list[Use]] = {}
        self._handler_parameters: dict[tuple[str, str], tuple[str, ...]] = {}
        self._handed_results: dict[tuple[str, str], CallSite] = {}
        # The functions that no request runs, (file, function), handlers of messages among them: nobody is answered.
        self.receiving: set[tuple[str, str]] = set()
        self.provided = provided.Provided(self)
        self.tokens = tokens.Tokens(self)

    # -- learning --------------------------------------------------------------------------------------

    def learn_decorators(self, uses: Iterable[Use]) -> None:
        """Remember which library decorators stand on which function or class, and what they provide."""
        known = tuple(uses)
        self.decorators.learn(known)
        self.container.learn(use for use in known if use.match.site.role == "provide")
        if known:
            self.forget()

    def remember_uses(self, function: Function) -> tuple[Use, ...]:
        """The library decorators of a function."""
        return self.decorators.of(function)

    def configuring(self, entity: Entity | None) -> tuple[Use, ...]:
        """The uses that, beside its maker, say how an object is set up: decorators, and `configure` calls on it."""
        if isinstance(entity, Function):
            return self.remember_uses(entity)
        site = getattr(entity, "site", None)
        return tuple(self._configured.get((site.path, site.call), ())) if site is not None else ()

    def configuring_all(self, name: str, path: str) -> tuple[Use, ...]:
        """The uses that set up all of a module or type, as seen from a file: those nearest to it."""
        uses = self._configured_names.get(name, ())
        near = closest((use.scope.path for use in uses), path)
        return tuple(use for use in uses if use.scope.path == near)

    def learn_configuring(self, uses: Iterable[Use]) -> None:
        """Remember the `configure` uses by the call that made the object they are called on."""
        for use in uses:
            if use.match.site.configures:
                if conditions.holds(self, use):
                    self._configured_names.setdefault(use.match.site.configures, []).append(use)
                continue
            site = makers.maker(self, use.receiver)
            if site is not None:
                self._configured.setdefault((site.path, site.call), []).append(use)

    def learn_handed(self, uses: Iterable[tuple[Use, str, bool]]) -> None:
        """Remember the calls that give a function its arguments without calling it: all of them, or some early."""
        for use, given, whole in uses:
            told = handed_to(self, use, given, whole)
            if told is not None and use.site is not None:
                place = (use.site.path, use.site.call)
                before = self._handed.get(place)
                if before is not None:
                    self._early[before.function.path, before.function.name].remove(place)
                self._handed[place] = told
                self._early[told.function.path, told.function.name].append(place)

    def handed(self, site: CallSite) -> Handed | None:
        """The function a call gives arguments to without calling it."""
        return self._handed.get((site.path, site.call))

    def early_callers(self, function: Function) -> tuple[tuple[str, int], ...]:
        """The calls that give `function` its arguments without calling it."""
        return tuple(self._early.get((function.path, function.name), ()))

    def runs(self, site: CallSite) -> Entities:
        """What a call runs: its callee, or the function it gives arguments to without calling it."""
        told = self.handed(site)
        if told is None:
            return self.callee(site.path, site.call, site.frame)
        if told.position < 0:
            return (told.function,)
        return self.evaluate(self.call(site).arguments[told.position].value, self.site_scope(site))

    def learn_provided(self, uses: Iterable[Use]) -> None:
        """Remember what calls tell a container; earlier answers are forgotten."""
        known = tuple(uses)
        if known:
            self.tokens.learn(use for use in known if use.match.site.child)
            self.provided = provided.Provided(self, (use for use in known if not use.match.site.child))
            self.forget()

    def learn_parameters(
        self, told: dict[tuple[str, str], tuple[str, ...]], made: dict[tuple[str, str], CallSite]
    ) -> None:
        """Remember the types frameworks hand to handlers, (file, function) → types; earlier answers are forgotten."""
        self._handler_parameters.update(told)
        self._handed_results.update(made)
        self.forget()

    def forget(self) -> None:
        """Drop earlier answers: they no longer hold once more is known, and only take room once nobody asks."""
        self._answers.clear()
        self.names.clear()
        self.elements.clear()
        self.bases.clear()
        self.lineages.clear()
        self._callers.clear()
        self._makers.clear()

    def handed_result(self, path: str, function: str) -> CallSite | None:
        """The call that hands a function the very object it makes."""
        return self._handed_results.get((path, function))

    def handler_parameters(self, path: str, function: str) -> tuple[str, ...]:
        return self._handler_parameters.get((path, function), ())

    # -- asking once -----------------------------------------------------------------------------------

    def remember(self, key: tuple[object, ...], answer: Callable[[], Entities]) -> Entities:
        """The answer to a question, worked out once; a question that depends on itself is unknown."""
        answers = self._answers
        known = answers.get(key)
        if known is not None:
            if known is ITSELF:
                self.cut_short += 1
            return known
        if self._nesting > MAX_NESTING:
            self.cut_short += 1
            return unknown("nested too deep")
        # A key is worth hashing as seldom as can be, so what is being worked out stands among the answers.
        answers[key] = ITSELF
        self._nesting += 1
        try:
            result = distinct(answer())
        except BaseException:
            del answers[key]
            raise
        finally:
            self._nesting -= 1
        answers[key] = result
        return result

    # -- what stands where -----------------------------------------------------------------------------

    def scope_of(self, path: str, call: int, frame: Frame | None = None) -> Scope:
        """The scope the arguments of a call are evaluated in; `frame` defaults to any caller."""
        facts = self.files[path].code.calls[call]
        return Scope(frame or self.open_frame(path, facts.function), facts.extent.start_line, facts.block, facts.owner)

    def site_scope(self, site: CallSite) -> Scope:
        return self.scope_of(site.path, site.call, site.frame)

    def open_frame(self, path: str, function: str) -> Frame:
        """A function as run by any caller."""
        key = (path, function)
        known = self._frames.get(key)
        if known is None:
            known = self._frames[key] = Frame(path, function)
        return known

    # -- questions -------------------------------------------------------------------------------------

    def evaluate(self, value: Value, scope: Scope) -> Entities:
        """What an expression means at its place; never empty."""
        if self._depth > MAX_DEPTH:
            self.cut_short += 1
            return unknown("nested too deep")
        self._depth += 1
        try:
            return worth.evaluate(self, value, scope)
        finally:
            self._depth -= 1

    def value(self, value: Value, scope: Scope) -> Value:
        """An expression as a finished value: literals, templates, environment reads, open parameters, unknown."""
        return worth.as_value(self, self.evaluate(value, scope))

    def widest(self, name: str, scope: Scope) -> Scope:
        """The scope a name is really looked up in: that of the module when no function around binds it."""
        if scope.owner or not scope.frame.function or self.files[scope.path].is_local(scope.frame.function, name):
            return scope
        rules = self.language(scope.path)
        if rules.runs_on and NAMELESS in scope.frame.function:
            return scope
        if rules.own_object:
            # In a function that no class owns the word may mean the mapping whose entry it is.
            own = name.partition(".")[0] in (rules.own_object, rules.base_object)
            if own or (rules.implicit_receiver and self.files[scope.path].owner_of(scope.frame.function) is not None):
                return scope
        module = self._module_scopes.get(scope.path)
        if module is None:
            module = self._module_scopes[scope.path] = Scope(Frame(scope.path))
        return module

    def lookup(self, name: str, scope: Scope) -> Entities:
        """What a name means in a scope."""
        scope = self.widest(name, scope)
        return self.remember(("name", name, scope), lambda: lookup.name(self, name, scope))

    def lookup_in(self, path: str, name: str) -> Entities:
        """A name as other files see it in the module `path`."""
        return self.remember(("module", path, name), lambda: lookup.module_member(self, path, name))

    def member(self, entity: Entity, name: str, path: str) -> Entities:
        """A member of an entity; `path` is the asking file (its language decides)."""
        return self.remember(("member", entity, name, path), lambda: members.member(self, entity, name, path))

    def annotated(self, annotation: Value | None, scope: Scope) -> Entities:
        """Objects of the types an annotation names; empty when it names none."""
        return annotated.objects(self, annotation, scope)

    def callee(self, path: str, call: int, frame: Frame | None = None) -> Entities:
        """What a call calls."""
        frame = frame or self.open_frame(path, self.files[path].code.calls[call].function)
        return self.remember(("callee", path, call, frame), lambda: self._callee(path, call, frame))

    def _callee(self, path: str, call: int, frame: Frame) -> Entities:
        facts = self.files[path].code.calls[call]
        return overloads.of_call(self, methods.callee(self, facts, self.scope_of(path, call, frame)), facts, path)

    def result(self, site: CallSite) -> Entities:
        """What a call gives back."""
        return self.remember(("result", site), lambda: calls.result(self, site))

    def run(self, function: Function, frame: Frame) -> Entities:
        """What a function returns in a frame."""
        return self.remember(("run", function, frame), lambda: calls.returned(self, function, frame))

    # -- the tree --------------------------------------------------------------------------------------

    def callers(self, function: Function) -> tuple[tuple[str, int], ...]:
        """The calls of the tree that may run a function, found by name and then resolved."""
        key = (function.path, function.name)
        known = self._callers.get(key)
        if known is None:
            known = self._callers[key] = calls.callers(self, function)
        return known

    def makers(self, entry: Type) -> tuple[Object, ...]:
        """The objects of a class, or of one that derives from it, that calls of the tree make."""
        known = self._makers.get(entry)
        if known is None:
            self._makers[entry] = ()
            known = self._makers[entry] = calls.makers(self, entry)
        return known

    @cached_property
    def methods(self) -> scattered.Methods:
        """(package, type) → method → file, where methods may stand in any file of a package."""
        return scattered.by_owner(self)

    @cached_property
    def fillings(self) -> filled.Fillings:
        """(package, type, field) → assignments to that field of a parameter."""
        return filled.by_parameter(self)

    @cached_property
    def told(self) -> kept.Told:
        """Text without marks → calls that may fill a member of that name."""
        return kept.by_text(self)

    @cached_property
    def kept(self) -> kept.Kept:
        """Name → assignments to a member of that name of some object."""
        return kept.by_name(self)

    @cached_property
    def given_elsewhere(self) -> filled.Given:
        """(package, variable) → assignments to it in other packages."""
        return filled.by_package(self)

    def implementing(self, abstract: Type) -> tuple[Type, ...]:
        """The types that implement an abstract one by having its methods."""
        known = self._implementing.get(abstract)
        if known is None:
            known = self._implementing[abstract] = scattered.implementing(self, abstract)
        return known


def distinct(entities: Iterable[Entity]) -> Entities:
    """The different ones in order, bounded in number."""
    found = tuple(entities)
    if len(found) > 1:
        found = tuple(dict.fromkeys(found))[:MAX_ALTERNATIVES]
    return found or unknown("nothing is known of it")
