#!/usr/bin/python3
"""Writes src/ops/<op>/oracle.json: what each op must return, from sources other than Hillock.

Needs Debian 12: apt-get install python3-numpy python3-torch python3-mpmath libonnx-testdata
Run:             /usr/bin/python3 scripts/make_oracles.py [OP ...]      (all ops when none is named)

Sources, the first word of a case's name:
  numpy_*   NumPy; sums, products and transcendental functions in long double (80-bit on x86-64), then rounded once
            to f64, so that the figure is the nearest double or one beside it. Compared here with PyTorch f64.
  mpmath_*  mpmath with 40 digits, rounded once to f64. Compared with PyTorch f64.
  torch_*   PyTorch, double precision.
  onnx_*    the ONNX node tests, read from their .pb files. Their figures are f32: a case whose result is exact is
            written as f64, a case whose result is rounded is written with dtype f32 and proves the f32 kernels.
  philox_*  Philox4x32-10 in Python integers, checked against the known-answer vectors of Random123.

Format: {"op", "source", "cases": [{"name", "attributes", "inputs", "outputs"}]}; a tensor is {"dtype", "shape",
"values"}, row-major. Numbers read back exactly (f32 values are written as the double they equal, whole numbers
without ".0"); what JSON lacks is "nan", "inf", "-inf". No input and no output is subnormal, since the engine
computes with flush-to-zero.
"""
import itertools
import json
import os
import struct
import sys
import warnings
import zlib

import mpmath
import numpy as np
import torch

torch.set_num_threads(1)
warnings.simplefilter("ignore")  # the special values below overflow and divide by zero on purpose
np.seterr(all="ignore")

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ONNX_NODE = "/usr/share/libonnx-testdata/data/node"
F32, F64, I32, I64 = 0, 1, 2, 3  # the values of a dtype attribute
DTYPES = {np.dtype("f4"): "f32", np.dtype("f8"): "f64", np.dtype("i4"): "i32", np.dtype("i8"): "i64"}
NAN, INF = float("nan"), float("inf")
wide = np.longdouble

NUMPY = "NumPy %s" % np.__version__
LONG = NUMPY + " in long double rounded to f64"
TORCH = "PyTorch %s f64" % torch.__version__
ONNX = "ONNX node tests (Debian libonnx-testdata)"


# ---------------------------------------------------------------- writing

def number(x):
    if isinstance(x, int):
        return str(x)
    if x != x:
        return '"nan"'
    if x in (INF, -INF):
        return '"inf"' if x > 0 else '"-inf"'
    if x == int(x) and abs(x) < 1e15 and not (x == 0 and np.signbit(x)):
        return str(int(x))
    assert float(repr(x)) == x
    return repr(x)


def tensor_text(array):
    array = np.asarray(array)
    if array.dtype.kind == "f":
        tiny = np.finfo(array.dtype).tiny
        assert not np.any((array != 0) & (np.abs(array) < tiny)), "subnormal"
    values = ",".join(number(v) for v in array.reshape(-1).tolist())
    shape = ",".join(str(n) for n in array.shape)
    return '{"dtype":"%s","shape":[%s],"values":[%s]}' % (DTYPES[array.dtype], shape, values)


def case(name, inputs, outputs, **attributes):
    return {"name": name, "attributes": attributes, "inputs": inputs, "outputs": outputs}


def write(op, source, cases):
    names = [c["name"] for c in cases]
    assert len(set(names)) == len(names), names
    lines = []
    for c in cases:
        lines.append('  {"name": %s, "attributes": %s,\n   "inputs": [%s],\n   "outputs": [%s]}' % (
            json.dumps(c["name"]), json.dumps(c["attributes"]),
            ",\n    ".join(tensor_text(t) for t in c["inputs"]),
            ",\n    ".join(tensor_text(t) for t in c["outputs"])))
    text = '{"op": %s,\n "source": %s,\n "cases": [\n%s\n]}\n' % (json.dumps(op), json.dumps(source), ",\n".join(lines))
    json.loads(text)
    folder = os.path.join(ROOT, "src", "ops", op)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "oracle.json"), "w") as out:
        out.write(text)
    print("%-22s %2d cases %7d bytes" % (op, len(cases), len(text)))


# ---------------------------------------------------------------- ONNX tensors (protobuf wire format of TensorProto)

def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def read_tensor(path):
    """TensorProto: 1 dims, 2 data_type, 9 raw_data. (Typed data fields do not occur in the files used here.)"""
    with open(path, "rb") as file:
        data = file.read()
    dims, kind, raw, at = [], 0, b"", 0
    while at < len(data):
        key, at = varint(data, at)
        field, wire = key >> 3, key & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 2:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        else:
            raise ValueError("%s: wire type %d" % (path, wire))
        if field == 1 and wire == 0:
            dims.append(value)
        elif field == 1:
            inner = 0
            while inner < len(value):
                dim, inner = varint(value, inner)
                dims.append(dim)
        elif field == 2:
            kind = value
        elif field == 9:
            raw = value
        elif field in (4, 5, 6, 7, 10, 11):
            raise ValueError("%s: typed data field %d" % (path, field))
    dtype = {1: "<f4", 6: "<i4", 7: "<i8", 9: "?", 11: "<f8"}[kind]
    return np.frombuffer(raw, dtype=dtype).reshape(dims)


def onnx_test(test, inputs=1, outputs=1):
    folder = os.path.join(ONNX_NODE, test, "test_data_set_0")
    return ([read_tensor("%s/input_%d.pb" % (folder, i)) for i in range(inputs)],
            [read_tensor("%s/output_%d.pb" % (folder, i)) for i in range(outputs)])


def onnx_case(test, check, inputs=1, exact=False, **attributes):
    """check(inputs in f64) recomputes the answer, to show that the attributes describe the test."""
    x, y = onnx_test(test, inputs)
    wanted = np.asarray(check(*[t.astype("f8") for t in x]))
    if exact:
        x, y = [t.astype("f8") for t in x], [t.astype("f8") for t in y]
        assert np.array_equal(wanted, y[0]), test
    else:
        assert all(t.dtype == np.float32 for t in x + y), test
        assert np.allclose(wanted, y[0], rtol=1e-5, atol=1e-7), test
    assert wanted.shape == y[0].shape, test
    return case("onnx_" + test, x, y, **attributes)


# ---------------------------------------------------------------- inputs

def source_of(op):
    return np.random.RandomState(zlib.crc32(op.encode()))


def rounded(rng, shape, low=-4.0, high=4.0, decimals=2):
    return np.round(rng.uniform(low, high, shape), decimals) + 0.0  # + 0.0: no negative zero


def dyadic(rng, shape, low=-9, high=10, unit=0.5):
    """Few bits: sums and products are exact in any order, so the answer is exact too."""
    return rng.randint(low, high, shape) * unit


