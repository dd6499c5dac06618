"""JAX, compiled by XLA: one call for each step ("jit"), and a whole sample's loop compiled into one call ("fori_loop"),
which is as little as Python can cost. The parameters' memory is given back to each call. The better of them counts."""

import os
import sys

import sampling

task = sampling.read_task()
if task["threads"] == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ.setdefault("JAX_PLATFORMS", "cpu")
try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    sampling.refuse(f"JAX is not installed ({error})")

ACTIVATIONS = {"relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid}


def make_data():
    inputs, outputs, rows = task["widths"][0], task["widths"][-1], task["rows"]
    if task["workload"] == "W1":
        return jnp.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), jnp.array([[0], [1], [1], [0.0]])
    of_features, of_targets = jax.random.split(jax.random.key(0))
    features = jax.random.uniform(of_features, (rows, inputs))
    if task["loss"] == "logistic":
        return features, jax.random.bernoulli(of_targets, 0.5, (rows, 1)).astype(jnp.float32)
    # One-hot for cross-entropy too: the gradient of picking a column is a scatter, which XLA does slowly on a processor.
    return features, jax.nn.one_hot(jax.random.randint(of_targets, (rows,), 0, outputs), outputs)


def in_batches(array):
    """[batches, rows of a batch, columns]"""
    return array.reshape(-1, task["batch"], *array.shape[1:])


def make_parameters():
    pairs = list(zip(task["widths"], task["widths"][1:]))
    keys = jax.random.split(jax.random.key(1), len(pairs))
    return [(jax.random.normal(key, (a, b)) * a**-0.5, jnp.zeros(b)) for key, (a, b) in zip(keys, pairs)]


def loss_of(parameters, x, y):
    for weights, bias in parameters[:-1]:
        x = ACTIVATIONS[task["hidden"]](x @ weights + bias)
    z = x @ parameters[-1][0] + parameters[-1][1]
    if task["loss"] == "mse":
        return jnp.mean((jax.nn.sigmoid(z) - y) ** 2)
    if task["loss"] == "logistic":
        return jnp.mean(jax.nn.softplus(z) - z * y)
    return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(z), axis=1))


def sgd(state, gradients):
    rate = sampling.rate(task)
    return {"parameters": jax.tree.map(lambda p, g: p - rate * g, state["parameters"], gradients)}


def adam(state, gradients):
    number = state["number"] + 1
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, state["first"], gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, state["second"], gradients)
    rate, scale = sampling.rate(task) / (1 - 0.9**number), 1 / jnp.sqrt(1 - 0.999**number)
    moved = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) * scale + 1e-8), state["parameters"], first, second)
    return {"parameters": moved, "first": first, "second": second, "number": number}


def make_state():
    parameters = make_parameters()
    if task["optimizer"] == "sgd":
        return {"parameters": parameters}
    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
    return {"parameters": parameters, "first": zeros(), "second": zeros(), "number": jnp.zeros(())}


def step(state, features, targets, position):
    x, y = features[position % len(features)], targets[position % len(features)]
    return (adam if task["optimizer"] == "adam" else sgd)(state, jax.grad(loss_of)(state["parameters"], x, y))


def loop(state, features, targets, steps):
    return jax.lax.fori_loop(0, steps, lambda i, state: step(state, features, targets, i), state)


def call_for_each_step(features, targets):
    compiled, state, position = jax.jit(step, donate_argnums=0), make_state(), 0

    def run(steps):
        nonlocal state, position
        for _ in range(steps):
            state = compiled(state, features, targets, position)
            position = (position + 1) % len(features)
        jax.block_until_ready(state)

    return run


def call_for_all_steps(features, targets):
    compiled, state = jax.jit(loop, donate_argnums=0), make_state()

    def run(steps):
        nonlocal state
        state = jax.block_until_ready(compiled(state, features, targets, steps))

    return run


def main():
    features, targets = map(in_batches, make_data())
    samples = {}
    for name, runner_of in (("jit", call_for_each_step), ("fori_loop", call_for_all_steps)):
        try:
            samples[name] = sampling.sample_steps(runner_of(features, targets), task)
        except Exception as error:  # an older version without it
            print(f"jax_peer: without {name}: {str(error).splitlines()[0]}", file=sys.stderr)
    sampling.serve(samples, version=f"JAX {jax.__version__}")


main()
