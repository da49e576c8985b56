"""The check of curves names the law that a broken one breaks; tests/laws asks it of every curve of this package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

from sparsecs import Curve
from sparsecs.testing import check_curve


@dataclass(frozen=True)
class Sound(Curve):
    """1 / (1 + log(1 / delta)): rises from 0 to 1 over the whole domain."""

    reference: ClassVar[str] = "For tests (2024)"
    predicts: ClassVar[str] = "nothing at all, soundly"

    def _rho(self, delta: float) -> float:
        return 1 / (1 - np.log(delta))


def in_order(self: Sound, delta: Any) -> Any:
    rho = Sound.rho(self, delta)
    return np.sort(rho, axis=None).reshape(rho.shape) if np.ndim(delta) == 2 else rho


def flat(self: Sound, delta: Any) -> Any:
    rho = Sound.rho(self, delta)
    return np.ravel(rho) if np.ndim(delta) else rho


def dented(self: Sound, delta: float) -> float:
    return float(1 / (1 - np.log(delta)) - 0.1 * (0.49 < delta < 0.51))


def half(self: Sound, delta: float) -> float:
    return float(0.5 / (1 - np.log(delta)))


def past_the_end(self: Sound, rho: float) -> float:
    return float(np.exp(1 - 0.5 / min(rho, 0.5)))


def broken(**parts: Any) -> Curve:
    return type("Broken", (Sound,), parts)()


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "a curve that falls": ({"_rho": lambda self, d: 1 - d / 2}, "rises strictly.*rho"),
    "a curve with a flat part": ({"_rho": lambda self, d: max(0.2, 1 / (1 - np.log(d)))}, "rises strictly"),
    "a curve above one": ({"_rho": lambda self, d: 1.5 / (1.5 - np.log(d)) + (d > 0.9) / 2}, "at most 1"),
    "a curve with a small dent": ({"_rho": lambda self, d: 1 / (1 - np.log(d)) - 0.1 * (0.49 < d < 0.51)}, "rises strictly"),
    "NaN near zero": ({"_rho": lambda self, d: 1 / (1 - np.log(d)) if d > 1e-100 else np.nan}, r"rho\(1e-200\) = nan"),
    "a curve that ends elsewhere": ({"_rho": lambda self, d: 0.5 / (1 - np.log(d))}, "ends at rho = 1, or"),
    "a jump at one": ({"_rho": lambda self, d: 1.0 if d == 1 else 0.9 / (1 - np.log(d))}, "without a jump"),
    "a wrong inverse": ({"_delta": lambda self, rho: rho}, r"undoes rho\(delta\).*delta\(rho"),
    "an inverse to few digits": ({"_delta": lambda self, rho: float(np.exp(1 - 1 / rho)) * (1 + 1e-8 * (rho < 1))}, "undoes"),
    "arrays that are sorted": ({"rho": in_order}, "entry by entry"),
    "arrays that lose their shape": ({"rho": flat}, "has shape"),
    "numbers that come back as arrays": ({"rho": lambda self, delta: np.asarray(Sound.rho(self, delta))}, "is a ndarray"),
    "a domain without end": ({"rho": lambda self, delta: Sound.rho(self, np.clip(delta, 1e-300, 1.0))}, "was accepted"),
    "a share of n": ({"k": lambda self, m, n: n * self.rho(m / n)}, r"m rho\(m/n\)"),
    "another start": ({"start": 0.2}, "not below its start"),
    "a start that is not come near": ({"start": 0.001}, "comes near to it"),
    "another limit": ({"limit": 0.9}, "limit = 0.9"),
    "above 0 where it says 0": ({"from_delta": 0.3}, "from the delta on that it says"),
    "0 above where it says so": ({"from_delta": 0.3, "_rho": lambda self, d: max(0.0, 2 - 1 / d)}, "from the delta on"),
    "a curve with a dent that says it is flat": ({"rises": False, "_rho": dented}, "never falls"),
    "an inverse that asks for too much": ({"rises": False, "_delta": lambda self, rho: 1.0}, "less would do"),
    "a limit that is passed": ({"limit": 0.5, "_rho": half, "_delta_within": past_the_end}, "has no delta"),
    "no year": ({"reference": "Somebody"}, "source with a year"),
    "few words": ({"predicts": "all"}, "in words"),
    "an error": ({"_rho": lambda self, d: 1 / 0}, "ZeroDivisionError"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_curve_is_found_and_the_law_is_named(name: str) -> None:
    parts, words = BROKEN[name]
    with pytest.raises(AssertionError, match=words) as found:
        check_curve(broken(**parts))
    assert str(found.value).startswith("Broken() breaks a law: ")


def test_a_sound_curve_passes() -> None:
    check_curve(Sound())


KNOWN: dict[str, dict[str, Any]] = {
    "a straight line": {"_rho": lambda self, d: 0.2 + 0.3 * d, "start": 0.2, "limit": 0.5, "accuracy": 1e-12},
    "a level": {"_rho": lambda self, d: 0.5, "start": 0.5, "limit": 0.5, "rises": False},
    "a curve that starts late": {"_rho": lambda self, d: max(0.0, 2 - 1 / d), "from_delta": 0.5, "accuracy": 1e-13},
    "a curve that is cut off": {"_rho": lambda self, d: min(1.0, 2 / (1 - np.log(d))), "rises": False},
    "a curve of few deltas": {"smallest": 1e-6},
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_curve_of_another_shape_passes_when_it_says_so_and_only_then(name: str) -> None:
    check_curve(broken(**KNOWN[name]))
    if name != "a curve of few deltas":
        with pytest.raises(AssertionError, match="breaks a law"):
            check_curve(broken(_rho=KNOWN[name]["_rho"]))


def test_the_inverse_of_a_curve_with_a_flat_part_is_the_least_delta() -> None:
    curve = broken(**KNOWN["a curve that is cut off"])
    assert curve.delta(1) == pytest.approx(np.exp(-1), rel=1e-12)
    level = broken(**KNOWN["a level"])
    for rho, words in ((0.4, "below"), (0.5, "below"), (0.6, "above the curve, which ends at rho = 0.5")):
        with pytest.raises(ValueError, match=words):
            level.delta(rho)


def test_what_is_no_curve_is_refused() -> None:
    with pytest.raises(TypeError, match=r"curve must be a curve such as DonohoTanner\(\)"):
        check_curve(np.sqrt)