def f64(values):
    return np.array(values, dtype="f8")


SPECIAL = [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN]
SHAPES = [("one_element", (1,)), ("rank_0", ()), ("7x13", (7, 13)), ("5x17x13", (5, 17, 13))]  # the last: 1105


def agree(op, ours, other):
    """The same answer from PyTorch, within the precision of its formula."""
    if other is not None:
        other = other.numpy()
        assert other.dtype == np.float64 and np.allclose(ours, other, rtol=1e-12, atol=1e-15, equal_nan=True), op


# ---------------------------------------------------------------- pointwise

def pointwise(op, rule, more, arity=1, ranges=None, peer=None, onnx=(), source=None, long=False, inputs=None, shapes=SHAPES,
              attributes=None, label="numpy"):
    """more: [(name, [inputs])] beyond the common shapes. rule runs in long double where long is set."""
    rng, attributes = source_of(op), attributes or {}
    ranges = ranges or [(-4.0, 4.0)] * arity
    cases = []

    def add_case(name, x):
        x = [np.asarray(t, dtype="f8") for t in x]
        y = np.asarray(rule(*[t.astype(wide) if long else t for t in x])).astype("f8")
        if peer:
            agree(op, y, peer(*[torch.tensor(t) for t in x]))
        cases.append(case("%s_%s" % (label, name), x, [y], **attributes))

    for name, shape in shapes:
        add_case(name, [rounded(rng, shape, *r) for r in ranges] if inputs is None else inputs(rng, shape))
    for name, x in more:
        add_case(name, [f64(t) for t in x])
    write(op, source or "%s%s%s" % (LONG if long else NUMPY, "; agrees with " + TORCH if peer else "",
                                    "; onnx_* cases: " + ONNX if onnx else ""), cases + list(onnx))


def pairs(first, second):
    """Every special value beside every other."""
    both = list(itertools.product(first, second))
    return [[a for a, _ in both], [b for _, b in both]]


def tied(rng, shape):
    return [np.asarray(rng.randint(-2, 3, shape), dtype="f8") for _ in range(2)]


def arithmetic():
    span = [1e-300, -1e-300, 1e-150, 1e150, 1e300, 1.7976931348623157e308, 2.2250738585072014e-308, 3.0]
    pointwise("add", np.add, [("special", pairs(SPECIAL, SPECIAL)),
                              ("wide_range", pairs([1e-300, 1e150, -1e150, 1e300, 1.7e308, 1.0], [1e300, -1e300, 1.7e308, 1e-17, 0.1]))],
              2, peer=torch.add, onnx=[onnx_case("test_add", np.add, 2)])
    pointwise("subtract", np.subtract, [("special", pairs(SPECIAL, SPECIAL)),
                                        ("wide_range", pairs([1e-300, 1e150, -1e150, 1e300, 1.7e308, 1.0], [-1e300, -1.7e308, 1.7e308, 1e-17, 0.1]))],
              2, peer=torch.sub, onnx=[onnx_case("test_sub", np.subtract, 2), onnx_case("test_sub_example", np.subtract, 2, True)])
    pointwise("multiply", np.multiply, [("special", pairs(SPECIAL, SPECIAL)), ("wide_range", pairs([1e150, -1e150, 1e300, 3.0, 0.1], [1e-150, 1e150, 1e300, 7.0]))],
              2, peer=torch.mul, onnx=[onnx_case("test_mul", np.multiply, 2), onnx_case("test_mul_example", np.multiply, 2, True)])
    pointwise("divide", np.divide, [("special", pairs(SPECIAL, SPECIAL)), ("wide_range", pairs([1e150, -1e150, 1e300, 3.0, 0.1], [1e-150, 1e150, 1e-300, 7.0]))],
              2, [(-4.0, 4.0), (0.25, 5.0)], peer=torch.div, onnx=[onnx_case("test_div", np.divide, 2), onnx_case("test_div_example", np.divide, 2, True)])
    pointwise("negate", np.negative, [("special", [SPECIAL]), ("wide_range", [span])], peer=torch.neg, onnx=[onnx_case("test_neg", np.negative, exact=True)])
    pointwise("abs", np.abs, [("special", [SPECIAL]), ("wide_range", [span])], peer=torch.abs, onnx=[onnx_case("test_abs", np.abs, exact=True)])
    no_zero_pair = pairs([0.0, 1.0, -1.0, INF, -INF, NAN], [0.0, 1.0, -1.0, INF, -INF, NAN])  # which of ±0 is larger is left open
    pointwise("minimum", np.minimum, [("special", no_zero_pair)], 2, inputs=tied, peer=torch.minimum, onnx=[onnx_case("test_min_float64", np.minimum, 2, True)])
    pointwise("maximum", np.maximum, [("special", no_zero_pair)], 2, inputs=tied, peer=torch.maximum, onnx=[onnx_case("test_max_float64", np.maximum, 2, True)])
    close = pairs([1.0, 1.0 + 2.0**-52, 1.0 - 2.0**-53, 0.1 + 0.2, 1e300], [1.0, 1.0 + 2.0**-52, 1.0 - 2.0**-53, 0.3, 1e300])
    x, y = onnx_test("test_equal", 2)
    assert np.array_equal(np.equal(*x), y[0])
    pointwise("equal", np.equal, [("special", pairs(SPECIAL, SPECIAL)), ("neighbours", close)], 2, inputs=tied,
              onnx=[case("onnx_test_equal", [t.astype("f8") for t in x], [y[0].astype("f8")])])
    pointwise("less", np.less, [("special", pairs(SPECIAL, SPECIAL)), ("neighbours", close)], 2, inputs=tied, onnx=[onnx_case("test_less", np.less, 2, True)])

    def choose(c, a, b):
        return np.where(c != 0, a, b)

    def conditions(rng, shape):
        return [np.asarray(rng.randint(-1, 2, shape), dtype="f8"), rounded(rng, shape), rounded(rng, shape)]

    pointwise("select", choose, [
        ("special_conditions", [[0.0, -0.0, 1.0, -1.0, INF, -INF, NAN, 1e-300, 0.5], [1, 2, 3, 4, 5, 6, 7, 8, 9], [-1, -2, -3, -4, -5, -6, -7, -8, -9]]),
        ("other_branch_does_not_leak", [[0, 1, 0, 1, 0, 1], [NAN, 1, INF, NAN, -INF, 2], [1, NAN, 2, INF, NAN, -INF]])],
        3, inputs=conditions, onnx=[onnx_case("test_where_example", choose, 3, True)])


