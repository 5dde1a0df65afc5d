"""Rule packs: named choices of rules that come with commlint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from commlint.codec import convert
from commlint.errors import ConfigurationError, nearest
from commlint.model.config import RulePack
from commlint.store.documents import parse_yaml
from commlint.store.shipped import rules_directory


def load_packs(names: Iterable[str]) -> tuple[RulePack, ...]:
    """
    The named packs, in that order.

    Raises:
        ConfigurationError: there is no such pack, or its file cannot be used.
    """
    folder = rules_directory() / "packs"
    known = pack_names()
    packs = []
    for name in names:
        if name not in known:
            raise ConfigurationError(
                "extends", f'there is no rule pack "{name}"{nearest(name, known)} (known: {", ".join(known)})'
            )
        where = f"rules/packs/{name}.yaml"
        data = parse_yaml((folder / f"{name}.yaml").read_bytes(), where)
        packs.append(convert(with_options_apart(data), RulePack, where))
    return tuple(packs)


def pack_names() -> tuple[str, ...]:
    """The packs there are, sorted."""
    return tuple(sorted(path.stem for path in (rules_directory() / "packs").glob("*.yaml")))


def with_options_apart(data: Any) -> Any:
    """
    Data of a pack or configuration whose rule tables have the options of a rule in `options`.

    People write `level` and the options of a rule side by side; the model keeps them apart.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("rules"), Mapping):
        return data
    return {**data, "rules": {key: _apart(table) for key, table in data["rules"].items()}}


def _apart(table: Any) -> Any:
    if not isinstance(table, Mapping):
        return table
    options = {key: value for key, value in table.items() if key != "level"}
    return {**({"level": table["level"]} if "level" in table else {}), "options": options}
