"""What ``compare`` found: the measured transitions beside the theory, and a test of the exact law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, repr=False)
class Comparison:
    """Measured success counts against theory; ``compare`` makes it.

    Attributes
    ----------
    rows : tuple of dicts
        For each m and n: ``trials``; ``measured``, the fitted 50 % point in k, an estimate, between ``lower`` and ``upper``, the
        ends of its profile likelihood interval; ``theory``, the k of the curve; ``offset``, measured less theory; ``exact``, the
        k50 of the exact law; ``width``, the standard deviation in k of the fitted normal distribution, and ``exact_width``, half
        the way between the 16 % and 84 % points of the law; ``deviance`` and ``cells``, the part of the whole deviance and the
        cells in it.
    deviance : float
        G² = 2 Σ observed log(observed / expected), over successes and failures of all cells.
    freedom : int
        Cells in which both success and failure are possible: nothing is fitted.
    p_value : float
        The probability of a deviance as large if the law holds.
    method : str
        How the p-value was found.
    theory : str
        The curve that the offsets are taken from.
    cone : str
        The cone of the exact law.
    confidence : float
        Of each interval.

    Examples
    --------
    >>> from sparsecs import OMP, Gaussian, Recovery, Signs, Sweep, compare, grid, run
    >>> sweep = Sweep(Recovery(Gaussian(), Signs(), OMP()), grid(n=40, m=20, k=range(1, 12)), repeats=20)
    >>> found = compare(run(sweep))
    >>> found.freedom, found.p_value < 0.01  # the law is that of l1, and not of OMP
    (11, True)
    >>> [row["m"] for row in found.rows]
    [20]
    """

    rows: tuple[dict[str, Any], ...]
    deviance: float
    freedom: int
    p_value: float
    method: str
    theory: str
    cone: str
    confidence: float

    @property
    def inside(self) -> int:
        """How many intervals hold the value of the theory."""
        return sum(row["lower"] <= row["theory"] <= row["upper"] for row in self.rows)

    def __repr__(self) -> str:
        return (
            f"<Comparison of {len(self.rows)} transitions with {self.theory}: deviance {self.deviance:.1f} on "
            f"{self.freedom} cells, p = {self.p_value:.3g}>"
        )

    def __str__(self) -> str:
        lines = [
            f"{'m':>6} {'n':>6} {'trials':>7} {'measured k50 [interval]':>28} {'theory':>9} {'offset':>8} "
            f"{'exact':>9} {'width':>7} {'exact':>7} {'G2':>8} {'cells':>5}"
        ]
        for row in self.rows:
            measured = f"{row['measured']:.2f} [{row['lower']:.2f}, {row['upper']:.2f}]"
            lines.append(
                f"{row['m']:>6} {row['n']:>6} {row['trials']:>7} {measured:>28} {row['theory']:>9.2f} {row['offset']:>8.2f} "
                f"{row['exact']:>9.2f} {row['width']:>7.2f} {row['exact_width']:>7.2f} {row['deviance']:>8.1f} "
                f"{row['cells']:>5}"
            )
        lines.append(
            f"theory: {self.theory}; {self.inside} of {len(self.rows)} intervals of {self.confidence:.4g} hold it"
        )
        lines.append(
            f"exact law ({self.cone}): deviance {self.deviance:.1f} on {self.freedom} cells, p = {self.p_value:.3g}, "
            f"{self.method}"
        )
        return "\n".join(lines)
