"""What a theorem says of one matrix: whether its premise holds, by which figure, and for whom it speaks then."""

from __future__ import annotations

from dataclasses import dataclass

from sparsecs.geometry.bounds import Bounds


@dataclass(frozen=True, eq=False)
class Verdict:
    """Whether the premise of a theorem holds; it is true where the premise is proven, and prints as a sentence.

    Parameters
    ----------
    theorem : str
        The name of the guarantee.
    case : str
        Of what it was asked, in words: "k = 3".
    holds : bool or None
        None if the bounds do not tell. False says that this theorem is silent; only where it is ``sharp`` a solver fails.
    figure : str
        The name of the figure that decides.
    value : Bounds
        What is known of it.
    threshold : float
        The premise holds if the figure is below it.
    promise : str
        What follows from the premise, in words.
    solvers : tuple of str
        The code that makes each solver for which it follows, with the settings that the theorem asks for.
    sharp : bool
        Whether the promise is broken, for some signal, wherever the premise does not hold.
    note : str
        What else should be known, in words.

    Attributes
    ----------
    reason : str
        The figure against its threshold.
    words : str
        All of it as a sentence.

    Examples
    --------
    >>> from sparsecs import Bounds, Verdict
    >>> Verdict("CoherenceBound", "k = 3", True, "μ", Bounds(0.1, 0.1), 0.2, "every 3-sparse signal is found", ("OMP()",))
    CoherenceBound holds for k = 3: μ = 0.1, below 0.2. So every 3-sparse signal is found, by OMP().
    """

    theorem: str
    case: str
    holds: bool | None
    figure: str
    value: Bounds
    threshold: float
    promise: str
    solvers: tuple[str, ...] = ()
    sharp: bool = False
    note: str = ""

    def __bool__(self) -> bool:
        return self.holds is True

    @property
    def reason(self) -> str:
        low, high, bar = f"{self.value.lower:.4g}", f"{self.value.upper:.4g}", f"{self.threshold:.4g}"
        if low == high or self.value.exact:
            side = "below" if self.holds else "not below"
            closer = (
                f"{self.value.upper:.10g}, {side} {self.threshold:.10g}" if high == bar else f"{high}, {side} {bar}"
            )
            return f"{self.figure} = {closer}"
        if self.holds:
            return f"{self.figure} ≤ {high}, below {bar}"
        if self.holds is False:
            return f"{self.figure} ≥ {low}, not below {bar}"
        stopped = f"; stopped early: {self.value.stopped}" if self.value.stopped else ""
        return f"{low} ≤ {self.figure} ≤ {high}, the bounds do not tell whether it is below {bar}{stopped}"

    @property
    def words(self) -> str:
        note = f" {self.note}" if self.note else ""
        if self.holds:
            whom = f", by {' and '.join(self.solvers)}" if self.solvers else ""
            return f"{self.theorem} holds for {self.case}: {self.reason}. So {self.promise}{whom}.{note}"
        if self.holds is None:
            return f"Whether {self.theorem} holds for {self.case} is open: {self.reason}.{note}"
        end = "Some signal is missed." if self.sharp else "It is silent then; a solver may succeed all the same."
        return f"{self.theorem} does not hold for {self.case}: {self.reason}. {end}{note}"

    def __repr__(self) -> str:
        return self.words
