from __future__ import annotations

from pathlib import Path

from commlint.store.sources import LONGEST_LINE, digest_of, lines_of, read


def test_reads_what_is_there(tmp_path: Path) -> None:
    """The content of a file below the root, byte for byte."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.py").write_bytes(b"\xff\r\n\x00")

    assert read(tmp_path, "a/b.py") == b"\xff\r\n\x00"


def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    """A file that is gone, a folder, or a link put in its place is no content and no error."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "link").symlink_to(tmp_path / "secret")

    assert [read(tmp_path, path) for path in ("gone", "folder", "link")] == [None, None, None]


def test_digest_tells_contents_apart() -> None:
    """Equal bytes have equal digests, others have others."""
    assert digest_of(b"a") == digest_of(b"a") != digest_of(b"b")


def test_lines_are_sorted_and_whole(tmp_path: Path) -> None:
    """Each wanted line comes once, without its line end; lines and files that are not there are left out."""
    (tmp_path / "b.py").write_bytes(b"one\r\ntwo\xff\nthree")
    (tmp_path / "a.py").write_text("x" * (LONGEST_LINE + 5))

    lines = lines_of(
        tmp_path, [("b.py", 3), ("b.py", 1), ("b.py", 2), ("b.py", 1), ("b.py", 9), ("c.py", 1), ("a.py", 1)]
    )

    assert lines == (
        ("a.py", 1, "x" * LONGEST_LINE),
        ("b.py", 1, "one"),
        ("b.py", 2, "two\ufffd"),
        ("b.py", 3, "three"),
    )
