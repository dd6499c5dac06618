#!/usr/bin/env python3
"""scikit-learn's MLP(64) on California housing, for tests/real_data_test.cc: writes tests/golden/california.json.

Needs Debian's python3-sklearn and the directory of larger data sets in HILLOCK_DATA_DIR:
    HILLOCK_DATA_DIR=… /usr/bin/python3 scripts/make_california_reference.py

The text column and rows with an empty cell are left out; row r of what remains is a test row if u(7, r) < 0.2, with u as
in tests/golden/README.md. Features and target are standardized on the training rows, as Hillock does.
"""
import csv
import gzip
import json
import os
import pathlib

import numpy as np
from sklearn.neural_network import MLPRegressor

MASK = (1 << 64) - 1


def u(stream, i):
    z = (stream * 0x100000001B3 + i + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return ((z ^ (z >> 31)) >> 11) * 2.0**-53


def main():
    path = pathlib.Path(os.environ["HILLOCK_DATA_DIR"]) / "california-housing/housing.csv.gz"
    with gzip.open(path, "rt") as file:
        rows = list(csv.reader(file))[1:]
    table = np.array([[float(x) for x in row[:9]] for row in rows if all(row[:9])])
    test = np.array([u(7, r) < 0.2 for r in range(len(table))])
    x, y = table[:, :8], table[:, 8]
    x = (x - x[~test].mean(axis=0)) / x[~test].std(axis=0)
    mean, deviation = y[~test].mean(), y[~test].std()
    rmse = []
    for seed in range(5):
        model = MLPRegressor((64,), random_state=seed).fit(x[~test], (y[~test] - mean) / deviation)
        error = model.predict(x[test]) * deviation + mean - y[test]
        rmse.append(float(np.sqrt((error**2).mean())))
        print(seed, model.n_iter_, rmse[-1], flush=True)
    out = pathlib.Path(__file__).resolve().parent.parent / "tests/golden/california.json"
    out.write_text(json.dumps({"source": "scikit-learn MLPRegressor((64,)), other settings as they come",
                               "rows": len(table), "test_rows": int(test.sum()), "rmse": rmse}, indent=1) + "\n")


main()
