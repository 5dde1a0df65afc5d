"""`commlint config`: check and show the configuration."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from commlint.cli import options
from commlint.cli.screen import say, show_notices


class Schema(Enum):
    """What there is a JSON Schema of."""

    CONFIG = "config"
    MODEL = "model"
    BASELINE = "baseline"
    REPORT = "report"
    GRAPH = "graph"


def config(
    root: options.Root = Path(),
    config_file: options.ConfigFile = None,
    schema: Annotated[
        Schema | None,
        typer.Option("--schema", help="Print a JSON Schema instead, of what people write by hand or programs read."),
    ] = None,
    quiet: options.Quiet = False,
) -> None:
    """Check the configuration, its library models and rules, and show what is in effect."""
    if schema is not None:
        _print_schema(schema)
        return
    from commlint.codec import to_json
    from commlint.pipeline import verify

    setting = options.setting(root, config_file)
    rules = verify(setting.root, setting.config)
    if quiet:
        return
    show_notices(setting.notices, everything=True)
    say(f"configuration: {setting.file or 'none, all defaults'}\n")
    say(f"{to_json(setting.config, indent=2)}\n")
    say(f"rules that are on: {len(rules)}\n")
    say("".join(f"  {rule.code}  {rule.level.value:<7}  {rule.name}\n" for rule in rules))


def _print_schema(schema: Schema) -> None:
    from commlint.report.schemas import documents
    from commlint.store.baseline import baseline_schema
    from commlint.store.catalogue import model_schema
    from commlint.store.config import config_schema

    written = {Schema.CONFIG: config_schema, Schema.MODEL: model_schema, Schema.BASELINE: baseline_schema}
    if schema in written:
        say(json.dumps(written[schema](), indent=2, ensure_ascii=False) + "\n")
    else:
        say(documents()[f"{schema.value}.schema.json"])
