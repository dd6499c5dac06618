#!/usr/bin/python3
"""Activations, losses and schedules of PyTorch, ONNX's figures for activations, and minima that SciPy finds.

Writes tests/golden/menus.json. Needs Debian 12: apt-get install python3-torch python3-scipy python3-sklearn python3-mpmath libonnx-testdata
Run: /usr/bin/python3 scripts/make_menu_oracles.py
"""
import json
import pathlib

import numpy as np
import scipy.optimize
import torch
import torch.nn.functional as F

from make_oracles import onnx_test

torch.set_num_threads(1)
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "tests/golden"
ACTIVATIONS = {
    "identity": lambda x: x * 1,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky-relu": lambda x: F.leaky_relu(x, 0.01),
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "silu": F.silu,
    "mish": F.mish,
    "softplus": F.softplus,
    "softmax": lambda x: F.softmax(x, dim=1),
}


def activations(rng):
    x = np.round(rng.uniform(-6, 6, size=(6, 5)), 3)
    weights = np.round(rng.uniform(-1, 1, size=(6, 5)), 3)  # of the outputs, for one slope for each input
    result = {"x": x.tolist(), "weights": weights.tolist(), "functions": {}}
    for name, function in ACTIVATIONS.items():
        at = torch.tensor(x, requires_grad=True)
        y = function(at)
        (y * torch.tensor(weights)).sum().backward()
        result["functions"][name] = {"y": y.tolist(), "slope": at.grad.tolist()}
    return result


def onnx_case(name):
    (x,), (y,) = onnx_test(name)
    return {"x": x.astype(float).reshape(-1).tolist(), "y": y.astype(float).reshape(-1).tolist()}


def losses(rng):
    p = np.round(rng.normal(size=(6, 4)) * 2, 3)
    t = np.round(rng.normal(size=(6, 4)) * 2, 3)
    z = np.round(rng.normal(size=(6, 4)) * 2, 3)
    labels = rng.integers(0, 4, size=6)
    signs = np.where(rng.uniform(size=6) < 0.5, -1.0, 1.0)

    def value_and_slope(x, function):
        at = torch.tensor(x, requires_grad=True)
        value = function(at)
        value.backward()
        return {"value": value.item(), "slope": at.grad.tolist()}

    def pinball(q):
        return lambda at: torch.maximum(q * (torch.tensor(t) - at), (q - 1) * (torch.tensor(t) - at)).mean()

    result = {"p": p.tolist(), "t": t.tolist(), "labels": labels.tolist(), "signs": signs.tolist(),
              "huber 1": value_and_slope(p, lambda at: F.huber_loss(at, torch.tensor(t))),
              "huber 0.5": value_and_slope(p, lambda at: F.huber_loss(at, torch.tensor(t), delta=0.5)),
              "quantile 0.5": value_and_slope(p, pinball(0.5)),
              "quantile 0.9": value_and_slope(p, pinball(0.9)),
              "hinge": value_and_slope(p, lambda at: F.multi_margin_loss(at, torch.tensor(labels))),
              "hinge of two": value_and_slope(p[:, :1], lambda at: F.relu(1 - torch.tensor(signs[:, None]) * at).mean())}
    from sklearn.metrics import hinge_loss, mean_pinball_loss
    assert np.isclose(result["hinge of two"]["value"], hinge_loss(signs, p[:, 0]))
    assert np.isclose(result["quantile 0.9"]["value"], mean_pinball_loss(t.reshape(-1), p.reshape(-1), alpha=0.9))
    return result


def schedules():
    def run(make, steps, losses=None):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0, momentum=0.9)
        schedule = make(optimizer)
        rates = []
        for k in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step(*([] if losses is None else [losses[k]]))
        return rates

    L = torch.optim.lr_scheduler
    rng = np.random.default_rng(7)
    course = np.round(np.concatenate([np.linspace(2, 1, 8), 1 + 0.05 * rng.uniform(size=12), np.full(20, 0.9),
                                      0.9 - 1e-5 * np.arange(20)]), 6)
    return {
        "one_cycle_40": run(lambda o: L.OneCycleLR(o, max_lr=1.0, total_steps=40), 40),
        "one_cycle_7": run(lambda o: L.OneCycleLR(o, max_lr=1.0, total_steps=7), 7),
        "exponential_30_to_0.01": run(lambda o: L.ExponentialLR(o, gamma=0.01 ** (1 / 30)), 30),
        "plateau_losses": course.tolist(),
        "plateau_0.5_3": run(lambda o: L.ReduceLROnPlateau(o, factor=0.5, patience=3), len(course), course),
        "plateau": run(lambda o: L.ReduceLROnPlateau(o), len(course), course),
    }


