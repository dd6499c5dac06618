#!/usr/bin/env python3
"""Losses, clipping, schedules and metrics computed by PyTorch and scikit-learn, for src/train and src/nn tests.

Writes tests/golden/training.json. Needs Debian's python3-torch, python3-sklearn and python3-numpy:
    /usr/bin/python3 scripts/make_training_oracles.py
"""
import json
import pathlib

import numpy as np
import sklearn.metrics as M
import torch
import torch.nn.functional as F


def losses(rng):
    logits = np.round(rng.normal(size=(7, 5)) * 3, 3)
    labels = rng.integers(0, 5, size=7)
    one_hot = np.eye(5)[labels]
    z, t, y = torch.tensor(logits), torch.tensor(one_hot), torch.tensor(labels)
    p = torch.sigmoid(z)
    return {
        "logits": logits.tolist(),
        "labels": labels.tolist(),
        # On sigmoid outputs against one-hot targets.
        "mse": F.mse_loss(p, t).item(),
        "sse": 0.5 * F.mse_loss(p, t, reduction="sum").item(),
        "mae": F.l1_loss(p, t).item(),
        # Summed over outputs, averaged over rows.
        "logistic": F.binary_cross_entropy_with_logits(z, t, reduction="sum").item() / 7,
        "cross_entropy": F.cross_entropy(z, y).item(),
        "cross_entropy_smoothing_0.1": F.cross_entropy(z, y, label_smoothing=0.1).item(),
        "softmax": F.softmax(z, dim=1).tolist(),
    }


def clipping(rng):
    gradient = np.round(rng.normal(size=9), 3)
    result = {"gradient": gradient.tolist()}
    for limit in (0.5, 100.0):
        parameter = torch.nn.Parameter(torch.zeros(9, dtype=torch.float64))
        parameter.grad = torch.tensor(gradient)
        torch.nn.utils.clip_grad_norm_([parameter], limit)
        result[str(limit)] = parameter.grad.tolist()
    return result


def schedules():
    def run(make, steps):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        schedule = make(optimizer)
        rates = []
        for _ in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        return rates

    return {
        "cosine_30": run(lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=30), 30),
        "step_30_every_10": run(lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=10, gamma=0.1), 30),
    }


def metrics(rng):
    labels = rng.integers(0, 3, size=40)
    scores = np.round(rng.dirichlet(np.ones(3), size=40), 3)
    scores = scores / scores.sum(axis=1, keepdims=True)
    guess = scores.argmax(axis=1)
    binary = rng.integers(0, 2, size=40)
    p = np.round(rng.uniform(size=40), 2)  # two digits: ties occur
    targets = np.round(rng.normal(size=40) * 5, 2)
    predictions = np.round(targets + rng.normal(size=40), 2)
    return {
        "classes": {
            "labels": labels.tolist(),
            "scores": scores.tolist(),
            "accuracy": M.accuracy_score(labels, guess),
            "log_loss": M.log_loss(labels, scores),
            "recall": M.recall_score(labels, guess, average=None).tolist(),
            "confusion": M.confusion_matrix(labels, guess).tolist(),
        },
        "binary": {
            "labels": binary.tolist(),
            "scores": p.tolist(),
            "accuracy": M.accuracy_score(binary, p > 0.5),
            "auc": M.roc_auc_score(binary, p),
            "log_loss": M.log_loss(binary, np.clip(p, 1e-15, 1 - 1e-15)),
        },
        "regression": {
            "targets": targets.tolist(),
            "predictions": predictions.tolist(),
            "rmse": float(np.sqrt(M.mean_squared_error(targets, predictions))),
            "mae": M.mean_absolute_error(targets, predictions),
            "r2": M.r2_score(targets, predictions),
        },
    }


def main():
    rng = np.random.default_rng(20260101)
    out = pathlib.Path(__file__).resolve().parent.parent / "tests/golden/training.json"
    result = {"losses": losses(rng), "clipping": clipping(rng), "schedules": schedules(), "metrics": metrics(rng)}
    out.write_text(json.dumps(result, indent=1) + "\n")


main()
