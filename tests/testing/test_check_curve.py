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


def broken(**parts: Any) -> Curve:
    return type("Broken", (Sound,), parts)()


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "a curve that falls": ({"_rho": lambda self, d: 1 - d / 2}, "rises strictly.*rho"),
    "a curve with a flat part": ({"_rho": lambda self, d: max(0.2, 1 / (1 - np.log(d)))}, "rises strictly"),
    "a curve above one": ({"_rho": lambda self, d: 1.5 / (1.5 - np.log(d)) + (d > 0.9) / 2}, "at most 1"),
    "a curve with a small dent": ({"_rho": lambda self, d: 1 / (1 - np.log(d)) - 0.1 * (0.49 < d < 0.51)}, "rises strictly"),
    "NaN near zero": ({"_rho": lambda self, d: 1 / (1 - np.log(d)) if d > 1e-100 else np.nan}, r"rho\(1e-200\) = nan"),
    "a curve that ends elsewhere": ({"_rho": lambda self, d: 0.5 / (1 - np.log(d))}, "ends at rho = 1"),
    "a jump at one": ({"_rho": lambda self, d: 1.0 if d == 1 else 0.9 / (1 - np.log(d))}, "without a jump"),
    "a wrong inverse": ({"_delta": lambda self, rho: rho}, r"undoes rho\(delta\).*delta\(rho"),
    "an inverse to few digits": ({"_delta": lambda self, rho: float(np.exp(1 - 1 / rho)) * (1 + 1e-8 * (rho < 1))}, "undoes"),
    "arrays that are sorted": ({"rho": in_order}, "entry by entry"),
    "arrays that lose their shape": ({"rho": flat}, "has shape"),
    "numbers that come back as arrays": ({"rho": lambda self, delta: np.asarray(Sound.rho(self, delta))}, "is a ndarray"),
    "a domain without end": ({"rho": lambda self, delta: Sound.rho(self, np.clip(delta, 1e-300, 1.0))}, "was accepted"),
    "sparsity of n": ({"sparsity": lambda self, m, n: n * self.rho(m / n)}, r"m rho\(m/n\)"),
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


def test_what_is_no_curve_is_refused() -> None:
    with pytest.raises(TypeError, match=r"curve must be a curve such as DonohoTanner\(\)"):
        check_curve(np.sqrt)
