from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from commlint.store.cache import COARSE_TICK, FILE, RESULTS_KEPT, Cache
from commlint.store.discovery import SourceFile

OLD = time.time_ns() - 10 * COARSE_TICK + 1


def file(path: str = "a.py", modified: int = OLD, size: int = 3) -> SourceFile:
    return SourceFile(path, size, modified, modified, 7)


def filled(folder: Path, producer: str = "one") -> None:
    with Cache(folder, producer) as cache:
        cache.remember(file("a.py"), "digest-a", ("httpx",), b"facts of a")
        cache.remember(file("b.yaml"), "digest-b", None, b"facts of b" * 1000)
        cache.remember_result("key", (b"system", b"report"))
        cache.save()


def test_answers_come_back(tmp_path: Path) -> None:
    """What one run remembered the next one knows: digests, sketches, facts and results."""
    filled(tmp_path / "cache")

    with Cache(tmp_path / "cache", "one") as cache:
        known = cache.unchanged(file("a.py"))
        assert known is not None
        assert (known.digest, known.imports) == ("digest-a", ("httpx",))
        assert cache.facts("a.py", "digest-a") == b"facts of a"
        assert cache.facts("b.yaml", "digest-b") == b"facts of b" * 1000
        assert cache.result("key") == (b"system", b"report")
        assert [cache.part("key", number) for number in range(3)] == [b"system", b"report", None]


def test_other_content_path_or_key_is_a_miss(tmp_path: Path) -> None:
    """Facts belong to one content at one path; a result to one key."""
    filled(tmp_path)

    with Cache(tmp_path, "one") as cache:
        assert cache.facts("a.py", "digest-b") is None
        assert cache.facts("c.py", "digest-a") is None
        assert cache.result("other") is None


def test_touched_file_is_not_taken_for_unchanged(tmp_path: Path) -> None:
    """Another size or time means the file is read again; its facts are still there if the content is the same."""
    filled(tmp_path)

    with Cache(tmp_path, "one") as cache:
        assert cache.unchanged(file("a.py", modified=OLD + 1)) is None
        assert cache.unchanged(file("a.py", size=4)) is None
        assert cache.same_content("a.py", "digest-a") is not None


@pytest.mark.parametrize("age", [0, 10_000_000])
def test_young_file_is_not_known_by_its_times(tmp_path: Path, age: int) -> None:
    """A file written just before the run may change again without its times telling."""
    young = file("a.py", modified=time.time_ns() - age)
    with Cache(tmp_path, "one") as cache:
        cache.remember(young, "digest", None, None)
        cache.save()

    with Cache(tmp_path, "one") as cache:
        assert cache.unchanged(young) is None
        assert cache.same_content("a.py", "digest") is not None


def test_whole_seconds_point_to_a_coarse_clock(tmp_path: Path) -> None:
    """Where a file system keeps whole seconds, a file one second old is still too young."""
    second = 1_000_000_000
    now = time.time_ns() // second * second
    recent = SourceFile("a.py", 3, now, now, 7)
    with Cache(tmp_path, "one") as cache:
        cache.remember(recent, "digest", None, None)
        cache.save()

    with Cache(tmp_path, "one") as cache:
        assert cache.unchanged(recent) is None


def test_other_producer_starts_anew(tmp_path: Path) -> None:
    """Nothing another version wrote is used."""
    filled(tmp_path, "one")

    with Cache(tmp_path, "two") as cache:
        assert cache.unchanged(file("a.py")) is None
        assert cache.facts("a.py", "digest-a") is None
        assert cache.result("key") is None


def test_forgotten_unless_remembered_again(tmp_path: Path) -> None:
    """Facts of files that are gone leave the cache, so it does not grow for ever; results stay."""
    filled(tmp_path)
    with Cache(tmp_path, "one") as cache:
        cache.remember(file("b.yaml"), "digest-b", None, cache.facts("b.yaml", "digest-b"))
        cache.save()

    with Cache(tmp_path, "one") as cache:
        assert cache.facts("a.py", "digest-a") is None
        assert cache.facts("b.yaml", "digest-b") == b"facts of b" * 1000
        assert cache.result("key") == (b"system", b"report")