def transcendental():
    tiny = [1e-300, -1e-300, 1e-100, -1e-20, 1e-17, 1e-10, -1e-8, 1e-5, -1e-3]
    pointwise("exp", np.exp, [
        ("special", [SPECIAL]), ("near_zero", [tiny]),
        ("wide_range", [[709.78, 709.7827, 709.0, 700.5, 100.25, 20.0, 0.34657359027997264, 0.6931471805599453, -0.6931471805599453, -1.5, -37.5, -200.125,
                         -700.0, -708.0, -708.39]]),
        ("overflow_and_underflow", [[710.0, 800.0, 1e5, 1.7e308, -746.0, -1000.0, -1e5, -1.7e308]])], ranges=[(-20.0, 20.0)], long=True, peer=torch.exp,
        onnx=[onnx_case("test_exp", np.exp)])
    pointwise("log", np.log, [
        ("special", [SPECIAL]), ("near_one", [[1.0 + 2.0**-52, 1.0 - 2.0**-53, 1.0 + 1e-10, 1.0 - 1e-10, 1.001, 0.999, 1.4142135623730951, 0.7071067811865476]]),
        ("wide_range", [[1e-300, 2.2250738585072014e-308, 1e-100, 1e-10, 0.1, 2.718281828459045, 10.0, 1e10, 1e100, 1e308, 1.7976931348623157e308]])],
        ranges=[(0.01, 30.0)], long=True, peer=torch.log, onnx=[onnx_case("test_log", np.log)])
    pointwise("sqrt", np.sqrt, [
        ("special", [SPECIAL]), ("wide_range", [[1e-300, 2.2250738585072014e-308, 1e-100, 2.0, 3.0, 1e10, 1e100, 1e308, 1.7976931348623157e308, -1e-300, -1e300]])],
        ranges=[(0.0, 30.0)], peer=torch.sqrt, onnx=[onnx_case("test_sqrt", np.sqrt), onnx_case("test_sqrt_example", np.sqrt, exact=True)])
    finite = [[10, 10, 2, 2, 1.5, 1.0000001, 0.999999, 1e-150, 1e150, 1e100, 3, -2, -2, -3, -1.5, 7, 1e-300, 1e300],
              [300, -300, 1023, -1022, 1740, 1e9, 1e6, 2, 2, -3, 0.5, 3, 10, -5, 4, -1, 0.5, 0.25]]
    pointwise("power", np.power, [
        ("special", pairs([0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, INF, -INF, NAN], [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 0.5, INF, -INF, NAN])),
        ("wide_range", finite), ("overflow_and_underflow", [[10, 10, 1e200, 1e-200, -10, 2, 0.5], [309, -400, 2, 2, 309, 1024, 2000]])],
        2, [(0.05, 4.0), (-3.0, 3.0)], long=True, peer=torch.pow, onnx=[onnx_case("test_pow", np.power, 2), onnx_case("test_pow_example", np.power, 2, True)])

    saturating = [[20.0, -20.0, 36.0, -36.0, 37.5, -37.5, 40.0, -40.0, 100.0, -100.0, 700.0, -700.0, -708.0, 750.0, -750.0, 1e5, -1e5, 1e300, -1e300]]

    def sigmoid(x):  # [1/(1+e^-x)]: the exponent of a long double holds e^11000, so one formula serves
        return 1 / (1 + np.exp(-x))

    def softplus(x):
        return np.where(x > 60, x, np.log1p(np.exp(np.minimum(x, 60))))  # e^-60 is below half a unit in the last place of 60

    pointwise("sigmoid", sigmoid, [("special", [SPECIAL]), ("near_zero", [tiny]), ("wide_range", saturating)], ranges=[(-12.0, 12.0)], long=True,
              peer=torch.sigmoid, onnx=[onnx_case("test_sigmoid", sigmoid)])
    pointwise("tanh", np.tanh, [("special", [SPECIAL]), ("near_zero", [tiny]), ("wide_range", saturating)], ranges=[(-6.0, 6.0)], long=True,
              peer=torch.tanh, onnx=[onnx_case("test_tanh", np.tanh)])
    def erf(x):  # NumPy has none: mpmath, with 40 digits, rounded to f64
        with mpmath.workdps(40):
            return np.array([float(mpmath.erf(mpmath.mpf(float(t)))) for t in x.ravel()]).reshape(x.shape)

    pointwise("erf", erf, [("special", [SPECIAL]), ("near_zero", [tiny]), ("around_one", [[1.0, 1.0 - 2.0**-53, 1.0 + 2.0**-52, -0.9999, -1.0001]]),
                           ("wide_range", [[2.0, -3.0, 4.0, 5.5, 5.9, -5.92, 6.0, 6.5, -9.0, 30.0, 1e5, -1e300]])], ranges=[(-4.0, 4.0)],
              source="mpmath %s with 40 digits, rounded to f64; agrees with %s; onnx_* cases: %s" % (mpmath.__version__, TORCH, ONNX), label="mpmath",
              peer=torch.erf, onnx=[onnx_case("test_erf", erf)])
    def exactly(function):  # mpmath, whose reduction knows as many digits of pi as it takes; NaN where ours is
        def rule(x):
            with mpmath.workdps(60):
                return np.array([float(function(mpmath.mpf(float(t)))) if abs(t) <= 2.0**47 else NAN for t in x.ravel()]).reshape(x.shape)
        return rule

    def multiples(offset):  # doubles next to multiples of pi/2: what is left of them is small
        with mpmath.workdps(60):
            return [float((n + offset) * mpmath.pi / 2) for n in (1, 2, 3, 4, 5, 7, 11, 1000, 12345, 10**6 + 1, 10**9, 10**12 + 3, 10**13 + 1)]

    for op, peer in (("sin", torch.sin), ("cos", torch.cos)):
        pointwise(op, exactly(getattr(mpmath, op)), [
            ("special", [SPECIAL]), ("near_zero", [tiny]), ("near_multiples_of_half_pi", [multiples(0)]), ("quadrants_meet", [multiples(0.5)]),
            ("wide_range", [[3.0, -10.0, 100.5, -1e3, 1e4, 12345.678, -1e6, 1e8, 1.7e9, -1e11, 1e13, 2.0**47, -2.0**47]])], ranges=[(-12.0, 12.0)],
            source="mpmath %s with 60 digits, rounded to f64; agrees with %s; onnx_* cases: %s" % (mpmath.__version__, TORCH, ONNX), label="mpmath",
            peer=peer, onnx=[onnx_case("test_" + op, getattr(np, op)), onnx_case("test_%s_example" % op, getattr(np, op))])
    pointwise("softplus", softplus, [("special", [SPECIAL]), ("near_zero", [tiny]), ("wide_range", saturating)], ranges=[(-12.0, 12.0)], long=True,
              peer=lambda x: torch.logaddexp(x, torch.zeros_like(x)), onnx=[onnx_case("test_softplus", softplus)])


