"""Tables that every bucket writes and every bucket reads its share of."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from commlint.observe.shares import gathered, leave

ROW = np.dtype([("number", "<i8"), ("name", "u1")])


def test_every_share_holds_what_all_wrote_for_it(tmp_path: Path) -> None:
    """And nothing else."""
    numbers = {("one", 0): [4, 1, 7], ("one", 1): [], ("other", 0): [2], ("other", 1): [10, 11, 12, 13]}
    for (name, writer), given in numbers.items():
        rows = np.array([(number, number % 5) for number in given], ROW)
        leave(tmp_path, name, writer, rows, rows["number"] % 2, 2)

    shares = [gathered(tmp_path, ["one", "other"], ROW, share, 2)["number"].tolist() for share in (0, 1)]

    assert shares == [[4, 2, 10, 12], [1, 7, 11, 13]]
    assert gathered(tmp_path, ["one"], ROW, 0, 2)["name"].tolist() == [4]
