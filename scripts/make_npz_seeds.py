#!/usr/bin/env python3
"""Archives that NumPy and Python's zipfile write, for src/data/npz_test.cc and the fuzzing of src/data/npz.cc: writes
tests/fuzz/seeds/npy/numpy_*.npz and .npy.

Needs Debian's python3-numpy:
    /usr/bin/python3 scripts/make_npz_seeds.py
"""
import io
import pathlib
import zipfile

import numpy as np

TO = pathlib.Path(__file__).parent.parent / "tests/fuzz/seeds/npy"
X = np.array([[1, 2, 0.5], [3, 4.5, -1], [5, 6, 1e3], [-7, 8.25, 0]], dtype="<f4")
Y = np.array([0, 2, 1, 0], dtype="<i8")


class Pipe(io.RawIOBase):
    """Takes bytes and cannot go back, so that zipfile writes sizes and checksums behind each member."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, data):
        self.bytes += bytes(data)
        return len(data)


def all_in_64():
    """An archive whose directory keeps every number in zip64 records, as one beyond 4 GB does."""
    limit, count = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
    zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 0, 0
    try:
        np.savez(TO / "numpy_zip64.npz", x=X, y=Y)
    finally:
        zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limit, count


def main():
    TO.mkdir(parents=True, exist_ok=True)
    np.savez(TO / "numpy_savez.npz", x=X, y=Y)
    np.savez_compressed(TO / "numpy_savez_compressed.npz", features=np.tile(X, (20, 1)), labels=np.tile(Y, 20))
    np.savez(TO / "numpy_single.npz", X)
    np.savez(TO / "numpy_train_test.npz", x_train=np.arange(24, dtype="u1").reshape(3, 2, 4), y_train=np.array([0, 1, 0], "u1"),
             x_test=np.full((1, 2, 4), 7, "u1"), y_test=np.array([1], "u1"))
    np.savez_compressed(TO / "numpy_other_names.npz", inputs=X, wanted=Y.astype("<f8") / 2, more=Y)
    np.savez(TO / "numpy_two_targets.npz", x=X, y=np.stack([X[:, 0] + X[:, 1], X[:, 0] * X[:, 1]], axis=1))
    sums = np.arange(8, dtype="<f4").reshape(4, 2)
    np.savez(TO / "numpy_two_targets_test.npz", x_train=X, y_train=sums, x_test=X[:2], y_test=sums[2:])
    np.savez(TO / "numpy_empty.npz")
    pipe = Pipe()
    np.savez_compressed(pipe, X=X, Y=Y[:, None])
    (TO / "numpy_streamed.npz").write_bytes(pipe.bytes)
    all_in_64()
    np.save(TO / "numpy_f8.npy", X.astype("<f8"))
    np.save(TO / "numpy_i2_3d.npy", np.arange(24, dtype="<i2").reshape(4, 2, 3))
    np.save(TO / "numpy_fortran.npy", np.asfortranarray(X))
    np.save(TO / "numpy_bool.npy", np.array([[True, False], [False, True], [True, True]]))
    with open(TO / "numpy_version2.npy", "wb") as file:
        np.lib.format.write_array(file, X, version=(2, 0))
    np.save(TO / "numpy_structured.npy", np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]))


main()
