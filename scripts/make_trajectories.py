#!/usr/bin/python3
"""Writes tests/golden/*.json: training runs that Hillock must follow, computed without it.

Needs Debian 12: apt-get install python3-numpy python3-torch
Run:             /usr/bin/python3 scripts/make_trajectories.py       (about fifteen seconds)

xor_numpy.json is NumPy alone, with backpropagation written out by hand. The w*.json files are PyTorch in double
precision. Every pseudo-random number is u(stream, i) below, which any language repeats exactly; tests/golden/README.md
gives the formulas and the fields.
"""
import json
import os

import numpy as np
import torch

torch.set_num_threads(1)  # one order of summation
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, "tests", "golden")


def splitmix64_finalizer(z):
    with np.errstate(over="ignore"):  # arithmetic is modulo 2^64
        z = z + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


assert int(splitmix64_finalizer(np.zeros(1, np.uint64))[0]) == 0xE220A8397B1DCDAF  # SplitMix64's first output from state 0


def u(stream, count):
    """u(stream, 0..count-1), each in [0, 1)."""
    with np.errstate(over="ignore"):
        z = np.uint64(stream) * np.uint64(0x100000001B3) + np.arange(count, dtype=np.uint64)
    return (splitmix64_finalizer(z) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def write(name, content):
    lines = [" %s: %s" % (json.dumps(key), json.dumps(value)) for key, value in content.items()]
    with open(os.path.join(FOLDER, name), "w") as out:
        out.write("{\n" + ",\n".join(lines) + "\n}\n")


# ---------------------------------------------------------------- XOR, by hand

def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def xor_numpy():
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64)
    y = np.array([[0], [1], [1], [0]], dtype=np.float64)
    rate, steps = 0.1, 1000
    w1 = (2 * u(101, 8) - 1).reshape(2, 4)
    b1 = 2 * u(102, 4) - 1
    w2 = (2 * u(103, 4) - 1).reshape(4, 1)
    b2 = 2 * u(104, 1) - 1

    def weights():
        return {"dense1.weight": w1.tolist(), "dense1.bias": b1.tolist(), "output.weight": w2.tolist(), "output.bias": b2.tolist()}

    def forward():
        h = sigmoid(x @ w1 + b1)  # [4, 4]
        p = sigmoid(h @ w2 + b2)  # [4, 1]
        return h, p, 0.5 * float(np.sum((y - p) ** 2))

    initial, losses, kept = weights(), [], []
    for step in range(1, steps + 1):
        h, p, loss = forward()
        if (step - 1) % 50 == 0:
            losses.append([step - 1, loss])
        # d loss / d p = p - y, and s' = s (1 - s)
        d2 = (p - y) * p * (1 - p)
        d1 = (d2 @ w2.T) * h * (1 - h)
        gradients = x.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0)
        w1, b1, w2, b2 = (value - rate * gradient for value, gradient in zip((w1, b1, w2, b2), gradients))
        if step in (1, 10, 100, 1000):
            kept.append({"step": step, "weights": weights()})
    losses.append([steps, forward()[2]])
    write("xor_numpy.json", {
        "source": "NumPy %s f64, backpropagation by hand" % np.__version__,
        "network": "2-4-1 sigmoid", "loss": "sse", "optimizer": "sgd", "lr": rate, "steps": steps, "batch": "all",
        "x": x.tolist(), "y": y.tolist(), "initial": initial,
        "losses_fields": ["updates made before it was measured", "loss"], "losses": losses, "weights": kept})
    print("xor_numpy: loss %r -> %r" % (losses[0][1], losses[-1][1]))


# ---------------------------------------------------------------- the workloads, in PyTorch

WORKLOADS = {  # layer widths, hidden activation, output activation, batch, loss, optimizer, learning rate
    "w1": ([2, 4, 1], "sigmoid", "sigmoid", 4, "mse", "sgd", 1.0),
    "w2_sgd": ([64, 32, 10], "relu", "none", 32, "softmax_cross_entropy", "sgd", 0.1),
    "w2_adam": ([64, 32, 10], "relu", "none", 32, "softmax_cross_entropy", "adam", 1e-3),
    "w3": ([784, 30, 10], "sigmoid", "sigmoid", 10, "mse", "sgd", 3.0),
    "w4_sgd": ([784, 128, 10], "relu", "none", 128, "softmax_cross_entropy", "sgd", 0.1),
    "w4_adam": ([784, 128, 10], "relu", "none", 128, "softmax_cross_entropy", "adam", 1e-3),
    "w8": ([30, 64, 64, 1], "relu", "none", 64, "logistic", "adam", 1e-3),
}
STEPS, BATCHES, SAMPLES = 200, 10, 32
ACTIVATIONS = {"sigmoid": torch.sigmoid, "relu": torch.relu, "none": lambda x: x}


