#!/usr/bin/env python3
"""Hillock against scikit-learn and XGBoost on tables from medicine, finance, energy, transport and housing.

Each method gets the same rows: splits of 80 and 20 %, stratified for classes (Adult: its own two files), and several
seeds. Hillock gets the file's cells as they are and no option but --target, --test and --seed; the others get scaled
numbers with means for missing ones and one input a category. Prints a Markdown table; figures of the peers are kept in
--cache, so that --only hillock is quick.

    bench/tables.py --data DIRECTORY --hillock build/hillock
    bench/tables.py --data DIRECTORY --json > results.json && bench/figures.py --take many_tables results.json

DIRECTORY holds the public files under the names in SETS. Needs pandas, scikit-learn and XGBoost (Debian:
python3-pandas python3-sklearn python3-xgboost).
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import warnings

import pandas
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, mean_squared_error, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import figures

# name: file, header, target, dropped columns, classification, present/absent
SETS = {
    "adult": ("adult/adult.data.gz", None, 14, [], True),
    "credit default": ("credit-default/UCI_Credit_Card.csv.gz", 0, "default.payment.next.month", ["ID"], True),
    "german credit": ("german-credit/german.csv", None, 20, [], True),
    "heart (5 classes)": ("heart-disease/processed.cleveland.data", None, 13, [], True),
    "heart (present)": ("heart-disease/processed.cleveland.data", None, 13, [], True),
    "wdbc": ("sklearn-data/breast_cancer.csv", None, 30, [], True),
    "california": ("california-housing/housing.csv.gz", 0, "median_house_value", [], False),
    "ccpp": ("ccpp/ccpp.csv", 0, "EP", [], False),
    "heating load": ("energy-efficiency/ENB2012_data.csv", 0, "Y1", ["Y2"], False),
    "cooling load": ("energy-efficiency/ENB2012_data.csv", 0, "Y2", ["Y1"], False),
    "bike sharing": ("bike-sharing/hour.csv.gz", 0, "cnt", ["instant", "casual", "registered"], False),
}
# The date of the bicycles is a text of its own for each of 731 days; one input a category ruins networks that get it so.
WITHOUT_DATE = "bike sharing, without the date"
MORE_SETS = {WITHOUT_DATE: ("bike-sharing/hour.csv.gz", 0, "cnt", ["instant", "dteday", "casual", "registered"], False)}
ALL_SETS = {**SETS, **MORE_SETS}
PEERS = ["linear", "mlp", "mlp, 2000 epochs", "mlp, early stopping", "boosting", "xgboost"]
# By its defaults scikit-learn's network ends after 200 epochs, with a warning where it is not done, and learns by heart where
# it is. It is judged with more epochs and with early stopping as well.
NETWORKS = {"mlp": {}, "mlp, 2000 epochs": {"max_iter": 2000}, "mlp, early stopping": {"max_iter": 2000, "early_stopping": True}}
# Where 200 epochs are enough to end by itself or to learn by heart, and 2000 would take hours.
LONG_ENOUGH = ["adult", "credit default", "california", "ccpp", "bike sharing"]


def read(directory, name):
    """All cells as text, the target last and called `target`."""
    file, header, target, dropped, _ = ALL_SETS[name]
    skip = {"wdbc": 1}.get(name, 0)
    options = dict(header=header, dtype=str, keep_default_na=False, skipinitialspace=True, skiprows=skip)
    frames = [pandas.read_csv(os.path.join(directory, file), **options)]
    if name == "adult":
        options["skiprows"] = 1
        frames.append(pandas.read_csv(os.path.join(directory, "adult/adult.test.gz"), **options))
    for i, frame in enumerate(frames):
        frame = frame.drop(columns=dropped)
        answers = frame.pop(target).str.rstrip(".")
        frame.columns = [f"x{column}" for column in frame.columns]
        frame["target"] = (answers != "0").map({True: "present", False: "absent"}) if name == "heart (present)" else answers
        if name == "heart (5 classes)":
            frame["target"] = "grade " + frame["target"]
        frames[i] = frame
    return frames


def splits(frames, name, count):
    if len(frames) == 2:
        return [tuple(frames)]
    frame = frames[0]
    labels = frame["target"] if ALL_SETS[name][4] else None
    return [train_test_split(frame, test_size=0.2, random_state=seed, stratify=labels) for seed in range(count)]


def numbers(frame):
    """Columns of numbers as numbers, with NaN where a cell is empty or ?; others as text."""
    result = {}
    for column in frame.columns:
        cells = frame[column].replace({"": None, "?": None})
        try:
            result[column] = pandas.to_numeric(cells)
        except ValueError:
            result[column] = cells.fillna("missing")
    return pandas.DataFrame(result)


def preprocessing(features):
    numeric = [c for c in features if pandas.api.types.is_numeric_dtype(features[c])]
    text = [c for c in features if c not in numeric]
    return ColumnTransformer([("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numeric),
                              ("text", OneHotEncoder(handle_unknown="ignore", sparse_output=False), text)])


def boosting(method, classification, seed):
    """With its defaults, on one thread. Imported where it is needed: not everybody has all four."""
    kind = "Classifier" if classification else "Regressor"
    if method == "boosting":
        return (HistGradientBoostingClassifier if classification else HistGradientBoostingRegressor)(random_state=seed)
    if method == "xgboost":
        import xgboost
        return getattr(xgboost, f"XGB{kind}")(random_state=seed, n_jobs=1)
    if method == "lightgbm":
        import lightgbm
        return getattr(lightgbm, f"LGBM{kind}")(random_state=seed, n_jobs=1, verbose=-1)
    import catboost
    return getattr(catboost, f"CatBoost{kind}")(random_state=seed, thread_count=1, verbose=0, allow_writing_files=False)


def peer(method, classification, seed):
    if method in NETWORKS:
        model = (MLPClassifier if classification else MLPRegressor)(
            hidden_layer_sizes=(64,), random_state=seed, **NETWORKS[method]
        )
    elif method == "linear":
        model = LogisticRegression(max_iter=2000) if classification else Ridge()
    else:
        model = boosting(method, classification, seed)
    # A network that has to reach a price of 200 000 from 0 is no fair peer.
    return model if classification else TransformedTargetRegressor(model, transformer=StandardScaler())


def run_peer(method, name, train, test, seed):
    classification = ALL_SETS[name][4]
    features = numbers(pandas.concat([train, test]).drop(columns="target"))
    inputs, unseen = features.iloc[:len(train)], features.iloc[len(train):]
    columns = preprocessing(inputs).fit(inputs)
    inputs, unseen = columns.transform(inputs), columns.transform(unseen)
    model = peer(method, classification, seed)
    if not classification:
        answers, truth = pandas.to_numeric(train["target"]), pandas.to_numeric(test["target"])
        return {"rmse": mean_squared_error(truth, model.fit(inputs, answers).predict(unseen)) ** 0.5}
    classes = sorted(set(train["target"]))
    answers, truth = train["target"].map(classes.index), test["target"].map(classes.index)
    model.fit(inputs, answers)
    result = {"accuracy": accuracy_score(truth, model.predict(unseen))}
    if len(classes) == 2:
        result["auc"] = roc_auc_score(truth, model.predict_proba(unseen)[:, 1])
    return result


def run_hillock(program, directory, name, train, test, seed, scratch):
    files = [os.path.join(scratch, "train.csv"), os.path.join(scratch, "test.csv")]
    target = "target"
    if name == "adult":  # the two files as they are
        files = [os.path.join(directory, "adult", file) for file in ("adult.data.gz", "adult.test.gz")]
        target = "last"
    else:
        train.to_csv(files[0], index=False)
        test.to_csv(files[1], index=False)
    command = [program, "train", files[0], "--test", files[1], "--target", target, "--seed", str(seed), "--json", "--quiet", "--threads", "1",
               "--out", os.path.join(scratch, "model.safetensors")]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{name}: {' '.join(command)}\n{done.stderr}")
    scores = json.loads(done.stdout.splitlines()[-1])["test"]
    return {metric: scores[metric] for metric in ("accuracy", "auc", "rmse") if metric in scores}


def runs_of(arguments, cache, name):
    """Of each method on one table: its scores for each split and seed."""
    found = {}
    for number, (train, test) in enumerate(splits(read(arguments.data, name), name, arguments.splits)):
        for method in PEERS + ["hillock"]:
            if method == "mlp, 2000 epochs" and name in LONG_ENOUGH:
                continue
            for seed in range(arguments.seeds if method in NETWORKS or method == "hillock" else 1):
                key = f"{name}/{number}/{method}/{seed}"
                if method == "hillock" and method in arguments.only:
                    with tempfile.TemporaryDirectory() as scratch:
                        result = run_hillock(arguments.hillock, arguments.data, name, train, test, seed, scratch)
                else:
                    if key not in cache and method in arguments.only:
                        cache[key] = run_peer(method, name, train, test, seed)
                        json.dump(cache, open(arguments.cache, "w"), indent=0, sort_keys=True)
                    result = cache.get(key, {})
                found.setdefault(method, []).append(result)
    return found


def summary(runs):
    """Mean and spread of each score of one method on one table."""
    values = {metric: [run[metric] for run in runs if metric in run] for metric in figures.METRICS}
    return {m: {"mean": statistics.mean(of), "spread": statistics.pstdev(of)} for m, of in values.items() if of}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--hillock", default="build/hillock")
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=list(SETS))
    parser.add_argument("--only", nargs="+", default=PEERS + ["hillock"], choices=PEERS + ["hillock"])
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--cache", default=os.path.join(os.path.dirname(__file__), "tables-peers.json"))
    parser.add_argument("--json", action="store_true", help="for bench/figures.py, instead of a Markdown table")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    warnings.filterwarnings("ignore")
    cache = json.load(open(arguments.cache)) if os.path.exists(arguments.cache) else {}
    results = []
    for name in arguments.sets:
        print(f"measuring {name}", file=sys.stderr)
        methods = {method: summary(runs) for method, runs in runs_of(arguments, cache, name).items()}
        results.append({"table": name, "methods": {method: of for method, of in methods.items() if of}})
    print(json.dumps({"results": results}, indent=1) if arguments.json else figures.scores_table(results))


if __name__ == "__main__":
    main()
