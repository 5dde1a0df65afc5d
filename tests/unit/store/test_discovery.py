from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from commlint.errors import ConfigurationError
from commlint.model.config import Config, LimitsConfig
from commlint.store.discovery import Discovery, discover


def plant(root: Path, *paths: str, text: str = "x = 1\n") -> Path:
    """Files with folders around them; a path may end in a slash, then it is an empty folder."""
    for path in paths:
        target = root / path
        if path.endswith("/"):
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    return root


def found(root: Path, config: Config | None = None) -> list[str]:
    return [file.path for file in look(root, config).files]


def look(root: Path, config: Config | None = None) -> Discovery:
    return discover(root, config or Config(), lambda name: name.endswith((".py", ".yaml", ".go", ".js")))


def test_files_are_relative_and_sorted(tmp_path: Path) -> None:
    """Files of all folders come sorted by their POSIX path from the root, whatever order they were made in."""
    plant(tmp_path, "b/z.py", "a.py", "b/a/c.py", "b.py", "readme.md")

    assert found(tmp_path) == ["a.py", "b.py", "b/a/c.py", "b/z.py"]


def test_gitignore_holds_below_its_folder(tmp_path: Path) -> None:
    """A nested .gitignore speaks for its own folder only, and overrules those above it."""
    plant(tmp_path, "a/keep.py", "a/drop_1.py", "a/deep/drop_2.py", "b/drop_3.py", "b/mine.py")
    (tmp_path / ".gitignore").write_text("drop_*\n/b/mine.py\n")
    (tmp_path / "a" / ".gitignore").write_text("!drop_1.py\nkeep.py\n")

    assert found(tmp_path) == ["a/drop_1.py"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("gen/", ["a.py", "sub/gen.py"]),
        ("/gen/", ["a.py", "sub/gen.py", "sub/gen/b.py"]),
        ("*.py\n!a.py", ["a.py"]),
        ("gen/\n!gen/b.py", ["a.py", "sub/gen.py"]),
        ("sub/**/b.py", ["a.py", "gen/b.py", "sub/gen.py"]),
        ("# a comment\n\n   \n", ["a.py", "gen/b.py", "sub/gen.py", "sub/gen/b.py"]),
        ("!\n*[.py\na.py\\\ngen/", ["a.py", "sub/gen.py"]),
        ("*a*b*c*d*e*f*g*h*i*\ngen/", ["a.py", "sub/gen.py"]),
    ],
)
def test_gitignore_patterns_as_git_reads_them(tmp_path: Path, pattern: str, left: list[str]) -> None:
    """Anchors, negation, folders and broken lines mean what they mean to git; an ignored folder stays closed."""
    plant(tmp_path, "a.py", "gen/b.py", "sub/gen/b.py", "sub/gen.py")
    (tmp_path / ".gitignore").write_text(pattern)

    assert found(tmp_path) == left


def test_repository_around_the_root_speaks_too(tmp_path: Path) -> None:
    """Patterns of the folders above, and of .git/info/exclude, hold when a part of a repository is analysed."""
    plant(tmp_path, "services/a/x.py", "services/a/gen_x.py", "services/a/local.py")
    plant(tmp_path, ".git/info/exclude", text="local.py\n")
    (tmp_path / ".gitignore").write_text("/services/a/gen_*\n")

    assert found(tmp_path / "services") == ["a/x.py"]


def test_ignored_root_was_named_on_purpose(tmp_path: Path) -> None:
    """A root that its repository ignores is analysed all the same."""
    plant(tmp_path, ".git/HEAD", "systems/one/x.py")
    (tmp_path / ".gitignore").write_text("systems/\n")

    assert found(tmp_path / "systems" / "one") == ["x.py"]


@pytest.mark.parametrize("path", ["svc/build/docker/Dockerfile", "build/package/Dockerfile"])
def test_a_folder_with_images_is_no_output(tmp_path: Path, path: str) -> None:
    """In the usual layout of Go projects `build` holds what packages the programs."""
    plant(tmp_path, path)

    discovery = discover(tmp_path, Config(), lambda name: name.startswith("Dockerfile"))

    assert [file.path for file in discovery.files] == [path]


