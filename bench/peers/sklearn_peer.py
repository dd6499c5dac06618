"""scikit-learn's MLPClassifier. Its loss is log loss whatever the workload's: where that is the squared error (W1, W3)
the work of a step is nearly the same. What fit() does before its first step is measured and taken off."""

import time
import warnings

import sampling

try:
    import numpy as np
    import sklearn
    from sklearn.neural_network import MLPClassifier
except ImportError as error:
    sampling.refuse(f"scikit-learn is not installed ({error})")

warnings.filterwarnings("ignore")


def make_data(task):
    if task["workload"] == "W1":
        return np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32), np.array([0, 1, 1, 0])
    # fit() looks at every row before it begins: a few hundred batches are enough.
    rows = min(task["rows"], 200 * task["batch"])
    random = np.random.default_rng(0)
    return random.random((rows, task["widths"][0]), dtype=np.float32), random.integers(
        0, max(2, task["widths"][-1]), rows
    )


def main():
    task = sampling.read_task()
    features, labels = make_data(task)
    clock = time.perf_counter if task["clock"] == "wall" else time.process_time

    def fit(epochs):
        """Seconds that so many epochs take."""
        model = MLPClassifier(
            tuple(task["widths"][1:-1]),
            activation="logistic" if task["hidden"] == "sigmoid" else "relu",
            solver=task["optimizer"],
            batch_size=task["batch"],
            max_iter=epochs,
            learning_rate_init=sampling.rate(task),
            momentum=0.0,
            nesterovs_momentum=False,
            alpha=0,
            tol=0,
            n_iter_no_change=10**9,
            shuffle=False,
        )
        start = clock()
        model.fit(features, labels)
        return clock() - start

    fit(1)
    one = min(fit(1) for _ in range(3))  # with the preparation
    epochs = 2
    while (took := fit(epochs) - one) < task["seconds"] / 2:
        epochs *= int(min(max(task["seconds"] / max(took, 1e-9), 2), 100))
    epochs = int(np.ceil(1 + 1.1 * task["seconds"] / took * (epochs - 1)))
    steps = len(features) // task["batch"]

    def sample():
        return steps * (epochs - 1) / max(fit(epochs) - one, 1e-9)

    sampling.serve({"mlp": sample}, version=f"scikit-learn {sklearn.__version__}")


main()
