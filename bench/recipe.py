#!/usr/bin/env python3
"""The measurements behind the recipe (hillock help recipe): what other networks, rates and batches would give.

For each row of the recipe, data sets of that size and kind; for each candidate the mean over --seeds seeds (each another
split, other first weights, another order) of the test score, as its gain over the recipe's own: points of AUC (two
classes) or accuracy (more), percent of RMSE. Prints a Markdown table.

    bench/recipe.py --data DIRECTORY --hillock build/hillock [--rows NAME ...]

DIRECTORY holds the public files under the names in SETS; digits, iris, wine and wdbc are built in. The seeds begin at
1000: bench/tables.py splits otherwise, so that what is chosen here is not chosen on what is shown there.
"""
import argparse
import gzip
import json
import os
import shlex
import subprocess
import sys
import tempfile

import numpy

# name: what to train on, further options, whether the first line names the columns
SETS = {
    "iris": ("iris", [], None),
    "wine": ("wine", [], None),
    "wdbc": ("wdbc", [], None),
    "digits": ("digits", [], None),
    "german": ("german-credit/german.csv", ["--target", "last"], False),
    "heart": ("heart-disease/processed.cleveland.data", ["--target", "last", "--task", "classification"], False),
    "diabetes": ("diabetes.csv", ["--target", "last"], True),
    "heating": ("energy-efficiency/ENB2012_data.csv", ["--target", "Y1", "--drop", "Y2"], True),
    "cooling": ("energy-efficiency/ENB2012_data.csv", ["--target", "Y2", "--drop", "Y1"], True),
    "ccpp": ("ccpp/ccpp.csv", ["--target", "EP"], True),
    "adult": ("adult/adult.data.gz", ["--target", "last"], False),
    "credit": ("credit-default/UCI_Credit_Card.csv.gz", ["--target", "last", "--drop", "ID"], True),
    "california": ("california-housing/housing.csv.gz", ["--target", "median_house_value"], True),
    "bike": ("bike-sharing/hour.csv.gz", ["--target", "cnt", "--drop", "casual", "--drop", "registered", "--drop", "instant"], True),
}


def prepare(data, name, scratch):
    """The path to train on and the options. "adult 900": so many of the rows, drawn once."""
    name, _, count = name.partition(" ")
    source, options, header = SETS[name]
    if header is None:
        return source, options
    if name == "diabetes":  # its columns and its target lie in two files
        columns, target = (numpy.loadtxt(os.path.join(data, "sklearn-data", f"diabetes_{part}.csv.gz"))
                           for part in ("data_raw", "target"))
        path = os.path.join(scratch, source)
        numpy.savetxt(path, numpy.column_stack([columns, target]), fmt="%.10g", delimiter=",",
                      header=",".join([f"x{i}" for i in range(columns.shape[1])] + ["y"]), comments="")
        return path, options
    path = os.path.join(data, source)
    if not count:
        return path, options
    lines = (gzip.open if path.endswith(".gz") else open)(path, "rt", newline=None).read().split("\n")
    lines = [line for line in lines if line.strip()]
    first, rows = lines[:header], lines[header:]
    chosen = numpy.random.RandomState(0).permutation(len(rows))[:int(count)]
    path = os.path.join(scratch, f"{name}-{count}.csv")
    with open(path, "w") as file:
        file.write("\n".join(first + [rows[i] for i in chosen]) + "\n")
    return path, options


