"""A store survives a cut at any byte, merges with others, and touches no file that is not its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coins import Coin, LoggedCoin

from sparsecs import OMP, Gaussian, Recovery, Signs, Store, Sweep, grid, rebuild, run
from sparsecs.sweeps.store import HEADER

SWEEP = Sweep(Coin(), grid(k=[3, 5, 7]), repeats=25)
EXPECTED = run(SWEEP).table()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "coins.jsonl"


@pytest.fixture
def full(path: Path) -> Path:
    run(SWEEP, path)
    return path


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines(keepends=True)


def corrupted(path: Path, number: int, line: str | bytes) -> bytes:
    """Put another line at a place, counted from 1, and return the whole file."""
    content = path.read_bytes().splitlines(keepends=True)
    content[number - 1] = line if isinstance(line, bytes) else line.encode() + b"\n"
    path.write_bytes(b"".join(content))
    return path.read_bytes()


class TestRoundTrip:
    def test_what_was_written_is_read(self, full: Path) -> None:
        outcomes = Store(full).read()
        assert {json.loads(key[2])["k"] for key in outcomes} == {3, 5, 7}
        assert {key[:2] for key in outcomes} == {(Coin().fingerprint(), 0)}
        for cell in SWEEP.cells:
            found = outcomes[Coin().fingerprint(), 0, cell.key]
            assert found == {number: Coin().toss(cell, number, 0) for number in range(25)}

    def test_a_second_run_reads_and_writes_nothing(self, full: Path) -> None:
        before = full.read_bytes(), full.stat().st_mtime_ns
        assert run(SWEEP, full).table() == EXPECTED
        assert (full.read_bytes(), full.stat().st_mtime_ns) == before

    def test_a_file_says_what_it_is_and_spells_out_each_trial_once(self, full: Path) -> None:
        run(Sweep(Coin(centre=4.0), grid(k=[3]), repeats=5), full)
        run(Sweep(Coin(), grid(k=[3, 9]), repeats=5), full)
        records = [json.loads(line) for line in lines(full)]
        assert records[0] == HEADER
        declared = [record for record in records if "declaration" in record]
        assert [rebuild(record["declaration"]) for record in declared] == [Coin(), Coin(centre=4.0)]
        assert [record["trial"] for record in declared] == [Coin().fingerprint(), Coin(centre=4.0).fingerprint()]

    def test_a_real_trial_can_be_rebuilt_from_the_file(self, path: Path) -> None:
        trial = Recovery(Gaussian(), Signs(), OMP(tolerance=1e-9), noise=0.25)
        run(Sweep(trial, grid(n=8, m=4, k=1), repeats=1), path)
        assert rebuild(json.loads(lines(path)[1])["declaration"]) == trial

    def test_every_line_is_short_and_says_which_tosses_it_holds(self, full: Path) -> None:
        tossed = [json.loads(line) for line in lines(full) if '"outcomes"' in line]
        assert sum(len(record["outcomes"]) for record in tossed) == SWEEP.tosses
        assert all(set(record["outcomes"]) <= {"0", "1"} for record in tossed)

    def test_folders_are_made_when_something_is_written(self, tmp_path: Path) -> None:
        store = Store(tmp_path / "a" / "b" / "coins.jsonl")
        assert store.read() == {}
        assert not store.path.parent.exists()
        run(SWEEP, store)
        assert store.path.exists()

    def test_a_path_may_be_a_string(self, path: Path) -> None:
        run(SWEEP, str(path))
        assert run(SWEEP, Store(str(path))).table() == EXPECTED
        assert repr(Store(path)) == f"Store({str(path)!r})"


class TestCuts:
    def test_a_store_cut_at_any_byte_goes_on_to_the_same_counts(self, full: Path) -> None:
        content = full.read_bytes()
        tail = len("".join(lines(full)[-3:]))
        for cut in [*range(len(json.dumps(HEADER)) + 3), *range(len(content) - tail - 1, len(content))]:
            full.write_bytes(content[:cut])
            assert run(SWEEP, full).table() == EXPECTED, cut
            assert Store(full).read() is not None
            assert sorted(lines(full)) == sorted(content.decode().splitlines(keepends=True)), cut

    def test_a_cut_line_costs_only_its_own_tosses(self, full: Path, tmp_path: Path) -> None:
        coin = LoggedCoin(log=str(tmp_path / "log"))
        sweep = Sweep(coin, SWEEP.cells, 25)
        run(sweep, full)
        last = json.loads(lines(full)[-1])
        full.write_bytes(full.read_bytes()[:-2])
        before = len(coin.tosses())
        run(sweep, full)
        expected = range(last["first"], last["first"] + len(last["outcomes"]))
        assert coin.tosses()[before:] == [(0, last["cell"]["k"], number) for number in expected]

    def test_reading_a_cut_file_changes_nothing(self, full: Path) -> None:
        full.write_bytes(full.read_bytes()[:-7])
        content = full.read_bytes()
        Store(full).read()
        assert full.read_bytes() == content

    def test_an_empty_file_becomes_a_store(self, path: Path) -> None:
        path.touch()
        assert run(SWEEP, path).table() == EXPECTED


class TestRefusals:
    @pytest.mark.parametrize(
        "content",
        [b"k,rate\n1,0.5\n", b"one line without end", b"\n", b"\x89PNG\r\n\x1a\n\x00\xff", b'{"format": "other"}\n'],
    )
    def test_a_foreign_file_is_refused_and_left_alone(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        for act in (Store(path).read, lambda: run(SWEEP, path), Store(path).writer().__enter__):
            with pytest.raises(ValueError, match=r"is not a store of this package.*Nothing was changed. Name another"):
                act()
        assert path.read_bytes() == content

    def test_a_store_of_another_version_is_refused(self, full: Path) -> None:
        content = corrupted(full, 1, json.dumps({**HEADER, "version": 2}))
        with pytest.raises(ValueError, match=r"another version: its first line is .*version.*2"):
            run(SWEEP, full)
        assert full.read_bytes() == content

    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match=str(tmp_path)):
            run(SWEEP, tmp_path)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "line",
        [
            '{"trial": "abc", "seed": 0, "cel',
            "not json",
            "",
            "5",
            "null",
            "[1, 2]",
            '"text"',
            '{"trial": "a", "seed": 0, "cell": {"k": 1}, "first": 0, "outcomes": "012"}',
            '{"trial": "a", "seed": 0, "cell": {"k": 1}, "first": "x", "outcomes": "01"}',
            '{"trial": ["a"], "seed": 0, "cell": {"k": 1}, "first": 0, "outcomes": "01"}',
            '{"seed": 0, "cell": {"k": 1}, "first": 0, "outcomes": "01"}',
            b'{"trial": "\xff", "seed": 0, "cell": {"k": 1}, "first": 0, "outcomes": "01"}\n',
            '{"declaration": {"class": "coins.Coin"}}',
        ],
    )
    def test_an_unreadable_line_is_named_and_the_file_left_alone(self, full: Path, line: str | bytes) -> None:
        content = corrupted(full, 4, line)
        more = Sweep(SWEEP.trial, SWEEP.cells, repeats=30)
        with pytest.raises(ValueError, match=r"coins\.jsonl, line 4 cannot be read .*Nothing was changed\. Mend or"):
            run(more, full)
        assert full.read_bytes() == content

    def test_contradicting_lines_are_refused_and_left_alone(self, full: Path) -> None:
        record = json.loads(lines(full)[-1])
        record["outcomes"] = record["outcomes"].translate(str.maketrans("01", "10"))
        with full.open("a") as file:
            file.write(json.dumps(record) + "\n")
        content = full.read_bytes()
        message = rf"line {len(lines(full))} contradicts an earlier line about the same tosses.*Nothing was changed"
        for act in (Store(full).read, lambda: run(Sweep(Coin(), grid(k=1)), full)):
            with pytest.raises(ValueError, match=message):
                act()
        assert full.read_bytes() == content

    def test_a_line_said_twice_counts_once(self, full: Path) -> None:
        with full.open("a") as file:
            file.write(lines(full)[-1])
        assert run(SWEEP, full).table() == EXPECTED

    def test_a_second_writer_is_refused(self, full: Path) -> None:
        content = full.read_bytes()
        with Store(full).writer():
            with pytest.raises(BlockingIOError, match=r"Another process is writing to .*coins\.jsonl\. Wait for it"):
                run(Sweep(Coin(), grid(k=1)), full)
            assert run(SWEEP, full).table() == EXPECTED, "who computes nothing may read"
        assert full.read_bytes() == content
        run(Sweep(Coin(), grid(k=1)), full)
        assert len(full.read_bytes()) > len(content)


class TestMerging:
    def test_two_stores_one_behind_the_other_are_one_store(self, tmp_path: Path) -> None:
        coin = LoggedCoin(log=str(tmp_path / "log"))
        a, b, both = tmp_path / "a", tmp_path / "b", tmp_path / "both"
        run(Sweep(coin, grid(k=[3, 5]), repeats=25), a)
        run(Sweep(coin, grid(k=[5, 7]), repeats=35), b)
        both.write_bytes(a.read_bytes() + b.read_bytes())
        before = len(coin.tosses())
        sweep = Sweep(coin, grid(k=[3, 5, 7]), repeats=35)
        assert run(sweep, both).tallies == run(Sweep(Coin(), sweep.cells, 35)).tallies
        assert coin.tosses()[before:] == [(0, 3, number) for number in range(25, 35)]

    def test_a_merged_store_can_be_cut_and_merged_again(self, full: Path, tmp_path: Path) -> None:
        both = tmp_path / "both"
        both.write_bytes(full.read_bytes() * 2)
        both.write_bytes(both.read_bytes()[:-5])
        run(Sweep(Coin(), grid(k=[1]), repeats=5), both)
        both.write_bytes(both.read_bytes() + full.read_bytes())
        assert run(SWEEP, both).table() == EXPECTED

    def test_a_store_behind_one_that_was_cut_says_where_to_mend(self, full: Path, tmp_path: Path) -> None:
        both = tmp_path / "both"
        both.write_bytes(full.read_bytes()[:-5] + full.read_bytes())
        with pytest.raises(ValueError, match=rf"line {len(lines(full))} cannot be read"):
            run(SWEEP, both)
