"""How many supports there are, as an exponent for each measurement."""

from __future__ import annotations

import math


def entropy_rate(delta: float, rho: float) -> float:
    """H(rho delta) / delta, also where delta is 1e-300: log of the number of supports, over m, in the limit of large n."""
    share = rho * delta
    rest = rho if share < 1e-17 else -(1 - share) * math.log1p(-share) / delta if share < 1 else 0.0
    return -rho * (math.log(rho) + math.log(delta)) + rest
