"""Where messages go: producers to the channels that consumers read, through exchanges, bindings and subscriptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from commlint.link.addresses import OPEN
from commlint.link.channelnames import canonical, coded, family, is_pattern, keys_meet, may_be, meets, shown
from commlint.link.codedsites import CodedSite, guessed_places, names_of
from commlint.link.declared import Declared
from commlint.link.names import words
from commlint.link.operations import Finished
from commlint.link.programs import path_of
from commlint.link.values import Text
from commlint.model.channels import ChannelDeclaration
from commlint.model.operations import Confidence, Role

# Words of variables that every service may have for a channel of its own: TOPIC, KAFKA_TOPIC_NAME, QUEUE_URL.
ANYBODYS = frozenset((
    "topic", "topics", "queue", "queues", "channel", "stream", "subject", "exchange", "name", "names", "url", "arn",
    "id", "key", "routing", "kafka", "rabbitmq", "rabbit", "amqp", "mq", "sqs", "sns", "aws", "nats", "redis", "input",
    "output", "in", "out", "consumer", "producer", "default",
))  # fmt: skip
CERTAIN, LIKELY = Confidence.CERTAIN, Confidence.LIKELY


@dataclass(frozen=True, slots=True)
class Place:
    """A channel a message goes to or comes from; `kind` as far as the use of it tells."""

    protocol: str
    name: str
    confidence: Confidence = CERTAIN
    kind: str = ""
    ephemeral: bool = False

    @property
    def id(self) -> str:
        return f"channel:{self.protocol}:{shown(self.name)}"


@dataclass(frozen=True, slots=True)
class Led:
    """Where an operation sends to or receives from; no place with a `problem` that says why."""

    places: tuple[Place, ...] = ()
    problem: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """
    Messages to `exchange` with a key that meets `key` go to `queue`; "" is a queue without a name of its own.

    `function`, `service`: who binds it, "" where a file does.
    """

    exchange: str
    key: str
    queue: str
    function: str = ""
    service: str = ""


class Channels:
    """The channels of a system, asked by producer and consumer."""

    def __init__(self, operations: Iterable[Finished], sites: Iterable[CodedSite], declared: Declared) -> None:
        self._bound: list[Bound] = []
        self._fed: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self._read: dict[str, set[str]] = defaultdict(set)
        self._sent: dict[str, set[str]] = defaultdict(set)
        # Variables nothing sets that name a channel, by protocol: the roles of those who read them.
        self._variables: dict[tuple[str, str], set[Role]] = defaultdict(set)
        everything = list(operations)
        for each in everything:
            self._learn(each)
        known = list(sites)
        told = {site.site.region for site in known if site.keys}
        guessed = guessed_places(known) - told
        for site in known:
            # A caller that nobody knows binds nothing where others are known.
            open_key = site.site.routing_key is not None and not site.keys and site.site.region in told
            if site.site.kind == "binding" and not open_key and site.site.region not in guessed:
                self._bind(site.names, site.exchanges, site.keys, site.site.function, site.service)
            self._known_names(site.site.protocol).update(site.names if site.site.kind != "exchange" else ())
        for placed in declared.channels:
            if placed.item.kind not in ("policy", "connector", "function", "mapping", "rule"):
                self._subscribe(placed.item)

    # -- what is known -----------------------------------------------------------------------------------

    def _known_names(self, protocol: str) -> set[str]:
        return self._read[family(protocol)]

    def _learn(self, each: Finished) -> None:
        protocol = each.operation.protocol
        names = names_of(protocol, each.channels)
        for text in each.channels or each.keys:
            if text.unknown and set(words(text.opens[0].key)) - ANYBODYS:
                self._variables[family(protocol), text.opens[0].key].add(each.operation.role)
        if each.operation.role is Role.CONSUMER:
            self._read[family(protocol)].update(name for name in names if not is_pattern(protocol, name))
            exchanges = names_of(protocol, each.exchanges)
            if exchanges:
                queues = names or names_of(protocol, each.groups)
                self._bind(queues, exchanges, names_of("", each.keys), each.operation.function, each.site.service)
        elif each.operation.role is Role.PRODUCER:
            self._sent[family(protocol)].update(names)

    def _bind(
        self, queues: tuple[str, ...], exchanges: tuple[str, ...], keys: tuple[str, ...], function: str, service: str
    ) -> None:
        for exchange in exchanges:
            for queue in queues or ("",):
                self._bound.extend(Bound(exchange, key, queue, function, service) for key in keys or ("",))

    def _subscribe(self, declaration: ChannelDeclaration) -> None:
        protocol, name = family(declaration.broker), declaration.name
        for source in declaration.sources:
            if protocol == "amqp":
                self._bound.append(Bound(source, declaration.routing_key, name))
            else:
                place = Place(protocol, canonical(protocol, name))
                origin = "sns" if ":sns:" in source else protocol
                for start in {origin, "sns" if protocol == "sqs" else origin}:
                    self._fed[start, canonical(start, source)].append(place)

    # -- questions ---------------------------------------------------------------------------------------

    def sends(self, each: Finished) -> Led:
        """The channels a producer's messages arrive at."""
        protocol = family(each.operation.protocol)
        exchanges = [text for text in each.exchanges if coded(text)]
        if exchanges:
            return self._through_exchange(protocol, exchanges, each.keys or each.channels)
        ruled = [text for text in each.channels if self._rules(protocol, text)]
        if ruled:
            return self._through_exchange(protocol, ruled, each.keys)
        return self._named(protocol, each.channels or each.keys, lambda name: self._arriving(protocol, name))

    def receives(self, each: Finished) -> Led:
        """The channels a consumer reads."""
        protocol = family(each.operation.protocol)
        names = [text for text in each.channels if coded(text) and not text.unknown]
        if not names:
            anonymous = self._anonymous(each, protocol)
            if anonymous:
                return Led(anonymous)
        subscribed = names_of(protocol, each.groups)
        ruled = [bound for text in names for bound in self._rules(protocol, text) if bound.queue in subscribed]
        if ruled:
            return Led(tuple(dict.fromkeys(self._bound_place(protocol, bound) for bound in ruled)))
        return self._named(protocol, each.channels or each.groups, lambda name: self._taken(protocol, name))

    def _rules(self, protocol: str, topic: Text) -> list[Bound]:
        """The rules by which subscriptions take some messages of a topic only."""
        name = canonical(protocol, coded(topic)) if protocol != "amqp" else ""
        return [bound for bound in self._bound if bound.exchange == name and bound.queue] if name else []

    def _named(self, protocol: str, texts: tuple[Text, ...], lead: Callable[[str], tuple[Place, ...]]) -> Led:
        places: list[Place] = []
        problem = Led(problem="the name of the channel is not visible in the call")
        for text in texts:
            name = canonical(protocol, coded(text))
            if name.replace(OPEN, ""):
                places.extend(lead(name))
            elif text.opens and len(self._variables[protocol, text.opens[0].key]) > 1:
                # Whatever it is called, those who send and those who receive there read its name in one place.
                places.append(Place(protocol, text.opens[0].key, LIKELY))
            elif text.opens:
                problem = Led(problem=f"the name of the channel {text.opens[0].why}", key=text.opens[0].key)
        return Led(tuple(dict.fromkeys(places))) if places else problem

    def _arriving(self, protocol: str, name: str) -> tuple[Place, ...]:
        """A channel of that name, the queues it feeds, or the names an open one may turn out to be."""
        fed = self._fed.get((protocol, name))
        if fed:
            own = (Place(protocol, name),) if name in self._read[protocol] else ()
            return (*own, *fed)
        if protocol == "celery":
            return (self._task(name),)
        if OPEN in name:
            known = may_be(name, self._read[protocol])
            if known:
                return tuple(Place(protocol, each, LIKELY) for each in known)
        return (Place(protocol, name),)

    def _taken(self, protocol: str, name: str) -> tuple[Place, ...]:
        """A channel of that name, or those sent to that a pattern takes."""
        if is_pattern(protocol, name):
            met = sorted(known for known in self._sent[protocol] | self._read[protocol] if meets(protocol, name, known))
            if met:
                return tuple(Place(protocol, each) for each in met)
        return (Place(protocol, name),)

    def _task(self, name: str) -> Place:
        """A task by its full name, or by its last part where only one task is called so."""
        known = self._read["celery"]
        if name in known:
            return Place("celery", name)
        last = name.rsplit(".", 1)[-1]
        same = sorted(each for each in known if each.rsplit(".", 1)[-1] == last)
        fitting = [each for each in same if each.endswith("." + name) or name.endswith("." + each)] or same
        return Place("celery", fitting[0], LIKELY) if len(fitting) == 1 else Place("celery", name)

    # -- AMQP --------------------------------------------------------------------------------------------

    def _through_exchange(self, protocol: str, exchanges: Iterable[Text], routing: Iterable[Text]) -> Led:
        places: list[Place] = []
        problem = Led(problem="the exchange is not visible in the call")
        for text in exchanges:
            if text.unknown:
                problem = Led(problem=f"the exchange {text.opens[0].why}", key=text.opens[0].key)
                continue
            name = coded(text)
            places.extend(self._routed(protocol, name, [coded(key) for key in routing] or [""]))
        return Led(tuple(dict.fromkeys(places))) if places else problem

    def _routed(self, protocol: str, exchange: str, keys: Iterable[str]) -> Iterable[Place]:
        """The queues bound to an exchange that a key leads to; the exchange itself when nothing shows any."""
        bound = [each for each in self._bound if each.exchange == exchange]
        for key in keys:
            keyed = [each for each in bound if each.key and keys_meet(each.key, key)]
            # A binding without a key belongs to a fan-out exchange, or its key was not visible. No binding takes a
            # message without a key but those of exchanges that ask for none.
            loose = [each for each in bound if not each.key or not key]
            if key == OPEN:
                # The one queue on the exchange is meant; of several it may be any, or a reply to whoever asked.
                keyed = bound if len({(each.queue, each.key) for each in bound}) == 1 else []
                loose = [] if any(each.key for each in bound) else loose
            sure = key != OPEN and (bool(keyed) or not any(each.key for each in loose))
            for each in keyed or loose:
                yield self._bound_place(protocol, each, CERTAIN if sure else LIKELY)
            if not keyed and not loose:
                yield Place(protocol, f"{exchange}/{key}" if key == OPEN and bound else exchange, kind="exchange")

    def _bound_place(self, protocol: str, bound: Bound, confidence: Confidence = CERTAIN) -> Place:
        if bound.queue:
            return Place(protocol, bound.queue, confidence, "queue")
        # Queues without names that take different keys of one exchange do not get each other's messages.
        name = bound.exchange if bound.key in ("", "#") else f"{bound.exchange}/{bound.key}"
        return Place(protocol, name, confidence, "exchange", ephemeral=True)

    def _anonymous(self, each: Finished, protocol: str) -> tuple[Place, ...]:
        """
        The exchanges a queue without a name of its own is bound to, in the same function or else the same file.

        That is where the consumer is set up, wherever its handler stands.
        """
        function = each.operation.registered or each.operation.function
        own = [bound for bound in self._bound if bound.service == each.site.service]
        for here in (
            [bound for bound in own if bound.function == function],
            [bound for bound in own if path_of(bound.function) == each.operation.region.path],
        ):
            if here:
                return tuple(dict.fromkeys(self._bound_place(protocol, bound) for bound in here))
        return ()
