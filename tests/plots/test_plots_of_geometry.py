"""Pictures of geometry show what was computed: every pair, every bound, every guarantee, and what is not known as not known."""

from __future__ import annotations

import math
from typing import Any

import matplotlib.pyplot as plt
import naive
import numpy as np
import pytest
from coins import Coin

from sparsecs import (
    Bounds,
    Cell,
    Diagram,
    IsometryBounds,
    Linear,
    Network,
    Relu,
    Sweep,
    Tally,
    coherence_histogram,
    coherence_profile,
    gram_heat_map,
    guarantees_against_transition,
    isometry_bounds_plot,
    linearize,
    stream,
)
from sparsecs.guarantees.guarantee_table import GuaranteeTable

INF = float("inf")
KNOWN = IsometryBounds(2, Bounds(0.3, 0.3), Bounds(0.2, 0.2))
BETWEEN = IsometryBounds(3, Bounds(0.4, 0.6), Bounds(0.3, 0.5))
OPEN = IsometryBounds(4, Bounds(0.5, 1.0), Bounds(0.45, INF))
ROWS = (
    {"theorem": "NullSpaceProperty", "k": 3, "solvers": ("BasisPursuit",)},
    {"theorem": "CoherenceBound", "k": 1, "solvers": ("OMP", "BasisPursuit")},
    {"theorem": "IsometryForCoSaMP", "k": 0, "solvers": ("CoSaMP",)},
)


def measured(hits: tuple[int, ...] = (20, 19, 16, 9, 3, 0)) -> Diagram:
    tallies = {Cell.of({"n": 40, "m": 20, "k": k}): Tally(20, one) for k, one in enumerate(hits, start=1)}
    return Diagram(Sweep(Coin(), list(tallies), repeats=20), tallies)


def cosines(A: np.ndarray) -> np.ndarray:
    unit = A / naive.column_norms(A)
    return np.abs(unit.conj().T @ unit)


