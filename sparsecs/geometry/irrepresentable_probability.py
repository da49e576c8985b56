"""How often the irrepresentable condition holds for Gaussian columns, exactly; the integral is in ``kernels``."""

from __future__ import annotations

from sparsecs.core.checks import probability, whole_number
from sparsecs.kernels.irrepresentable_chance import irrepresentable_chance


def irrepresentable_probability(m: int, n: int, k: int) -> float:
    """The probability that the irrepresentable condition holds for a given support and signs of an i.i.d. Gaussian matrix.

    Signs and the scale of the entries play no part. Exact to about 1e-12 of its value, also where that is tiny. Since the
    condition implies recovery from noiseless data by l1, it is a lower bound on the probability of that.

    Parameters
    ----------
    m, n : int
        Rows and columns, at least 1.
    k : int
        The size of the support, at most n; 0 for more than m.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Wainwright, "Sharp thresholds for high-dimensional and noisy sparsity recovery using l1-constrained quadratic programming
    (Lasso)" (2009), has the asymptotic threshold, near m = 2 k log(n - k).

    Examples
    --------
    >>> from sparsecs import irrepresentable_probability
    >>> round(irrepresentable_probability(100, 512, 8), 6)
    0.666345
    """
    whole_number(m, "m", 1)
    whole_number(n, "n", 1)
    whole_number(k, "k", 0, n, f"There are {n} columns.")
    return irrepresentable_chance(m, n, k)


def irrepresentable_measurements(n: int, k: int, probability_of_success: float = 0.5) -> int:
    """The least m at which the irrepresentable condition holds with a given probability for an i.i.d. Gaussian matrix.

    Parameters
    ----------
    n : int
        Columns.
    k : int
        The size of the support, at least 1 and at most n.
    probability_of_success : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> from sparsecs import irrepresentable_measurements
    >>> irrepresentable_measurements(512, 8, 0.9)
    124
    """
    whole_number(k, "k", 1, whole_number(n, "n", 1), f"There are {n} columns.")
    goal = probability(probability_of_success, "probability_of_success")
    low, high = k - 1, k  # at low it is not reached
    while irrepresentable_probability(high, n, k) < goal:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if irrepresentable_probability(middle, n, k) < goal else (low, middle)
    return high
