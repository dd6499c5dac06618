#!/usr/bin/env python3
"""Writes the figures of bench/measurements.json into the documents that quote them (DOCUMENTS).

    bench/figures.py                                      after measurements.json has changed
    bench/figures.py --check                              changes nothing; fails if a document says something else
    bench/figures.py --take one_thread results.json       what `bench/compare --json` printed becomes that group
    bench/figures.py --take tables tables.json            what bench/evidence.py printed

A document has a figure between <!-- figures: NAME --> and <!-- end -->, where NAME is a function under `FIGURES`. Needs
only Python's standard library.
"""

import argparse
import datetime
import difflib
import json
import re
import sys
from pathlib import Path

import markdown

ROOT = Path(__file__).resolve().parent.parent
MEASUREMENTS = ROOT / "bench" / "measurements.json"
DOCUMENTS = {"README.md": "en", "README.zh-CN.md": "zh", "docs/performance.md": "en", "docs/tables.md": "en"}
PLACE = re.compile(r"(<!-- figures: (\S+) -->)(.*?)(<!-- end -->)", re.DOTALL)
# A ratio of speeds that stands outside such a place was typed by hand. 8×8 and 28 × 28 are sizes.
TYPED = re.compile(r"[0-9.]+ ?×(?! ?[0-9])|[0-9] times as fast")

# The five tables of the README: name in bench/tables.py, then how it is called.
TABLES = {
    "heart (present)": {"en": "heart disease", "zh": "心脏病"},
    "credit default": {"en": "credit default", "zh": "信用卡违约"},
    "ccpp": {"en": "power plant", "zh": "电厂出力"},
    "bike sharing, without the date": {"en": "bicycles hired", "zh": "共享单车"},
    "california": {"en": "house prices", "zh": "加州房价"},
}
BOOSTING = {"boosting": "HistGradientBoosting", "lightgbm": "LightGBM", "xgboost": "XGBoost", "catboost": "CatBoost"}
METRICS = ["accuracy", "auc", "rmse"]
NETWORKS = ["mlp", "mlp, 2000 epochs", "mlp, early stopping"]
METHODS = ["hillock", "linear", *NETWORKS, *BOOSTING]
SHAPES = {
    "W1": "2-4-1",
    "W2": "64-32-10",
    "W8": "30-64-64-1",
    "W4": "784-128-10",
    "W5": "784-1024-1024-10",
}
WORDS = {
    "table": {"en": "table", "zh": "表格"},
    "rows": {"en": "rows", "zh": "行数"},
    "score": {"en": "score", "zh": "指标"},
    "linear": {"en": "linear model", "zh": "线性模型"},
    "network": {"en": "network", "zh": "网络"},
    "batch": {"en": "batch", "zh": "批大小"},
    "steps": {"en": "Hillock, steps a second", "zh": "Hillock，每秒步数"},
    "beside": {"en": "beside {}", "zh": "与 {} 相比"},
    "higher": {"en": "AUC ↑", "zh": "AUC ↑"},
    "lower": {"en": "RMSE ↓", "zh": "RMSE ↓"},
    "seconds": {"en": "{} s", "zh": "{} 秒"},
}


def short(version):
    """PyTorch 2.15.0+cu132: PyTorch 2.15"""
    return re.sub(r"^(\S+ \d+\.\d+).*", r"\1", version)


def title_of(peer, results):
    """The library and its version; Hillock on another instruction set has none."""
    versions = [result["peers"][peer]["version"] for result in results if peer in result["peers"]]
    return short(versions[0]) if versions and versions[0] else peer.replace("hillock", "Hillock,")


def peers_of(results, ours=False):
    names = dict.fromkeys(name for result in results for name in result["peers"])
    return [name for name in names if name.startswith("hillock") == ours]


