#!/usr/bin/env python3
"""Writes src/nn/layers/layer_norm/oracle.json: what the layer must give, and its derivatives, without Hillock.

Run: scripts/make_layer_oracles.py      (Python alone; no package)

Everything is computed with 60 decimal digits from the definition in Ba, Kiros & Hinton 2016, equation 4, with epsilon
under the root. Derivatives of E = sum of c_k a_k are central differences with h = 1e-20, whose error is of the order
h^2: no formula of the backward pass is used. Numbers are rounded once, to the nearest f64.
"""
import json
import os
from decimal import Decimal, getcontext

getcontext().prec = 60
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
H = Decimal(10) ** -20


def layer_norm(rows, gain, bias, epsilon):
    out = []
    for row in rows:
        mean = sum(row) / len(row)
        variance = sum((x - mean) ** 2 for x in row) / len(row)
        deviation = (variance + epsilon).sqrt()
        out.append([g * (x - mean) / deviation + b for x, g, b in zip(row, gain, bias)])
    return out


def error(rows, gain, bias, epsilon, factors):
    out = layer_norm(rows, gain, bias, epsilon)
    return sum(c * a for f, o in zip(factors, out) for c, a in zip(f, o))


def derivative(function, numbers, index):
    moved = list(numbers)
    moved[index] = numbers[index] + H
    above = function(moved)
    moved[index] = numbers[index] - H
    return (above - function(moved)) / (2 * H)


def case(name, rows, gain, bias, epsilon, factors):
    rows, factors = [[Decimal(x) for x in row] for row in rows], [[Decimal(x) for x in row] for row in factors]
    gain, bias, epsilon = [Decimal(x) for x in gain], [Decimal(x) for x in bias], Decimal(epsilon)
    flat, width = [x for row in rows for x in row], len(rows[0])
    cut = lambda numbers: [numbers[k : k + width] for k in range(0, len(numbers), width)]
    by = {
        "in": [derivative(lambda v: error(cut(v), gain, bias, epsilon, factors), flat, i) for i in range(len(flat))],
        "gain": [derivative(lambda v: error(rows, v, bias, epsilon, factors), gain, i) for i in range(width)],
        "bias": [derivative(lambda v: error(rows, gain, v, epsilon, factors), bias, i) for i in range(width)],
    }
    return {
        "name": name,
        "epsilon": float(epsilon),
        "in": [[float(x) for x in row] for row in rows],
        "gain": [float(x) for x in gain],
        "bias": [float(x) for x in bias],
        "factors": [[float(x) for x in row] for row in factors],
        "out": [[float(x) for x in row] for row in layer_norm(rows, gain, bias, epsilon)],
        "gradient": {key: [float(x) for x in numbers] for key, numbers in by.items()},
    }


# Every number below is a sum of few powers of two, so that f32 and f64 hold it exactly.
CASES = [
    case("two_numbers", [["0.5", "-1.5"]], ["1", "1"], ["0", "0"], "1e-5", [["1", "-2"]]),
    case(
        "rows_of_five",
        [["1", "2", "4", "8", "16"], ["-3", "0.25", "0.5", "0.125", "7"], ["0", "0", "0", "0", "1"]],
        ["1", "0.5", "-2", "0.25", "3"],
        ["0", "1", "-0.5", "0.125", "2"],
        "1e-5",
        [["1", "-1", "0.5", "2", "0.25"], ["0.5", "0.5", "1", "-2", "1"], ["1", "2", "-3", "0.5", "-1"]],
    ),
    case("equal_numbers", [["3", "3", "3"]], ["1", "2", "-1"], ["0.5", "0", "-1"], "0.0625", [["1", "-2", "0.5"]]),
    # The mean is large beside the deviation: what one pass (mean of squares less square of mean) would lose in f64.
    case(
        "far_from_zero",
        [["67108864", "67108865", "67108866", "67108868"]],
        ["1", "1", "1", "1"],
        ["0", "0", "0", "0"],
        "1e-5",
        [["1", "2", "-1", "0.5"]],
    ),
]

if __name__ == "__main__":
    path = os.path.join(ROOT, "src/nn/layers/layer_norm/oracle.json")
    with open(path, "w") as file:
        cases = ",\n  ".join(json.dumps(one) for one in CASES)
        file.write('{"source": "scripts/make_layer_oracles.py, 60 decimal digits",\n "cases": [\n  %s]}\n' % cases)
