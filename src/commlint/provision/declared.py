"""Channels that were found, as declarations: one for each name a block gives, whoever calls its module."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from commlint.model.channels import ChannelDeclaration
from commlint.model.deadletters import says_dead
from commlint.model.operations import State
from commlint.model.places import Extent
from commlint.model.remedies import Remedy
from commlint.model.values import Value
from commlint.provision import locate
from commlint.provision.blocks import Found, shown
from commlint.provision.channels import Gathering
from commlint.provision.pointers import number_of, pointers, text_of
from commlint.provision.scopes import Scope

_OPTIONAL = "?"
_BROKERS = frozenset({"sqs", "kinesis", "dynamodb", "msk", "mq", "amazonmq", "kafka", "docdb"})


def channels_of(gathering: Gathering, published: Set[str]) -> Iterator[tuple[str, ChannelDeclaration]]:
    """Each channel with the file it stands in, in order; module calls that make one channel are one too."""
    by_block: dict[tuple[str, str, str], list[Found]] = defaultdict(list)
    by_call: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for several in gathering.found.values():
        for each in several:
            if not _is_channel(each, gathering):
                continue
            by_block[each.block.path, each.address, f"{each.model.kind}{each.element}"].append(each)
    for (scope_key, _), several in gathering.found.items():
        for each in several:
            if _is_channel(each, gathering) and ">" in scope_key and _OPTIONAL not in scope_key:
                outer, _, last = scope_key.rpartition(">")
                by_call[outer, last.partition("#")[0]].append(each)
    found: dict[tuple[str, ChannelDeclaration], None] = {}
    for (path, _, _), several in by_block.items():
        for declaration in _block(several, gathering, published):
            found[path, declaration] = None
    for (outer, name), several in by_call.items():
        caller = _caller(outer, several)
        if caller is not None:
            for declaration in _call(caller, name, several, gathering):
                found[caller.module.blocks[f"module.{name}"].path, declaration] = None
    return iter(sorted(found, key=lambda each: (each[0], each[1].extent, each[1].kind, each[1].name)))


def _caller(outer: str, several: list[Found]) -> Scope | None:
    """The scope that called the module of these channels."""
    return next((each.scope.caller for each in several if each.scope.caller is not None), None)


def _is_channel(each: Found, gathering: Gathering) -> bool:
    model = each.model
    if not model.kind or (model.started and not each.started):
        return False
    if model.from_brokers:
        brokers = source_brokers(each, gathering)
        # Of a queue the setting belongs to the queue, so a source that is not known may need none here.
        each.source_known = bool(brokers) or locate.state(each.settings, model.surely) is State.SET
        return not brokers or not brokers.isdisjoint(model.from_brokers)
    return True


def source_brokers(each: Found, gathering: Gathering) -> frozenset[str]:
    """The brokers that messages come from, as far as known."""
    values = locate.find(each.settings, each.model.source)
    found = {source.model.broker for source in gathering.at(values)}
    for value in values:
        text = text_of(value)
        if text.startswith("arn:"):
            found.add(text.split(":")[2])
        for pointer in pointers(value):
            found.update(set(re.split(r"[^a-z]+", pointer.address.lower())) & _BROKERS)
    return frozenset({"msk": "kafka"}.get(broker, broker) for broker in found)


def _block(several: list[Found], gathering: Gathering, published: Set[str]) -> Iterator[ChannelDeclaration]:
    own = [each for each in several if len(each.scope.callers) == 1]
    called = [each for each in several if len(each.scope.callers) > 1]
    # Who calls so that there is nothing has no say in what there is for others.
    called = [each for each in called if each.exists is not False] or called
    if own and own[0].scope.module.place in published:
        sure = [each for each in own if each.scope.key.endswith(_OPTIONAL)]
        assumed = [each for each in own if not each.scope.key.endswith(_OPTIONAL)]
        if not sure:
            yield from (_declaration(each, gathering, each.state) for each in own)
        elif len(sure) == len(assumed):
            for one, other in zip(sure, assumed, strict=True):
                yield _declaration(other, gathering, _settled(one.state, other.state))
        else:
            state = _settled(_together(sure), _together(assumed))
            yield from (_declaration(each, gathering, state) for each in assumed or sure)
        return
    state = _together(called or own)
    for each in called or own:
        yield replace(_declaration(each, gathering, state), shared=state != each.state)


def _settled(sure: str, assumed: str) -> str:
    """What is known whoever calls; else what the defaults say, as long as that is no fault."""
    return assumed if sure == "unknown" and assumed in ("set", "is-a-dlq") else sure


def _call(caller: Scope, name: str, several: list[Found], gathering: Gathering) -> Iterator[ChannelDeclaration]:
    """A call of a local module, when that makes one channel besides a place for dead letters."""
    block = caller.module.blocks[f"module.{name}"]
    mine = [each for each in several if each.exists] or [each for each in several if each.model.kind == "queue"]
    mine = [each for each in mine if each.model.kind not in ("rule", "mapping")]
    main = [each for each in mine if each.state != "is-a-dlq" and each.model.without == "unset"] or mine
    # A module whose only queue is its own place for dead letters is something else that has one.
    if len({each.address for each in main}) == 1 and not says_dead(main[0].address):
        state = _together(main)
        yield _declaration(main[0], gathering, state, address=f"module.{name}", extent=block.item.extent)


def _together(several: Iterable[Found]) -> str:
    states = {each.state for each in several}
    return states.pop() if len(states) == 1 else "unknown"


def _declaration(
    each: Found, gathering: Gathering, state: str, address: str = "", extent: Extent | None = None
) -> ChannelDeclaration:
    model = each.model
    visible = locate.find(each.settings, model.visibility)
    return ChannelDeclaration(
        name=each.name,
        kind=model.kind,
        broker=model.broker,
        extent=extent or each.extent,
        dead_letter=state,
        target=_target(each.targets, gathering) if state == "set" else "",
        redelivery_limit=None if each.limit is None else int(each.limit),
        visibility=number_of(visible[0]) if visible else model.visibility_default,
        runs_for=each.runs_for,
        watched=each.watched,
        takers=tuple(sorted(each.takers)),
        sources=_sources(each, gathering),
        address=address or each.address,
        remedy=_remedy(each) if state == "unset" and not (address or each.element) else None,
    )


def _remedy(each: Found) -> Remedy | None:
    """How a block is given a dead letter by an edit of its own file."""
    give = each.model.give.get(each.block.item.type)
    return give.remedy() if give else None


def _sources(each: Found, gathering: Gathering) -> tuple[str, ...]:
    """Channels whose messages arrive there: those it is subscribed to, where it is a place of its own."""
    own = each.model.kind == "subscription" and each.model.name
    named = gathering.meant(locate.find(each.settings, each.model.source), gathering.names()) if own else ()
    return tuple(sorted({*each.sources, *(source.name for source in named)}))


def _target(targets: Iterable[Value], gathering: Gathering) -> str:
    """Where dead letters go, by the name of that channel or as far as the value tells."""
    for target in targets:
        for each in gathering.at((target,)):
            return each.called
        for pointer in pointers(target):
            return shown(pointer.address)
        if text_of(target) and text_of(target) not in ("True", "true"):
            return text_of(target)
    return ""