def rectifiers():
    def through(function):
        return lambda x: function(torch.tensor(x)).numpy()

    wide_range = [[1e-300, -1e-300, 1e-10, -1e-10, 1e150, -1e150, 1.7e308, -1.7e308, 0.5, -0.5]]
    functional = torch.nn.functional
    onnx_relu = onnx_case("test_relu", lambda x: np.maximum(x, 0), exact=True)
    pointwise("relu", through(torch.relu), [("special", [[0.0, 1.0, -1.0, INF, -INF, NAN]]), ("wide_range", wide_range)], onnx=[onnx_relu],
              source=TORCH + "; onnx_* cases: " + ONNX, label="torch")

    def leaky(slope):
        return lambda x: functional.leaky_relu(torch.tensor(x), slope).numpy()

    rng, cases = source_of("leaky_relu"), []
    for name, slope, x in [("one_element", 0.01, f64([-3.0])), ("rank_0", 0.5, f64(-2.0)), ("7x13", 0.01, rounded(rng, (7, 13))), ("5x17x13", 0.2, rounded(rng, (5, 17, 13))),
                           ("special", 0.01, f64([0.0, 1.0, -1.0, INF, -INF, NAN])), ("wide_range", 0.25, f64(wide_range[0]))]:
        cases.append(case("torch_" + name, [x], [leaky(slope)(x)], slope=slope))
    cases.append(onnx_case("test_leakyrelu", leaky(0.1), slope=0.1))
    write("leaky_relu", TORCH + "; onnx_* cases: " + ONNX, cases)

    def elu(alpha):  # e^x - 1 without cancellation near zero, unlike PyTorch's
        return lambda x: np.where(x > 0, x, wide(alpha) * np.expm1(np.minimum(x.astype(wide), 0))).astype("f8")

    rng, cases = source_of("elu"), []
    for name, alpha, x in [("one_element", 1.0, f64([-3.0])), ("rank_0", 0.5, f64(-2.0)), ("7x13", 1.0, rounded(rng, (7, 13))), ("5x17x13", 0.3, rounded(rng, (5, 17, 13))),
                           ("special", 1.0, f64([0.0, 1.0, -1.0, INF, -INF, NAN])),
                           ("wide_range", 2.0, f64([1e-300, -1e-300, 1e-10, -1e-10, -1e-17, -1e-5, 1e300, -1e300, -36.0, -38.0, -700.0, -800.0]))]:
        y = elu(alpha)(x)
        assert np.allclose(y, functional.elu(torch.tensor(x), alpha).numpy(), rtol=1e-12, atol=1e-15, equal_nan=True)
        cases.append(case("numpy_" + name, [x], [y], alpha=alpha))
    cases.append(onnx_case("test_elu", elu(2.0), alpha=2.0))
    write("elu", LONG + "; agrees with " + TORCH + " to its rounding; onnx_* cases: " + ONNX, cases)


# ---------------------------------------------------------------- products and reductions

def matmul():
    rng, cases = source_of("matmul"), []

    def add_case(name, a, b, transpose_a=0, transpose_b=0):
        y = (a.astype(wide) @ b.astype(wide)).astype("f8")
        agree("matmul", y, torch.tensor(a) @ torch.tensor(b))
        stored = [a.T.copy() if transpose_a else a, b.T.copy() if transpose_b else b]
        cases.append(case("numpy_" + name, stored, [y], transpose_a=transpose_a, transpose_b=transpose_b))

    add_case("1x1x1", f64([[3.0]]), f64([[-0.7]]))
    add_case("7x13x5", rounded(rng, (7, 13)), rounded(rng, (13, 5)))
    add_case("33x17x65_exact_transposed_a", dyadic(rng, (33, 17), -31, 32, 0.125), dyadic(rng, (17, 65), -31, 32, 0.125), 1, 0)
    add_case("17x33x23_exact_transposed_b", dyadic(rng, (17, 33), -31, 32, 0.125), dyadic(rng, (33, 23), -31, 32, 0.125), 0, 1)
    add_case("6x9x31_exact_transposed_both", dyadic(rng, (6, 9), -31, 32, 0.125), dyadic(rng, (9, 31), -31, 32, 0.125), 1, 1)
    add_case("1x1029x19_exact", dyadic(rng, (1, 1029)), dyadic(rng, (1029, 19)))
    add_case("7x2055x3_transposed_b", rounded(rng, (7, 2055), -1.0, 3.0, 1), rounded(rng, (2055, 3), -1.0, 3.0, 1), 0, 1)
    a, b = dyadic(rng, (5, 4)), dyadic(rng, (4, 6))
    a[1, 2], a[3, 0], b[1, 4], b[2, 2], b[2, 3] = INF, NAN, -INF, 0.0, 1.0
    add_case("special", a, b)
    cases.append(onnx_case("test_matmul_2d", np.matmul, 2, transpose_a=0, transpose_b=0))
    write("matmul", LONG + "; agrees with " + TORCH + "; onnx_* cases: " + ONNX, cases)


def lane_matmul():
    rng, cases = source_of("lane_matmul"), []

    def add_case(name, a, b, transpose_a=0, transpose_b=0):
        y = np.einsum("ikr,kjr->ijr", a.astype(wide), b.astype(wide)).astype("f8")
        agree("lane_matmul", y, torch.einsum("ikr,kjr->ijr", torch.tensor(a), torch.tensor(b)))
        stored = [x.transpose(1, 0, 2).copy() if t else x for x, t in ((a, transpose_a), (b, transpose_b))]
        cases.append(case("numpy_" + name, stored, [y], transpose_a=transpose_a, transpose_b=transpose_b))

    add_case("1x1x1_one_lane", f64([[[3.0]]]), f64([[[-0.7]]]))
    add_case("5x7x4_3_lanes", rounded(rng, (5, 7, 3)), rounded(rng, (7, 4, 3)))
    add_case("9x5x7_exact_8_lanes_transposed_a", dyadic(rng, (9, 5, 8), -31, 32, 0.125), dyadic(rng, (5, 7, 8), -31, 32, 0.125), 1, 0)
    add_case("6x3x8_exact_19_lanes_transposed_b", dyadic(rng, (6, 3, 19), -31, 32, 0.125), dyadic(rng, (3, 8, 19), -31, 32, 0.125), 0, 1)
    add_case("3x2x5_exact_16_lanes_transposed_both", dyadic(rng, (3, 2, 16), -31, 32, 0.125), dyadic(rng, (2, 5, 16), -31, 32, 0.125), 1, 1)
    add_case("1x1029x2_exact_4_lanes", dyadic(rng, (1, 1029, 4)), dyadic(rng, (1029, 2, 4)))
    a, b = dyadic(rng, (2, 3, 5)), dyadic(rng, (3, 4, 5))
    a[1, 2, 0], a[0, 0, 3], b[1, 2, 0], b[2, 2, 0], b[2, 3, 0] = INF, NAN, -INF, 0.0, 1.0
    add_case("special", a, b)
    write("lane_matmul", LONG + "; agrees with " + TORCH, cases)


