"""Modules and templates as they are run: every name looked up where it is, arguments followed to their callers."""

from __future__ import annotations

from collections.abc import Iterable

from commlint.model.values import (
    Attribute,
    Choice,
    Compute,
    Index,
    Literal,
    Mapping,
    Reference,
    Sequence,
    Template,
    Unknown,
    Value,
)
from commlint.provision import functions
from commlint.provision.modules import NO_NAMES, Block, Instance, Module, Names, World, source_of
from commlint.provision.operators import choose, operate, sized
from commlint.provision.pointers import (
    NOTHING,
    REQUIRED,
    Pointer,
    entry_of,
    is_larger,
    is_open,
    pairs_of,
    text_of,
    truth,
)

DEPTH_LIMIT = 60
CALL_DEPTH = 8
INSTANCES = 100
SIZE_LIMIT = 20_000


class Scope:
    """
    A module with the arguments of one call of it.

    `arguments` are worked out already. `defaults`: variables that nobody gives are worth their default.
    """

    def __init__(
        self, world: World, module: Module, key: str, arguments: Names = NO_NAMES,
        defaults: bool = True, caller: Scope | None = None,
    ) -> None:  # fmt: skip
        self.world = world
        self.module = module
        self.key = key
        self.caller = caller
        self.callers: tuple[str, ...] = (*(caller.callers if caller is not None else ()), module.place)
        self._arguments = arguments
        self._defaults = defaults
        self._known: dict[str, Value] = {}
        self._inside: set[str] = set()
        self._children: dict[str, tuple[Scope, ...]] = {}

    # -- what blocks are ---------------------------------------------------------------------------------

    def instances(self, block: Block) -> tuple[Instance, ...]:
        """The copies `count` and `for_each` make of a block, one of an unknown number when that is not known."""
        settings = block.item.settings
        count, each = (entry_of(settings, name) if settings else None for name in ("count", "for_each"))
        if count is not None:
            number = self.worth(count)
            if isinstance(number, Literal) and isinstance(number.value, int) and 0 <= number.value <= INSTANCES:
                copies = [Instance({"count.index": Literal(index)}) for index in range(number.value)]
                return tuple(copies) or (Instance({"count.index": Unknown("count")}, exists=False),)
            never = number == Literal(False)
            return (Instance({"count.index": Unknown("count")}, exists=False if never else None),)
        if each is None:
            return (Instance(NO_NAMES),)
        pairs = pairs_of(self.worth(each))
        if pairs is None or len(pairs) > INSTANCES:
            return (Instance({"each.key": Unknown("for_each"), "each.value": Unknown("for_each")}, exists=None),)
        found = [Instance({"each.key": key, "each.value": value}) for key, value in pairs]
        return tuple(found) or (
            Instance({"each.key": Unknown("for_each"), "each.value": Unknown("for_each")}, exists=False),
        )

    def children(self, name: str) -> tuple[Scope, ...]:
        """The scopes a call of a local module makes; none when its source is elsewhere or calls itself."""
        if name in self._children:
            return self._children[name]
        self._children[name] = ()
        block = self.module.blocks.get(f"module.{name}")
        source = source_of(self.module, block.item) if block is not None else None
        target = self.world.modules.get(source) if source is not None else None
        if block is None or target is None or not isinstance(block.item.settings, Mapping):
            return ()
        if target.place in self.callers or len(self.callers) > CALL_DEPTH:
            self.world.cut.add(self.module.place)
            return ()
        found: list[Scope] = []
        for number, instance in enumerate(self.instances(block)):
            if instance.exists is False:
                continue
            self.world.scopes -= 1
            if self.world.scopes < 0:
                self.world.cut.add(self.module.place)
                break
            arguments = {
                str(key.value): self._limited(self.worth(value, instance.names))
                for key, value in block.item.settings.entries
                if isinstance(key, Literal)
            }
            key = f"{self.key}>{name}#{number}"
            found.append(Scope(self.world, target, key, arguments, True, self))
        self._children[name] = tuple(found)
        return self._children[name]

    # -- what expressions are worth ----------------------------------------------------------------------

    def worth(self, value: Value, names: Names = NO_NAMES, depth: int = 0) -> Value:
        """An expression worked out as far as it can be; what stays open is Unknown or a Choice."""
        if depth > DEPTH_LIMIT or not self.world.spend(self.module):
            return Unknown("too much to work out")
        deeper = depth + 1
        match value:
            case Literal() | Unknown() | Pointer():
                return value
            case Reference(name=name):
                return self._named(name.split("."), names, deeper)
            case Attribute(of=of, name=name):
                return self._member(self.worth(of, names, deeper), name)
            case Index(of=of, key=key):
                return self._indexed(self.worth(of, names, deeper), self.worth(key, names, deeper))
            case Template(parts=parts):
                return functions.join([self.worth(part, names, deeper) for part in parts])
            case Sequence(items=items, open=is_more):
                return self._sequence(items, is_more, names, deeper)
            case Mapping(entries=entries, open=is_more):
                found = [(self._key(key, names, deeper), self.worth(entry, names, deeper)) for key, entry in entries]
                return Mapping(tuple(found), is_more)
            case Choice(options=options):
                return Choice(tuple(self.worth(option, names, deeper) for option in options))
            case Compute(operator=operator, operands=operands):
                return self._computed(operator, operands, names, deeper)
            case _:
                return Unknown("not understood")

    def _key(self, key: Value, names: Names, depth: int) -> Value:
        return key if isinstance(key, Literal) else self.worth(key, names, depth)

    def _sequence(self, items: tuple[Value, ...], is_more: bool, names: Names, depth: int) -> Value:
        found: list[Value] = []
        for item in items:
            if isinstance(item, Compute) and item.operator == "dynamic":
                written = self._dynamic(item.operands, names, depth)
                if isinstance(written, Sequence):
                    found.extend(written.items)
                else:
                    found.append(written)
            else:
                found.append(self.worth(item, names, depth))
        return Sequence(tuple(found), is_more)

    def _dynamic(self, operands: tuple[Value, ...], names: Names, depth: int) -> Value:
        """The blocks that a dynamic block writes."""
        each, content, iterator = operands
        worth = self.worth(each, names, depth)
        pairs = pairs_of(worth)
        word = text_of(iterator)
        if pairs is None or len(pairs) > INSTANCES:
            one = self.worth(content, {**names, word: Unknown("dynamic")}, depth)
            states = {bool(pairs_of(option)) for option in worth.options} if isinstance(worth, Choice) else set()
            return one if states == {True} else Choice((one, NOTHING))
        written = [
            self.worth(content, {**names, f"{word}.key": key, f"{word}.value": value}, depth) for key, value in pairs
        ]
        return Sequence(tuple(written))

    def _computed(self, operator: str, operands: tuple[Value, ...], names: Names, depth: int) -> Value:
        if operator in ("for[]", "for{}"):
            return self._for(operator, operands, names, depth)
        if operator == "?:" and len(operands) == 3:
            condition = self.worth(operands[0], names, depth)
            known = truth(condition) if not is_open(condition) else None
            if known is not None:
                return self.worth(operands[1 if known else 2], names, depth)
            return choose(condition, *(self.worth(each, names, depth) for each in operands[1:]))
        if len(operands) == 2 and isinstance(operands[0], Compute) and operands[0].operator == "length()":
            what = self.worth(operands[0].operands[0], names, depth) if operands[0].operands else NOTHING
            told = sized(operator, what, self.worth(operands[1], names, depth))
            if told is not None:
                return told
        worked = tuple(self.worth(each, names, depth) for each in operands)
        if operator.endswith("()"):
            return functions.call(operator[:-2], worked)
        return operate(operator, worked)

    def _for(self, kind: str, operands: tuple[Value, ...], names: Names, depth: int) -> Value:
        words, over, condition, *bodies = operands
        called = [text_of(word) for word in words.items] if isinstance(words, Sequence) else []
        pairs = pairs_of(self.worth(over, names, depth), numbered=True)
        if pairs is None or not called or len(pairs) > INSTANCES or len(bodies) != (2 if kind == "for{}" else 1):
            return Unknown("for")
        items: list[tuple[Value, ...]] = []
        is_more = False
        for key, value in pairs:
            inner = {**names, called[-1]: value, **({called[0]: key} if len(called) > 1 else {})}
            holds = self.worth(condition, inner, depth)
            if is_open(holds):
                is_more = True
            elif truth(holds):
                items.append(tuple(self.worth(body, inner, depth) for body in bodies))
        if kind == "for[]":
            return Sequence(tuple(item[0] for item in items), is_more)
        return Mapping(tuple((item[0], item[1]) for item in items), is_more)

    # -- names -------------------------------------------------------------------------------------------

    def _named(self, parts: list[str], names: Names, depth: int) -> Value:
        first, second = parts[0], ".".join(parts[:2])
        for name, used in ((second, 2), (first, 1)):
            if name in names:
                return self._members(names[name], parts[used:])
        match first:
            case "var" if len(parts) > 1:
                return self._members(self._variable(parts[1]), parts[2:])
            case "local" if len(parts) > 1:
                return self._members(self._kept(second, depth), parts[2:])
            case "module" if len(parts) > 2:
                return self._members(self._output(parts[1], parts[2]), parts[3:])
            case "module" | "each" | "count" | "self" | "terraform":
                return Pointer(self.key, second) if first == "module" else Unknown(".".join(parts))
            case "path":
                return Literal(self.module.folder or ".") if second == "path.module" else Unknown(second)
        address = ".".join(parts[:3]) if first == "data" else second
        if address not in self.module.blocks:
            return Unknown(f"{'.'.join(parts)} is not declared here")
        rest = parts[3:] if first == "data" else parts[2:]
        return Pointer(self.key, address, ".".join(rest))

    def _variable(self, name: str) -> Value:
        if name in self._arguments:
            return self._arguments[name]
        values = self.module.given.get(name)
        if values and len(self.callers) == 1:
            distinct = tuple(dict.fromkeys(self.worth(value) for value in values))
            return distinct[0] if len(distinct) == 1 else Choice(distinct)
        block = self.module.blocks.get(f"var.{name}")
        if block is not None and block.item.settings is None:
            return Unknown(f"{REQUIRED}{name}")
        if block is None or block.item.settings is None or not self._defaults:
            return Unknown(f"var.{name} has no value here")
        return self.worth(block.item.settings)

    def _kept(self, address: str, depth: int) -> Value:
        """A local value, worked out once; one that needs itself is unknown."""
        if address in self._known:
            return self._known[address]
        block = self.module.blocks.get(address)
        if block is None or block.item.settings is None or address in self._inside:
            return Unknown(f"{address} is not known")
        self._inside.add(address)
        found = self._limited(self.worth(block.item.settings, NO_NAMES, depth))
        self._inside.discard(address)
        self._known[address] = found
        return found

    def _limited(self, value: Value) -> Value:
        """What is kept to be used again, unless using it again and again would make it grow without end."""
        if is_larger(value, SIZE_LIMIT):
            self.world.cut.add(self.module.place)
            return Unknown("too large to work out")
        return value

    def _output(self, call: str, output: str) -> Value:
        children = self.children(call)
        if not children:
            return Pointer(self.key, f"module.{call}", output)
        found = dict.fromkeys(child.output(output) for child in children)
        return next(iter(found)) if len(found) == 1 else Choice(tuple(found))

    def output(self, name: str) -> Value:
        """What this module gives back under a name."""
        address = f"output.{name}"
        return self._kept(address, 0) if address in self.module.blocks else Unknown(f"no output {name}")

    def _members(self, value: Value, names: Iterable[str]) -> Value:
        for name in names:
            value = self._member(value, name)
        return value

    def _member(self, value: Value, name: str) -> Value:
        match value:
            case Pointer(scope=scope, address=address, attribute=attribute):
                return Pointer(scope, address, f"{attribute}.{name}".strip("."))
            case Mapping():
                found = entry_of(value, name)
                # An object that does not name an optional attribute has it as null.
                return found if found is not None else NOTHING
            case Sequence(items=items, open=is_more):
                return Sequence(tuple(self._member(item, name) for item in items), is_more)
            case Choice(options=options):
                return Choice(tuple(self._member(option, name) for option in options))
            case _:
                return value if isinstance(value, Unknown) else Unknown(f".{name}")

    def _indexed(self, value: Value, key: Value) -> Value:
        match value, key:
            case Pointer(), _:
                return value
            case _, Literal(value="*"):
                return value if isinstance(value, Sequence | Choice | Unknown) else Sequence((value,))
            case Sequence(items=items), Literal(value=int() as number) if -len(items) <= number < len(items):
                return items[number]
            case Mapping(), Literal(value=content):
                return self._member(value, str(content))
            case Mapping(entries=entries, open=False), _ if entries:
                return Choice(tuple(entry for _, entry in entries))
            case Choice(options=options), _:
                return Choice(tuple(self._indexed(option, key) for option in options))
            case _:
                return Unknown("an element that is not known")