def minima(rng):
    """What L-BFGS has to find: a regularized logistic regression has one minimum, the small network a value of it."""
    x = np.round(rng.normal(size=(40, 3)), 3)
    labels = (x @ [1.0, -2.0, 0.5] + 0.3 * rng.normal(size=40) > 0).astype(int)

    def regression(w):
        z = torch.tensor(x) @ w[:3] + w[3]
        return F.binary_cross_entropy_with_logits(z, torch.tensor(labels, dtype=torch.float64)) + 0.05 * (w * w).sum()

    def fit(function, start):
        def both(w):
            at = torch.tensor(w, requires_grad=True)
            value = function(at)
            value.backward()
            return value.item(), at.grad.numpy()
        found = scipy.optimize.minimize(both, start, jac=True, method="BFGS", options={"gtol": 1e-11, "maxiter": 5000})
        return found.x, found.fun

    weights, value = fit(regression, np.zeros(4))
    start = np.round(rng.normal(size=21), 3)

    def network(w):
        hidden = torch.tanh(torch.tensor(x) @ w[:12].reshape(3, 4) + w[12:16])
        z = hidden @ w[16:20] + w[20]
        return F.binary_cross_entropy_with_logits(z, torch.tensor(labels, dtype=torch.float64)) + 0.005 * (w * w).sum()

    found, least = fit(network, start)
    return {"x": x.tolist(), "labels": labels.tolist(),
            "regression": {"weight_decay": 0.1, "weights": weights.tolist(), "value": value},
            "network": {"weight_decay": 0.01, "start": start.tolist(), "value": least, "weights": found.tolist()}}


def nadam():
    """The network of torch_optimizers.json under NAdam. PyTorch 1.13's NAdam of one tensor multiplies mu_t into the
    product of the next step twice, and keeps the product in f32; that of many tensors does not, given f64 as default."""
    torch.set_default_dtype(torch.float64)
    golden = json.loads((GOLDEN / "torch_optimizers.json").read_text())
    x = torch.tensor(golden["inputs"])
    parameters = [torch.tensor(p, requires_grad=True) for p in golden["initial"]]
    optimizer = torch.optim.NAdam(parameters, lr=1e-2, foreach=True)
    result = {}
    for step in range(1, 501):
        optimizer.zero_grad()
        hidden = torch.sigmoid(x @ parameters[0].T + parameters[1])
        torch.sigmoid(hidden @ parameters[2].T + parameters[3]).sum().backward()
        optimizer.step()
        if step in (1, 2, 3, 10, 100, 500):
            result[str(step)] = torch.cat([p.detach().reshape(-1) for p in parameters]).tolist()
    torch.set_default_dtype(torch.float32)
    return result


def rosenbrock():
    """How SciPy's L-BFGS-B goes from the usual starts: as many iterations are a fair bound."""
    result = {}
    for size in (2, 10):
        start = np.array([-1.2, 1.0] * (size // 2))
        found = scipy.optimize.minimize(scipy.optimize.rosen, start, jac=scipy.optimize.rosen_der, method="L-BFGS-B",
                                        options={"maxcor": 10, "ftol": 0, "gtol": 1e-9, "maxiter": 1000})
        result[str(size)] = {"start": start.tolist(), "x": found.x.tolist(), "value": found.fun, "iterations": found.nit}
    return result


def main():
    rng = np.random.default_rng(20260102)
    out = GOLDEN / "menus.json"
    result = {"activations": activations(rng),
              "onnx": {"selu": onnx_case("test_selu_default"), "elu": onnx_case("test_elu_default"),
                       "leaky-relu": onnx_case("test_leakyrelu_default"), "softplus": onnx_case("test_softplus"),
                       "sigmoid": onnx_case("test_sigmoid"), "tanh": onnx_case("test_tanh"),
                       "relu": onnx_case("test_relu")},
              "losses": losses(rng), "schedules": schedules(), "minima": minima(rng), "rosenbrock": rosenbrock(), "NAdam foreach lr=1e-2": nadam()}
    for case in result["onnx"].values():  # 60 numbers serve
        case["x"], case["y"] = case["x"][::2][:30], case["y"][::2][:30]
    lines = [" %s: %s" % (json.dumps(key), json.dumps(value)) for key, value in result.items()]
    out.write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