def compared(group):
    """bench/compare's results: steps a second, and how many times as fast Hillock is."""
    results = group["results"]
    peers = peers_of(results)
    rows = [["", "Hillock", "% of floor", *(title_of(peer, results) for peer in peers)]]
    for result in results:
        row = [f"{result['workload']} {result['optimizer']}"]
        row += [markdown.number(result["steps_per_second"]), f"{result['percent_of_floor']:.0f}"]
        for peer in peers:
            figure = result["peers"].get(peer)
            row.append(f"{markdown.number(figure['steps_per_second'])} ({markdown.ratio(figure['ratio'])})" if figure else "")
        rows.append(row)
    return markdown.table(rows)


def provenance(group):
    versions = f" {', '.join(group['versions'])}." if group.get("versions") else ""
    return f"Measured in {group['date']} on {group['machine']}.{versions}\n\n    " + "\n    ".join(group["commands"])


def one_thread(groups, language):
    return compared(groups["one_thread"]) + "\n\n" + provenance(groups["one_thread"])


def two_threads(groups, language):
    return compared(groups["two_threads"]) + "\n\n" + provenance(groups["two_threads"])


def narrower_vectors(groups, language):
    """How much faster Hillock is with AVX-512 than held to AVX2, in the same run."""
    rows = [["", "AVX-512 beside AVX2"]]
    for result in groups["one_thread"]["results"]:
        figure = result["peers"].get("hillock avx2")
        if figure:
            rows.append([f"{result['workload']} {result['optimizer']}", markdown.ratio(figure["ratio"])])
    return markdown.table(list(zip(*rows)))


def many_starts(groups, language):
    group = groups["many_starts"]
    names = list(dict.fromkeys(name for result in group["results"] for name in result["starts_per_second"]))
    rows = [["", *names]]
    for result in group["results"]:
        rates = result["starts_per_second"]
        ours = max(rate for name, rate in rates.items() if name.startswith("Hillock"))
        row = [f"{result['workload']} {result['optimizer']}"]
        for name in names:
            rate = rates.get(name)
            beside = f" ({markdown.ratio(ours / rate)})" if rate and rate != ours else ""
            row.append(markdown.number(rate) + beside if rate else "")
        rows.append(row)
    return markdown.table(rows) + "\n\n" + provenance(group)


def side_by_side(groups, language):
    group = groups["side_by_side"]
    return markdown.table([group["heading"], *group["results"]]) + f"\n\nMeasured in {group['date']} on {group['machine']}."


def metric_of(methods):
    return "auc" if "auc" in methods["hillock"] else "rmse"


def better(metric, a, b):
    return a < b if metric == "rmse" else a > b


def best(methods, metric, names):
    names = [name for name in names if name in methods]
    winner = names[0]
    for name in names[1:]:
        if better(metric, methods[name][metric]["mean"], methods[winner][metric]["mean"]):
            winner = name
    return winner


def score(metric, value):
    return f"{value:.3f}" if metric != "rmse" else f"{value:#.4g}" if value < 10000 else f"{round(value, -2):.0f}"


def seconds(value, language):
    text = f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 10 else f"{value:.0f}"
    return WORDS["seconds"][language].format(text)


def tables(groups, language):
    """Mean score and median processor time; the best score of a row is bold."""
    results = {result["table"]: result for result in groups["tables"]["results"]}
    heading = [WORDS[word][language] for word in ("table", "rows", "score")]
    shown = [method for method in BOOSTING if method != "lightgbm"]  # hardly differs from HistGradientBoosting
    rows = [[*heading, "Hillock", WORDS["linear"][language], "scikit-learn MLP", *(BOOSTING[method] for method in shown)]]
    for name, called in TABLES.items():
        methods = results[name]["methods"]
        metric = metric_of(methods)
        columns = ["hillock", "linear", best(methods, metric, NETWORKS), *shown]
        winner = best(methods, metric, columns)
        row = [called[language], f"{results[name]['rows']:,}".replace(",", " ")]
        row.append(WORDS["lower" if metric == "rmse" else "higher"][language])
        for method in columns:
            text = score(metric, methods[method][metric]["mean"])
            text = f"**{text}**" if method == winner else text
            row.append(f"{text}, {seconds(methods[method]['seconds'], language)}")
        rows.append(row)
    return markdown.table(rows)


