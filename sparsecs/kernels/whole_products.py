"""Inner products of 8-bit with 16-bit whole numbers, exact in 32 bits, four columns at a time.

Processors multiply 16-bit numbers and add them in pairs in one instruction, which a compiler of loops over 32-bit sums does
not see. So the loop over a column is written in the compiler's own language: with that instruction where this processor has
it (AVX-512 or AVX2), else in general terms.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import binding, ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

PAD = 32  # columns are filled with zeros to a multiple of this length,
TOGETHER = 4  # and there are zero columns up to a multiple of this number
INSTRUCTIONS = (("avx512bw", 32, "llvm.x86.avx512.pmaddw.d.512"), ("avx2", 16, "llvm.x86.avx2.pmadd.wd"))


def padded(n: int, m: int) -> tuple[int, int]:
    """The shape that holds n columns of length m.

    Examples
    --------
    >>> from sparsecs.kernels.whole_products import padded
    >>> padded(5, 33)
    (8, 64)
    """
    return -(-n // TOGETHER) * TOGETHER, -(-m // PAD) * PAD


@njit(cache=True, nogil=True)
def products(codes, whole, out):
    """The inner products of the rows of ``codes``, int8, with ``whole``, int16, both of a ``padded`` shape, into ``out``."""
    length = codes.shape[1]
    for j in range(0, out.size, TOGETHER):
        found = _four(codes.ctypes.data + j * length, length, whole.ctypes.data)
        for i in range(min(TOGETHER, out.size - j)):
            out[j + i] = found[i]


def _instruction() -> tuple[int, str]:
    """How many pairs are multiplied at a time, and by what."""
    features = binding.get_host_cpu_features()
    for feature, lanes, name in INSTRUCTIONS:
        if features.get(feature):
            return lanes, name
    return 16, ""


@intrinsic
def _four(_: Any, codes: Any, length: Any, whole: Any) -> Any:
    """The products of four columns, at the address ``codes`` and ``length`` bytes apart, with the numbers at ``whole``."""
    result = types.UniTuple(types.int32, TOGETHER)

    def build(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        lanes, name = _instruction()
        first, length, whole = arguments
        small, middle = ir.VectorType(ir.IntType(8), lanes), ir.VectorType(ir.IntType(16), lanes)
        starts = [builder.add(first, builder.mul(length, ir.Constant(length.type, i))) for i in range(TOGETHER)]
        columns = [builder.inttoptr(start, small.as_pointer()) for start in starts]
        shared = builder.inttoptr(whole, middle.as_pointer())
        sums = ir.VectorType(ir.IntType(32), lanes // 2 if name else lanes)
        totals = [cgutils.alloca_once_value(builder, ir.Constant(sums, [0] * sums.count)) for _ in columns]
        with cgutils.for_range(builder, builder.udiv(length, ir.Constant(length.type, lanes))) as loop:
            right = builder.load(builder.gep(shared, [loop.index]), align=2)
            for column, total in zip(columns, totals, strict=True):
                left = builder.sext(builder.load(builder.gep(column, [loop.index]), align=1), middle)
                builder.store(builder.add(builder.load(total), _times(builder, left, right, sums, name)), total)
        add_up = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.IntType(32), [sums]), f"llvm.vector.reduce.add.v{sums.count}i32"
        )
        return context.make_tuple(builder, result, [builder.call(add_up, [builder.load(total)]) for total in totals])

    return result(types.uintp, types.intp, types.uintp), build


def _times(builder: Any, left: Any, right: Any, sums: Any, name: str) -> Any:
    """Products as 32-bit numbers, added in pairs where an instruction does so."""
    if name:
        kind = ir.FunctionType(sums, [left.type, right.type])
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [left, right])
    return builder.mul(builder.sext(left, sums), builder.sext(right, sums))


def whole_array(m: int) -> np.ndarray:
    """An array of zeros for m whole numbers of 16 bits.

    Examples
    --------
    >>> from sparsecs.kernels.whole_products import whole_array
    >>> whole_array(3).size
    32
    """
    return np.zeros(padded(1, m)[1], np.int16)
