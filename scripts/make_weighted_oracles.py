#!/usr/bin/env python3
"""Losses of weighted rows by PyTorch, with their gradients, and metrics with scikit-learn's sample_weight.

Writes tests/golden/weighted.json. Needs Debian's python3-torch, python3-sklearn and python3-numpy:
    /usr/bin/python3 scripts/make_weighted_oracles.py
"""
import json
import pathlib

import numpy as np
import sklearn.metrics as M
import torch
import torch.nn.functional as F


def losses(rng):
    logits = np.round(rng.normal(size=(6, 4)) * 2, 3)
    labels = rng.integers(0, 4, size=6)
    weights = np.array([0.5, 0, 2, 1, 3.25, 0.125])
    t, y, w = torch.tensor(np.eye(4)[labels]), torch.tensor(labels), torch.tensor(weights)
    # What each row loses. A batch loses the mean of weight times loss over its six rows; sse the sum.
    rows = {
        "mse": lambda z: F.mse_loss(torch.sigmoid(z), t, reduction="none").mean(dim=1),
        "sse": lambda z: 6 * 0.5 * F.mse_loss(torch.sigmoid(z), t, reduction="none").sum(dim=1),
        "mae": lambda z: F.l1_loss(torch.sigmoid(z), t, reduction="none").mean(dim=1),
        "logistic": lambda z: F.binary_cross_entropy_with_logits(z, t, reduction="none").sum(dim=1),
        "cross-entropy": lambda z: F.cross_entropy(z, y, reduction="none"),
    }
    result = {"logits": logits.tolist(), "labels": labels.tolist(), "weights": weights.tolist(), "losses": {}}
    for name, row in rows.items():
        z = torch.tensor(logits, requires_grad=True)
        loss = (w * row(z)).mean()
        loss.backward()
        result["losses"][name] = {"loss": loss.item(), "gradient": z.grad.tolist()}
    return result


def metrics(rng):
    weights = np.round(rng.exponential(size=40), 2)
    weights[[3, 17]] = 0
    labels = rng.integers(0, 3, size=40)
    scores = np.round(rng.dirichlet(np.ones(3), size=40), 3)
    scores = scores / scores.sum(axis=1, keepdims=True)
    binary = rng.integers(0, 2, size=40)
    p = np.round(rng.uniform(size=40), 1)  # one digit: many ties
    targets = np.round(rng.normal(size=40) * 5, 2)
    predictions = np.round(targets + rng.normal(size=40), 2)
    w = {"sample_weight": weights}
    return {
        "weights": weights.tolist(),
        "classes": {
            "labels": labels.tolist(),
            "scores": scores.tolist(),
            "accuracy": M.accuracy_score(labels, scores.argmax(axis=1), **w),
            "log_loss": M.log_loss(labels, scores, **w),
        },
        "binary": {
            "labels": binary.tolist(),
            "scores": p.tolist(),
            "accuracy": M.accuracy_score(binary, p > 0.5, **w),
            "auc": M.roc_auc_score(binary, p, **w),
        },
        "regression": {
            "targets": targets.tolist(),
            "predictions": predictions.tolist(),
            "rmse": float(np.sqrt(M.mean_squared_error(targets, predictions, **w))),
            "mae": M.mean_absolute_error(targets, predictions, **w),
            "r2": M.r2_score(targets, predictions, **w),
        },
    }


def main():
    rng = np.random.default_rng(20261124)
    out = pathlib.Path(__file__).resolve().parent.parent / "tests/golden/weighted.json"
    out.write_text(json.dumps({"losses": losses(rng), "metrics": metrics(rng)}, indent=1) + "\n")


main()
