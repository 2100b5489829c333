"""Promise 9 in a sample: any tampering with the log is noticed."""

from pathlib import Path

from tests.proofs.tampers import Bench, check_tamper


def test_no_edit_delete_swap_re_hash_or_cut_goes_unnoticed(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    faults = [check_tamper(bench, seed) for seed in range(100)]

    assert [fault for fault in faults if fault != ""] == []
    assert bench.log.verify(bench.witness).whole
