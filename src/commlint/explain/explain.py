"""Put together all that a run knows of one line."""

from __future__ import annotations

from collections.abc import Iterator

from commlint.graph import SystemGraph
from commlint.model.explanations import ExplainedCall, ExplainedOperation, Explanation, GivenArgument, Target
from commlint.model.places import Region
from commlint.model.system import Edge, ServiceOperation
from commlint.model.values import Attribute, CallResult, Unknown, Value, show, transform, walk
from commlint.resolve.entities import Data, Entity, External, Function, Made, Method, Object, Type
from commlint.resolve.program import Program

NEARBY = 5


def explain(program: Program, graph: SystemGraph, path: str, line: int) -> Explanation:
    """
    The calls and operations that stand on a line, from the outermost call inwards, and what is declared there.

    Args:
        path: relative to the analysed root; a file that was not read has no calls.
        line: 1-based.
    """
    index = program.files.get(path)
    numbers = list(enumerate(index.code.calls)) if index is not None else []
    there = [number for number, call in numbers if call.extent.start_line <= line <= call.extent.end_line]
    starting = [number for number in there if numbers[number][1].extent.start_line == line] or there
    calls = tuple(_call(program, path, number) for number in reversed(starting))

    def is_there(region: Region) -> bool:
        return region.path == path and region.start_line <= line <= region.end_line

    system = graph.system
    operations = [entry for entry in system.operations if is_there(entry.operation.region)]
    lines = sorted({call.extent.start_line for _, call in numbers}, key=lambda each: (abs(each - line), each))
    return Explanation(
        path,
        line,
        calls,
        tuple(_operation(graph, entry) for entry in operations),
        () if there or operations else tuple(sorted(lines[:NEARBY])),
        tuple(dict.fromkeys(each for each in system.declared if is_there(each.region))),
        tuple(each for each in system.routes if is_there(each.region)),
    )


# -- calls ---------------------------------------------------------------------------------------------


def _call(program: Program, path: str, number: int) -> ExplainedCall:
    facts = program.file(path).code.calls[number]
    entities = program.callee(path, number)
    scope = program.scope_of(path, number)
    library = program.library(path)
    arguments = []
    for position, argument in enumerate(facts.arguments):
        name = argument.spread or argument.name or str(position)
        value = program.value(argument.value, scope)
        worth = f"unknown: {value.why}" if isinstance(value, Unknown) else show(value)
        arguments.append(GivenArgument(name, _written(program, path, argument.value), worth))
    return ExplainedCall(
        Region.of(path, facts.extent),
        _written(program, path, facts.callee),
        tuple(dict.fromkeys(_symbol(entity) for entity in entities)),
        tuple(dict.fromkeys(place for entity in entities for place in _makers(program, entity))),
        tuple(arguments),
        any(library.sites(entity.name) for entity in entities if isinstance(entity, (External, Method))),
    )


def _symbol(entity: Entity) -> str:
    match entity:
        case External(name=name) | Method(name=name):
            return f"library: {name}"
        case Function(path=path, name=name):
            return f"function: {name} in {path}"
        case Type(path=path, name=name):
            return f"class: {name} in {path}"
        case Made(type=name):
            return f"object: {name}"
        case Object(type=of_type):
            return f"object: {of_type.name} in {of_type.path}"
        case Data(value=Unknown(why=why)):
            return f"unknown: {why}"
        case Data(value=value):
            return f"value: {show(value)}"
        case _:
            return "unknown: what it is cannot be told"


def _makers(program: Program, entity: Entity) -> Iterator[Region]:
    """Where the object that a method is called on was made."""
    receiver = entity.receiver if isinstance(entity, (Method, Function)) else None
    if isinstance(receiver, (Made, Object)) and receiver.site is not None:
        yield Region.of(receiver.site.path, program.call(receiver.site).extent)


def _written(program: Program, path: str, value: Value) -> str:
    """An expression much as it stands in the file: calls inside it by their names."""
    calls = program.file(path).code.calls

    def named(each: Value) -> Value | None:
        return Attribute(calls[each.call].callee, "()") if isinstance(each, CallResult) else None

    for _ in range(len(calls)):
        if not any(isinstance(each, CallResult) for each in walk(value)):
            break
        value = transform(value, named)
    return show(value).replace(".()", "()")


# -- operations ----------------------------------------------------------------------------------------


def _operation(graph: SystemGraph, entry: ServiceOperation) -> ExplainedOperation:
    unresolved = next((each for each in graph.system.unresolved if each.operation == entry.id), None)
    entries = []
    for flow in graph.flows_to(entry.id):
        reaching = graph.operations.get(flow.entry)
        if reaching is not None:
            entries.append((reaching.label, reaching.operation.region, flow.blocking))
    return ExplainedOperation(
        entry,
        tuple(_target(graph, edge) for edge in graph.edges_from(entry.id)),
        unresolved.reason if unresolved else "",
        unresolved.hint if unresolved else "",
        tuple(dict.fromkeys(entries)),
    )


def _target(graph: SystemGraph, edge: Edge) -> Target:
    endpoint = graph.endpoints.get(edge.target)
    channel = graph.channels.get(edge.target)
    if endpoint is not None:
        name = f"{endpoint.service}: {f'{endpoint.method} {endpoint.path}'.strip()}"
        region: Region | None = endpoint.region
    elif channel is not None:
        name, region = f"channel {channel.name}", channel.region
    else:
        external = graph.externals.get(edge.target)
        name, region = (f"{external.kind} {external.name}" if external is not None else edge.target_service), None
    return Target(name, edge.confidence.value, tuple(each.value for each in edge.evidence), region)