@pytest.mark.parametrize(
    "path",
    [
        "node_modules/a/i.js",
        "svc/.venv/lib/x.py",
        "svc/venv/x.py",
        "svc/lib/python3.12/site-packages/x.py",
        "svc/dist/x.py",
        "svc/build/lib/x.py",
        "target/x.py",
        "vendor/github.com/a/x.go",
        "third_party/x.py",
        "x.egg-info/x.py",
        ".git/hooks/x.py",
        ".commlint_cache/x.py",
        "api/orders_pb2.py",
        "api/orders_pb2_grpc.py",
        "api/orders.pb.go",
        "web/app.min.js",
        "svc/tests/x.py",
        "svc/test_x.py",
        "svc/tests.py",
        "svc/x_test.go",
        "svc/conftest.py",
        "svc/integration-tests/x.py",
        "web/__tests__/x.js",
        "web/x.spec.js",
        "web/vite.config.ts",
        "web/webpack.prod.js",
        "web/src/setupProxy.js",
    ],
)
def test_what_nobody_of_the_system_wrote_is_left_out(tmp_path: Path, path: str) -> None:
    """Installed, copied, built, generated and test code, and what sets up tools, is left out without a word."""
    plant(tmp_path, "svc/main.py", path)

    discovery = look(tmp_path)

    assert [file.path for file in discovery.files] == ["svc/main.py"]
    assert discovery.notices == ()


def test_environment_is_known_by_its_mark(tmp_path: Path) -> None:
    """A folder of any name is a virtual environment when it holds pyvenv.cfg; `env` alone is a usual name."""
    plant(tmp_path, "py311/pyvenv.cfg", "py311/lib/x.py", "env/dev/values.yaml")

    assert found(tmp_path) == ["env/dev/values.yaml"]


def test_an_environment_in_the_folder_of_a_program_leaves_its_code(tmp_path: Path) -> None:
    """`python -m venv .` puts its mark beside the code; what it installs stays out."""
    plant(tmp_path, "stock/pyvenv.cfg", "stock/main.py", "stock/lib/python3.12/site-packages/x.py")

    assert found(tmp_path) == ["stock/main.py"]


def test_service_called_like_output_is_kept(tmp_path: Path) -> None:
    """A folder called vendor, build, target or out with a build file of its own is a service."""
    plant(tmp_path, "vendor/Dockerfile", "vendor/app.py", "target/lib/app.py")

    assert found(tmp_path) == ["vendor/app.py"]


def test_folder_called_build_that_says_how_to_build_is_kept(tmp_path: Path) -> None:
    """`build/docker` and `build/package` are written by hand; beside compiled classes they are output too."""
    plant(tmp_path, "build/docker/compose.yaml", "api/build/package/orders.yaml")
    plant(tmp_path, "web/build/docker/web.yaml", "web/build/classes/x.py")

    assert found(tmp_path) == ["api/build/package/orders.yaml", "build/docker/compose.yaml"]


def test_default_excludes_can_be_turned_off(tmp_path: Path) -> None:
    """Without default excludes everything but version control and the cache is read."""
    plant(tmp_path, "dist/a.py", "tests/b.py", "c_pb2.py", ".git/d.py", ".commlint_cache/e.py")

    assert found(tmp_path, Config(default_excludes=False)) == ["c_pb2.py", "dist/a.py", "tests/b.py"]


def test_tests_are_read_on_request(tmp_path: Path) -> None:
    """`tests` brings back test code, and nothing else that is left out."""
    plant(tmp_path, "dist/a.py", "tests/b.py", "test_c.py")

    assert found(tmp_path, Config(tests=True)) == ["test_c.py", "tests/b.py"]


def test_exclude_of_the_configuration_speaks_first(tmp_path: Path) -> None:
    """`exclude` leaves out what it names, and with `!` brings back what git or the defaults leave out."""
    plant(tmp_path, "a.py", "legacy/b.py", "dist/c.py", "ignored.py", "dist/deep/d.py")
    (tmp_path / ".gitignore").write_text("ignored.py\n")

    assert found(tmp_path, Config(exclude=("legacy/", "!dist/", "!ignored.py"))) == [
        "a.py",
        "dist/c.py",
        "dist/deep/d.py",
        "ignored.py",
    ]