# row: sets, {candidate: options that differ from the recipe's}
ROWS = {
    "50 to 999, classification": (["iris", "wine", "wdbc", "german", "heart", "adult 900", "credit 900"], {
        "dense 32 relu, dropout 0.2, rate 0.003": ["--net", "dense 32 relu, dropout 0.2", "--lr", "0.003"],
        "dense 32 relu": ["--net", "dense 32 relu"],
        "dense 32 relu, dropout 0.5": ["--net", "dense 32 relu, dropout 0.5"],
        "dense 64 relu, dropout 0.5": ["--net", "dense 64 relu, dropout 0.5"],
        "dense 32 tanh, dropout 0.2": ["--net", "dense 32 tanh, dropout 0.2"],
        "dropout 0.2, dense 32 relu, dropout 0.2": ["--net", "dropout 0.2, dense 32 relu, dropout 0.2"],
        "dropout 0.2, dense 64 relu, dropout 0.5": ["--net", "dropout 0.2, dense 64 relu, dropout 0.5"],
        "two layers of 32, dropout 0.2": ["--net", "dense 32 relu, dropout 0.2, dense 32 relu, dropout 0.2"],
        "rate 0.001": ["--lr", "0.001"],
        "rate 0.01": ["--lr", "0.01"],
        "cosine": ["--schedule", "cosine"],
        "weight decay 0.003": ["--optimizer", "adamw", "--weight-decay", "0.003"],
        "weight decay 0.03": ["--optimizer", "adamw", "--weight-decay", "0.03"],
        "batch 16": ["--batch", "16"],
    }),
    "50 to 999, regression": (["heating", "cooling", "diabetes", "ccpp 900", "california 900", "bike 900"], {
        "dense 64 relu, rate 0.01": ["--net", "dense 64 relu", "--lr", "0.01"],
        "dense 128 relu": ["--net", "dense 128 relu"],
        "two layers of 32": ["--net", "dense 32 relu, dense 32 relu"],
        "two layers of 64": ["--net", "dense 64 relu, dense 64 relu"],
        "dense 64 tanh": ["--net", "dense 64 tanh"],
        "two layers of 64, silu": ["--net", "dense 64 silu, dense 64 silu"],
        "rate 0.003": ["--lr", "0.003"],
        "rate 0.02": ["--lr", "0.02"],
        "batch 16": ["--batch", "16"],
        "800 epochs": ["--epochs", "800", "--patience", "100"],
    }),
    "1000 to 9999, classification": (["digits", "adult 5000", "credit 5000"], {
        "dense 256 relu, dropout 0.3": ["--net", "dense 256 relu, dropout 0.3"],
        "dense 128 relu, dropout 0.3": ["--net", "dense 128 relu, dropout 0.3"],
        "two layers of 128, dropout 0.3": ["--net", "dense 128 relu, dropout 0.3, dense 128 relu, dropout 0.3"],
        "rate 0.001": ["--lr", "0.001"],
        "rate 0.005": ["--lr", "0.005"],
        "no label smoothing": ["--label-smoothing", "0"],
    }),
    "1000 to 9999, regression": (["ccpp", "california 5000", "bike 5000"], {
        "two layers of 64": ["--net", "dense 64 relu, dense 64 relu"],
        "dense 128 relu": ["--net", "dense 128 relu"],
        "128, 64": ["--net", "dense 128 relu, dense 64 relu"],
        "three layers of 64": ["--net", "dense 64 relu, dense 64 relu, dense 64 relu"],
        "256, 128, 64": ["--net", "dense 256 relu, dense 128 relu, dense 64 relu"],
        "128, 64, silu": ["--net", "dense 128 silu, dense 64 silu"],
        "rate 0.01": ["--lr", "0.01"],
        "rate 0.002": ["--lr", "0.002"],
        "300 epochs": ["--epochs", "300", "--patience", "60"],
    }),
    "10000 to 99999, classification": (["adult", "credit"], {
        "128, 64, dropout 0.3": ["--net", "dense 128 relu, dropout 0.3, dense 64 relu, dropout 0.3"],
        "dense 64 relu, dropout 0.3": ["--net", "dense 64 relu, dropout 0.3"],
        "dense 256 relu, dropout 0.5": ["--net", "dense 256 relu, dropout 0.5"],
        "256, 128, dropout 0.3": ["--net", "dense 256 relu, dropout 0.3, dense 128 relu, dropout 0.3"],
        "dropout 0.1, 128, 64, dropout 0.3": ["--net", "dropout 0.1, dense 128 relu, dropout 0.3, dense 64 relu, dropout 0.3"],
        "128, 64, silu, dropout 0.3": ["--net", "dense 128 silu, dropout 0.3, dense 64 silu, dropout 0.3"],
        "rate 0.002": ["--lr", "0.002"],
        "rate 0.0005": ["--lr", "0.0005"],
        "batch 256, rate 0.002": ["--batch", "256", "--lr", "0.002"],
        "weight decay 0.003": ["--optimizer", "adamw", "--weight-decay", "0.003"],
        "categories: an input each": ["--embed-above", "1000000"],
        "embedded above 8": ["--embed-above", "8"],
    }),
    "10000 to 99999, regression": (["california", "bike"], {
        "128, 64, 32": ["--net", "dense 128 relu, dense 64 relu, dense 32 relu"],
        "128, 64": ["--net", "dense 128 relu, dense 64 relu"],
        "256, 128, 64": ["--net", "dense 256 relu, dense 128 relu, dense 64 relu"],
        "256, 128, 64, dropout 0.1": ["--net", "dense 256 relu, dropout 0.1, dense 128 relu, dropout 0.1, dense 64 relu"],
        "256, 128, 64, silu": ["--net", "dense 256 silu, dense 128 silu, dense 64 silu"],
        "rate 0.002": ["--lr", "0.002"],
        "rate 0.01": ["--lr", "0.01"],
        "batch 128": ["--batch", "128"],
        "weight decay 0.003": ["--optimizer", "adamw", "--weight-decay", "0.003"],
        "categories: an input each": ["--embed-above", "1000000"],
        "embedded above 8": ["--embed-above", "8"],
    }),
}


def score(program, data, name, options, seed, scratch):
    path, more = prepare(data, name, scratch)
    command = [program, "train", path, *more, *options, "--seed", str(seed), "--threads", "1", "--quiet", "--json",
               "--out", os.path.join(scratch, "model.safetensors")]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    test = json.loads(done.stdout.splitlines()[-1])["test"]
    return next((metric, test[metric]) for metric in ("rmse", "auc", "accuracy") if metric in test)


def gain(metric, ours, base):
    ours, base = numpy.mean(ours), numpy.mean(base)
    return 100 * (base - ours) / base if metric == "rmse" else 100 * (ours - base)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--hillock", default="build/hillock")
    parser.add_argument("--rows", nargs="+", default=list(ROWS), choices=list(ROWS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--try", dest="extra", action="append", default=[], metavar="OPTIONS",
                        help="one more candidate, as options of train")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for row in arguments.rows:
            sets, candidates = ROWS[row]
            candidates = {"the recipe": [], **candidates}
            for text in arguments.extra:
                candidates[text] = shlex.split(text)
            print(f"\n| {row} | " + " | ".join(sets) + " | mean |\n|---|" + "---|" * (len(sets) + 1), flush=True)
            base = {}
            for candidate, options in candidates.items():
                cells, gains = [], []
                for name in sets:
                    runs = [score(arguments.hillock, arguments.data, name, options, 1000 + seed, scratch)
                            for seed in range(arguments.seeds)]
                    metric, values = runs[0][0], [value for _, value in runs]
                    if not options:
                        base[name] = values
                        cells.append(f"{metric} {numpy.mean(values):.5g} ± {numpy.std(values):.2g}")
                        continue
                    gains.append(gain(metric, values, base[name]))
                    cells.append(f"{gains[-1]:+.2f}")
                mean = f"{numpy.mean(gains):+.2f}" if gains else ""
                print(f"| {candidate} | " + " | ".join(cells) + f" | {mean} |", flush=True)


if __name__ == "__main__":
    main()