def gap_to(rivals, methods, metric):
    """How far Hillock is ahead of the best of them: points for accuracy and AUC, percent for RMSE. None if one is absent."""
    rivals = [name for name in rivals if metric in methods.get(name, {})]
    if not rivals or metric not in methods.get("hillock", {}):
        return None
    ours, theirs = (methods[name][metric]["mean"] for name in ("hillock", best(methods, metric, rivals)))
    return 100 * (theirs - ours) / theirs if metric == "rmse" else 100 * (ours - theirs)


def scores_table(results):
    """All scores of all methods on some tables, and by how much Hillock is ahead."""
    methods = [name for name in METHODS if any(name in result["methods"] for result in results)]
    rows = [["data", "score", *methods, "to the best mlp", "to the best boosting"]]
    for result in results:
        of = result["methods"]
        for metric in [metric for metric in METRICS if any(metric in of[method] for method in of)]:
            figures = [of.get(method, {}).get(metric) for method in methods]
            gaps = [gap_to(rivals, of, metric) for rivals in (NETWORKS, list(BOOSTING))]
            row = [result["table"], metric, *(f"{f['mean']:.5g} ± {f['spread']:.2g}" if f else "" for f in figures)]
            rows.append(row + ["" if gap is None else f"{gap:+.2f}" for gap in gaps])
        if all("seconds" in of[method] for method in of):
            rows.append([result["table"], "seconds", *(f"{of[method]['seconds']:.2g}" for method in methods), "", ""])
    return markdown.table(rows)


def tables_in_full(groups, language):
    return scores_table(groups["tables"]["results"]) + "\n\n" + provenance(groups["tables"])


def many_tables(groups, language):
    return scores_table(groups["many_tables"]["results"]) + "\n\n" + provenance(groups["many_tables"])


def leads(rivals, ours):
    """On how many of the tables Hillock is ahead of the best of these, or else (not `ours`) behind it."""

    def figure(groups, language):
        count = 0
        for result in groups["tables"]["results"]:
            winner = best(result["methods"], metric_of(result["methods"]), ["hillock", *rivals])
            count += (winner == "hillock") == ours
        total = len(groups["tables"]["results"])
        if language == "zh":
            return f"全部 {total} 张表格" if count == total else f"{total} 张表格中的 {count} 张"
        return f"all {total}" if count == total else f"{count} of {total}"

    return figure


def speed(groups, language):
    """The README's: one optimizer for each shape, beside PyTorch and JAX."""
    results = groups["one_thread"]["results"]
    peers = ["pytorch", "jax"]
    beside = [WORDS["beside"][language].format(title_of(peer, results)) for peer in peers]
    rows = [[*(WORDS[word][language] for word in ("network", "steps")), *beside]]
    for workload, shape in SHAPES.items():
        result = [result for result in results if result["workload"] == workload][-1]
        row = [f"{shape}, {result['optimizer']}", markdown.number(result["steps_per_second"])]
        rows.append(row + [markdown.ratio(result["peers"][peer]["ratio"]) for peer in peers])
    return markdown.table(rows)


def span(peer):
    """From the smallest to the largest ratio beside a peer."""

    def figure(groups, language):
        ratios = [result["peers"][peer]["ratio"] for result in groups["one_thread"]["results"] if peer in result["peers"]]
        low, high = (markdown.ratio(value).rstrip("×") for value in (min(ratios), max(ratios)))
        return f"{low} to {high}" if language == "en" else f"{low} 到 {high}"

    return figure


def machine(groups, language):
    return {"en": groups["one_thread"]["machine"], "zh": "AMD EPYC（Zen 5）的两个虚拟核心"}[language]


