#!/usr/bin/env python3
"""Precision and F1 by scikit-learn, calibration error and quantiles of errors by NumPy, for src/train/metrics_test.cc.

Weights are whole numbers here, so that a weighted figure is the plain one over repeated rows. Writes
tests/golden/metrics.json. Needs Debian's python3-sklearn and python3-numpy:
    /usr/bin/python3 scripts/make_metric_oracles.py
"""
import json
import pathlib

import numpy as np
import sklearn.metrics as M

BINS = 15
SHARES = [0.5, 0.9, 0.95]


def calibration_error(confidence, right):
    """Guo, Pleiss, Sun & Weinberger 2017, equations 2 and 3: bin m holds the confidences in ((m - 1) / 15, m / 15]."""
    bins = np.digitize(confidence, np.arange(1, BINS) / BINS, right=True)
    error = 0
    for m in range(BINS):
        inside = bins == m
        if inside.any():
            error += inside.sum() / len(confidence) * abs(right[inside].mean() - confidence[inside].mean())
    return float(error)


def both(weights, figure, *arrays):
    return {"plain": figure(*arrays), "weighted": figure(*(np.repeat(a, weights, axis=0) for a in arrays))}


def classes(rng, weights):
    labels = rng.integers(0, 4, size=len(weights))
    logits = rng.normal(size=(len(weights), 4)) + 1.5 * np.eye(4)[labels]
    scores = np.exp(2 * logits)
    scores /= scores.sum(axis=1, keepdims=True)
    guess = scores.argmax(axis=1)
    precision, recall, f1, rows = M.precision_recall_fscore_support(labels, guess)
    return {
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "rows": rows.tolist(),
        "calibration_error": both(weights, calibration_error, scores.max(axis=1), guess == labels),
    }


def binary(rng, weights):
    p = rng.uniform(size=len(weights))
    p[:4] = [0, 1, 0.5, 0.6]  # the ends, the tie that goes to class 0, and an edge between bins: 9 / 15
    labels = (rng.uniform(size=len(weights)) < p**2).astype(int)
    guess = (p > 0.5).astype(int)
    precision, recall, f1, _ = M.precision_recall_fscore_support(labels, guess)
    return {
        "labels": labels.tolist(),
        "scores": p.tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "calibration_error": both(weights, calibration_error, np.where(guess == 1, p, 1 - p), guess == labels),
    }


def regression(rng, weights):
    targets = rng.normal(size=len(weights)) * 5
    predictions = targets + rng.standard_t(3, size=len(weights))

    def quantiles(errors):
        return np.quantile(errors, SHARES, method="inverted_cdf").tolist()

    return {
        "targets": targets.tolist(),
        "predictions": predictions.tolist(),
        "error_quantiles": both(weights, quantiles, np.abs(predictions - targets)),
    }


def main():
    rng = np.random.default_rng(20261125)
    weights = rng.integers(0, 5, size=120)
    out = pathlib.Path(__file__).resolve().parent.parent / "tests/golden/metrics.json"
    result = {
        "weights": weights.tolist(),
        "classes": classes(rng, weights),
        "binary": binary(rng, weights),
        "regression": regression(rng, weights),
    }
    out.write_text(json.dumps(result, indent=1) + "\n")


main()
