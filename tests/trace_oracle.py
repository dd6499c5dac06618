"""Recomputes what `hillock trace --json` prints, with NumPy in f64 and from formulas alone: no graph, no reverse walk.

    trace_oracle.py PROGRAM

From the trace come the network's text, the first weights, the rows as they go in and what dropout kept; everything else is
computed here: z, a, σ′(z), E, ∂E/∂a, δ, ∂E/∂w, the norm of all gradients, the optimizer's state and w′, step after step, each step from the weights
that this file computed for the one before. All must agree to 1e-12, relative where a number is above 1. Features and
targets and the weights of rows are recomputed from the data themselves. A finite difference divides what rounding does to E by 2h and cannot agree
so closely; it is compared with the gradient, to 1e-9. Skipped (77) without numpy.
"""
import csv
import gzip
import json
import math
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")
CLOSE, DIFFERENCE = 1e-12, 1e-9
erf = np.vectorize(math.erf, otypes=[float])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softplus(z):
    return np.logaddexp(0, z)


# name: (σ, σ′), both of z.
SELU_SCALE, SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
ACTIVATIONS = {
    "identity": (lambda z: z, np.ones_like),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: np.where(z > 0, z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky-relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1, 0.01)),
    "elu": (lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
            lambda z: np.where(z > 0, 1, np.exp(np.minimum(z, 0)))),
    "selu": (lambda z: SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * np.expm1(np.minimum(z, 0))),
             lambda z: SELU_SCALE * np.where(z > 0, 1, SELU_ALPHA * np.exp(np.minimum(z, 0)))),
    "gelu": (lambda z: 0.5 * z * (1 + erf(z / math.sqrt(2))),
             lambda z: 0.5 * (1 + erf(z / math.sqrt(2))) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)),
    "silu": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * sigmoid(-z))),
    "mish": (lambda z: z * np.tanh(softplus(z)),
             lambda z: np.tanh(softplus(z)) + z * sigmoid(z) / np.cosh(softplus(z)) ** 2),
    "softplus": (softplus, sigmoid),
}


def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def layers_of(text):
    """The network's text as layers; a dense layer without activation takes that of an activation right behind it."""
    layers, names = [], {"dense": 0, "dropout": 0, "layer-norm": 0, "activation": 0}
    parts = [part.split() for part in text.split(", ")]
    for words in parts[:-1]:
        kind = words[0] if words[0] in names else "activation"
        names[kind] += 1
        layer = {"kind": kind, "name": f"{kind}{names[kind]}"}
        if kind == "dropout":
            layer["rate"] = float(words[1])
        elif kind == "layer-norm":
            layer["epsilon"] = float(words[1]) if len(words) > 1 else 1e-5
        else:
            layer["activation"] = words[-1]
        if kind == "activation" and layers and layers[-1].get("activation") == "identity" and layers[-1]["kind"] == "dense":
            layers[-1]["activation"] = words[0]
        else:
            layers.append(layer)
    assert parts[-1][0] == "output", parts
    layers.append({"kind": "dense", "name": "output", "activation": parts[-1][1]})
    return layers


def loss_and_slope(loss, z, p, t, weights):
    """E; and ∂E/∂p, or ∂E/∂z of a loss that is computed from z. `weights` [rows, 1]: what each row's loss is times."""
    terms, slope = terms_and_slope(loss, z, p, t)
    return (weights * terms).sum(), weights * slope


