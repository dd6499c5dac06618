"""Backpropagation by hand in NumPy, f32, as a careful student writes it: matrix products, in-place updates."""

import sampling

try:
    import numpy as np
except ImportError as error:
    sampling.refuse(f"NumPy is not installed ({error})")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def make_data(task, random):
    inputs, outputs, rows = task["widths"][0], task["widths"][-1], task["rows"]
    if task["workload"] == "W1":
        return np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32), np.array([[0], [1], [1], [0]], np.float32)
    features = random.random((rows, inputs), dtype=np.float32)
    if task["loss"] == "logistic":
        return features, random.integers(0, 2, (rows, 1)).astype(np.float32)
    return features, np.eye(outputs, dtype=np.float32)[random.integers(0, outputs, rows)]


class Network:
    def __init__(self, task, random):
        self.task = task
        self.rate = np.float32(sampling.rate(task))
        self.weights = [
            (random.standard_normal((a, b)) / np.sqrt(a)).astype(np.float32)
            for a, b in zip(task["widths"], task["widths"][1:])
        ]
        self.biases = [np.zeros(b, np.float32) for b in task["widths"][1:]]
        self.parameters = self.weights + self.biases
        self.first = [np.zeros_like(p) for p in self.parameters]
        self.second = [np.zeros_like(p) for p in self.parameters]
        self.step_number = 0

    def forward(self, x):
        values = [x]
        last = len(self.weights) - 1
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            z = values[-1] @ weight
            z += bias
            if k < last and self.task["hidden"] == "relu":
                np.maximum(z, 0, out=z)
            elif k < last or self.task["loss"] in ("mse", "logistic"):
                z = sigmoid(z)
            else:
                z -= z.max(axis=1, keepdims=True)
                np.exp(z, out=z)
                z /= z.sum(axis=1, keepdims=True)
            values.append(z)
        return values

    def backward(self, values, y):
        out = values[-1]
        if self.task["loss"] == "mse":
            delta = (2 / np.float32(out.size)) * (out - y) * out * (1 - out)
        else:  # softmax with cross-entropy and sigmoid with the logistic loss have the same gradient
            delta = (out - y) / np.float32(len(y))
        of_weights, of_biases = [], []
        for k in reversed(range(len(self.weights))):
            of_weights.insert(0, values[k].T @ delta)
            of_biases.insert(0, delta.sum(axis=0))
            if k > 0:
                delta = delta @ self.weights[k].T
                delta *= values[k] > 0 if self.task["hidden"] == "relu" else values[k] * (1 - values[k])
        return of_weights + of_biases

    def update(self, gradients):
        if self.task["optimizer"] == "sgd":
            for p, g in zip(self.parameters, gradients):
                g *= self.rate
                p -= g
            return
        self.step_number += 1
        rate = np.float32(self.rate / (1 - 0.9**self.step_number))
        scale = np.float32(1 / np.sqrt(1 - 0.999**self.step_number))
        for p, g, m, v in zip(self.parameters, gradients, self.first, self.second):
            m *= np.float32(0.9)
            m += np.float32(0.1) * g
            v *= np.float32(0.999)
            v += np.float32(0.001) * g * g
            root = np.sqrt(v)
            root *= scale
            root += np.float32(1e-8)
            np.divide(m, root, out=root)
            root *= rate
            p -= root


def main():
    task = sampling.read_task()
    random = np.random.default_rng(0)
    features, targets = make_data(task, random)
    network = Network(task, random)
    batch = task["batch"]
    batches = len(features) // batch
    position = 0

    def run(steps):
        nonlocal position
        for _ in range(steps):
            first = position * batch
            position = (position + 1) % batches
            values = network.forward(features[first : first + batch])
            network.update(network.backward(values, targets[first : first + batch]))

    np.seterr(all="ignore")
    sampling.serve({"numpy": sampling.sample_steps(run, task)}, version=f"NumPy {np.__version__}")


main()
