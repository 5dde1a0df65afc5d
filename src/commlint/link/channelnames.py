"""Names of channels: what brokers wrap around them, and patterns that stand for several."""

from __future__ import annotations

import re
from collections.abc import Iterable

from commlint.link.addresses import OPEN
from commlint.link.values import Text
from commlint.model.patterns import matched

PROTOCOLS = {"rabbitmq": "amqp", "kombu": "amqp", "jetstream": "nats", "stan": "nats"}
# Brokers that write a channel as a URL, ARN or resource path whose last part is the name.
PATHS = frozenset(("sqs", "sns", "pubsub", "eventbridge", "servicebus", "kinesis", "eventhubs"))


def family(protocol: str) -> str:
    """The protocol under which both sides of a channel meet."""
    return PROTOCOLS.get(protocol.lower(), protocol.lower())


def coded(text: Text) -> str:
    """The text with `OPEN` for what is open."""
    return "".join(part if isinstance(part, str) else OPEN for part in text.parts)


def canonical(protocol: str, name: str) -> str:
    """The bare name of a channel: `arn:aws:sqs:eu-west-1:1:orders` and the URL of that queue are `orders`."""
    if family(protocol) not in PATHS:
        return name.strip()
    last = name.strip().rstrip("/").rsplit("/", 1)[-1]
    return last.rsplit(":", 1)[-1] if last.startswith("arn:") else last


def shown(name: str) -> str:
    return name.replace(OPEN, "{}")


def is_pattern(protocol: str, name: str) -> bool:
    """Whether a consumer's name stands for several channels."""
    match family(protocol):
        case "kafka":
            return name.startswith("^")
        case "nats":
            return any(token in ("*", ">") for token in name.split("."))
        case "mqtt":
            return any(token in ("+", "#") for token in name.split("/"))
        case "redis":
            return any(character in name for character in "*?[")
        case _:
            return False


def meets(protocol: str, pattern: str, name: str) -> bool:
    """Whether a consumer's pattern takes messages of the channel `name` (which may hold `OPEN`)."""
    match family(protocol):
        case "kafka":
            return matched(pattern.lstrip("^").rstrip("$"), name) is True
        case "nats":
            return _tokens_meet(pattern.split("."), name.split("."), "*", ">", least=1)
        case "mqtt":
            return _tokens_meet(pattern.split("/"), name.split("/"), "+", "#", least=0)
        case "redis":
            return matched(_glob(pattern), name) is True
        case _:
            return pattern == name


def keys_meet(binding: str, key: str) -> bool:
    """Whether a message with routing `key` goes through an AMQP binding: `*` is one word, `#` any number."""
    return _tokens_meet(binding.split("."), key.split("."), "*", "#", least=0)


def may_be(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Those of the `known` names that a name with open parts may turn out to be."""
    pattern = re.compile(".+".join(re.escape(part) for part in name.split(OPEN)))
    return tuple(sorted(each for each in known if OPEN not in each and pattern.fullmatch(each)))


def _glob(pattern: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)


def _tokens_meet(pattern: list[str], name: list[str], one: str, rest: str, least: int) -> bool:
    if not pattern:
        return not name
    if pattern[0] == rest:
        return any(_tokens_meet(pattern[1:], name[taken:], one, rest, least) for taken in range(least, len(name) + 1))
    if not name:
        return False
    return _token_meets(pattern[0], name[0], one) and _tokens_meet(pattern[1:], name[1:], one, rest, least)


def _token_meets(pattern: str, token: str, one: str) -> bool:
    """Whether one word of a pattern takes a word, either of which may have an open part."""
    if pattern in (one, token):
        return True
    return any(
        re.fullmatch(".+".join(re.escape(part) for part in some.split(OPEN)), other) is not None
        for some, other in ((token, pattern), (pattern, token))
        if OPEN in some
    )
