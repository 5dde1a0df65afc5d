"""From one file to its facts."""

from typing import ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.extract.extract import Readers, extract, language_of, sketch
from commlint.extract.port import FormatReader, LanguageReader, Sketch
from commlint.model.code import CodeFacts
from commlint.model.declarations import Declarations
from commlint.model.facts import FileFacts, Notice
from commlint.model.values import Reference


class Toy(LanguageReader):
    """A language in which everything fails."""

    name: ClassVar[str] = "toy"
    version: ClassVar[int] = 3
    suffixes: ClassVar[tuple[str, ...]] = (".toy",)
    comment: ClassVar[str] = "#"

    def sketch(self, path: str, source: bytes) -> Sketch:
        raise KeyError(path)

    def read(self, path: str, source: bytes) -> tuple[CodeFacts, tuple[Notice, ...]]:
        raise RecursionError


class Longer(Toy):
    """A language with a longer suffix."""

    name: ClassVar[str] = "longer"
    suffixes: ClassVar[tuple[str, ...]] = (".d.toy",)


class List(FormatReader):
    """A format that claims all files with its name, and fails on those that say so."""

    name: ClassVar[str] = "list"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.list", "setup.*")

    def claims(self, path: str, source: bytes) -> bool:
        if source == b"unclaimable":
            raise ValueError
        return source != b"other"

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if source == b"broken":
            raise ValueError
        return Declarations("list"), (Notice(path, 2, "odd"), Notice(path, 1, "odd"))


READERS = Readers((Toy(), Longer()), (List(),))


def messages(facts: FileFacts) -> str:
    return "\n".join(str(notice) for notice in facts.notices)


def test_python_file() -> None:
    """A source file gives code, a digest and its suppressions."""
    facts = extract("app.py", b"f()  # commlint: ignore[CL1] why\n")

    assert facts.code is not None
    assert facts.code.calls[0].callee == Reference("f")
    assert facts.declarations is None
    assert [entry.codes for entry in facts.ignores] == [("CL1",)]
    assert facts.notices == ()


def test_digest_tells_content_apart() -> None:
    """The digest depends on the bytes alone."""
    assert extract("a.py", b"x").digest == extract("b.py", b"x").digest != extract("a.py", b"y").digest
    assert len(extract("a.py", b"").digest) == 32


def test_unknown_file() -> None:
    """A file that nobody reads has a digest and nothing else."""
    facts = extract("picture.png", b"\x89PNG\0")

    assert (facts.code, facts.declarations, facts.ignores, facts.notices) == (None, None, (), ())


def test_binary_source() -> None:
    """A source file with binary content is noticed and not read."""
    facts = extract("app.py", b"x = 1\0")

    assert facts.code is None
    assert "binary content" in messages(facts)


def test_wide_source() -> None:
    """A byte order mark of UTF-16 is obeyed."""
    facts = extract("app.py", "f('é')".encode("utf-16"))

    assert facts.code is not None
    assert facts.code.calls[0].callee == Reference("f")
    assert facts.notices == ()


def test_format_file() -> None:
    """A file that a format claims gives declarations, suppressions and sorted notices."""
    facts = extract("a.list", b"x  # commlint: ignore why\n", READERS)

    assert facts.declarations == Declarations("list")
    assert [entry.reason for entry in facts.ignores] == ["why"]
    assert [notice.line for notice in facts.notices] == [1, 2]


def test_format_is_asked_only_for_its_names() -> None:
    """A file with another name is not offered to a format."""
    assert extract("a.txt", b"x", READERS).declarations is None
    assert extract("a.list", b"other", READERS).declarations is None


def test_source_file_that_a_format_knows() -> None:
    """A file may be code and declarations at once."""
    facts = extract("setup.toy", b"x", READERS)

    assert facts.declarations == Declarations("list")
    assert "toy reader failed" in messages(facts)


def test_failing_language_reader() -> None:
    """A reader that fails costs one file, and the notice asks for a report."""
    facts = extract("a.toy", b"x", READERS)

    assert facts.code is None
    assert (
        messages(facts)
        == "a.toy: the toy reader failed with RecursionError, and this file is left out: please report it"
    )


def test_failing_format_reader() -> None:
    """A format that fails while claiming or reading costs one file."""
    assert "the list reader failed with ValueError" in messages(extract("a.list", b"unclaimable", READERS))
    assert "the list reader failed with ValueError" in messages(extract("a.list", b"broken", READERS))


def test_failing_sketch() -> None:
    """A sketch that fails is empty."""
    assert sketch("a.toy", b"x", READERS) == Sketch()


def test_sketch_of_a_file_that_is_no_source() -> None:
    """Only source files have sketches."""
    assert sketch("compose.yaml", b"import a") == Sketch()
    assert sketch("app.py", b"import a") == Sketch(("a",))


def test_longest_suffix_wins() -> None:
    """Of two languages the one with the longer suffix reads a file."""
    assert language_of("x/a.d.toy", READERS) == "longer"
    assert language_of("x/a.toy", READERS) == "toy"
    assert language_of("x/a.txt", READERS) is None
    assert language_of("a.py") == "python"


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["a.py", "compose.yaml", "Dockerfile", "a.proto", "x.env", "pyproject.toml"]),
    st.binary(max_size=200),
)
def test_any_bytes_can_be_extracted(path: str, source: bytes) -> None:
    """Whatever the bytes, extraction gives facts, the same each time, and no reader fails."""
    facts = extract(path, source)

    assert facts == extract(path, source)
    assert "reader failed" not in messages(facts)
