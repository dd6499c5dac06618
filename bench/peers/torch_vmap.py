"""PyTorch's vmap over many starts of W1 or W2 (torch.func): one training step of all of them is one call.

    python torch_vmap.py [--workload W1] [--starts 256] [--steps 1000] [--threads 1] [--optimizer sgd] [--rounds 5]

Prints starts trained per second, eager and with the step compiled; the median of the rounds. The same definition as
bench/replicas: --steps steps for each start, on consecutive batches that all starts share. First weights are not part
of the time, and neither is compiling. One thread is measured in processor time, for machines where others work too.
"""

import argparse
import statistics
import time

import torch
import torch.nn.functional as F
from torch.func import grad, vmap

WORKLOADS = {
    "W1": dict(widths=(2, 4, 1), hidden=torch.sigmoid, batch=4, rows=4, rate=1.0),
    "W2": dict(widths=(64, 32, 10), hidden=torch.relu, batch=32, rows=1792, rate=0.1),
}


def make_data(workload):
    if workload["rows"] == 4:
        return torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1.0]]), torch.tensor([[0], [1], [1], [0.0]])
    return torch.rand(workload["rows"], workload["widths"][0]), torch.randint(0, 10, (workload["rows"],))


def make_parameters(workload, starts):
    parameters = []
    for a, b in zip(workload["widths"], workload["widths"][1:]):
        parameters += [torch.randn(starts, a, b) * (2 / (a + b)) ** 0.5, torch.zeros(starts, b)]
    return parameters


def make_step(workload, optimizer):
    def loss(parameters, x, y):
        w1, b1, w2, b2 = parameters
        out = workload["hidden"](x @ w1 + b1) @ w2 + b2
        return F.mse_loss(torch.sigmoid(out), y) if out.shape[-1] == 1 else F.cross_entropy(out, y)

    gradients = vmap(grad(loss), in_dims=(0, None, None))

    def sgd(parameters, slots, x, y, step):
        found = gradients(parameters, x, y)
        return [p - workload["rate"] * g for p, g in zip(parameters, found)], slots

    def adam(parameters, slots, x, y, step):
        found = gradients(parameters, x, y)
        first = [0.9 * m + 0.1 * g for m, g in zip(slots[0], found)]
        second = [0.999 * v + 0.001 * g * g for v, g in zip(slots[1], found)]
        rate, root = 1e-3 / (1 - 0.9**step), (1 - 0.999**step) ** -0.5
        moved = [p - rate * m / (v.sqrt() * root + 1e-8) for p, m, v in zip(parameters, first, second)]
        return moved, (first, second)

    return adam if optimizer == "adam" else sgd


def train(step_of, workload, data, starts, steps):
    parameters = make_parameters(workload, starts)
    slots = ([torch.zeros_like(p) for p in parameters], [torch.zeros_like(p) for p in parameters])
    batch, batches = workload["batch"], workload["rows"] // workload["batch"]
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    begin = clock()
    for step in range(1, steps + 1):
        first = (step - 1) % batches * batch
        x, y = data[0][first : first + batch], data[1][first : first + batch]
        parameters, slots = step_of(parameters, slots, x, y, torch.tensor(float(step)))
    return clock() - begin


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--workload", default="W1", choices=WORKLOADS)
    parser.add_argument("--optimizer", default="sgd", choices=["sgd", "adam"])
    parser.add_argument("--starts", type=int, default=256)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    workload = WORKLOADS[arguments.workload]
    data = make_data(workload)
    step = make_step(workload, arguments.optimizer)
    for name, step_of in (("vmap", step), ("vmap, compiled", torch.compile(step, dynamic=False))):
        try:
            train(step_of, workload, data, arguments.starts, 20)
            seconds = [train(step_of, workload, data, arguments.starts, arguments.steps) for _ in range(arguments.rounds)]
        except Exception as error:  # no compiler, or a version without it
            print(f"{name}: not measured ({str(error).splitlines()[0]})")
            continue
        rate = arguments.starts / statistics.median(seconds)
        print(
            f"PyTorch {torch.__version__} {name}: {arguments.workload} {arguments.optimizer}, "
            f"{arguments.threads} threads: {rate:.1f} starts a second of {arguments.steps} steps"
        )


main()