def terms_and_slope(loss, z, p, t):
    """What E is the sum of, [rows, outputs] or [rows, 1], and its slope, of rows that all count alike."""
    rows, outputs = t.shape
    name, number = loss["name"], loss["parameter"]
    error = p - t
    if name == "mse":
        return error ** 2 / error.size, 2 * error / error.size
    if name == "sse":
        return 0.5 * error ** 2, error
    if name == "mae":
        return np.abs(error) / error.size, np.sign(error) / error.size
    if name == "huber":
        small = np.abs(error) <= number
        return (np.where(small, error ** 2 / 2, number * (np.abs(error) - number / 2)) / error.size,
                np.clip(error, -number, number) / error.size)
    if name == "quantile":
        return (np.where(error > 0, (1 - number) * error, -number * error) / error.size,
                np.where(error > 0, 1 - number, -number) / error.size)
    if name == "logistic":
        return (softplus(z) - t * z) / rows, error / rows
    if name == "cross-entropy":
        log_p = z - z.max(axis=1, keepdims=True)
        log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
        return -t * log_p / rows, error / rows
    assert name == "hinge", name
    if outputs == 1:
        y = 2 * t - 1
        return np.maximum(0, 1 - y * z) / rows, np.where(1 - y * z > 0, -y, 0) / rows
    margin = 1 - (t * z).sum(axis=1, keepdims=True) + z
    missed = np.where((margin > 0) & (t == 0), 1.0, 0.0)
    slope = (missed - t * missed.sum(axis=1, keepdims=True)) / (rows * outputs)
    return missed * margin / (rows * outputs), slope


class Optimizer:
    """The formulas of docs/training.md for one parameter."""

    def __init__(self, about):
        self.about = about
        self.slots = {}
        self.product = 1.0  # of Nadam's momenta

    def slot(self, name, like):
        return self.slots.setdefault(name, np.zeros_like(like))

    def step(self, w, g, t):
        name, rate, decay = self.about["name"], self.about["rate"], self.about["weight_decay"]
        if name != "adamw":
            g = g + decay * w
        if name == "sgd":
            return w - rate * g
        if name in ("momentum", "nesterov"):
            mu = self.about["momentum"]
            v = self.slots["v"] = mu * self.slot("v", w) + g
            return w - rate * (v if name == "momentum" else g + mu * v)
        if name == "adagrad":
            s = self.slots["s"] = self.slot("s", w) + g * g
            return w - rate * g / (np.sqrt(s) + 1e-10)
        if name == "rmsprop":
            v = self.slots["v"] = 0.99 * self.slot("v", w) + 0.01 * g * g
            return w - rate * g / (np.sqrt(v) + 1e-8)
        m = self.slots["m"] = 0.9 * self.slot("m", w) + 0.1 * g
        v = self.slots["v"] = 0.999 * self.slot("v", w) + 0.001 * g * g
        spread = np.sqrt(v / (1 - 0.999 ** t)) + 1e-8
        if name == "nadam":
            now, after = (0.9 * (1 - 0.5 * 0.96 ** (k * 0.004)) for k in (t, t + 1))
            self.product *= now
            return w - rate * ((1 - now) * g / (1 - self.product) + after * m / (1 - self.product * after)) / spread
        if name == "adamw":
            w = w - rate * decay * w
        return w - rate * (m / (1 - 0.9 ** t)) / spread


class Check:
    """Compares, and remembers how far apart things were."""

    def __init__(self, about):
        self.about, self.apart, self.difference, self.numbers, self.clipped = about, 0.0, 0.0, 0, 0

    def same(self, what, got, expected, close=CLOSE):
        got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
        assert got.shape == expected.shape, (self.about, what, got.shape, expected.shape)
        apart = (np.abs(got - expected) / np.maximum(1, np.abs(expected))).max(initial=0)
        assert apart <= close, f"{self.about}: {what} is {apart:.2g} away from NumPy's"
        self.apart = max(self.apart, apart)
        self.numbers += got.size

    def gradient(self, what, got, expected):
        """A traced quantity's gradient and, where there is one and no kink, the finite difference."""
        self.same("the gradient by " + what, got["gradient"], expected)
        taken = [(d, g) for i, (d, g) in enumerate(zip(flat(got["difference"]), flat(expected.tolist())))
                 if d is not None and i not in set(got["kinks"])]
        apart = max([abs(d - g) / max(1, abs(g)) for d, g in taken], default=0)
        assert apart <= DIFFERENCE, f"{self.about}: a finite difference by {what} is {apart:.2g} away"
        self.difference = max(self.difference, apart)
        self.numbers += len(taken)


def flat(nested):
    return [x for item in nested for x in flat(item)] if isinstance(nested, list) else [nested]


