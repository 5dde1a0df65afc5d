"""The functions that templates call, those without side effects and without the clock."""

from __future__ import annotations

import base64
import json
import posixpath
import re
from collections.abc import Callable
from typing import Any

import yaml

from commlint.extract.gotemplate.values import MARK, UNKNOWN, holds, is_open, merged, plain, shown
from commlint.extract.yaml import read_documents
from commlint.model.patterns import compiled

SIZE_LIMIT = 200_000
# Numbers of templates have 64 bits.
_WHOLE = 1 << 63
_VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?")
_CONSTRAINT = re.compile(r"(>=|<=|!=|=|>|<|~|\^)?\s*(v?\d[\w.+-]*)")
_VERB = re.compile(r"%[-+# 0]*\d*(?:\.\d+)?([sdvqtfT%])")


class Unsupported(Exception):
    """A function that cannot be worked out with these arguments."""


def to_yaml(value: Any) -> str:
    """As `toYaml` writes it; what is not known is marked."""
    dumped = yaml.safe_dump(_marked(value), default_flow_style=False, sort_keys=True, allow_unicode=True, width=10_000)
    return dumped.removesuffix("\n...\n").rstrip("\n")


def _marked(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _marked(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_marked(entry) for entry in value]
    return MARK if value is UNKNOWN else value


def _indent(count: Any, text: Any) -> str:
    space = " " * min(int(count), 200)
    return "\n".join(space + line for line in shown(text).split("\n"))


def _printf(form: str, *given: Any) -> str:
    rest = list(given)

    def one(found: re.Match[str]) -> str:
        if found[1] == "%":
            return "%"
        value = rest.pop(0) if rest else None
        return json.dumps(shown(value)) if found[1] == "q" else shown(value)

    return _VERB.sub(one, form)


def _semver(constraint: str, version: str) -> bool:
    mine = _VERSION.match(version.strip())
    if mine is None:
        raise Unsupported
    have = tuple(int(part or 0) for part in mine.groups())
    for operator, wanted in _CONSTRAINT.findall(constraint):
        told = _VERSION.match(wanted)
        if told is None:
            raise Unsupported
        want = tuple(int(part or 0) for part in told.groups())
        holds = {
            ">=": have >= want, "<=": have <= want, ">": have > want, "<": have < want, "!=": have != want,
            "~": have[:2] == want[:2] and have >= want, "^": have[0] == want[0] and have >= want,
        }.get(operator, have == want)  # fmt: skip
        if not holds:
            return False
    return True


def _index(value: Any, *keys: Any) -> Any:
    for key in keys:
        if isinstance(value, dict):
            value = value.get(shown(key))
        elif isinstance(value, list) and isinstance(key, int) and -1 < key < len(value):
            value = value[key]
        else:
            return None
    return value


def _dig(*given: Any) -> Any:
    *keys, default, value = given
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return default
        value = value[key]
    return value


def _set(target: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    if holds(value, target):
        raise Unsupported
    target[key] = value
    return target


def _from_yaml(text: str) -> Any:
    documents, _ = read_documents("", text.encode("utf-8", "replace"))
    return plain(documents[0]) if documents else {}


def _kind(value: Any) -> str:
    kinds: tuple[tuple[type, str], ...] = ((bool, "bool"), (int, "int"), (float, "float64"), (str, "string"),
                                           (dict, "map"), (list, "slice"))  # fmt: skip
    return next((name for kind, name in kinds if isinstance(value, kind)), "invalid")


def _number(value: Any) -> int | float:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    text = shown(value)
    return (
        int(text) if re.fullmatch(r"[-+]?\d{1,18}", text) else float(text) if re.fullmatch(r"-?\d+\.\d+", text) else 0
    )


def _equal(one: Any, *others: Any) -> bool:
    return any((type(one) is type(other) and one == other) or _number_like(one, other) for other in others)


def _number_like(one: Any, other: Any) -> bool:
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return numbers and not isinstance(one, bool) and not isinstance(other, bool) and one == other


def _replace(old: str, new: str, text: str) -> str:
    if len(text) * max(len(new), 1) > SIZE_LIMIT:
        raise Unsupported
    return text.replace(old, new)


def _regex(pattern: str, text: str, new: str | None = None) -> Any:
    expression = compiled(pattern)
    if expression is None or len(text) > 300:
        raise Unsupported
    if new is None:
        return expression.search(text) is not None
    return expression.sub(re.sub(r"\$\{?(\d)\}?", r"\\\1", new), text)


def _omit(value: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: entry for key, entry in value.items() if key not in keys}


def _merge(*given: Any) -> Any:
    result: Any = {}
    for each in given:
        result = merged(each, result) if isinstance(each, dict) else result
    return result


def _overwrite(*given: Any) -> Any:
    result: Any = {}
    for each in given:
        result = merged(result, each) if isinstance(each, dict) else result
    return result


def _dict(*given: Any) -> dict[str, Any]:
    return {shown(key): entry for key, entry in zip(given[::2], given[1::2], strict=False)}


def _concat(*lists: Any) -> list[Any]:
    found = [item for each in lists for item in each or ()]
    if len(found) > 10_000:
        raise Unsupported
    return found


def _until(count: Any) -> list[int]:
    return list(range(min(int(count), 1000)))


def _split(separator: str, text: str) -> dict[str, Any]:
    return {f"_{number}": part for number, part in enumerate(text.split(separator))}


def _trim_all(characters: str, text: str) -> str:
    return text.strip(characters)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "quote": lambda *given: " ".join(json.dumps(shown(each), ensure_ascii=False) for each in given if each is not None),
    "squote": lambda *given: " ".join(f"'{shown(each)}'" for each in given if each is not None),
    "toYaml": to_yaml,
    "toJson": lambda value: json.dumps(_marked(value), sort_keys=True),
    "indent": _indent,
    "nindent": lambda count, text: "\n" + _indent(count, text),
    "trunc": lambda count, text: shown(text)[:count] if count >= 0 else shown(text)[count:],
    "trim": lambda text: shown(text).strip(),
    "trimAll": _trim_all,
    "trimSuffix": lambda end, text: shown(text).removesuffix(end),
    "trimPrefix": lambda start, text: shown(text).removeprefix(start),
    "nospace": lambda text: re.sub(r"\s", "", shown(text)),
    "lower": lambda text: shown(text).lower(),
    "upper": lambda text: shown(text).upper(),
    "title": lambda text: shown(text).title(),
    "replace": _replace,
    "repeat": lambda n, text: text * min(n, 100),
    "substr": lambda start, end, text: text[start : end if end >= 0 else None],
    "contains": lambda part, text: part in shown(text),
    "hasPrefix": lambda part, text: shown(text).startswith(part),
    "hasSuffix": lambda part, text: shown(text).endswith(part),
    "printf": _printf,
    "print": lambda *given: "".join(map(shown, given)),
    "cat": lambda *given: " ".join(map(shown, given)),
    "join": lambda joint, items: joint.join(map(shown, items or ())),
    "split": _split,
    "splitList": lambda joint, text: text.split(joint),
    "toString": shown,
    "toStrings": lambda items: list(map(shown, items)),
    "int": lambda value: int(_number(value)),
    "int64": lambda value: int(_number(value)),
    "float64": lambda v: float(_number(v)),
    "atoi": lambda value: int(_number(value)),
    "add": lambda *given: sum(map(_number, given)),
    "add1": lambda n: _number(n) + 1,
    "sub": lambda one, other: _number(one) - _number(other),
    "max": lambda *given: max(map(_number, given)),
    "min": lambda *given: min(map(_number, given)),
    "len": lambda value: len(value or ()),
    "div": lambda one, other: int(_number(one) // _number(other)),
    "mod": lambda one, other: _number(one) % _number(other),
    "eq": _equal,
    "ne": lambda one, other: not _equal(one, other),
    "not": lambda value: not value,
    "lt": lambda one, other: one < other,
    "le": lambda one, other: one <= other,
    "gt": lambda one, other: one > other,
    "ge": lambda one, other: one >= other,
    "empty": lambda value: not value,
    "list": lambda *given: list(given),
    "tuple": lambda *given: list(given),
    "dict": _dict,
    "get": lambda value, key: value.get(key, ""),
    "set": _set,
    "unset": lambda value, key: _omit(value, key),
    "hasKey": lambda value, key: key in (value or {}),
    "keys": lambda *maps: sorted(key for each in maps for key in each),
    "values": lambda value: [value[key] for key in sorted(value)],
    "pick": lambda value, *keys: {k: value[k] for k in keys if k in value},
    "omit": _omit,
    "merge": _merge,
    "mustMerge": _merge,
    "mergeOverwrite": _overwrite,
    "mustMergeOverwrite": _overwrite,
    "deepCopy": lambda value: value,
    "dig": _dig,
    "index": _index,
    "first": lambda items: items[0] if items else None,
    "last": lambda items: items[-1] if items else None,
    "rest": lambda items: items[1:],
    "initial": lambda items: items[:-1],
    "append": lambda items, item: [*(items or ()), item],
    "prepend": lambda items, item: [item, *(items or ())],
    "concat": _concat,
    "uniq": lambda items: list(dict.fromkeys(items)),
    "compact": lambda items: [i for i in items if i],
    "has": lambda item, items: item in (items or ()),
    "without": lambda items, *gone: [i for i in items if i not in gone],
    "sortAlpha": lambda items: sorted(map(shown, items)),
    "reverse": lambda items: items[::-1],
    "slice": lambda items, *ends: items[slice(*ends)],
    "until": _until,
    "kindIs": lambda kind, value: _kind(value) == kind,
    "kindOf": _kind,
    "typeOf": _kind,
    "typeIs": lambda k, v: _kind(v) == k,
    "b64enc": lambda text: base64.b64encode(shown(text).encode()).decode(),
    "semverCompare": _semver,
    "regexMatch": _regex,
    "regexReplaceAll": lambda pattern, text, new: _regex(pattern, text, new),
    "lookup": lambda *given: {},
    "base": posixpath.basename,
    "toRawJson": lambda value: json.dumps(_marked(value)),
    "fromYaml": _from_yaml,
    "fromJson": _from_yaml,
    "snakecase": lambda text: re.sub(r"\W+", "_", text).lower(),
}

# Functions whose answer a part that is not known does not spoil.
_TOLERANT = frozenset((
    "quote", "squote", "toYaml", "toJson", "indent", "nindent", "list", "tuple", "dict", "set", "get", "hasKey", "pick",
    "omit", "merge", "mustMerge", "mergeOverwrite", "mustMergeOverwrite", "index", "dig", "append", "prepend", "concat",
    "first", "last", "printf", "print", "deepCopy", "keys", "values", "rest", "initial", "cat", "join", "len",
))  # fmt: skip

_COMPARING = frozenset(("eq", "ne", "contains", "hasPrefix", "hasSuffix", "regexMatch", "empty", "not"))


def call(name: str, given: list[Any]) -> Any:
    """
    What a function gives; UNKNOWN when what it needs is not known.

    Raises:
        Unsupported: it is not known at all, or does not take such arguments.
    """
    function = FUNCTIONS.get(name.removeprefix("must")[:1].lower() + name.removeprefix("must")[1:]) or FUNCTIONS.get(
        name
    )
    if function is None:
        raise Unsupported
    if any(each is UNKNOWN for each in given) and name not in _TOLERANT:
        return UNKNOWN
    if name in ("eq", "ne", "contains", "hasPrefix", "hasSuffix", "regexMatch", "empty", "not") and any(
        map(is_open, given)
    ):
        return UNKNOWN
    try:
        found = function(*given)
    except Unsupported:
        raise
    except Exception as error:
        raise Unsupported from error
    if (isinstance(found, str) and len(found) > SIZE_LIMIT) or (isinstance(found, int) and abs(found) >= _WHOLE):
        raise Unsupported
    return found