def test_only_the_latest_results_are_kept(tmp_path: Path) -> None:
    """Results of the last few configurations are there, older ones are not."""
    for number in range(RESULTS_KEPT + 2):
        with Cache(tmp_path, "one") as cache:
            cache.remember_result(f"key {number}", (str(number).encode(),))
            cache.save()

    with Cache(tmp_path, "one") as cache:
        kept = [number for number in range(RESULTS_KEPT + 2) if cache.result(f"key {number}") is not None]
    assert kept == list(range(2, RESULTS_KEPT + 2))


@pytest.mark.parametrize("keep", [0, 5, 20, 40, -1])
def test_cut_off_file_is_a_miss(tmp_path: Path, keep: int, caplog: pytest.LogCaptureFixture) -> None:
    """A file that ends too early is a miss with a line in the log, and is written anew."""
    caplog.set_level("INFO")
    filled(tmp_path)
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content[:keep])

    with Cache(tmp_path, "one") as cache:
        assert cache.unchanged(file("a.py")) is None
    assert "broken and is made again" in caplog.text
    filled(tmp_path)
    assert (tmp_path / FILE).read_bytes() == content


def test_every_flipped_byte_is_a_miss_or_the_truth(tmp_path: Path) -> None:
    """Whatever byte of the file is wrong, no wrong answer comes out."""
    filled(tmp_path)
    content = (tmp_path / FILE).read_bytes()
    head = content.index(b"facts of a")
    for place in [*range(head), head, len(content) - 1]:
        (tmp_path / FILE).write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])

        with Cache(tmp_path, "one") as cache:
            known = cache.unchanged(file("a.py"))
            assert known is None or (known.digest, known.imports) == ("digest-a", ("httpx",))
            assert cache.facts("a.py", "digest-a") in (None, b"facts of a")
            assert cache.result("key") in (None, (b"system", b"report"))


def test_foreign_file_is_a_miss(tmp_path: Path) -> None:
    """A file that is something else altogether is a miss."""
    (tmp_path / FILE).write_bytes(b"\x80\x04\x95 somebody else's" * 100)

    with Cache(tmp_path, "one") as cache:
        assert cache.result("key") is None


def test_without_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache without a folder takes everything and writes nothing."""
    monkeypatch.chdir(tmp_path)
    with Cache(None, "one") as cache:
        cache.remember(file("a.py"), "digest", None, b"facts")
        cache.save()

    assert list(tmp_path.iterdir()) == []


def test_folder_is_left_alone_by_git_and_backups(tmp_path: Path) -> None:
    """The folder ignores itself and carries the mark of caches; what somebody put there stays."""
    folder = tmp_path / "deep" / ".commlint_cache"
    filled(folder)
    (folder / ".gitignore").write_text("mine\n")
    filled(folder)

    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    assert (folder / ".gitignore").read_text() == "mine\n"
    assert sorted(os.listdir(folder)) == [".gitignore", "CACHEDIR.TAG", FILE]


def test_folder_that_cannot_be_made_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A cache that cannot be written costs time only."""
    (tmp_path / "file").write_text("")

    filled(tmp_path / "file" / "cache")

    assert "cannot be written" in caplog.text


def test_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """Nothing is written to where a link in the analysed folder leads."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "cache").symlink_to(tmp_path / "elsewhere")

    filled(tmp_path / "cache")

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_runs_at_the_same_time_see_whole_files(tmp_path: Path) -> None:
    """While several runs write, every reader gets all of one of them."""
    filled(tmp_path)
    failures: list[object] = []

    def write(mark: bytes) -> None:
        for _ in range(30):
            with Cache(tmp_path, "one") as cache:
                cache.remember(file("a.py"), "digest", None, mark * 5000)
                cache.remember_result("key", (mark, mark))
                cache.save()

    def read() -> None:
        for _ in range(60):
            with Cache(tmp_path, "one") as cache:
                result, facts = cache.result("key"), cache.facts("a.py", "digest")
                if result is None or (facts is not None and facts != result[0] * 5000):
                    failures.append((result, facts))

    threads = [threading.Thread(target=write, args=(mark,)) for mark in (b"1", b"2")]
    threads += [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