def deviation(layer, x):
    return np.sqrt(x.var(axis=1, keepdims=True) + layer["epsilon"])


def through_norm(layer, x, n, dn):
    """By x, from the derivatives of mean and variance of a row (Ba, Kiros & Hinton 2016)."""
    return (dn - dn.mean(axis=1, keepdims=True) - n * (dn * n).mean(axis=1, keepdims=True)) / deviation(layer, x)


def forward(layers, parameters, x, masks):
    """For each layer its input, z (of layer-norm what is normalized) and a."""
    values = []
    for layer in layers:
        z = x
        if layer["kind"] == "dense":
            z = x @ parameters[layer["name"] + ".weight"] + parameters[layer["name"] + ".bias"]
        if layer["kind"] == "dropout":
            a = x * masks[layer["name"]] / (1 - layer["rate"])
        elif layer["kind"] == "layer-norm":
            z = (x - x.mean(axis=1, keepdims=True)) / deviation(layer, x)
            a = z * parameters[layer["name"] + ".gain"] + parameters[layer["name"] + ".bias"]
        else:
            a = softmax(z) if layer["activation"] == "softmax" else ACTIVATIONS[layer["activation"]][0](z)
        values.append((x, z, a))
        x = a
    return values


def through_activation(layer, z, a, da):
    if layer["activation"] == "softmax":
        return a * (da - (a * da).sum(axis=1, keepdims=True))
    return da * ACTIVATIONS[layer["activation"]][1](z)


def check_step(check, step, about, layers, parameters, optimizers, x, t, weights):
    kept = {layer["name"]: np.array(layer["a"]["value"]) != 0 for layer in step["layers"] if layer["kind"] == "dropout"}
    values = forward(layers, parameters, x, kept)
    of_z = about["loss"]["name"] in ("logistic", "cross-entropy", "hinge")
    loss, slope = loss_and_slope(about["loss"], values[-1][1], values[-1][2], t, weights)
    check.same("E", step["loss"], loss)
    gradients, da = {}, slope
    for k in reversed(range(len(layers))):
        layer, got, (given, z, a) = layers[k], step["layers"][k], values[k]
        assert got["name"] == layer["name"] and got["kind"] == layer["kind"], (got["name"], layer)
        check.same(f"what goes into {layer['name']}", got["in"], given)
        check.same(f"a of {layer['name']}", got["a"]["value"], a)
        skips = of_z and k == len(layers) - 1  # E goes past its a
        assert ("gradient" in got["a"]) == (not skips or layer["activation"] == "identity"), layer
        if "gradient" in got["a"]:
            check.gradient(f"a of {layer['name']}", got["a"], da)
        if layer["kind"] == "dropout":
            da = da * kept[layer["name"]] / (1 - layer["rate"])
            continue
        if layer["kind"] == "layer-norm":
            gradients[layer["name"] + ".gain"] = (da * z).sum(axis=0)
            gradients[layer["name"] + ".bias"] = da.sum(axis=0)
            da = through_norm(layer, given, z, da * parameters[layer["name"] + ".gain"])
            continue
        if layer["activation"] != "softmax":
            check.same(f"σ′ of {layer['name']}", got["slope"], ACTIVATIONS[layer["activation"]][1](z))
        dz = da if skips else through_activation(layer, z, a, da)
        da = dz
        if layer["kind"] == "dense":
            check.same(f"z of {layer['name']}", got["z"]["value"], z)
            check.gradient(f"z of {layer['name']}", got["z"], dz)
            gradients[layer["name"] + ".weight"] = given.T @ dz
            gradients[layer["name"] + ".bias"] = dz.sum(axis=0)
            da = dz @ parameters[layer["name"] + ".weight"].T
    norm = math.sqrt(sum((gradient ** 2).sum() for gradient in gradients.values()))
    limit = about["optimizer"]["clip_norm"]
    factor = min(1, limit / (norm + 1e-6)) if limit > 0 else 1
    check.same("the norm of the gradient", step["gradient_norm"], norm)
    check.same("what clipping leaves", step["clip_factor"], factor)
    check.clipped += factor < 1
    for got in step["parameters"]:
        name = got["name"]
        check.same(name, got["value"], parameters[name])
        check.gradient(name, got, gradients[name])
        parameters[name] = optimizers[name].step(parameters[name], factor * gradients[name], step["step"])
        check.same(f"{name} after the step", got["after"], parameters[name])
        for slot, value in got.get("slots", {}).items():
            check.same(f"{slot} of {name}", value, optimizers[name].slots[slot])
    values = forward(layers, parameters, x, kept)
    after, _ = loss_and_slope(about["loss"], values[-1][1], values[-1][2], t, weights)
    check.same("E after the step", step["loss_after"], after)
    check_audit(check, step)


