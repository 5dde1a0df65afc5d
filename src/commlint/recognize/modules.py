"""Which files of the tree each file takes in: what tells the service that runs code which several share."""

from __future__ import annotations

from commlint.model.operations import ModuleNode
from commlint.resolve import handed_on
from commlint.resolve.index import FileIndex
from commlint.resolve.program import Program


def modules(program: Program) -> tuple[ModuleNode, ...]:
    """Every file with the files of the tree it imports."""
    found = []
    for path, index in program.own:
        rules = program.language(path)
        imported = _imported(program, path, index)
        if rules.scattered:
            imported.update(program.modules.declaring(program.packages[path]))
        is_main = rules.starts(index.code)
        found.append(ModuleNode(path, index.code.language, tuple(sorted(imported - {path})), is_main, rules.by_import))
    return tuple(found)


def _imported(program: Program, path: str, index: FileIndex) -> set[str]:
    rules = program.language(path)
    imported: set[str] = set()
    for entry in index.code.imports:
        file, member = program.imported(path, entry)
        if file is not None and member and rules.by_import:
            imported.update(handed_on.behind(program, file, member))
            continue
        if file is not None:
            imported.add(file)
        imported.update(rules.module_files(entry.module, entry.level, path, program.modules))
    return imported
