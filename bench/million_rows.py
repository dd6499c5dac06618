#!/usr/bin/env python3
"""A million rows of 30 numbers: hillock loads, trains 5 epochs and predicts; scikit-learn's MLP does one epoch.

Prints wall time and peak memory of each, both on one thread. Needs pandas and scikit-learn, 2 GB of memory and 600 MB of disk.

    bench/million_rows.py --hillock build/hillock
"""
import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy

PEER = """
import sys, time, warnings
import pandas
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
warnings.filterwarnings("ignore")
table = pandas.read_csv(sys.argv[1], dtype="float32")
answers = table.pop("y").to_numpy().astype(int)
inputs = StandardScaler().fit_transform(table.to_numpy())
begin = time.perf_counter()
MLPClassifier((64,), max_iter=1).fit(inputs, answers)
print(time.perf_counter() - begin)
"""


def make(path, rows, columns):
    """Two classes that no plane divides."""
    random = numpy.random.default_rng(0)
    with open(path, "w") as file:
        file.write(",".join([f"x{i}" for i in range(columns)] + ["y"]) + "\n")
        for _ in range(0, rows, 10000):
            x = random.normal(size=(10000, columns)).astype("float32")
            y = (x[:, 0] * x[:, 1] + numpy.sin(2 * x[:, 2]) + x[:, 3:6].sum(axis=1) / 2 + random.normal(size=10000) / 2 > 0)
            numpy.savetxt(file, numpy.column_stack([x, y]), fmt=["%.6g"] * columns + ["%d"], delimiter=",")


def measure(command):
    """Seconds, peak bytes, stdout."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1"))
    out, err = process.communicate()
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{err}")
    return time.perf_counter() - begin, out


def peak_bytes(command):
    """Of a process of its own, so that the largest child is this one."""
    before = os.fork()
    if before == 0:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os._exit(min(255, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 4096))
    return os.waitstatus_to_exitcode(os.waitpid(before, 0)[1]) * 4096 * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hillock", default="build/hillock")
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    columns = 30
    with tempfile.TemporaryDirectory() as directory:
        table, model = os.path.join(directory, "million.csv"), os.path.join(directory, "model.safetensors")
        make(table, arguments.rows, columns)
        train = [arguments.hillock, "train", table, "--target", "y", "--epochs", "5", "--threads", "1", "--quiet", "--out", model]
        predict = [arguments.hillock, "predict", model, table, "--threads", "1", "--out", os.path.join(directory, "out.csv")]
        ours, theirs, epochs = [], [], []
        for _ in range(arguments.repeat):
            trained, predicted = measure(train)[0], measure(predict)[0]
            ours.append((trained + predicted, trained, predicted))
            whole, out = measure([sys.executable, "-c", PEER, table])
            theirs.append(whole)
            epochs.append(float(out))
        total, trained, predicted = sorted(ours)[len(ours) // 2]
        epoch = sorted(epochs)[len(epochs) // 2]
        print(f"hillock: train {trained:.2f} s, predict {predicted:.2f} s, together {total:.2f} s")
        print(f"scikit-learn MLP(64): one epoch {epoch:.2f} s, with loading {sorted(theirs)[len(theirs) // 2]:.2f} s")
        print(f"ratio: {epoch / total:.2f}")
        data = arguments.rows * columns * 4
        for name, command in (("train", train), ("predict", predict)):
            print(f"peak memory, {name}: {peak_bytes(command) / 1e6:.0f} MB, {peak_bytes(command) / data:.2f} times the data in f32")


if __name__ == "__main__":
    main()
