"""
All code of a system as one program.

`Program` answers what an expression means (`evaluate`), what a name stands for, who calls a function.
It is demand-driven: nothing is resolved before it is asked for, answers are remembered, and depth is bounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from copy import copy
from functools import cached_property

from commlint import plugins
from commlint.model.code import CallFacts, FunctionFacts, Import
from commlint.model.facts import FactSet
from commlint.model.libraries import Catalogue
from commlint.model.values import Literal, Reference, Value
from commlint.resolve import (
    calls,
    decorators,
    filled,
    injection,
    locators,
    lookup,
    members,
    methods,
    overloads,
    provided,
    scattered,
    types,
    worth,
)
from commlint.resolve.entities import CallSite, Entities, Entity, Frame, Function, Object, Scope, Type, Written, unknown
from commlint.resolve.index import NAMELESS, FileIndex
from commlint.resolve.library import Library, top_names
from commlint.resolve.port import LanguageRules, ModuleIndex, closest

MAX_ALTERNATIVES = 8
MAX_NESTING = 48
ITSELF = unknown("depends on itself")
MAX_DEPTH = 50
"""Expressions inside expressions, through names and calls: each takes up to twenty frames of the thousand there are."""


def language_rules() -> dict[str, LanguageRules]:
    """The rules on the shelf, by language."""
    return {rules.language: rules() for rules in plugins.on_shelf("commlint.resolve.languages", LanguageRules)}


class Program:
    """The code of a system, asked question by question."""

    def __init__(self, facts: FactSet, catalogue: Catalogue) -> None:
        self.files = {entry.path: FileIndex(entry.path, entry.code) for entry in facts if entry.code is not None}
        self.rules = language_rules()
        self.packages = {
            path: self.rules[index.code.language].package(path, index.code.module) for path, index in self.files.items()
        }
        self.modules = ModuleIndex(
            self.files,
            top_names(catalogue),
            self.packages,
            {
                path: self.rules[self.files[path].code.language].brings(self.files[path].code)
                for path, package in self.packages.items()
                if package
            },
            self._defines,
            facts.modules,
        )
        self.libraries = {
            language: Library(catalogue, rules.models or language) for language, rules in self.rules.items()
        }
        for language, library in self.libraries.items():
            if self.rules[language].small_methods:
                library.expect_any_method({entry.module for entry in self._imports_in(language)})
            if self.rules[language].whole_namespaces:
                whole = (each for each in self._imports_in(language) if each.name == "*" and not each.of_type)
                library.namespaces = frozenset(each.module for each in whole)
        self._sharing: dict[str, tuple[Import, ...]] = {}
        self._imports: dict[tuple[str, Import], tuple[str | None, str]] = {}
        self._generated: dict[str, bool] = {}
        self._called: dict[str, tuple[str, ...]] = {}
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
        self._handed: dict[tuple[str, int], locators.Handed] = {}
        self._early: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        self._configured: dict[tuple[str, int], list[locators.Use]] = {}
        self._configured_names: dict[str, list[locators.Use]] = {}
        self._handler_parameters: dict[tuple[str, str], tuple[str, ...]] = {}
        self._handed_results: dict[tuple[str, str], CallSite] = {}
        self.provided = provided.Provided(self)

    def _imports_in(self, language: str) -> Iterator[Import]:
        """All imports of the files in a language."""
        files = (index for index in self.files.values() if index.code.language == language)
        return (entry for index in files for entry in index.code.imports)

    # -- learning --------------------------------------------------------------------------------------

    def learn_decorators(self, uses: Iterable[locators.Use]) -> None:
        """Remember which library decorators stand on which function or class, and what they provide."""
        known = tuple(uses)
        self.decorators.learn(known)
        self.container.learn(use for use in known if use.match.site.role == "provide")
        if known:
            self.forget()

    def remember_uses(self, function: Function) -> tuple[locators.Use, ...]:
        """The library decorators of a function."""
        return self.decorators.of(function)

    def configuring(self, entity: Entity | None) -> tuple[locators.Use, ...]:
        """The uses that, beside its maker, say how an object is set up: decorators, and `configure` calls on it."""
        if isinstance(entity, Function):
            return self.remember_uses(entity)
        site = getattr(entity, "site", None)
        return tuple(self._configured.get((site.path, site.call), ())) if site is not None else ()

    def configuring_all(self, name: str, path: str) -> tuple[locators.Use, ...]:
        """The uses that set up all of a module or type, as seen from a file: those nearest to it."""
        uses = self._configured_names.get(name, ())
        near = closest((use.scope.path for use in uses), path)
        return tuple(use for use in uses if use.scope.path == near)

    def learn_configuring(self, uses: Iterable[locators.Use]) -> None:
        """Remember the `configure` uses by the call that made the object they are called on."""
        for use in uses:
            if use.match.site.configures:
                if locators.holds(self, use):
                    self._configured_names.setdefault(use.match.site.configures, []).append(use)
                continue
            site = locators.maker(self, use.receiver)
            if site is not None:
                self._configured.setdefault((site.path, site.call), []).append(use)

    def learn_handed(self, uses: Iterable[tuple[locators.Use, str, bool]]) -> None:
        """Remember the calls that give a function its arguments without calling it: all of them, or some early."""
        for use, given, whole in uses:
            told = locators.handed(self, use, given, whole)
            if told is not None and use.site is not None:
                place = (use.site.path, use.site.call)
                before = self._handed.get(place)
                if before is not None:
                    self._early[before.function.path, before.function.name].remove(place)
                self._handed[place] = told
                self._early[told.function.path, told.function.name].append(place)

    def handed(self, site: CallSite) -> locators.Handed | None:
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
        return self.evaluate(self.call(site).arguments[told.position].value, self.site_scope(site))

    def learn_provided(self, uses: Iterable[locators.Use]) -> None:
        """Remember what calls tell a container; earlier answers are forgotten."""
        known = tuple(uses)
        if known:
            self.provided = provided.Provided(self, known)
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

    def file(self, path: str) -> FileIndex:
        return self.files[path]

    def library(self, path: str) -> Library:
        """The library models for the language of a file."""
        return self.libraries[self.files[path].code.language]

    def language(self, path: str) -> LanguageRules:
        return self.rules[self.files[path].code.language]

    def home(self, path: str) -> str:
        """The folder of the program a file belongs to, as its language tells it."""
        return self.language(path).home(path, self.files[path].code.module)

    def call(self, site: CallSite) -> CallFacts:
        return self.files[site.path].code.calls[site.call]

    def function(self, function: Function) -> FunctionFacts:
        return self.files[function.path].functions[function.name]

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

    def takes_in_generated(self, path: str) -> bool:
        """Whether a file imports a generated type, or a library whose objects take any method."""
        known = self._generated.get(path)
        if known is None:
            library = self.library(path)
            imports = self.files[path].code.imports
            names = (f"{entry.module}.{entry.name}" for entry in imports if entry.name)
            known = self._generated[path] = any(library.is_generated(name) for name in names) or any(
                library.is_proxying(entry.module) for entry in imports
            )
        return known

    def _defines(self, path: str, name: str) -> bool:
        index = self.files[path]
        return index.declares(name) if self.language(path).scattered else index.defines(name)

    def stars(self, path: str) -> tuple[Import, ...]:
        """The imports that bring all names of a module into a file: its own, and those that files above it share."""
        shared = self._shared(path)
        own = self.files[path].star_imports
        return (*own, *(each for each in shared if each.local == "*")) if shared else own

    def shared_aliases(self, path: str, name: str) -> list[Import]:
        """The imports of other files that give a name to something for this file too."""
        return [each for each in self._shared(path) if each.local == name]

    def _shared(self, path: str) -> tuple[Import, ...]:
        known = self._sharing.get(path)
        if known is None:
            around = (entries for folder, entries in self.shared_imports if path.startswith(folder))
            known = self._sharing[path] = tuple(each for entries in around for each in entries)
        return known

    @cached_property
    def shared_imports(self) -> tuple[tuple[str, tuple[Import, ...]], ...]:
        """Folder → the imports that hold for every file in it."""
        found = []
        for path, index in sorted(self.files.items()):
            entries = tuple(entry for entry in index.code.imports if entry.shared)
            if entries:
                found.append((self.rules[index.code.language].shared_folder(path), entries))
        return tuple(found)

    def called(self, path: str) -> tuple[str, ...]:
        """The last name of each call of a file, that of a library where the file brings it in under another one."""
        known = self._called.get(path)
        if known is None:
            known = self._called[path] = tuple(self._called_in(path))
        return known

    def _called_in(self, path: str) -> Iterator[str]:
        index, library = self.files[path], self.library(path)
        renamed: dict[str, str] = {}
        for entry in index.code.imports:
            file, name = self.imported(path, entry) if entry.local != entry.name else (path, "")
            if file is None:
                renamed[entry.local] = library.canonical(name).rpartition(".")[2]
        for call, name in zip(index.code.calls, index.called, strict=True):
            plain = isinstance(call.callee, Reference) and call.callee.name == name
            yield renamed.get(name, name) if plain else name

    def imported(self, path: str, entry: Import) -> tuple[str | None, str]:
        """(file of the tree or None, member inside it or external name) an import statement means."""
        key = (path, entry)
        known = self._imports.get(key)
        if known is None:
            known = self._imports[key] = self.language(path).resolve_import(entry, path, self.modules)
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
        return lookup.annotated(self, annotation, scope)

    def callee(self, path: str, call: int, frame: Frame | None = None) -> Entities:
        """What a call calls."""
        frame = frame or self.open_frame(path, self.files[path].code.calls[call].function)
        return self.remember(("callee", path, call, frame), lambda: self._callee(path, call, frame))

    def _callee(self, path: str, call: int, frame: Frame) -> Entities:
        facts = self.files[path].code.calls[call]
        return overloads.of_call(self, methods.callee(self, facts, self.scope_of(path, call, frame)), facts)

    def result(self, site: CallSite) -> Entities:
        """What a call gives back."""
        return self.remember(("result", site), lambda: calls.result(self, site))

    def run(self, function: Function, frame: Frame) -> Entities:
        """What a function returns in a frame."""
        return self.remember(("run", function, frame), lambda: calls.returned(self, function, frame))

    # -- the tree --------------------------------------------------------------------------------------

    @cached_property
    def callers_by_name(self) -> dict[str, list[tuple[str, int]]]:
        """Last name of what is called, import aliases undone → (file, call index), in order."""
        table: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for path, index in self.own:
            whole = self.language(path).whole_export.rpartition(".")[2]
            renamed = {
                entry.local: entry.name or whole for entry in index.code.imports if (entry.name or whole) != entry.local
            }
            for number, name in enumerate(index.called):
                table[name].append((path, number))
                original = renamed.get(name)
                if original:
                    table[original].append((path, number))
        return table

    @cached_property
    def extensions(self) -> dict[str, list[Function]]:
        """Name → the functions that are called like members of what their first parameter takes."""
        table: dict[str, list[Function]] = defaultdict(list)
        for path, index in self.own:
            rules = self.rules[index.code.language]
            for facts in index.code.functions if rules.extending else ():
                if rules.receiver(facts) is not None:
                    table[facts.name.rpartition(".")[2].partition("#")[0]].append(Function(path, facts.name))
        return dict(table)

    def library_lineage(self, name: str) -> tuple[str, ...]:
        """A library type and its library bases, as any language's models tell them."""
        for library in self.libraries.values():
            if name in library.types:
                return library.lineage(name)
        return (name,)

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
    def types_by_base(self) -> dict[str, list[Type]]:
        """Last name of a base class → the classes that name it."""
        return types.by_base(index for _, index in self.own)

    @cached_property
    def methods(self) -> scattered.Methods:
        """(package, type) → method → file, where methods may stand in any file of a package."""
        return scattered.by_owner(self)

    @cached_property
    def fillings(self) -> filled.Fillings:
        """(package, type, field) → assignments to that field of a parameter."""
        return filled.by_parameter(self)

    def implementing(self, abstract: Type) -> tuple[Type, ...]:
        """The types that implement an abstract one by having its methods."""
        known = self._implementing.get(abstract)
        if known is None:
            known = self._implementing[abstract] = scattered.implementing(self, abstract)
        return known

    @cached_property
    def items(self) -> dict[tuple[str, str], list[tuple[str, int]]]:
        """(last name of the container, literal key) → (file, assignment index) of `container["key"] = …`."""
        table: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        for path, index in self.own:
            for number, entry in enumerate(index.code.assignments):
                if entry.target.endswith("[]") and isinstance(entry.key, Literal):
                    container = entry.target[:-2].rpartition(".")[2]
                    table[container, str(entry.key.value)].append((path, number))
        return table


def distinct(entities: Iterable[Entity]) -> Entities:
    """The different ones in order, bounded in number."""
    found = tuple(entities)
    if len(found) > 1:
        found = tuple(dict.fromkeys(found))[:MAX_ALTERNATIVES]
    return found or unknown("nothing is known of it")
