#!/usr/bin/env python3
"""A million rows of 30 numbers: hillock loads, trains 5 epochs and predicts; scikit-learn's MLP does one epoch.

Prints wall time, time on the processor (which other programs on the machine disturb less) and peak memory of each, all on one
thread, in turns, and the median of the turns. The clock of scikit-learn runs
while it fits and nothing else: reading, scaling and its process's start are outside, while hillock's whole process counts. The
network of scikit-learn is given by --hidden; hillock's is what it chooses itself unless --net says otherwise. Needs pandas and
scikit-learn, 2 GB of memory and 600 MB of disk.

    bench/million_rows.py --hillock build/hillock
    bench/million_rows.py --hillock build/hillock --net 64
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

MAKE = """
import sys
import numpy
# Two classes that no plane divides.
path, rows, columns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random = numpy.random.default_rng(0)
with open(path, "w") as file:
    file.write(",".join([f"x{i}" for i in range(columns)] + ["y"]) + "\\n")
    for first in range(0, rows, 10000):
        part = min(10000, rows - first)
        x = random.normal(size=(part, columns)).astype("float32")
        y = x[:, 0] * x[:, 1] + numpy.sin(2 * x[:, 2]) + x[:, 3:6].sum(axis=1) / 2 + random.normal(size=part) / 2 > 0
        numpy.savetxt(file, numpy.column_stack([x, y]), fmt=["%.6g"] * columns + ["%d"], delimiter=",")
"""

PEER = """
import sys, time, warnings
import pandas
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
warnings.filterwarnings("ignore")
table = pandas.read_csv(sys.argv[1], dtype="float32")
answers = table.pop("y").to_numpy().astype(int)
inputs = StandardScaler().fit_transform(table.to_numpy())
hidden = tuple(int(units) for units in sys.argv[2].split(","))
wall, processor = time.perf_counter(), time.process_time()
MLPClassifier(hidden, max_iter=1).fit(inputs, answers)
print(time.perf_counter() - wall, time.process_time() - processor)
"""


class Run:
    """One process: its seconds, seconds on the processor, peak bytes and stdout. This process stays small, since a child's peak is
    at least its parent's size."""

    def __init__(self, command):
        environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.out = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - begin
        self.processor_seconds = used.ru_utime + used.ru_stime
        self.peak_bytes = used.ru_maxrss * 1024
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit code {process.returncode}")


def middle(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hillock", default="build/hillock")
    parser.add_argument("--net", help="hillock's network (its own choice)")
    parser.add_argument("--hidden", default="64", help="scikit-learn's hidden layers, for example 256,128 (64)")
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--table", help="the table, if it is there already (it is made)")
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    columns = 30
    with tempfile.TemporaryDirectory() as directory:
        table = arguments.table or os.path.join(directory, "million.csv")
        model = os.path.join(directory, "model.safetensors")
        if not arguments.table:
            Run([sys.executable, "-c", MAKE, table, str(arguments.rows), str(columns)])
        train = [arguments.hillock, "train", table, "--target", "y", "--epochs", "5", "--threads", "1", "--quiet", "--json",
                 "--out", model] + (["--net", arguments.net] if arguments.net is not None else [])
        predict = [arguments.hillock, "predict", model, table, "--threads", "1", "--out", os.path.join(directory, "out.csv")]
        peer = [sys.executable, "-c", PEER, table, arguments.hidden]
        turns = [(Run(train), Run(predict), Run(peer)) for _ in range(arguments.repeat)]
    trained = json.loads(turns[0][0].out.splitlines()[-1])
    print(f"{trained['parameters']} parameters; scikit-learn: MLP({arguments.hidden})")
    report("seconds", turns, lambda run: run.seconds, 0)
    report("on the processor", turns, lambda run: run.processor_seconds, 1)
    print(f"5 epochs of hillock: {middle(json.loads(turn[0].out.splitlines()[-1])['seconds'] for turn in turns):.2f} s")
    data = arguments.rows * columns * 4
    for name, which in (("hillock train", 0), ("hillock predict", 1), ("scikit-learn", 2)):
        peak = middle(turn[which].peak_bytes for turn in turns)
        print(f"peak memory, {name}: {peak / 1e6:.0f} MB, {peak / data:.2f} times the data in f32")


def report(what, turns, measure, epoch):
    """A line of medians; `epoch`: which number of scikit-learn's output is its epoch by this measure."""
    train, predict = middle(measure(turn[0]) for turn in turns), middle(measure(turn[1]) for turn in turns)
    one_epoch = middle(float(turn[2].out.split()[epoch]) for turn in turns)
    ratio = middle(float(turn[2].out.split()[epoch]) / (measure(turn[0]) + measure(turn[1])) for turn in turns)
    print(f"{what}: hillock trains {train:.2f}, predicts {predict:.2f}; scikit-learn's epoch {one_epoch:.2f}, which is {ratio:.2f} of hillock's whole")


if __name__ == "__main__":
    main()
