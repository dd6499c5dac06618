"""How a peer is measured: the Python side of the protocol that bench/sampling.h describes.

A peer is started with one argument, a JSON object: a line of `workloads --describe` with "optimizer", "threads",
"seconds" (the length of a sample) and "clock" (wall or cpu) added.
"""

import json
import sys
import time


def read_task():
    return json.loads(sys.argv[1])


def rate(task):
    """The learning rate, the same as Hillock's."""
    return 1e-3 if task["optimizer"] == "adam" else task["sgd_rate"]


def sample_steps(run, task):
    """A function that takes a sample of `run(steps)`: steps a second. Choosing how many steps is the warm-up."""
    clock = time.perf_counter if task["clock"] == "wall" else time.process_time
    seconds = task["seconds"]
    for _ in range(5):
        run(1)  # the first calls may compile, which would pass for a slow step
    steps = 1
    while True:
        start = clock()
        run(steps)
        took = clock() - start
        if took >= seconds / 2:
            break
        steps *= int(min(max(seconds / max(took, 1e-9), 2), 100))
    steps = max(1, int(1.1 * seconds / took * steps))

    def sample():
        start = clock()
        run(steps)
        return steps / (clock() - start)

    return sample


def answer(line):
    print(json.dumps(line), flush=True)


def refuse(why):
    """Says that this peer does not do the workload, and ends."""
    answer({"variants": [], "why": why})
    sys.exit(0)


def serve(samples, **more):
    """`samples`: a function that takes a sample, by variant. Answers until the input ends."""
    answer({"variants": list(samples), **more})
    for line in sys.stdin:
        answer({"steps_per_second": samples[line.strip()]()})