def over(axis, axes):
    return tuple(range(axis, axis + axes))


def reduction(op, rule, peer, onnx, spread=None):
    rng, cases = source_of(op), []

    def add_case(name, x, axis, axes):
        y = np.asarray(rule(x.astype(wide), axis=over(axis, axes))).astype("f8")
        agree(op, y, peer(torch.tensor(x), dim=over(axis, axes)))
        cases.append(case("numpy_" + name, [x], [y], axis=axis, axes=axes))

    values = spread or (lambda shape: rounded(rng, shape, -1.0, 3.0))
    add_case("one_element", f64([-2.5]), 0, 1)
    add_case("7x13_rows", values((7, 13)), 1, 1)
    add_case("7x13_columns", values((7, 13)), 0, 1)
    add_case("33x17x65_middle", f64(rng.randint(-9, 10, (33, 17, 65))), 1, 1)
    add_case("3x5x7x11_middle_pair", values((3, 5, 7, 11)), 1, 2)
    add_case("2x2053_rows", values((2, 2053)), 1, 1)
    add_case("1031x3_columns", values((1031, 3)), 0, 1)
    x = f64(rng.randint(-9, 10, (6, 19)))
    x[1, 3], x[2, 17], x[3, 5], x[4, 2], x[4, 18], x[5, :] = INF, -INF, NAN, INF, -INF, -INF
    add_case("special", x, 1, 1)
    add_case("all_axes", values((5, 3, 7)), 0, 3)
    write(op, LONG + "; agrees with " + TORCH + "; onnx_* cases: " + ONNX, cases + onnx)


def reductions():
    def onnx_reduction(name, exact, rule):
        return onnx_case(name, lambda x, *_: rule(x, axis=1), exact=exact, axis=1, axes=1)

    reduction("sum", np.sum, torch.sum, [onnx_reduction("test_reduce_sum_do_not_keepdims_example", True, np.sum),
                                         onnx_reduction("test_reduce_sum_do_not_keepdims_random", False, np.sum)])
    reduction("mean", np.mean, torch.mean, [onnx_reduction("test_reduce_mean_do_not_keepdims_example", True, np.mean),
                                            onnx_reduction("test_reduce_mean_do_not_keepdims_random", False, np.mean)])
    reduction("max", np.max, torch.amax, [onnx_reduction("test_reduce_max_do_not_keepdims_random", True, np.max)])

    rng, cases = source_of("argmax"), []

    def add_case(name, x, axis):
        cases.append(case("numpy_" + name, [x], [np.asarray(np.argmax(x, axis)).astype("i4")], axis=axis))

    add_case("one_element", f64([-2.5]), 0)
    add_case("7x13_rows", rounded(rng, (7, 13)), 1)
    add_case("7x13_columns", rounded(rng, (7, 13)), 0)
    add_case("33x17x65_middle_with_ties", f64(rng.randint(-9, 10, (33, 17, 65))), 1)
    add_case("2x2053_rows", rounded(rng, (2, 2053), -9.0, 9.0, 3), 1)
    x = np.zeros((5, 37))
    x[0, :] = -INF
    x[1, [20, 30]] = INF
    x[2, [4, 21, 36]] = 2.0
    x[3, :] = -1.0
    x[3, 36] = -0.5
    add_case("ties_and_infinities", x, 1)
    for test in ("test_argmax_no_keepdims_example", "test_argmax_no_keepdims_random"):
        (data,), (y,) = onnx_test(test)
        assert np.array_equal(np.argmax(data, 1), y)
        cases.append(case("onnx_" + test, [data.astype("f8")], [y.astype("i4")], axis=1))
    write("argmax", NUMPY + "; onnx_* cases: " + ONNX, cases)

    rng, cases = source_of("all_finite"), []

    def add_flags(name, keep_last, *values):
        finite = [np.isfinite(x).reshape((-1, x.shape[-1]) if keep_last else (-1, 1)) for x in values]
        flags = np.logical_and.reduce([np.logical_and.reduce(x, 0) for x in finite])
        cases.append(case("numpy_" + name, values, [(flags if keep_last else flags[0]).astype("i4")], keep_last=keep_last))

    def spoiled(x, *places):
        x = x.copy()
        for place, value in places:
            x[place] = value
        return x

    one, table = rounded(rng, (37,)), rounded(rng, (7, 13))
    largest = f64([np.finfo("f4").max, -np.finfo("f4").max, np.finfo("f4").tiny, 0.0, -0.0])
    add_flags("one_element", 0, f64(1.5))
    add_flags("largest_and_smallest", 0, largest)
    add_flags("nan", 0, spoiled(one, (36, NAN)))
    add_flags("minus_infinity", 0, spoiled(table, ((3, 4), -INF)))
    add_flags("two_operands", 0, table, one)
    add_flags("two_operands_the_second_infinite", 0, table, spoiled(one, (0, INF)))
    add_flags("no_elements", 0, np.zeros((0, 3)))
    add_flags("last_axis_kept", 1, table, one[:13])
    add_flags("last_axis_kept_some_not", 1, spoiled(table, ((0, 0), NAN), ((6, 12), INF), ((6, 3), -INF)),
              spoiled(one[:13], (5, NAN)))
    wide_table = rounded(rng, (3, 2, 130))
    add_flags("130_kept", 1, spoiled(wide_table, ((2, 1, 129), NAN), ((0, 0, 64), INF)))
    write("all_finite", NUMPY, cases)


# ---------------------------------------------------------------- shapes

