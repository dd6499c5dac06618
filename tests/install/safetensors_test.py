"""Trains iris with the program, opens the model with Python's safetensors and computes its predictions with NumPy.

    safetensors_test.py PROGRAM

Skipped (77) where either package is missing. The network is 4-8-3 in f64, so that the figures must agree closely: NumPy's
exp and its order of summation differ from Hillock's by a few units in the last place of the logits.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
    from safetensors import safe_open
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

IRIS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "iris.csv")


def predictions_of_program(program, model):
    text = subprocess.run([program, "predict", model, "iris"], check=True, capture_output=True, text=True).stdout
    rows = list(csv.DictReader(text.splitlines()))
    return np.array([[float(value) for name, value in row.items() if name.startswith("p_")] for row in rows])


def main(program):
    with tempfile.TemporaryDirectory() as directory:
        model = os.path.join(directory, "iris.safetensors")
        subprocess.run([program, "train", "iris", "--net", "dense 8 tanh", "--dtype", "f64", "--epochs", "20",
                        "--out", model, "--quiet"], check=True)
        predicted = predictions_of_program(program, model)
        with safe_open(model, framework="numpy") as file:
            about = json.loads(file.metadata()["hillock"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}

    assert about["format"] == 2, about
    assert about["classes"] == ["setosa", "versicolor", "virginica"], about
    shapes = {name: tensor.shape for name, tensor in tensors.items()}
    assert shapes == {"dense1.weight": (4, 8), "dense1.bias": (8,), "output.weight": (8, 3), "output.bias": (3,),
                      "preprocessing.offset": (4,), "preprocessing.factor": (4,), "preprocessing.fill": (4,)}, shapes
    assert all(tensor.dtype == np.float64 for tensor in tensors.values())

    features = np.loadtxt(IRIS, delimiter=",", skiprows=1)[:, :4]
    scaled = (features - tensors["preprocessing.offset"]) * tensors["preprocessing.factor"]
    hidden = np.tanh(scaled @ tensors["dense1.weight"] + tensors["dense1.bias"])
    logits = hidden @ tensors["output.weight"] + tensors["output.bias"]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected = powers / powers.sum(axis=1, keepdims=True)
    error = np.abs(predicted - expected).max()
    print(f"largest difference over {predicted.shape} probabilities: {error:.2g}")
    assert predicted.shape == (150, 3) and error < 1e-12, error


main(sys.argv[1])