def labels(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def vertical(ax: Any) -> list[float]:
    return [line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 2 and len(set(line.get_xdata())) == 1]


def drawn(ax: Any) -> None:
    """All that is written lies inside the figure, but for the room around a legend."""
    ax.figure.canvas.draw()
    renderer, whole = ax.figure.canvas.get_renderer(), ax.figure.bbox
    low, high = sorted(ax.get_ylim())
    inside = [tick.label1 for tick in ax.yaxis.get_major_ticks() if low <= tick.get_loc() <= high]
    texts = [ax.xaxis.label, ax.yaxis.label, *inside, *([ax.get_legend()] if ax.get_legend() else [])]
    for text in [text for text in texts if not hasattr(text, "get_text") or text.get_text()]:
        box = text.get_window_extent(renderer)
        assert box.x0 >= whole.x0 - 2, text
        assert box.x1 <= whole.x1 + 2, text
        assert box.y0 >= whole.y0 - 2, text
        assert box.y1 <= whole.y1 + 2, text


class TestGramHeatMap:
    @pytest.mark.parametrize("kind", [float, complex])
    def test_every_pair_has_a_tile_and_no_column_is_compared_with_itself(self, kind: type) -> None:
        A = stream(0, "A").standard_normal((5, 9)) + (
            1j * stream(1, "A").standard_normal((5, 9)) if kind is complex else 0
        )
        ax = gram_heat_map(A)
        shown = ax.images[0].get_array()
        assert shown.mask.tolist() == np.eye(9, dtype=bool).tolist()
        aside = ~np.eye(9, dtype=bool)
        assert np.allclose(shown.data[aside], cosines(A)[aside], rtol=0, atol=1e-12)
        assert ax.images[0].get_clim() == (0, 1)
        assert ax.images[0].colorbar.ax.get_ylabel() == "|cos| between two columns"
        drawn(ax)

    def test_zero_columns_are_shown_as_unknown(self) -> None:
        A = stream(0, "A").standard_normal((4, 6))
        A[:, 2] = 0
        mask = gram_heat_map(A).images[0].get_array().mask
        assert mask[2].all()
        assert mask[:, 2].all()
        assert mask.sum() == 6 + 2 * 5

    def test_columns_that_share_a_pixel_show_their_largest_value(self) -> None:
        A = stream(0, "A").standard_normal((4, 30))
        A[:, 29] = A[:, 3] + 1e-9 * A[:, 4]  # one pair of 435 that are alike
        ax = gram_heat_map(A, pixels=10)
        shown, all_pairs = ax.images[0].get_array(), cosines(A) * (1 - np.eye(30))
        expected = all_pairs.reshape(10, 3, 10, 3).max(axis=(1, 3))
        assert np.allclose(shown.filled(-1), expected, rtol=0, atol=1e-12)
        assert shown[1, 9] == pytest.approx(1)
        assert "largest" in ax.images[0].colorbar.ax.get_ylabel()

    @pytest.mark.parametrize(
        "blocks", [{"a": [0, 2, 4], "b": [1, 5]}, np.array(["a", "b", "a", "-", "a", "b"])], ids=["dict", "labels"]
    )
    def test_blocks_lie_side_by_side_with_borders_and_names(self, blocks: Any) -> None:
        A = stream(0, "A").standard_normal((4, 6))
        order = [0, 2, 4, 1, 5] if isinstance(blocks, dict) else [3, 0, 2, 4, 1, 5]
        ax = gram_heat_map(A, blocks=blocks)
        expected = cosines(A[:, order])
        aside = ~np.eye(len(order), dtype=bool)
        assert np.allclose(ax.images[0].get_array().data[aside], expected[aside], rtol=0, atol=1e-12)
        assert vertical(ax) == ([3] if isinstance(blocks, dict) else [1, 4])
        names = [text.get_text() for text in ax.get_yticklabels()]
        assert names == (["a", "b"] if isinstance(blocks, dict) else ["-", "a", "b"])
        drawn(ax)

    def test_the_blocks_of_a_jacobian_are_its_layers(self) -> None:
        network = Network((3,), (Linear(4), Relu(), Linear(2)))
        J = linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").normal(size=(5, 3)))
        ax = gram_heat_map(J)
        assert [text.get_text() for text in ax.get_yticklabels()] == ["0 Linear", "2 Linear"]
        assert vertical(ax) == [16]
        drawn(ax)

    def test_blocks_without_meaning_are_refused(self) -> None:
        A = stream(0, "A").standard_normal((4, 6))
        for blocks, words in (([[0, 1], [1, 2]], "already"), ([0, 1], "6 columns"), ({"a": []}, "no columns")):
            with pytest.raises(ValueError, match=words):
                gram_heat_map(A, blocks=blocks)
        assert plt.get_fignums() == []
        with pytest.raises(ValueError, match="not zero"):
            gram_heat_map(np.zeros((3, 3)))


class TestCoherenceHistogram:
    def test_bars_are_the_counts_and_lines_the_mean_the_coherence_and_the_bound(self) -> None:
        profile = coherence_profile(stream(0, "A").standard_normal((10, 30)), bins=20)
        ax = coherence_histogram(profile, welch=0.25)
        values, edges, _ = ax.patches[0].get_data()
        assert np.array_equal(values, profile.counts)
        assert np.array_equal(edges, profile.edges)
        assert vertical(ax) == [profile.mean, profile.largest, 0.25]
        assert labels(ax)[0] == "435 pairs"
        assert ax.get_yscale() == "log"
        assert ax.get_ylim()[1] > profile.counts.max()
        drawn(ax)

    def test_zero_columns_that_were_left_out_are_told(self) -> None:
        ax = coherence_histogram(coherence_profile(np.array([[1.0, 0, 1], [0, 0, 1]])))
        assert labels(ax)[0] == "1 pairs, 1 zero columns left out"

    def test_several_profiles_on_one_picture_can_be_told_apart_and_are_all_inside(self) -> None:
        few = coherence_profile(np.eye(3) + 0.1, bins=np.linspace(0, 0.5, 5))
        many = coherence_profile(stream(0, "A").standard_normal((4, 60)))
        ax = coherence_histogram(few, label="few")
        assert coherence_histogram(many, label="many", ax=ax) is ax
        filled = [patch for patch in ax.patches if patch.get_label()]
        assert filled[0].get_facecolor() != filled[1].get_facecolor()
        assert ax.get_xlim()[1] >= 1
        assert ax.get_ylim()[1] > many.counts.max()
        assert {"few", "many"} <= set(labels(ax))

    def test_what_is_no_profile_is_refused(self) -> None:
        with pytest.raises(TypeError, match="profile must be a coherenceprofile"):
            coherence_histogram(np.eye(3))


class TestIsometryBoundsPlot:
    def test_exact_values_are_points_and_others_reach_from_bound_to_bound(self) -> None:
        ax = isometry_bounds_plot([BETWEEN, KNOWN], thresholds={})
        points = [line for line in ax.lines if line.get_marker() in ("o", "s", "^") and line.get_linestyle() == "None"]
        exact = {round(x): [] for line in points for x in line.get_xdata()}
        for line in points:
            for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True):
                exact[round(x)].append(y)
        assert exact == {2: [0.3, 0.2, 0.3]}
        bars = [(round(s[0, 0]), s[0, 1], s[1, 1]) for c in ax.collections for s in c.get_segments()]
        assert sorted(bars) == [(3, 0.3, 0.5), (3, 0.4, 0.6), (3, 0.4, 0.6)]
        assert (ax.get_xlim()[0], ax.get_xlim()[1]) == (1.5, 3.5)
        drawn(ax)

    def test_an_upper_bound_that_is_not_known_is_an_arrow_at_the_edge(self) -> None:
        assert not OPEN.exact
        ax = isometry_bounds_plot([KNOWN, OPEN], thresholds={})
        arrows = [line for line in ax.lines if line.get_marker() == "^" and line.get_markerfacecolor() == "white"]
        assert [round(float(x)) for line in arrows for x in line.get_xdata()] == [4, 4]
        top = ax.get_ylim()[1]
        assert all(0.9 * top < y <= top for line in arrows for y in line.get_ydata())
        assert math.isfinite(top)
        drawn(ax)

    def test_thresholds_are_lines_and_functions_of_the_order(self) -> None:
        ax = isometry_bounds_plot([KNOWN, BETWEEN], thresholds={"flat": 0.5, "falling": lambda order: 1 / order})
        lines = {line.get_label(): line for line in ax.lines}
        assert set(lines["flat"].get_ydata()) == {0.5}
        assert np.allclose(lines["falling"].get_ydata(), 1 / lines["falling"].get_xdata())
        assert {"flat", "falling"} <= set(labels(ax))
        usual = isometry_bounds_plot([KNOWN, BETWEEN])
        heights = [line.get_ydata()[0] for line in usual.lines if "below" in str(line.get_label())]
        assert np.allclose(heights, [2**-0.5, 3**-0.5, 1.5**-0.5])
        drawn(usual)

    def test_bounds_without_meaning_are_refused(self) -> None:
        for wrong in ([], [KNOWN, KNOWN]):
            with pytest.raises(ValueError, match="one IsometryBounds for each order"):
                isometry_bounds_plot(wrong)
        with pytest.raises(TypeError, match="every one of bounds"):
            isometry_bounds_plot([Bounds(0, 1)])
        with pytest.raises(ValueError, match="The threshold 'bad'"):
            isometry_bounds_plot([KNOWN], thresholds={"bad": -1.0})