def program(groups, language):
    percents = [result["percent"] for result in groups["program"]["results"]]
    return f"{min(percents):.0f} to {max(percents):.0f}"


FIGURES = {
    "machine": machine,
    "program": program,
    "one_thread": one_thread,
    "two_threads": two_threads,
    "narrower_vectors": narrower_vectors,
    "many_starts": many_starts,
    "side_by_side": side_by_side,
    "tables": tables,
    "tables_in_full": tables_in_full,
    "ahead_of_mlp": leads(NETWORKS, ours=True),
    "many_tables": many_tables,
    "boosting_leads": leads(list(BOOSTING), ours=False),
    "speed": speed,
    "span_pytorch": span("pytorch"),
    "span_jax": span("jax"),
}


def with_figures(text, groups, language):
    def place(found):
        figure = FIGURES[found[2]](groups, language)
        return found[1] + (f"\n\n{figure}\n\n" if "\n" in figure else figure) + found[4]

    return PLACE.sub(place, text)


def unexplained(measurements):
    """Groups that do not say what was measured, where, when and how."""
    for name, group in measurements.items():
        for field in ("what", "machine", "date", "commands"):
            if not group.get(field):
                yield f"bench/measurements.json: {name} has no {field!r}"


def faults(path, text, wanted):
    """What is wrong with a document, as lines."""
    found = list(difflib.unified_diff(text.splitlines(), wanted.splitlines(), path, "bench/measurements.json", lineterm="", n=0))
    if len(re.findall("<!-- figures:", text)) != len(PLACE.findall(text)):
        found.append(f"{path}: a place for figures has no <!-- end -->")
    by_hand = TYPED.findall(PLACE.sub("", text))
    return found + [f"{path}: {figure!r} is typed by hand; make it a figure of bench/figures.py" for figure in by_hand]


def take(measurements, group, path, options):
    text = Path(path).read_text()
    try:
        taken = json.loads(text)
    except json.JSONDecodeError:  # a line for each workload
        taken = [json.loads(line) for line in text.splitlines()]
    if not (isinstance(taken, dict) and "results" in taken):
        taken = {"results": taken if isinstance(taken, list) else [taken]}
    if "peers" in taken["results"][0]:
        peers = [peer for result in taken["results"] for peer in result["peers"].values()]
        taken["versions"] = sorted({peer["version"] for peer in peers if peer["version"]})
    kept = measurements.setdefault(group, {})
    kept.update(taken, date=datetime.date.today().strftime("%B %Y"))
    kept["what"] = options.what or kept.get("what") or sys.exit(f"{group} is new: --what says what it is")
    kept["machine"] = options.machine or kept.get("machine") or sys.exit(f"{group} is new: --machine says where")
    kept["commands"] = options.command or kept.get("commands") or sys.exit(f"{group} is new: --command says how")
    MEASUREMENTS.write_text(json.dumps(measurements, indent=1, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0], epilog=__doc__.split("\n\n", 1)[1], formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--take", nargs=2, metavar=("GROUP", "FILE"))
    parser.add_argument("--what", help="with --take: what was measured (as before)")
    parser.add_argument("--machine", help="with --take: where it was measured (as before)")
    parser.add_argument("--command", action="append", help="with --take: what was run; may be repeated (as before)")
    options = parser.parse_args()
    measurements = json.loads(MEASUREMENTS.read_text(encoding="utf-8"))
    if options.take:
        take(measurements, *options.take, options)
    found = list(unexplained(measurements))
    for name, language in DOCUMENTS.items():
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        wanted = with_figures(text, measurements, language)
        if wanted != text and not options.check:
            path.write_text(wanted, encoding="utf-8")
        found += faults(name, text if options.check else wanted, wanted)
    if found:
        sys.exit("\n".join([*found, "Run bench/figures.py, or mend what is typed by hand."]))


if __name__ == "__main__":
    main()