def test_broken_exclude_is_an_error(tmp_path: Path) -> None:
    """A pattern somebody configured and that means nothing is told, not passed over."""
    with pytest.raises(ConfigurationError, match=r"exclude: .*write patterns as in"):
        look(tmp_path, Config(exclude=("a\\",)))


def test_large_files_are_noticed_once(tmp_path: Path) -> None:
    """Files over the limit are left out with one notice that names the option."""
    plant(tmp_path, "b.py", "a.py", text="x" * 11)
    plant(tmp_path, "c.py", text="x" * 10)

    discovery = look(tmp_path, Config(limits=LimitsConfig(file_size=10)))

    assert [file.path for file in discovery.files] == ["c.py"]
    assert [str(notice) for notice in discovery.notices] == [
        "a.py: larger than 10 bytes, not read; raise `limits.file-size` (and 1 more)"
    ]


def test_number_of_files_is_limited_at_the_same_place(tmp_path: Path) -> None:
    """Past the limit the walk ends, and which files were read does not depend on the order of the folder."""
    paths = [f"{folder}/{name}.py" for folder in "dcba" for name in "zyx"]
    random.Random(1).shuffle(paths)
    plant(tmp_path, *paths)

    discovery = look(tmp_path, Config(limits=LimitsConfig(files=4)))

    assert [file.path for file in discovery.files] == ["a/x.py", "a/y.py", "a/z.py", "b/x.py"]
    assert [str(notice) for notice in discovery.notices] == [
        "more than 4 files, the rest not read; raise `limits.files`"
    ]


def test_exactly_as_many_files_as_allowed_are_no_notice(tmp_path: Path) -> None:
    """The limit itself is still within the limit."""
    plant(tmp_path, "a.py", "b.py")

    assert look(tmp_path, Config(limits=LimitsConfig(files=2))).notices == ()


def test_links_are_not_followed(tmp_path: Path) -> None:
    """Loops end, files linked inside the root are seen once, and links that lead out are noticed."""
    root = plant(tmp_path / "root", "a/x.py")
    plant(tmp_path, "outside/secret.py")
    (root / "a" / "loop").symlink_to(root)
    (root / "again").symlink_to(root / "a")
    (root / "b.py").symlink_to(root / "a" / "x.py")
    (root / "broken.py").symlink_to(root / "nowhere.py")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "stolen.py").symlink_to(tmp_path / "outside" / "secret.py")

    discovery = look(root)

    assert [file.path for file in discovery.files] == ["a/x.py"]
    assert [str(notice) for notice in discovery.notices] == [
        "out: a link that leads out of the analysed folder, not followed (and 1 more)"
    ]


def test_root_may_be_a_link(tmp_path: Path) -> None:
    """What was named is analysed, and its real place is the root."""
    plant(tmp_path / "real", "x.py")
    (tmp_path / "link").symlink_to(tmp_path / "real")

    discovery = look(tmp_path / "link")

    assert discovery.root == tmp_path / "real"
    assert [file.path for file in discovery.files] == ["x.py"]


