#!/usr/bin/env python3
"""hillock predict on 1, 3 and 10 million rows: time and peak memory, which must not grow with the rows.

The table has four columns, a number, a category, a number with missing cells and an identity that is copied to the output. Needs nothing
but hillock, and 1 GB of disk. A process's peak is read from the kernel; it is at least the size of this program, some 10 MB.

    bench/streamed_prediction.py --hillock build/hillock
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

JOBS = ("cook", "clerk", "smith")


def line(i, answer=None):
    score = "" if i % 7 == 0 else f"{i * 37 % 1000 / 8}"
    cells = [f"p{i}", f"{20 + i * 13 % 600 / 10}", JOBS[i % 3], score]
    return ",".join(cells if answer is None else cells + [answer]) + "\n"


def write(path, rows):
    with open(path, "w") as file:
        file.write("id,age,job,score\n")
        for first in range(0, rows, 100000):
            file.write("".join(line(i) for i in range(first, min(rows, first + 100000))))


def run(command):
    """Seconds, seconds on the processor, peak bytes."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # notes of missing cells
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit code {process.returncode}")
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hillock", default="build/hillock")
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 3, 10])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        train, model = os.path.join(directory, "train.csv"), os.path.join(directory, "m.safetensors")
        with open(train, "w") as file:
            file.write("id,age,job,score,ill\n")
            file.write("".join(line(i, "yes" if i * 13 % 600 > 300 else "no") for i in range(2000)))
        run([arguments.hillock, "train", train, "--target", "ill", "--drop", "id", "--epochs", "5", "--quiet", "--out", model])
        for millions in arguments.millions:
            table, out = os.path.join(directory, "table.csv"), os.path.join(directory, "out.csv")
            write(table, int(millions * 1e6))
            seconds, processor, peak = run([arguments.hillock, "predict", model, table, "--keep", "id", "--threads", "1", "--out", out])
            print(f"{millions:g} million rows ({os.path.getsize(table) / 1e6:.0f} MB): {seconds:.2f} s, {processor:.2f} s on the processor, "
                  f"peak {peak / 1e6:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
