"""
Scores checked-out systems, shows where a change made them worse, and writes findings down to be labelled.

    python -m bench.accuracy score TREES [--truth FOLDER] [--labels FOLDER] [--keep FILE] [--against FILE]
    python -m bench.accuracy sheet TREE -o SHEET.json [--rules CL101,CL201]

TREES holds one folder a system. `score` takes the files of the truth and label folders one by one, and looks for the
folder that has the name of the file, or of the repository the file names (`owner/name`, also written `owner+name` and
`owner_name`). `--keep` writes the results as a small JSON file; `--against` compares with one that was kept, and ends
with 1 when a figure is worse. `sheet` writes every finding with an empty verdict; filled in, it is a label file.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.accuracy.edges import EdgeScore, score_edges
from bench.accuracy.findings import RuleScore, score_findings, sheet
from bench.accuracy.results import Results, worse
from bench.accuracy.systems import findings_of, graph_of, systems
from bench.accuracy.tables import show
from rich.console import Console


def main() -> int:
    arguments = _arguments()
    if arguments.command == "sheet":
        made = sheet(findings_of(arguments.tree), arguments.rules.split(",") if arguments.rules else ())
        arguments.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        return 0
    results = _scored(arguments)
    console = Console()
    show(results, console)
    if arguments.keep:
        arguments.keep.write_text(results.to_json(), encoding="utf-8")
    if not arguments.against:
        return 0
    fallen = worse(results, Results.from_json(arguments.against.read_text(encoding="utf-8")))
    for line in fallen:
        console.print(line, markup=False)
    return 1 if fallen else 0


def _scored(arguments: argparse.Namespace) -> Results:
    edges: dict[str, EdgeScore] = {}
    rules: dict[str, dict[str, RuleScore]] = {}
    for system in systems(arguments.trees, arguments.truth, arguments.labels):
        print(f"{system.name} …", file=sys.stderr, flush=True)
        if system.truth is not None:
            edges[system.name] = score_edges(system.truth, graph_of(system.tree))
        if system.labels is not None:
            rules[system.name] = score_findings(system.labels, findings_of(system.tree))
    return Results(edges, rules)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    score = commands.add_parser("score")
    score.add_argument("trees", type=Path)
    score.add_argument("--truth", type=Path, help="folder of truth files: services and edges of a system")
    score.add_argument("--labels", type=Path, help="folder of label files: sites that are faults or are none")
    score.add_argument("--keep", type=Path, help="write the results here")
    score.add_argument("--against", type=Path, help="results that were kept earlier")
    writing = commands.add_parser("sheet")
    writing.add_argument("tree", type=Path)
    writing.add_argument("-o", "--out", type=Path, required=True)
    writing.add_argument("--rules", default="")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