def test_unreadable_folder_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be opened costs itself only."""
    plant(tmp_path, "a/x.py", "secret/y.py")
    scandir = os.scandir

    def closed(path: str) -> os._ScandirIterator[str]:
        if path.rstrip("/").endswith("secret"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)

    discovery = look(tmp_path)

    assert [file.path for file in discovery.files] == ["a/x.py"]
    assert [str(notice) for notice in discovery.notices] == [
        "secret/: cannot be opened, left out; check the permissions"
    ]


def test_names_that_are_no_text_are_noticed(tmp_path: Path) -> None:
    """Files and folders whose names are no UTF-8 are left out with a notice that can be printed."""
    plant(tmp_path, "ünïcode/x.py")
    try:
        os.mkdir(os.fsencode(tmp_path) + b"/bad\xff")
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff/y.py")).write_text("")
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/z\xfe.py")).write_text("")
    except OSError:
        pytest.skip("this file system takes no such names")

    discovery = look(tmp_path)

    assert [file.path for file in discovery.files] == ["ünïcode/x.py"]
    assert [str(notice) for notice in discovery.notices] == [
        r"bad\udcff/: a name that is no UTF-8, left out; rename it (and 1 more)"
    ]


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    """A pipe called like a source file is not opened, as that would wait for ever."""
    plant(tmp_path, "a.py")
    os.mkfifo(tmp_path / "b.py")

    assert found(tmp_path) == ["a.py"]


def test_stamp_changes_with_the_file(tmp_path: Path) -> None:
    """The stamp of a file is the same while nobody touches it, and another after a write of the same size."""
    plant(tmp_path, "a.py")
    before = look(tmp_path).files[0].stamp
    again = look(tmp_path).files[0].stamp
    os.utime(tmp_path / "a.py", ns=(1, 1))
    after = look(tmp_path).files[0].stamp

    assert before == again != after


def test_folders_of_tools_are_left_out_and_counted(tmp_path: Path) -> None:
    """Whatever a tool keeps in a folder with a dot in front stays out, with one notice that needs no action."""
    plant(tmp_path, "svc/main.py", ".semgrep/rule.py", ".devcontainer/compose.yaml", ".venv/x.py", ".local/x.py")
    (tmp_path / ".gitignore").write_text(".local/\n")

    discovery = look(tmp_path)

    assert [file.path for file in discovery.files] == ["svc/main.py"]
    assert [(notice.path, notice.message.endswith("(and 1 more)"), notice.minor) for notice in discovery.notices] == [
        (".devcontainer/", True, True)
    ]


@pytest.mark.parametrize("path", [".docker/compose.yaml", ".helm/values.yaml", ".k8s/a/orders.yaml"])
def test_hidden_folders_of_deployment_are_read(tmp_path: Path, path: str) -> None:
    """A dot in front hides no deployment files."""
    plant(tmp_path, path)

    assert found(tmp_path) == [path]


@pytest.mark.parametrize("config", [Config(exclude=("!.tools/",)), Config(default_excludes=False)])
def test_folders_of_tools_can_be_brought_back(tmp_path: Path, config: Config) -> None:
    """`exclude` with `!`, and no default excludes at all, bring folders with a dot in front back."""
    plant(tmp_path, ".tools/x.py")

    assert found(tmp_path, config) == [".tools/x.py"]


def test_a_link_to_itself_is_told_as_such(tmp_path: Path) -> None:
    """Nobody's permissions are to blame."""
    (tmp_path / "app.py").write_text("x = 1\n")
    (tmp_path / "loop").symlink_to("loop")

    (notice,) = look(tmp_path).notices

    assert (notice.path, notice.message.startswith("a link that leads to itself")) == ("loop", True)


def test_what_is_in_the_repository_is_read_although_a_pattern_ignores_it(tmp_path: Path) -> None:
    """A file that was added once stays tracked; one that only lies there is left out, also seen from a folder below."""
    plant(tmp_path, "shop/added.py", "shop/local.py")
    (tmp_path / ".gitignore").write_text("*.py\n")
    for command in (("init", "-q"), ("add", "-f", "shop/added.py")):
        subprocess.run(("git", *command), cwd=tmp_path, check=True)

    assert found(tmp_path) == ["shop/added.py"]
    assert found(tmp_path / "shop") == ["added.py"]


def test_a_worktree_has_its_index_elsewhere(tmp_path: Path) -> None:
    """The `.git` of a worktree is a file that says where the rest is."""
    plant(tmp_path, "tree/added.py", "tree/local.py", "main/.git/worktrees/tree/")
    (tmp_path / "tree" / ".gitignore").write_text("*.py\n")
    (tmp_path / "tree" / ".git").write_text("gitdir: ../main/.git/worktrees/tree\n")
    (tmp_path / "main/.git/worktrees/tree/index").write_bytes(b"DIRC\0\x02added.py\0\0")

    assert found(tmp_path / "tree") == ["added.py"]
    (tmp_path / "main/.git/worktrees/tree/index").unlink()
    assert found(tmp_path / "tree") == []


def test_environment_files_of_a_tree_without_a_repository_came_with_it(tmp_path: Path) -> None:
    """What an archive holds was in the repository it was made of, whatever its patterns say."""
    plant(tmp_path, ".env", "local.py", text="A=1\n")
    (tmp_path / ".gitignore").write_text(".env\nlocal.py\n")

    assert [file.path for file in discover(tmp_path, Config(), lambda name: name.endswith((".env", ".py"))).files] == [
        ".env"
    ]