class TestGuaranteesAgainstTransition:
    def test_bars_are_the_guarantees_and_lines_the_rates_and_their_half(self) -> None:
        diagram = measured()
        table = GuaranteeTable((20, 40), ROWS)
        ax = guarantees_against_transition(table, {"OMP": diagram})
        assert [bar.get_width() for bar in ax.patches if hasattr(bar, "get_width")] == [3, 1, 0]
        names = [text.get_text() for text in ax.get_yticklabels()]
        assert names == [
            "NullSpaceProperty (BasisPursuit)",
            "CoherenceBound (OMP, BasisPursuit)",
            "IsometryForCoSaMP (CoSaMP)",
        ]
        (right,) = [other for other in ax.figure.axes if other is not ax]
        rates = right.lines[0]
        assert rates.get_xdata().tolist() == [1, 2, 3, 4, 5, 6]
        assert rates.get_ydata().tolist() == [1, 0.95, 0.8, 0.45, 0.15, 0]
        assert vertical(right) == [diagram.transition("k").value]
        assert right.get_ylabel() == "success rate"
        assert ax.get_xlim()[1] > 6
        assert f"OMP: half at k = {diagram.transition('k').value:.3g}" in labels(ax)
        drawn(ax)

    def test_a_transition_alone_has_no_axis_of_rates(self) -> None:
        transition = measured().transition("k")
        ax = guarantees_against_transition(ROWS, transition)
        (right,) = [other for other in ax.figure.axes if other is not ax]
        assert vertical(right) == [transition.value]
        assert right.get_ylabel() == ""
        assert len(right.get_yticks()) == 0
        drawn(ax)

    def test_where_success_never_turned_no_half_is_drawn(self) -> None:
        ax = guarantees_against_transition(ROWS, measured((20,) * 6))
        assert vertical(ax.figure.axes[1]) == []

    def test_rows_that_say_the_same_are_joined_and_long_names_go_on_two_lines(self) -> None:
        rows = [{"theorem": "T", "k": 2, "solvers": (name,)} for name in ("OMP", "HTP")]
        rows.append({"theorem": "T", "k": 1, "solvers": ("ASolverWithALongName", "AnotherSolver")})
        ax = guarantees_against_transition(rows, measured())
        assert [text.get_text() for text in ax.get_yticklabels()] == [
            "T (OMP, HTP)",
            "T\n(ASolverWithALongName, AnotherSolver)",
        ]

    def test_several_measurements_have_colours_of_their_own(self) -> None:
        ax = guarantees_against_transition(ROWS, {"OMP": measured(), "HTP": measured((20, 12, 5, 1, 0, 0))})
        lines = [line for line in ax.figure.axes[1].lines if len(line.get_xdata()) > 2]
        assert len({line.get_color() for line in lines}) == 2
        drawn(ax)

    def test_what_has_no_meaning_is_refused(self) -> None:
        for rows in ([], 3, [{"k": 2}]):
            with pytest.raises(ValueError, match="rows with theorem and k"):
                guarantees_against_transition(rows, measured())
        with pytest.raises(TypeError, match="diagrams or transitions"):
            guarantees_against_transition(ROWS, 3.9)


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: gram_heat_map(np.eye(3), ax=ax),
        lambda ax: coherence_histogram(coherence_profile(np.eye(3)), ax=ax),
        lambda ax: isometry_bounds_plot([KNOWN], ax=ax),
        lambda ax: guarantees_against_transition(ROWS, measured(), ax=ax),
    ],
    ids=["gram", "coherence", "isometry", "guarantees"],
)
def test_it_draws_on_the_axes_it_is_given(draw: Any) -> None:
    ax = plt.subplots()[1]
    assert draw(ax) is ax
    assert len(plt.get_fignums()) == 1


def test_bounds_with_no_upper_end_are_not_exact() -> None:
    assert not Bounds(0.2, INF).exact
    assert Bounds(INF, INF).exact