def check_audit(check, step):
    """The audit is the largest |g − d| / max(1, |g|, |d|) of what was printed."""
    largest = 0
    traced = step["parameters"] + [layer[of] for layer in step["layers"] for of in ("z", "a") if of in layer]
    for item in traced:
        if "gradient" not in item:
            continue
        for i, (g, d) in enumerate(zip(flat(item["gradient"]), flat(item["difference"]))):
            if d is not None and i not in item["kinks"]:
                largest = max(largest, abs(g - d) / max(1, abs(g), abs(d)))
    check.same("the audit", step["audit"]["largest"], largest)
    assert largest <= 1e-6, step["audit"]


def trace(program, *arguments):
    output = subprocess.run([program, "trace", *arguments, "--json"], check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def run(program, features, targets, *arguments, weights=None):
    """`weights` of all rows, as they are in the data."""
    about = trace(program, *arguments)
    check = Check(" ".join(arguments))
    rows = np.array(about["rows"]) - 1
    x, t = features[rows], targets[rows]
    check.same("the features", about["features"], x)
    check.same("the targets", about["targets"], t)
    assert ("weights" in about) == (weights is not None), check.about
    counts = np.ones((len(rows), 1))
    if weights is not None:
        counts = (weights / weights.mean())[rows][:, None]
        check.same("the weights", about["weights"], counts[:, 0])
    parameters = {item["name"]: np.array(item["value"]) for item in about["steps"][0]["parameters"]}
    optimizers = {name: Optimizer(about["optimizer"]) for name in parameters}
    for step in about["steps"]:
        check_step(check, step, about, layers_of(about["network"]), parameters, optimizers, x, t, counts)
    assert check.clipped > 0 or "--clip-norm" not in arguments, check.about
    largest = max(step["audit"]["largest"] for step in about["steps"])
    assert about["audit"]["largest"] == largest
    print(f"{check.about}: {check.numbers} numbers, at most {check.apart:.1e} from NumPy's; finite differences "
          f"{check.difference:.1e} from its gradients")


def standardized(columns):
    spread = columns.std(axis=0)
    return (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1)


def one_hot(labels):
    return np.eye(int(labels.max()) + 1)[labels.astype(int)]


def check_xor(program):
    x, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float), np.array([[0], [1], [1], [0]], dtype=float)
    run(program, x, t, "--net", "dense 2 tanh", "xor", "--row", "2")
    run(program, x, t, "--net", "dense 3 sigmoid, output sigmoid", "xor", "--rows", "1-4", "--loss", "mse", "--steps", "3")
    run(program, x, t, "--net", "dense 4 relu", "xor", "--rows", "1-4", "--init-bias", "normal:0.5", "--loss", "hinge",
        "--optimizer", "momentum", "--steps", "4")