def shapes():
    rng, cases = source_of("broadcast"), []
    for name, x, shape in [("one_element", (1,), [1]), ("rank_0_to_7x13", (), [7, 13]), ("row_to_7x13", (13,), [7, 13]), ("column_to_7x13", (7, 1), [7, 13]),
                           ("middle_to_3x17x5", (1, 17, 1), [3, 17, 5]), ("outer_pair_to_5x3x4x7", (5, 1, 1, 7), [5, 3, 4, 7]), ("one_to_1029", (1,), [1029]),
                           ("same_shape", (3, 5), [3, 5])]:
        data = rounded(rng, x)
        cases.append(case("numpy_" + name, [data], [np.broadcast_to(data, shape)], shape=shape))
    for test in ("test_expand_dim_changed", "test_expand_dim_unchanged"):
        (data, shape), (y,) = onnx_test(test, 2)
        assert np.array_equal(data * np.ones(shape), y)
        cases.append(case("onnx_" + test, [data.astype("f8")], [y.astype("f8")], shape=list(y.shape)))
    write("broadcast", NUMPY + "; onnx_* cases: " + ONNX, cases)

    rng, cases = source_of("reshape"), []
    for name, x, shape in [("one_element_to_rank_0", (1,), []), ("rank_0_to_1x1", (), [1, 1]), ("7x13_flat", (7, 13), [91]), ("91_to_13x7", (91,), [13, 7]),
                           ("5x17x13_to_85x13", (5, 17, 13), [85, 13])]:
        data = rounded(rng, x)
        cases.append(case("numpy_" + name, [data], [data.reshape(shape)], shape=shape))
    for test in ("test_reshape_reordered_all_dims", "test_reshape_extended_dims", "test_reshape_one_dim"):
        (data, shape), (y,) = onnx_test(test, 2)
        assert np.array_equal(data.reshape(shape), y)
        cases.append(case("onnx_" + test, [data.astype("f8")], [y.astype("f8")], shape=list(y.shape)))
    write("reshape", NUMPY + "; onnx_* cases: " + ONNX, cases)

    rng, cases = source_of("transpose"), []
    for name, x, permutation in [("one_element", (1,), [0]), ("7x13", (7, 13), [1, 0]), ("33x17", (33, 17), [1, 0]), ("1029x3", (1029, 3), [1, 0]),
                                 ("5x7x9_rotated", (5, 7, 9), [2, 0, 1]), ("2x3x5x7_reversed", (2, 3, 5, 7), [3, 2, 1, 0]), ("same_order", (3, 5), [0, 1])]:
        data = rounded(rng, x)
        cases.append(case("numpy_" + name, [data], [np.transpose(data, permutation)], permutation=permutation))
    for i, permutation in enumerate(itertools.permutations(range(3))):
        cases.append(onnx_case("test_transpose_all_permutations_%d" % i, lambda x: np.transpose(x, permutation), exact=True, permutation=list(permutation)))
    write("transpose", NUMPY + "; onnx_* cases: " + ONNX, cases)

    rng, cases = source_of("slice"), []

    def cut(x, starts, sizes):
        return x[tuple(slice(a, a + n) for a, n in zip(starts, sizes))].copy()

    for name, x, starts, sizes in [("one_element", (1,), [0], [1]), ("7x13_inner", (7, 13), [2, 3], [4, 9]), ("7x13_whole", (7, 13), [0, 0], [7, 13]),
                                   ("7x13_last_row", (7, 13), [6, 0], [1, 13]), ("7x13_last_column", (7, 13), [0, 12], [7, 1]),
                                   ("1100_most", (1100,), [17], [1050]), ("5x17x13_inner", (5, 17, 13), [1, 5, 2], [3, 9, 7])]:
        data = rounded(rng, x)
        cases.append(case("numpy_" + name, [data], [cut(data, starts, sizes)], starts=starts, sizes=sizes))
    (data, starts, ends, axes, steps), (y,) = onnx_test("test_slice", 5)
    assert axes.tolist() == [0, 1] and steps.tolist() == [1, 1]
    starts, sizes = starts.tolist() + [0], (ends - starts).tolist() + [data.shape[2]]
    assert np.array_equal(cut(data, starts, sizes), y)
    cases.append(case("onnx_test_slice", [data.astype("f8")], [y.astype("f8")], starts=starts, sizes=sizes))
    write("slice", NUMPY + "; onnx_* cases: " + ONNX, cases)

    rng, cases = source_of("pad"), []
    for name, x, before, after in [("one_element", (1,), [0], [1]), ("nothing", (3, 5), [0, 0], [0, 0]), ("7x13_all_sides", (7, 13), [1, 2], [3, 4]),
                                   ("7x13_before_rows", (7, 13), [2, 0], [0, 0]), ("7x13_after_columns", (7, 13), [0, 0], [0, 19]),
                                   ("1030_both", (1030,), [7], [11]), ("3x5x7", (3, 5, 7), [1, 0, 2], [0, 3, 1])]:
        data = rounded(rng, x)
        y = np.pad(data, list(zip(before, after)))
        flat = [n for pair in reversed(list(zip(before, after))) for n in pair]
        agree("pad", y, torch.nn.functional.pad(torch.tensor(data), flat))
        cases.append(case("numpy_" + name, [data], [y], before=before, after=after))
    write("pad", NUMPY + "; agrees with " + TORCH, cases)  # the ONNX node tests pad with 1.2, not with zero

    rng, cases = source_of("concat"), []
    for name, parts in [("one_element_alone", [(1,)]), ("two_vectors", [(1,), (1,)]), ("three_vectors", [(3,), (1,), (1029,)]), ("two_of_width_13", [(7, 13), (2, 13)]),
                        ("four_of_width_5x3", [(1, 5, 3), (4, 5, 3), (2, 5, 3), (1, 5, 3)])]:
        data = [rounded(rng, x) for x in parts]
        cases.append(case("numpy_" + name, data, [np.concatenate(data, 0)]))
    for test in ("test_concat_1d_axis_0", "test_concat_2d_axis_0", "test_concat_3d_axis_0"):
        cases.append(onnx_case(test, lambda a, b: np.concatenate([a, b], 0), 2, True))
    write("concat", NUMPY + "; onnx_* cases: " + ONNX, cases)


# ---------------------------------------------------------------- indices

