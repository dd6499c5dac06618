#!/usr/bin/env python3
"""Writes tests/fuzz/seeds/file: the table y = 3 a - 2 b of src/data/layout_testing.h in containers, and small files of
other formats. Needs nothing but Python.

    scripts/make_file_seeds.py
"""
import bz2
import gzip
import io
import lzma
import os
import pathlib
import sqlite3
import tempfile
import zipfile

SEEDS = pathlib.Path(__file__).resolve().parent.parent / "tests/fuzz/seeds/file"


def rows():
    for row in range(200):
        a, b = 10 * (row * 37 % 101) + 5, 10 * (row * 53 % 89 - 20) + 2  # tenths
        yield a / 10, b / 10, (3 * a - 2 * b) / 10


def table():
    return "a,b,y\n" + "".join(f"{a:.1f},{b:.1f},{y:.1f}\n" for a, b, y in rows())


def archive(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def database(statements):
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "x.db")
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA page_size = 512")
        for sql, values in statements:
            connection.executemany(sql, values) if values else connection.execute(sql)
        connection.commit()
        connection.close()
        return pathlib.Path(path).read_bytes()


MAKE = ("CREATE TABLE line (a REAL, b REAL, y REAL)", None)
FILL = ("INSERT INTO line VALUES (?, ?, ?)", list(rows()))
NOTES = ("CREATE TABLE notes (who TEXT, dose INTEGER, weight REAL, photo BLOB, y INTEGER)", None)
NOTED = ("INSERT INTO notes VALUES (?, ?, ?, ?, ?)",
         [("Ann, \"A\"", 9007199254740993, 0.1, None, 0), ("Bob\nB", 2, None, None, 1), (None, 3, 1e300, None, 0),
          ("Ann, \"A\"", 4, -0.30000000000000004, b"\x00\x01", 1)])

csv = table().encode()
FILES = {
    "table.csv.xz": lzma.compress(csv),
    "two_streams.csv.xz": lzma.compress(csv[:1000]) + lzma.compress(csv[1000:]),
    "table.csv.bz2": bz2.compress(csv),
    "two_streams.csv.bz2": bz2.compress(csv[:1000]) + bz2.compress(csv[1000:]),
    "table.zip": archive({"line.csv": csv}),
    "with_readme.zip": archive({"data/": b"", "data/line.csv": csv, "data/README.md": b"About it", "__MACOSX/._line.csv": b"\0"}),
    "gzip_inside.zip": archive({"line.csv.gz": gzip.compress(csv, mtime=0)}),
    "two_tables.zip": archive({"a.csv": b"a,b\n1,2\n", "b.csv": b"a,b\n3,4\n"}),
    "workbook.xlsx": archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}),
    "one_table.db": database([MAKE, FILL]),
    "two_tables.db": database([MAKE, FILL, NOTES, NOTED]),
    "x.parquet": b"PAR1" + bytes(40) + b"PAR1",
    "x.feather": b"ARROW1\0\0" + bytes(40),
    "x.pickle": b"\x80\x04\x95" + bytes(20) + b".",
    "x.sas7bdat": bytes(12) + b"\xC2\xEA\x81\x60\xB3\x14\x11\xCF" + bytes(40),
    "x.arff": b"% about\n@RELATION x\n\n@ATTRIBUTE 'the a' NUMERIC\n@attribute b {p, 'q r'}\n@DATA\n% row\n1.5,p\n?,'q r'\n",
    "x.libsvm": b"1 1:0.5 2:0.3\n-1 2:7 9:1e-3\n+1 qid:3 4:1\n",
    "fann.data": b"4 2 1\n0 0\n0\n0 1\n1\n1 0\n1\n1 1\n0\n",
    "lines.json": b'{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n',
    "whole.json": b'[\n  {"a": 1},\n  {"a": 2}\n]\n',
    "arrays.json": b"[1, 2]\n[3, 4]\n",
    "page.html": b"<!DOCTYPE html>\n<html><table><tr><td>1</td></tr></table></html>\n",
    "utf16_without_mark.csv": table().encode("utf-16-le"),
}

SEEDS.mkdir(parents=True, exist_ok=True)
for name, content in FILES.items():
    (SEEDS / name).write_bytes(content)