def dataset(name, widths, batch, loss):
    """Inputs [rows, columns], targets as the loss takes them, and the class of each row (None for W1)."""
    if name == "w1":
        return np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64), np.array([[0], [1], [1], [0]], dtype=np.float64), None
    rows, columns = BATCHES * batch, widths[0]
    x = u(1, rows * columns).reshape(rows, columns)
    classes = max(2, widths[-1])
    labels = np.floor(u(2, rows) * classes).astype(np.int64)
    if loss == "mse":
        return x, np.eye(classes)[labels], labels
    if loss == "logistic":
        return x, labels.astype(np.float64).reshape(rows, 1), labels
    return x, labels, labels


def initial_weights(widths):
    """Name → value, weights as [in, out]."""
    weights = {}
    for layer, (fan_in, fan_out) in enumerate(zip(widths, widths[1:])):
        name = "output" if layer == len(widths) - 2 else "dense%d" % (layer + 1)
        weights[name + ".weight"] = ((2 * u(10 + 2 * layer, fan_in * fan_out) - 1) / np.sqrt(fan_in)).reshape(fan_in, fan_out)
        weights[name + ".bias"] = (2 * u(11 + 2 * layer, fan_out) - 1) / np.sqrt(fan_in)
    return weights


def train(setup, x, y, weights, dtype):
    widths, hidden, last, batch, loss_name, optimizer_name, rate = setup
    x = torch.tensor(x).to(dtype)
    y = torch.tensor(y)
    y = y if loss_name == "softmax_cross_entropy" else y.to(dtype)
    parameters = {name: torch.tensor(value).to(dtype).requires_grad_() for name, value in weights.items()}
    values = list(parameters.values())
    optimizer = (torch.optim.SGD if optimizer_name == "sgd" else torch.optim.Adam)(values, lr=rate)
    criterion = {"mse": torch.nn.functional.mse_loss, "softmax_cross_entropy": torch.nn.functional.cross_entropy,
                 "logistic": torch.nn.functional.binary_cross_entropy_with_logits}[loss_name]
    layers = len(widths) - 1
    losses = []
    for step in range(STEPS):
        first = step % (len(x) // batch) * batch
        value = x[first:first + batch]
        for layer in range(layers):
            value = ACTIVATIONS[last if layer == layers - 1 else hidden](value @ values[2 * layer] + values[2 * layer + 1])
        loss = criterion(value, y[first:first + batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, {name: value.detach().numpy() for name, value in parameters.items()}


def sampled(stream, size):
    """Up to 32 distinct flat indices in ascending order: all of them if there are no more, else the first 32 that u names."""
    if size <= SAMPLES:
        return list(range(size))
    drawn = np.floor(u(stream, 4 * SAMPLES) * size).astype(int).tolist()
    return sorted(list(dict.fromkeys(drawn))[:SAMPLES])


def summary(weights):
    result = {}
    for number, (name, value) in enumerate(weights.items()):
        flat = value.reshape(-1)
        indices = sampled(1000 + number, flat.size)
        assert len(indices) == min(SAMPLES, flat.size)
        wide = flat.astype(np.longdouble)
        result[name] = {"shape": list(value.shape), "sum": float(wide.sum()), "sum_of_squares": float((wide * wide).sum()),
                        "samples": [[i, float(flat[i])] for i in indices]}
    return result


def workload(name):
    setup = WORKLOADS[name]
    widths, hidden, last, batch, loss, optimizer, rate = setup
    x, y, labels = dataset(name, widths, batch, loss)
    weights = initial_weights(widths)
    losses, after = train(setup, x, y, weights, torch.float64)
    f32_losses, _ = train(setup, x, y, weights, torch.float32)
    content = {
        "source": "PyTorch %s f64" % torch.__version__, "widths": widths, "hidden_activation": hidden, "output_activation": last,
        "batch": batch, "rows": len(x), "loss": loss, "optimizer": optimizer, "lr": rate}
    if optimizer == "adam":
        content.update({"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8})  # PyTorch's defaults
    content.update({
        "steps": STEPS, "x_sum": float(x.astype(np.longdouble).sum()), "x_first": x.reshape(-1)[:4].tolist(),
        "labels_first": None if labels is None else labels[:16].tolist(), "initial": summary(weights),
        "losses": losses, "final": summary(after), "f32_loss": f32_losses[-1]})
    write(name + ".json", content)
    print("%-9s loss %r -> %r (f32 %.9g, off by %.1e)" % (name, losses[0], losses[-1], f32_losses[-1], abs(f32_losses[-1] / losses[-1] - 1)))


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    xor_numpy()
    for workload_name in WORKLOADS:
        workload(workload_name)