def indexed():
    rng, cases = source_of("gather"), []
    for name, table, count in [("one_element", (1,), 1), ("vector_table", (17,), 33), ("13x7", (13, 7), 5), ("5x3_many", (5, 3), 1029), ("1100x2", (1100, 2), 31), ("9x3x5", (9, 3, 5), 12)]:
        data, indices = rounded(rng, table), rng.randint(0, table[0], count).astype("i4")
        indices[0], indices[-1] = 0, table[0] - 1
        cases.append(case("numpy_" + name, [data, indices], [data[indices]]))
    (data, indices), (y,) = onnx_test("test_gather_0", 2)
    assert np.array_equal(data[indices], y)
    cases.append(case("onnx_test_gather_0", [data.astype("f8"), indices.astype("i4")], [y.astype("f8")]))
    write("gather", NUMPY + "; onnx_* cases: " + ONNX, cases)

    rng, cases = source_of("scatter_add"), []

    def add_case(name, rows, indices, updates):
        indices = np.array(indices, dtype="i4")
        y = np.zeros((rows,) + updates.shape[1:])
        np.add.at(y, indices, updates)
        agree("scatter_add", y, torch.zeros(y.shape, dtype=torch.float64).index_add(0, torch.tensor(indices).long(), torch.tensor(updates)))
        cases.append(case("numpy_" + name, [indices, updates], [y], rows=rows))

    add_case("one_element", 1, [0], f64([[2.5]]))
    add_case("one_row_taken", 5, [3], dyadic(rng, (1, 7)))
    add_case("all_into_one", 3, [1] * 40, dyadic(rng, (40, 5)))
    add_case("7x13_repeats", 4, rng.randint(0, 4, 7), dyadic(rng, (7, 13)))
    add_case("1029_updates", 9, rng.randint(0, 9, 1029), dyadic(rng, (1029, 3)))
    add_case("1100_rows", 1100, rng.permutation(1100)[:33], dyadic(rng, (33, 2)))
    add_case("distinct_rounded", 17, rng.permutation(17)[:11], rounded(rng, (11, 19)))
    (data, indices, updates), (y,) = onnx_test("test_scatternd_add", 3)
    # ScatterND adds onto given data, whole numbers here: taking them away again is exact.
    cases.append(case("onnx_test_scatternd_add", [indices.reshape(-1).astype("i4"), updates.reshape(len(updates), -1).astype("f8")],
                      [(y - data).reshape(len(data), -1).astype("f8")], rows=len(data)))
    check = np.zeros_like(cases[-1]["outputs"][0])
    np.add.at(check, cases[-1]["inputs"][0], cases[-1]["inputs"][1])
    assert np.array_equal(check, cases[-1]["outputs"][0])
    write("scatter_add", NUMPY + " (add.at); agrees with " + TORCH + "; onnx_* case: " + ONNX + ", the data it adds onto taken away", cases)

    rng, cases = source_of("one_hot"), []

    def one_hot(name, indices, depth, dtype=F64):
        indices = np.array(indices, dtype="i4")
        y = np.eye(depth)[indices]
        agree("one_hot", y, torch.nn.functional.one_hot(torch.tensor(indices).long(), depth).double())
        cases.append(case("numpy_" + name, [indices], [y.astype("f4" if dtype == F32 else "f8")], depth=depth, dtype=dtype))

    one_hot("one_element", [0], 1)
    one_hot("rank_0", 3, 5)
    one_hot("13_of_7", rng.randint(0, 7, 13), 7)
    one_hot("f32_33_of_17", rng.randint(0, 17, 33), 17, F32)
    one_hot("rank_2_of_5", rng.randint(0, 5, (3, 7)), 5)
    one_hot("ends_of_1029", [0, 1028, 1024, 15, 16], 1029)
    (indices, depth, values), (y,) = onnx_test("test_onehot_without_axis", 3)
    off, on = values.astype("f8")
    cases.append(case("onnx_test_onehot_without_axis", [indices.astype("i4")], [(y.astype("f8") - off) / (on - off)], depth=int(depth), dtype=F64))
    assert np.array_equal(cases[-1]["outputs"][0], np.eye(int(depth))[indices])
    write("one_hot", NUMPY + "; agrees with " + TORCH + "; onnx_* case: " + ONNX + ", its off and on values mapped to 0 and 1", cases)


def softmax_cross_entropy():
    rng, cases = source_of("softmax_cross_entropy"), []

    def add_case(name, logits, targets):
        x, t = torch.tensor(logits, requires_grad=True), torch.tensor(targets)
        loss = torch.nn.functional.cross_entropy(x, t, reduction="none")
        loss.sum().backward()
        cases.append(case("torch_" + name, [logits, targets], [loss.detach().numpy(), torch.softmax(x.detach(), 1).numpy(), x.grad.numpy()]))

    def distribution(rows, classes):
        t = rng.randint(0, 9, (rows, classes)).astype("f8") + np.eye(rows, classes)
        return t / t.sum(1, keepdims=True)

    add_case("one_class", f64([[3.5]]), f64([[1.0]]))
    add_case("7x13_one_hot", rounded(rng, (7, 13)), np.eye(13)[rng.randint(0, 13, 7)])
    add_case("33x17_distributions", rounded(rng, (33, 17), -9.0, 9.0), distribution(33, 17))
    add_case("5x10_smoothed", rounded(rng, (5, 10)), np.eye(10)[rng.randint(0, 10, 5)] * 0.9 + 0.01)
    add_case("6x11_not_normalised", rounded(rng, (6, 11)), f64(rng.randint(0, 4, (6, 11))))
    add_case("2x1029", rounded(rng, (2, 1029)), np.eye(1029)[[1028, 500]])
    add_case("large_logits", f64([[1000, -1000, 0], [1000, 1000, 1000], [-1000, -1000, -1000], [-1000, 0, 1000], [1000, 999.5, -1000], [500.25, 500, 499], [1e300, 0, -1e300]]),
             f64([[1, 0, 0], [0, 1, 0], [0.25, 0.25, 0.5], [1, 0, 0], [0.5, 0.5, 0], [0, 0, 1], [1, 0, 0]]))
    add_case("zero_targets", rounded(rng, (3, 5)), np.zeros((3, 5)))
    (logits, labels), (loss, log_prob) = onnx_test("test_sce_none_log_prob", 2, 2)
    targets, p = np.eye(logits.shape[1], dtype="f4")[labels], np.exp(log_prob.astype("f8"))
    cases.append(case("onnx_test_sce_none_log_prob", [logits, targets], [loss, p.astype("f4"), (p - targets).astype("f4")]))
    write("softmax_cross_entropy", TORCH + " (cross_entropy with class probabilities; softmax; its gradient); onnx_* case: " + ONNX + ", labels as one-hot rows, exp of its log probabilities", cases)


def cast():
    rng, cases = source_of("cast"), []
    names = {F32: "f4", F64: "f8", I32: "i4", I64: "i8"}

    def add_case(name, x, dtype):
        x = np.asarray(x)
        cases.append(case("numpy_" + name, [x], [x.astype(names[dtype])], dtype=dtype))

    edges = [0.0, -0.0, 0.5, -0.5, 0.999999, -0.999999, 1.5, -1.5, 2.5, -2.5, 2147483647.0, -2147483648.0, 2147483646.75, -2147483647.75, 1e9, -1e9]
    add_case("f64_to_i32_truncates", f64(edges), I32)
    add_case("f64_to_i32_5x17x13", rounded(rng, (5, 17, 13), -900.0, 900.0), I32)
    add_case("i32_to_f64", np.array([0, 1, -1, 2147483647, -2147483648, 16777217], dtype="i4"), F64)
    add_case("i32_to_f32_rounds_to_even", np.array([0, 1, -1, 16777217, 16777219, -16777217, 2147483647, -2147483648], dtype="i4"), F32)
    add_case("f64_to_f32", f64([0.0, -0.0, 0.1, -0.1, 1 / 3, 1 + 2.0**-24, 1 + 3 * 2.0**-24, 16777217.0, 1.2e-38, 3.4e38, 1e39, -1e39, INF, -INF, NAN, 2.5]), F32)
    add_case("f64_to_f32_7x13", rounded(rng, (7, 13), decimals=6), F32)
    add_case("f32_to_f64", np.array([0.1, -0.1, 1 / 3, 3.4028234663852886e38, INF, -INF, NAN, 2.5], dtype="f4"), F64)
    add_case("f64_to_i64_truncates", f64([0.0, -0.5, 1.9, -1.9, 4294967296.5, -4294967297.5, 9007199254740991.0, -9223372036854775808.0]), I64)
    add_case("i64_to_f64_rounds_to_even", np.array([0, 9007199254740993, 9007199254740995, -9007199254740993, 9223372036854775807], dtype="i8"), F64)
    add_case("i32_to_i64", np.array([0, -1, 2147483647, -2147483648], dtype="i4"), I64)
    write("cast", NUMPY, cases)


