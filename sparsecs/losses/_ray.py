"""The best point on a ray for a concave function: where its slope passes through zero."""

from __future__ import annotations

from collections.abc import Callable


def highest(slope: Callable[[float], tuple[float, float]], end: float) -> float:
    """The t in [0, end] at which a falling slope is zero; ``end`` if it is positive there, 0 if it never is.

    Newton's method within a bracket that halves when Newton leaves it.

    Parameters
    ----------
    slope : callable
        Gives the slope at t > 0 and the slope of the slope there, which is at most zero.
    end : float
        Finite, at least zero.
    """
    if end <= 0:
        return 0.0
    if slope(end)[0] >= 0:
        return end
    low, high, t = 0.0, end, min(1.0, 0.5 * end)
    for _ in range(200):
        value, bend = slope(t)
        if value == 0:
            return t
        low, high = (t, high) if value > 0 else (low, t)
        newton = t - value / bend if bend < 0 else low
        following = newton if low < newton < high else 0.5 * (low + high)
        if abs(following - t) <= 1e-15 * t or following == t:
            return following
        t = following
    return t
