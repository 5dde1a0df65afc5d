"""Which functions call which, as far as they lie on a way to an operation or a step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from commlint.model.code import ParameterFacts
from commlint.model.operations import CallEdge, Course, FunctionNode, Operation, Policy, State
from commlint.model.places import Region
from commlint.model.values import CallResult, Index, Reference, Value, walk
from commlint.recognize import courses, frames, promises, surroundings, uses
from commlint.resolve import annotated, worth
from commlint.resolve.entities import CallSite, Entities, Frame, Function, Scope, Type, function_id
from commlint.resolve.index import call_names, plain_name
from commlint.resolve.locators import locate
from commlint.resolve.program import Program
from commlint.resolve.use import Use

MAX_FUNCTIONS = 50_000


class CallGraph:
    """Grows from the functions with operations up to everything that calls them."""

    def __init__(
        self,
        program: Program,
        running: list[Use],
        entered: Collection[str],
        dispatched: Iterable[tuple[CallEdge, Function]] = (),
    ) -> None:
        self.program = program
        self.edges: dict[CallEdge, None] = {}
        self._entered = entered
        self._given: dict[tuple[str, int], tuple[tuple[CallEdge, Function], ...]] = {}
        self.seen: set[tuple[str, str]] = set()
        self._referenced: dict[tuple[str, str], list[CallEdge]] = {}
        for use in running:
            for edge, function in self._reference(use):
                self._referenced.setdefault((function.path, function.name), []).append(edge)
        for edge, function in dispatched:
            self._referenced.setdefault((function.path, function.name), []).append(edge)
        for edge, function in self._callbacks():
            self._referenced.setdefault((function.path, function.name), []).append(edge)
        for edge, function in self._written_in_place():
            self._referenced.setdefault((function.path, function.name), []).append(edge)
        self._injected = self._injections()

    def grow(self, start: Iterable[tuple[str, str]]) -> None:
        """Add every way that leads to the functions (file, name) in `start`."""
        pending = sorted(set(start))
        while pending and len(self.seen) < MAX_FUNCTIONS:
            path, name = pending.pop()
            if (path, name) in self.seen or path not in self.program.files:
                continue
            self.seen.add((path, name))
            if name not in self.program.file(path).functions:
                continue
            for edge, caller in self._callers(Function(path, name)):
                self.edges[edge] = None
                if caller not in self.seen:
                    pending.append(caller)

    def register(self, operations: Iterable[Operation]) -> None:
        """A handler runs because of the function that registered it, which does not wait for it."""
        for each in operations:
            if each.registered:
                self.edges[CallEdge(each.registered, each.function, each.region, "spawn")] = None

    def _callers(self, function: Function) -> Iterator[tuple[CallEdge, tuple[str, str]]]:
        for path, number in self.program.callers(function):
            call = self.program.file(path).code.calls[number]
            near = surroundings.around(
                self.program, CallSite(path, number, self.program.open_frame(path, call.function))
            )
            edge = CallEdge(
                caller=function_id(path, call.function),
                callee=function.id,
                region=Region.of(path, call.extent),
                kind=self._kind(near.kind, path, number, function),
                deadline=self._deadline(near.deadline, path, call.function),
                loop=near.loop,
                course=self._course(near.course, path, number, function),
            )
            yield edge, (path, call.function)
        handed = (*self._referenced.get((function.path, function.name), ()), *self._injected.get(function.id, ()))
        for edge in (*handed, *self._on_given_objects(function)):
            path, _, name = edge.caller.partition("::")
            yield edge, (path, "" if name == "<module>" else name)

    def _reference(self, use: Use) -> Iterator[tuple[CallEdge, Function]]:
        """A function handed over to be run: a thread's target, a task."""
        target = locate(self.program, use, use.match.site.target) if use.match.site.target else None
        for entity in target or ():
            if isinstance(entity, Type):
                continue
            if isinstance(entity, Function) and use.site is not None:
                call = self.program.call(use.site)
                near = surroundings.around(self.program, use.site)
                role = use.match.site.role
                edge = CallEdge(
                    caller=function_id(use.site.path, call.function),
                    callee=entity.id,
                    region=Region.of(use.site.path, call.extent),
                    kind=role if role in ("spawn", "offload") else "call",
                    deadline=surroundings.of_function(self.program, entity).deadline,
                    loop=near.loop,
                    course=near.course,
                )
                yield edge, entity

    def _written_in_place(self) -> Iterator[tuple[CallEdge, Function]]:
        """
        Functions written as an argument: whoever hands one over causes it to run.

        Those that are entries, or that a model says more of, are told elsewhere.
        """
        for path, index in self.program.own:
            for number, call in enumerate(index.code.calls):
                for argument in call.arguments if call.function else ():
                    for value in walk(argument.value):
                        name = f"{call.function}.{value.name}" if isinstance(value, Reference) else ""
                        if name and name in index.functions and value.name.startswith("<"):  # type: ignore[attr-defined]
                            function = Function(path, name)
                            if function.id not in self._entered and (path, name) not in self._referenced:
                                yield self._edge(path, number, function), function

    def _edge(self, path: str, number: int, function: Function) -> CallEdge:
        """The edge from the function that a call stands in."""
        call = self.program.file(path).code.calls[number]
        near = surroundings.around(self.program, CallSite(path, number, self.program.open_frame(path, call.function)))
        caller, place = function_id(path, call.function), Region.of(path, call.extent)
        course = self._course(near.course, path, number, function)
        deadline = self._deadline(near.deadline, path, call.function)
        kind = self._kind(near.kind, path, number, function)
        return CallEdge(caller, function.id, place, kind, deadline, near.loop, course)

    def _deadline(self, near: Policy, path: str, function: str) -> Policy:
        """The bound around a call: of what stands around it, else of what decorates its function."""
        if near.state is State.SET or function not in self.program.file(path).functions:
            return near
        around = surroundings.of_function(self.program, Function(path, function)).deadline
        return around if around.state is State.SET else near

    def _kind(self, near: str, path: str, number: int, function: Function) -> str:
        """How a call runs a function, once it is known which one."""
        site = CallSite(path, number, Frame(path))
        return "spawn" if near == "call" and promises.runs_on_alone(self.program, site, function) else near

    def _course(self, course: Course, path: str, number: int, function: Function) -> Course:
        """Where a call stands, once it is known what it calls: a coroutine runs beside what follows unless awaited."""
        promises = self.program.function(function).is_async and courses.waits(self.program, path)
        if not promises or not courses.goes_on(self.program, CallSite(path, number, Frame(path))):
            return course
        return replace(course, beside=True)

    def _callbacks(self) -> Iterator[tuple[CallEdge, Function]]:
        """
        Functions handed over, or picked from a table, and called under another name.

        Of what is handed over, the one that hands it over counts as the caller, so that a helper which runs what it
        is given does not tie its users together; only an entry is itself the caller of what it was set up with.
        """
        for path, index in self.program.own:
            for number, call in enumerate(index.code.calls):
                if call.function and _may_be_renamed(call.callee):
                    yield from self._through(path, number)

    def _through(self, path: str, number: int) -> Iterator[tuple[CallEdge, Function]]:
        """What one call runs once its callers have said what it calls."""
        called = self.program.callee(path, number)
        if not uses.is_open(called):
            yield from self._renamed(path, number, called)
            return
        call = self.program.file(path).code.calls[number]
        for frame, function in self._handed_over(path, number):
            own = function_id(path, call.function)
            outer = frame if own in self._entered or frame.site is None else frame.root
            place = Region.of(path, call.extent)
            if outer is not frame:
                place = frames.way(self.program, frame)[0]
            near = surroundings.around(self.program, CallSite(path, number, frame))
            caller = function_id(outer.path, outer.function)
            course = self._course(near.course, path, number, function)
            kind = self._kind(near.kind, path, number, function)
            yield CallEdge(caller, function.id, place, kind, near.deadline, near.loop, course), function

    def _renamed(self, path: str, number: int, called: Entities) -> Iterator[tuple[CallEdge, Function]]:
        """The functions a call runs whose own names do not stand there: an entry of a table, another local name."""
        written = call_names(self.program.file(path).code.calls[number])
        for entity in called:
            if isinstance(entity, Function) and plain_name(entity.name) != written:
                yield self._edge(path, number, entity), entity

    def _on_given_objects(self, wanted: Function) -> Iterator[CallEdge]:
        """Calls of a method named like `wanted` on an object that a caller hands over."""
        if not self.program.function(wanted).owner:
            return
        for path, number in self.program.callers_by_name.get(plain_name(wanted.name), ()):
            if (path, number) not in self._given:
                self._given[path, number] = tuple(self._through(path, number))
            for edge, function in self._given[path, number]:
                if (function.path, function.name) == (wanted.path, wanted.name):
                    yield edge

    def _handed_over(self, path: str, number: int) -> Iterator[tuple[Frame, Function]]:
        function = self.program.file(path).code.calls[number].function

        def look(frame: Frame) -> Entities:
            return self.program.callee(path, number, frame)

        def opens(seen: Entities) -> tuple[Value, ...]:
            return (worth.as_value(self.program, seen),) if uses.is_open(seen) else ()

        for frame, seen in frames.expand(self.program, self.program.open_frame(path, function), look, opens):
            for entity in seen:
                if isinstance(entity, Function):
                    yield frame, entity

    def _injections(self) -> dict[str, list[CallEdge]]:
        """Functions a framework runs before another because a parameter asks for their result."""
        table: dict[str, list[CallEdge]] = {}
        for path, index in self.program.own:
            for function in index.code.functions:
                for parameter in function.parameters:
                    for told, where in self._told_by(path, parameter):
                        for edge in self._injected_by(path, function.name, told, where):
                            table.setdefault(edge.callee, []).append(edge)
        return table

    def _told_by(self, path: str, parameter: ParameterFacts) -> Iterator[tuple[Value, str]]:
        """What a parameter's default and annotation say, aliases of types opened, with the file it stands in."""
        for told in (parameter.default, parameter.annotation):
            if told is None:
                continue
            alias = annotated.alias(self.program, told, Scope(Frame(path)))
            yield (alias[0], alias[1].path) if alias is not None else (told, path)

    def _injected_by(self, path: str, function: str, told: Value, where: str) -> Iterator[CallEdge]:
        for part in walk(told):
            if not isinstance(part, CallResult):
                continue
            call = self.program.file(where).code.calls[part.call]
            site = CallSite(where, part.call, self.program.open_frame(where, call.function))
            for use in uses.of_call(self.program, site):
                model = use.match.site.value
                if model is None or model.kind != "result" or not model.of:
                    continue
                for entity in locate(self.program, use, model.of[0]) or ():
                    if isinstance(entity, Function):
                        # Frameworks that inject into coroutines run plain functions in a thread.
                        kind = "call" if self.program.function(entity).is_async else "offload"
                        yield CallEdge(function_id(path, function), entity.id, Region.of(where, call.extent), kind)

    def nodes(self) -> tuple[FunctionNode, ...]:
        """The functions on the ways, with whether they are coroutines."""
        found = []
        for path, name in sorted(self.seen):
            index = self.program.files.get(path)
            facts = index.functions.get(name) if index else None
            if facts is not None:
                region = Region(path, facts.extent.start_line, facts.extent.start_column, facts.extent.start_line)
                found.append(FunctionNode(function_id(path, name), region, facts.is_async, facts.is_generator))
            elif index is not None and not name:
                found.append(FunctionNode(function_id(path, ""), Region(path)))
        return tuple(found)


def _may_be_renamed(callee: Value) -> bool:
    """Whether what is called may have been given this name here: a plain name, or an entry of something."""
    return isinstance(callee, Index) or (isinstance(callee, Reference) and "." not in callee.name)
