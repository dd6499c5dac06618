"""PyTorch, as its documentation tells to train: eager, with the optimizer over lists of tensors ("foreach"), traced
("jit"), and where it exists the fused optimizer and torch.compile. The best of them counts."""

import sys
import warnings

import sampling

warnings.filterwarnings("ignore")
try:
    import torch
    import torch.nn.functional as F
    from torch import nn
except ImportError as error:
    sampling.refuse(f"PyTorch is not installed ({error})")

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}


def make_data(task):
    inputs, outputs, rows = task["widths"][0], task["widths"][-1], task["rows"]
    if task["workload"] == "W1":
        return torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1.0]]), torch.tensor([[0], [1], [1], [0.0]])
    features = torch.rand(rows, inputs)
    if task["loss"] == "logistic":
        return features, torch.randint(0, 2, (rows, 1)).float()
    labels = torch.randint(0, outputs, (rows,))
    return features, F.one_hot(labels, outputs).float() if task["loss"] == "mse" else labels


def make_model(task):
    layers = []
    for a, b in zip(task["widths"], task["widths"][1:]):
        layers += [nn.Linear(a, b), ACTIVATIONS[task["hidden"]]()]
    layers.pop()
    if task["loss"] == "mse":
        layers.append(nn.Sigmoid())
    return nn.Sequential(*layers)


def make_optimizer(task, model, **options):
    kind = torch.optim.Adam if task["optimizer"] == "adam" else torch.optim.SGD
    return kind(model.parameters(), lr=sampling.rate(task), **options)


LOSSES = {"mse": F.mse_loss, "cross-entropy": F.cross_entropy, "logistic": F.binary_cross_entropy_with_logits}


def stepper(task, model, optimizer, features, targets):
    loss_of, batch = LOSSES[task["loss"]], task["batch"]
    batches = len(features) // batch
    position = 0

    def run(steps):
        nonlocal position
        for _ in range(steps):
            first = position * batch
            position = (position + 1) % batches
            optimizer.zero_grad(set_to_none=True)
            loss_of(model(features[first : first + batch]), targets[first : first + batch]).backward()
            optimizer.step()

    return run


def variants(task, features):
    """Name, model and options of the optimizer of each way to train."""
    yield "eager", lambda: make_model(task), {"foreach": False}
    yield "foreach", lambda: make_model(task), {"foreach": True}
    yield "jit", lambda: torch.jit.trace(make_model(task), features[: task["batch"]]), {"foreach": True}
    if int(torch.__version__.split(".")[0]) >= 2:
        yield "fused", lambda: make_model(task), {"fused": True}
        yield "compile", lambda: torch.compile(make_model(task)), {"fused": True}


def main():
    task = sampling.read_task()
    torch.set_num_threads(task["threads"])
    torch.set_flush_denormal(True)  # kinder to PyTorch: a user would have to know of it
    torch.manual_seed(0)
    features, targets = make_data(task)
    samples = {}
    for name, model_of, options in variants(task, features):
        try:
            model = model_of()
            run = stepper(task, model, make_optimizer(task, model, **options), features, targets)
            samples[name] = sampling.sample_steps(run, task)
        except Exception as error:  # a variant that this version or machine does not have
            print(f"torch_peer: without {name}: {str(error).splitlines()[0]}", file=sys.stderr)
    sampling.serve(samples, version=f"PyTorch {torch.__version__}")


main()
