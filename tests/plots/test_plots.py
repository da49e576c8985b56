"""Pictures show the counts, their intervals, the fit and the theory, and nothing that was not computed."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from coins import Coin
from matplotlib.colors import to_hex

from sparsecs import (
    Cell,
    Diagram,
    DonohoTanner,
    StatisticalDimension,
    Sweep,
    Tally,
    phase_diagram,
    save,
    success_curves,
)

KS = (1, 3, 4, 5, 6, 8)


def made(counts: dict[tuple[int, int, int], int], trials: int = 20) -> Diagram:
    """A diagram with given successes at cells (n, m, k)."""
    tallies = {Cell.of({"n": n, "m": m, "k": k}): Tally(trials, hits) for (n, m, k), hits in counts.items()}
    return Diagram(Sweep(Coin(), list(tallies), repeats=trials), tallies)


EASY = made({(40, 20, k): hits for k, hits in zip(KS, (20, 19, 16, 9, 3, 0), strict=True)})
HARD = made({(40, 20, k): hits for k, hits in zip(KS, (20, 12, 5, 1, 0, 0), strict=True)})
ALWAYS = made({(40, 20, k): 20 for k in KS})
PLANE = made({(40, m, k): 20 if k < m / 3 else 0 for m in (10, 20, 30) for k in range(1, m, 2)})


def bars(container: Any) -> np.ndarray:
    """The lower and upper ends that an error bar draws, one row a point."""
    (lines,) = container.lines[2]
    return np.array([segment[:, 1] for segment in lines.get_segments()])


def labels(ax: Any) -> list[str]:
    return ax.get_legend_handles_labels()[1]


class TestSuccessCurves:
    def test_labels_and_artists_are_those_of_what_was_given(self) -> None:
        ax = success_curves({"easy": EASY, "hard": HARD}, theory={"Donoho–Tanner": 5.5, "coherence": 1.0})
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("k", "success rate")
        assert sorted(labels(ax)) == sorted(["easy", "hard", "Donoho–Tanner", "coherence"])
        assert {text.get_text() for text in ax.get_legend().get_texts()} == set(labels(ax))
        assert len(ax.containers) == 2
        vertical = [line for line in ax.lines if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) == 2]
        assert [line.get_xdata()[0] for line in vertical] == [5.5, 1.0]

    def test_points_and_bars_are_rates_and_wilson_intervals(self) -> None:
        ax = success_curves({"easy": EASY, "hard": HARD})
        for container, diagram in zip(ax.containers, (EASY, HARD), strict=True):
            tallies = [tally for _, tally in diagram.along("k")]
            assert np.abs(container.lines[0].get_xdata() - KS).max() < 0.1, "aside by a little, to be seen"
            assert np.allclose(container.lines[0].get_ydata(), [tally.rate for tally in tallies])
            assert np.allclose(bars(container), [tally.interval() for tally in tallies], rtol=0, atol=1e-12)

    def test_the_fitted_curve_is_that_of_the_transition(self) -> None:
        ax = success_curves({"easy": EASY})
        assert ax.containers[0].lines[0].get_xdata().tolist() == list(KS)
        (curve,) = [line for line in ax.lines if len(line.get_xdata()) > 50]
        fit, x, y = EASY.transition("k"), curve.get_xdata(), curve.get_ydata()
        assert np.allclose(y, 1 / (1 + np.exp(fit.slope * (x - fit.value))))
        assert np.interp(fit.value, x, y) == pytest.approx(0.5, abs=1e-3)
        assert (x[0], x[-1]) == (KS[0], KS[-1])

    def test_where_nothing_turned_no_curve_is_drawn(self) -> None:
        assert math.isnan(ALWAYS.transition("k").value)
        ax = success_curves({"always": ALWAYS})
        assert [line for line in ax.lines if len(line.get_xdata()) > 50] == []
        assert len(ax.containers) == 1

    def test_one_cell_is_a_point(self) -> None:
        ax = success_curves({"one": made({(40, 20, 3): 7})})
        assert np.allclose(bars(ax.containers[0]), [Tally(20, 7).interval()])

    def test_diagrams_can_be_told_apart(self) -> None:
        ax = success_curves({str(number): EASY for number in range(6)})
        looks = [(to_hex(c.lines[0].get_color()), c.lines[0].get_marker()) for c in ax.containers]
        assert len({colour for colour, _ in looks}) == len({marker for _, marker in looks}) == 6

    def test_more_diagrams_and_theories_than_colours_are_all_drawn(self) -> None:
        ax = success_curves({f"d{number}": EASY for number in range(9)}, theory={f"t{n}": n for n in range(9)})
        assert len(labels(ax)) == 18

    @pytest.mark.parametrize("ks", [range(1, 61), [1, 2, 100]], ids=["many", "uneven"])
    def test_a_point_stays_nearer_to_its_place_than_to_the_next(self, ks: Any) -> None:
        diagram = made({(400, 200, k): 20 if k < 2 else 0 for k in ks})
        ax = success_curves({str(number): diagram for number in range(6)})
        drawn = np.array([container.lines[0].get_xdata() for container in ax.containers])
        assert np.abs(drawn - list(ks)).max() < 0.5

    def test_it_draws_on_the_axes_it_is_given(self) -> None:
        ax = plt.subplots()[1]
        assert success_curves({"easy": EASY}, ax=ax) is ax
        assert len(plt.get_fignums()) == 1

    def test_fixed_values_choose_the_cells(self) -> None:
        ax = success_curves({"plane": PLANE}, m=20)
        assert ax.containers[0].lines[0].get_xdata().tolist() == list(range(1, 20, 2))
        with pytest.raises(ValueError, match="The cells differ in 'm' too"):
            success_curves({"plane": PLANE})


class TestPhaseDiagram:
    def test_labels_and_limits_are_those_of_the_phase_plane(self) -> None:
        ax = phase_diagram(PLANE, curves=[DonohoTanner(), StatisticalDimension()])
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("δ = m/n", "ρ = k/m")
        assert (ax.get_xlim(), ax.get_ylim()) == ((0, 1), (0, 1))
        assert set(labels(ax)) == {"DonohoTanner", "StatisticalDimension", "measured 50 %"}

    def test_there_is_a_tile_for_each_cell_of_its_rate_around_its_place(self) -> None:
        ax = phase_diagram(PLANE, fit=None)
        (tiles,) = [c for c in ax.collections if c.get_array() is not None]
        assert len(tiles.get_paths()) == len(PLANE.tallies)
        found = {}
        for path, rate in zip(tiles.get_paths(), tiles.get_array(), strict=True):
            (left, low), (right, high) = path.vertices.min(axis=0), path.vertices.max(axis=0)
            inside = [c for c in PLANE.tallies if left <= c["m"] / 40 <= right and low <= c["k"] / c["m"] <= high]
            (cell,) = inside
            found[cell] = rate
        assert found == {cell: tally.rate for cell, tally in PLANE.tallies.items()}

    def test_tiles_do_not_overlap(self) -> None:
        ax = phase_diagram(PLANE, fit=None)
        (tiles,) = [c for c in ax.collections if c.get_array() is not None]
        boxes = [(*path.vertices.min(axis=0), *path.vertices.max(axis=0)) for path in tiles.get_paths()]
        hair = 1e-9
        for i, (a, b, c, d) in enumerate(boxes):
            for p, q, r, s in boxes[:i]:
                assert min(c, r) - max(a, p) < hair or min(d, s) - max(b, q) < hair

    def test_the_marks_are_the_fitted_transitions(self) -> None:
        ax = phase_diagram(PLANE)
        for container, m in zip(ax.containers, (10, 20, 30), strict=True):
            fit = PLANE.transition("k", m=m)
            assert container.lines[0].get_xdata().tolist() == [m / 40]
            assert container.lines[0].get_ydata() == pytest.approx([fit.value / m])
            assert np.allclose(bars(container), [[fit.lower / m, fit.upper / m]], rtol=0, atol=1e-9)

    def test_a_column_without_a_transition_has_tiles_and_no_mark(self) -> None:
        ax = phase_diagram(ALWAYS)
        assert len(ax.containers) == 0
        assert ax.get_legend() is None

    def test_curves_are_drawn_as_they_are_defined(self) -> None:
        ax = phase_diagram(curves=[DonohoTanner()])
        (line,) = ax.lines
        assert np.allclose(line.get_ydata(), DonohoTanner().rho(line.get_xdata()))
        assert line.get_label() == "DonohoTanner"
        assert len(ax.collections) == 0

    def test_two_curves_of_one_kind_can_be_told_apart(self) -> None:
        ax = phase_diagram(curves=[DonohoTanner(), DonohoTanner(cone="simplex")])
        assert len(set(labels(ax))) == 2

    def test_several_sizes_are_refused(self) -> None:
        with pytest.raises(
            ValueError, match=r"^A phase diagram has one n; the sweep has several\. Run one sweep for each"
        ):
            phase_diagram(made({(40, 20, 3): 5, (50, 20, 3): 5}))

    def test_one_cell_alone_can_be_drawn(self) -> None:
        ax = phase_diagram(made({(40, 20, 3): 5}))
        (tiles,) = [c for c in ax.collections if c.get_array() is not None]
        assert tiles.get_array().tolist() == [0.25]

    def test_it_draws_on_the_axes_it_is_given(self) -> None:
        ax = plt.subplots()[1]
        assert phase_diagram(curves=[DonohoTanner()], ax=ax) is ax
        assert len(plt.get_fignums()) == 1


class TestSave:
    def test_it_writes_a_png_and_an_svg(self, tmp_path: Path) -> None:
        png, svg = save(phase_diagram(curves=[DonohoTanner()]), tmp_path / "deep" / "theory")
        assert (png, svg) == (tmp_path / "deep" / "theory.png", tmp_path / "deep" / "theory.svg")
        assert png.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        assert plt.imread(png).std() > 0.01, "the picture is not blank"
        assert "<svg" in svg.read_text(encoding="utf-8")
        assert sorted(file.name for file in png.parent.iterdir()) == ["theory.png", "theory.svg"]

    def test_it_takes_figures_axes_and_strings(self, tmp_path: Path) -> None:
        ax = phase_diagram(curves=[DonohoTanner()])
        for picture in (ax, ax.figure):
            assert all(file.stat().st_size > 0 for file in save(picture, str(tmp_path / "theory")))

    def test_a_dot_in_the_name_is_kept(self, tmp_path: Path) -> None:
        png, svg = save(phase_diagram(curves=[DonohoTanner()]), tmp_path / "delta_0.5")
        assert (png.name, svg.name) == ("delta_0.5.png", "delta_0.5.svg")

    @pytest.mark.parametrize("ending", ["png", "svg"])
    def test_a_failure_leaves_the_old_file_whole_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
    ) -> None:
        ax = phase_diagram(curves=[DonohoTanner()])
        before = {file.name: file.read_bytes() for file in save(ax, tmp_path / "theory")}
        write = type(ax.figure).savefig

        def broken(figure: Any, file: Any, **options: Any) -> None:
            if str(file).endswith(ending):
                Path(file).write_bytes(b"half a pict")
                raise OSError("no space left on device")
            write(figure, file, **options)

        monkeypatch.setattr(type(ax.figure), "savefig", broken)
        with pytest.raises(OSError, match="no space left"):
            save(ax, tmp_path / "theory")
        assert (tmp_path / f"theory.{ending}").read_bytes() == before[f"theory.{ending}"]
        assert {file.name for file in tmp_path.iterdir()} == set(before), "a part of a file is left behind"

    def test_who_has_the_old_file_open_sees_it_whole(self, tmp_path: Path) -> None:
        old = save(phase_diagram(curves=[DonohoTanner()]), tmp_path / "theory")
        content = [file.read_bytes() for file in old]
        for file in old:
            (tmp_path / f"held{file.suffix}").hardlink_to(file)
        save(success_curves({"easy": EASY}), tmp_path / "theory")
        assert [(tmp_path / f"held{file.suffix}").read_bytes() for file in old] == content
        assert [file.read_bytes() != before for file, before in zip(old, content, strict=True)] == [True, True]

    def test_the_same_picture_is_the_same_file(self, tmp_path: Path) -> None:
        ax = success_curves({"easy": EASY})
        one, other = (save(ax, tmp_path / name) for name in ("one", "other"))
        assert one[0].read_bytes() == other[0].read_bytes()
        assert "<dc:date>" not in one[1].read_text(encoding="utf-8")
        unnamed = [re.sub(r"\b[mp][0-9a-f]{10}\b", "id", file[1].read_text(encoding="utf-8")) for file in (one, other)]
        assert unnamed[0] == unnamed[1]