def check_digits(program):
    with gzip.open(os.path.join(DATA, "digits.csv.gz"), "rt") as file:
        data = np.array(list(csv.reader(file)), dtype=float)
    x, t = data[:, :-1] / 16, one_hot(data[:, -1])
    run(program, x, t, "--net", "32", "digits", "--row", "7", "--loss", "cross-entropy")
    smooth = 0.9 * t + 0.1 / 10
    run(program, x, smooth, "--net", "dense 16 tanh, dropout 0.25, dense 12 gelu", "digits", "--rows", "5-12",
        "--label-smoothing", "0.1", "--optimizer", "adam", "--steps", "3", "--init-bias", "normal:0.1")
    run(program, x, t, "--net", "dense 9 tanh", "digits", "--rows", "2-6", "--loss", "hinge", "--steps", "2")
    run(program, x, smooth, "--net", "layer-norm, dense 9 identity, layer-norm 0.01, relu, dense 6 tanh, layer-norm",
        "digits", "--rows", "2-9", "--label-smoothing", "0.1", "--optimizer", "adam", "--steps", "3", "--init-bias",
        "normal:0.1")
    run(program, x, t, "--net", "dense 10 identity, mish, output softmax", "digits", "--rows", "1-3", "--loss", "mse",
        "--optimizer", "nadam", "--steps", "2")
    balanced = len(t) / (10 * t.sum(axis=0))
    run(program, x, smooth, "--net", "dense 12 tanh", "digits", "--rows", "1-20", "--label-smoothing", "0.1",
        "--class-weights", "balanced", "--clip-norm", "0.5", "--optimizer", "adam", "--steps", "3", weights=t @ balanced)


def check_classes(program, directory):
    """Rows with a weight of their own; weight 0 leaves one out."""
    random = np.random.default_rng(6)
    data, kind = random.normal(0, 2, (40, 2)), random.integers(0, 3, 40)
    count = random.choice([0, 0.5, 1, 4], 40)
    for outputs, losses in ((2, ("logistic", "hinge")), (3, ("cross-entropy", "hinge"))):
        names = np.minimum(kind, outputs - 1)
        path = os.path.join(directory, f"kinds{outputs}.csv")
        with open(path, "w") as file:
            file.write("width,height,count,kind\n")
            file.writelines(f"{a!r},{b!r},{c},{'abc'[k]}\n" for (a, b), c, k in zip(data.tolist(), count, names))
        t = one_hot(names) if outputs > 2 else names[:, None].astype(float)
        for loss in losses:
            run(program, standardized(data), t, "--net", "dense 5 tanh", path, "--target", "kind", "--weights", "count",
                "--class-weights", "a=3", "--loss", loss, "--rows", "3-12", "--steps", "3", "--optimizer", "momentum",
                "--clip-norm", "0.1", weights=count * np.where(names == 0, 3, 1))


def check_regression(program, directory):
    random = np.random.default_rng(5)
    data = random.normal([20, 1000, 0.5], [5, 300, 0.1], (60, 3))
    price = 3 * data[:, 0] + 0.01 * data[:, 1] * data[:, 2] + random.normal(0, 1, 60)
    sold = random.integers(0, 9, 60).astype(float)
    path, weighted = (os.path.join(directory, name) for name in ("prices.csv", "sold.csv"))
    with open(path, "w") as file:
        file.write("size,distance,share,price\n")
        file.writelines(",".join(repr(float(v)) for v in [*row, p]) + "\n" for row, p in zip(data, price))
    with open(weighted, "w") as file:
        file.write("size,sold,distance,share,price\n")
        file.writelines(f"{a!r},{n:g},{b!r},{c!r},{p!r}\n"
                        for (a, b, c), n, p in zip(data.tolist(), sold, price.tolist()))
    x, t = standardized(data), standardized(price[:, None])
    cases = [("mse", "sgd", "dense 5 silu"), ("sse", "adamw", "dense 4 softplus, dense 3 elu"),
             ("mae", "rmsprop", "dense 6 selu"), ("huber 0.5", "adagrad", "dense 5 leaky-relu"),
             ("quantile 0.9", "nesterov", "dense 4 sigmoid, tanh")]
    for loss, optimizer, net in cases:
        more = ("--target", "price", "--net", net, "--loss", loss, "--optimizer", optimizer, "--rows", "11-17", "--steps",
                "3", "--weight-decay", "0.01", "--init-bias", "normal:0.3")
        run(program, x, t, path, *more)
        run(program, x, t, weighted, *more, "--weights", "sold", "--clip-norm", "0.02", weights=sold)


def main(program):
    with tempfile.TemporaryDirectory() as directory:
        check_xor(program)
        check_digits(program)
        check_classes(program, directory)
        check_regression(program, directory)


main(sys.argv[1])
