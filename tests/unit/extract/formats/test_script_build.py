"""`tsconfig.json`, and the names that `package.json` gives to files."""

from __future__ import annotations

from textwrap import dedent

from commlint.extract.extract import extract
from commlint.model.declarations import ModuleName


def names(path: str, text: str) -> list[ModuleName]:
    declarations = extract(path, dedent(text).encode()).declarations
    assert declarations is not None
    return list(declarations.modules)


def test_paths_and_the_base_they_start_from() -> None:
    """Comments and commas at the end are allowed; what leads out of the tree is left out."""
    found = names(
        "apps/shop/tsconfig.json",
        """
        {
          // where the code is
          "compilerOptions": {
            "baseUrl": "./src",
            "paths": {
              "@env/*": ["env/*", "../shared/env/*"],
              "@events": ["../../../libs/events/index.ts"],
              "@outside": ["../../../../elsewhere"],
            },
          }
        }
        """,
    )

    assert found == [
        ModuleName("@env/*", ("apps/shop/src/env/*", "apps/shop/shared/env/*"), "apps/shop"),
        ModuleName("@events", ("libs/events/index.ts",), "apps/shop"),
        ModuleName("*", ("apps/shop/src/*",), "apps/shop"),
    ]


def test_a_package_is_found_by_its_name_where_its_source_lies() -> None:
    """What was built stands for what it was built from; every file knows the name."""
    found = names("libs/kit/package.json", '{"name": "@shop/kit", "main": "dist/src/index.js"}')

    package = next(each for each in found if each.pattern == "@shop/kit")
    assert package.folder is None
    assert package.targets[:2] == ("libs/kit/dist/src/index", "libs/kit/src/index")


def test_exports_and_imports_of_a_package() -> None:
    """Whatever the conditions are that an export stands under; names with `#` are known in the package alone."""
    found = names(
        "libs/kit/package.json",
        """
        {
          "name": "kit",
          "exports": {".": {"import": {"default": "./esm/main.mjs"}}, "./bus": "./src/bus/index.ts"},
          "imports": {"#db": {"node": "./src/db.js"}}
        }
        """,
    )

    assert {each.pattern: each.targets[0] for each in found} == {
        "#db": "libs/kit/src/db",
        "kit": "libs/kit/esm/main",
        "kit/bus": "libs/kit/src/bus/index",
        "kit/*": "libs/kit/*",
    }
    assert [each.pattern for each in found if each.folder == "libs/kit"] == ["#db"]


def test_aliases_of_a_loader() -> None:
    """`_moduleAliases` names folders; a name of the workspace itself is no service but names modules."""
    found = names("package.json", '{"workspaces": ["apps/*"], "_moduleAliases": {"@root": "src"}}')

    assert found == [ModuleName("@root", ("src",), "."), ModuleName("@root/*", ("src/*",), ".")]
