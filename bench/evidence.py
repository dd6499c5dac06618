#!/usr/bin/env python3
"""Score and processor time on five tables, one each from medicine, finance, energy, transport and housing, beside
scikit-learn's network and four libraries of gradient boosting; prints one group of bench/measurements.json.

    bench/evidence.py --data DIRECTORY --hillock build/hillock > tables.json
    bench/figures.py --take tables tables.json

Rows, peers and their preprocessing are those of bench/tables.py, all with their defaults on one thread: five splits of 80 and
20 %, a seed for each. The time of a peer is that of everything from the cells as text to the score of the test rows,
without importing libraries; that of Hillock is the whole process: starting, reading the file, choosing an epoch by
validation rows, a linear model beside, the report, saving. The peers take turns within each split.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):  # before they are imported
    os.environ[name] = "1"

import argparse
import importlib.metadata
import json
import resource
import statistics
import sys
import tempfile
import time
import warnings

import tables

CHOSEN = ["heart (present)", "credit default", "ccpp", tables.WITHOUT_DATE, "california"]
METHODS = ["hillock", "linear", "mlp", "mlp, early stopping", "boosting", "lightgbm", "xgboost", "catboost"]
PACKAGES = ["scikit-learn", "lightgbm", "xgboost", "catboost", "numpy"]


def processor_seconds(of):
    usage = resource.getrusage(of)
    return usage.ru_utime + usage.ru_stime


def timed(arguments, method, name, train, test, seed):
    if method == "hillock":
        start = processor_seconds(resource.RUSAGE_CHILDREN)
        with tempfile.TemporaryDirectory() as scratch:
            scores = tables.run_hillock(arguments.hillock, arguments.data, name, train, test, seed, scratch)
        return {**scores, "seconds": processor_seconds(resource.RUSAGE_CHILDREN) - start}
    start = time.process_time()
    scores = tables.run_peer(method, name, train, test, seed)
    return {**scores, "seconds": time.process_time() - start}


def measure(arguments, name):
    frames = tables.read(arguments.data, name)
    runs = {method: [] for method in METHODS}
    for seed, (train, test) in enumerate(tables.splits(frames, name, arguments.splits)):
        turn = seed % len(METHODS)
        for method in METHODS[turn:] + METHODS[:turn]:
            runs[method].append(timed(arguments, method, name, train, test, seed))
            print(name, seed, method, runs[method][-1], file=sys.stderr)
    return {
        "table": name,
        "rows": sum(map(len, frames)),
        "columns": frames[0].shape[1] - 1,
        "methods": {
            method: {"seconds": statistics.median(run["seconds"] for run in of), **tables.summary(of)}
            for method, of in runs.items()
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", required=True, metavar="DIRECTORY", help="with the files that bench/tables.py names")
    parser.add_argument("--hillock", default="build/hillock", metavar="PATH")
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--sets", nargs="+", default=CHOSEN, choices=list(tables.ALL_SETS))
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    for method in METHODS[1:]:  # loads what a first fit loads
        tables.peer(method, True, 0).fit([[0], [1]] * 50, [0, 1] * 50)
    results = [measure(arguments, name) for name in arguments.sets]
    versions = [f"{package} {importlib.metadata.version(package)}" for package in PACKAGES]
    print(json.dumps({"versions": versions, "results": results}, indent=1))


if __name__ == "__main__":
    main()
