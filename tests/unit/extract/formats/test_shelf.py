from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from commlint.extract.port import FormatReader
from commlint.plugins import on_shelf

READERS = tuple(reader() for reader in on_shelf("commlint.extract.formats", FormatReader))

FILES = {
    "compose.yaml": b"services:\n  a:\n    image: b\n",
    "docker-compose.yml": b"apiVersion: v1\nkind: Service\n",
    "stack.yaml": b"services:\n  a:\n    image: b\napiVersion: v1\nkind: Deployment\n",
    "k8s.yaml": b"apiVersion: v1\nkind: Service\n",
    "templates/k8s.yaml": b"apiVersion: v1\nkind: {{ x }}\n",
    "templates/compose.yaml": b"services: {{ x }}\n",
    "kustomization.yaml": b"apiVersion: v1\nkind: Kustomization\nconfigMapGenerator: []\n",
    "kustomization.yml": b"kind: Service\napiVersion: v1\nservices:\n image: b\nconfigMapGenerator: []\n",
    "Dockerfile": b"FROM a\n",
    "Dockerfile.yaml": b"services:\n  a:\n    image: b\n",
    "Dockerfile.env": b"",
    "Procfile": b"web: a\n",
    "Procfile.env": b"web: a\n",
    "Procfile.yaml": b"services:\n  a:\n    image: b\n",
    "Procfile.Dockerfile": b"",
    ".env": b"A=1\n",
    ".env.yaml": b"services:\n  a:\n    image: b\n",
    "a.proto": b"service A {}\n",
    "pyproject.toml": b"[project]\n",
    "requirements.txt": b"a\n",
    "setup.py": b"setup()\n",
}


@pytest.mark.parametrize("path", sorted(FILES))
def test_one_file_belongs_to_one_format(path: str) -> None:
    """No two readers claim the same file, in whatever order they are asked."""
    claiming = [reader.name for reader in READERS if reader.claims(f"a/{path}", FILES[path])]

    assert len(claiming) <= 1


@pytest.mark.parametrize("path", sorted(FILES))
def test_file_names_admit_what_is_claimed(path: str) -> None:
    """A file that a reader claims has a name that the reader says it may have."""
    name = path.rpartition("/")[2].lower()
    claiming = [reader for reader in READERS if reader.claims(path, FILES[path])]

    assert all(any(fnmatchcase(name, pattern) for pattern in reader.names) for reader in claiming)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize("source", [b"", b"\x00" * 1000, b"\xff\xfe\x00", bytes(range(256)) * 10, b"services" * 1000])
def test_bad_input_is_a_notice(reader: FormatReader, source: bytes) -> None:
    """Empty, binary and meaningless files are read without an error, and the answer names its format."""
    declarations, notices = reader.read("a/b", source)

    assert declarations.format == reader.name
    assert all(notice.path == "a/b" for notice in notices)