def to_index():
    rng, cases = source_of("to_index"), []

    def add_case(name, x, rows):
        y = np.clip(np.trunc(np.nan_to_num(np.asarray(x, dtype="f8"), nan=0.0)), 0, rows - 1)
        cases.append(case("numpy_" + name, [x], [y.astype("i4")], rows=rows))

    add_case("one_row", f64([0.0, 5.0, -5.0]), 1)
    add_case("ends", f64([0.0, -0.0, 0.999999, 1.0, 6.0, 6.999999, 7.0, -0.5, -1.0, 1e300, -1e300, INF, -INF, NAN]), 7)
    add_case("f32_ends", np.array([0.0, 0.99999994, 1.0, 6.0, 7.0, -1.0, 3.4e38, -3.4e38, INF, -INF, NAN], dtype="f4"), 7)
    add_case("most_rows", f64([2147483645.5, 2147483646.0, 2147483647.0, 4e9]), 2147483647)
    add_case("rank_0", np.array(3.5), 5)
    add_case("5x17x13", rounded(rng, (5, 17, 13), -5.0, 45.0), 40)
    add_case("f32_7x149", rounded(rng, (7, 149), -5.0, 1100.0).astype("f4"), 1029)
    write("to_index", NUMPY, cases)


def constant():
    cases = []

    def add_case(name, value, shape, dtype=F64):
        y = np.full(shape, value, dtype="f4" if dtype == F32 else "f8")
        cases.append(case("numpy_" + name, [], [y], value=float(value), shape=shape, dtype=dtype))

    add_case("rank_0", 2.5, [])
    add_case("one_element", -1.0, [1])
    add_case("negative_zero", -0.0, [3])
    add_case("7x13", 1 / 3, [7, 13])
    add_case("f32_is_rounded_to_even", 1 + 2.0**-24, [5], F32)
    add_case("f32_5x17x13", 0.1, [5, 17, 13], F32)
    add_case("f32_largest", 3.4028234663852886e38, [2], F32)
    add_case("wide_range", 1e300, [1029])
    write("constant", NUMPY, cases)


# ---------------------------------------------------------------- random numbers

MASK32, MASK64 = 2**32 - 1, 2**64 - 1


def philox(counter, key):
    """Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK32, (p0 >> 32) ^ c3 ^ k1, p0 & MASK32
        k0, k1 = (k0 + 0x9E3779B9) & MASK32, (k1 + 0xBB67AE85) & MASK32
    return c0, c1, c2, c3


def splitmix64_finalizer(z):
    z = (z + 0x9E3779B97F4A7C15) & MASK64
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK64
    return z ^ (z >> 31)


def random_uniform():
    for counter, key, answer in [
            ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
            ((MASK32,) * 4, (MASK32,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
            ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0), "d16cfe09 94fdcceb 5001e420 24126ea1")]:
        assert " ".join("%08x" % w for w in philox(counter, key)) == answer, answer
    assert splitmix64_finalizer(0) == 0xE220A8397B1DCDAF  # the first output of SplitMix64 from state 0

    cases = []

    def add_case(name, shape, stream, seed, step, first_row, dtype=F64):
        rows = shape[0] if shape else 1
        columns = int(np.prod(shape[1:]))
        word64 = splitmix64_finalizer((seed & MASK64) ^ splitmix64_finalizer(stream & MASK64))
        key = (word64 & MASK32, (word64 >> 32) ^ ((step & MASK64) >> 32))
        values = []
        for r in range(rows):
            row = (first_row + r) & MASK64
            for c in range(columns):
                word = philox((c // 4, row & MASK32, row >> 32, step & MASK32), key)[c % 4]
                values.append((word >> 8) * 2.0**-24 if dtype == F32 else word * 2.0**-32)
        y = np.array(values).reshape(shape)
        assert 0 <= y.min() and y.max() < 1
        cases.append(case("philox_" + name, [np.array([seed, step, first_row], dtype="i8")], [y.astype("f4" if dtype == F32 else "f8")],
                          shape=shape, dtype=dtype, stream=stream))

    def add_lanes(name, shape, stream, positions, dtype=F64):
        """Several positions side by side: each lane is what its own position gives."""
        first = len(cases)
        for seed, step, first_row in positions:
            add_case("lane", shape, stream, seed, step, first_row, dtype)
        alone = cases[first:]
        del cases[first:]
        stacked = [np.stack([c[part][0] for c in alone], axis=-1) for part in ("inputs", "outputs")]
        cases.append(case("philox_" + name, [stacked[0]], [stacked[1]], shape=shape, dtype=dtype, stream=stream))

    add_case("one_element", [1], 0, 0, 0, 0)
    add_case("rank_0", [], 5, 1, 2, 3)
    add_case("7x13", [7, 13], 1, 42, 7, 0)
    add_case("f32_7x13", [7, 13], 1, 42, 7, 0, F32)
    add_case("7x13_rows_from_3", [4, 13], 1, 42, 7, 3)
    add_case("rank_1", [37], 2, 42, 0, 0)
    add_case("rank_3", [3, 5, 7], 9, 123456789, 1000, 64)
    add_case("rows_across_two_to_the_32", [4, 5], 0x0123456789ABCDEF, 0x7FFFFFFFFFFFFFFF, 1, 2**32 - 2)
    add_case("step_above_two_to_the_32", [3, 6], -1, -2, 5 * 2**32 + 9, 2**40 + 1)
    add_case("f32_2x1029", [2, 1029], 77, 2024, 3, 10, F32)
    lanes = [(k * k, 3 + k % 2, 2**32 - 2 + k) for k in range(11)]
    add_lanes("lanes_3x6", [3, 6], 4, lanes)
    add_lanes("f32_lanes_2x5", [2, 5], 4, lanes, F32)
    add_lanes("one_lane", [2, 3], 1, [(42, 7, 0)])
    write("random_uniform", "Philox4x32-10 in Python integers, checked against the known-answer vectors of Random123", cases)


if __name__ == "__main__":
    chosen = set(sys.argv[1:])
    if chosen:
        write_all, write = write, lambda op, *rest: write_all(op, *rest) if op in chosen else None
    for family in (arithmetic, transcendental, rectifiers, matmul, lane_matmul, reductions, shapes, indexed, softmax_cross_entropy, cast, to_index, constant, random_uniform):
        family()
