#!/usr/bin/env python3
"""How dedup does on the invented sets, with floors: check_invented.py WIREDESK

Floors are round numbers below what was measured (tests/eval/invented/README.md): they catch what breaks, not what is
chance."""
import json
import pathlib
import subprocess
import sys

SETS = pathlib.Path(__file__).parent / "invented"
# Set: at least so much of E, N and U in one group, at most so much of T and C; in the stream.
FLOORS = {
    "ferry": {"E": 1.0, "N": 0.95, "U": 0.75, "T": 0.01, "C": 0.03},
    "langs": {"E": 1.0, "N": 0.95, "U": 0.85, "T": 0.06, "C": 0.05},
    "forms": {"E": 0.9, "N": 0.9, "U": 0.65, "T": 0.09, "C": 0.12},
    "court": {"E": 1.0, "N": 0.95, "U": 0.75, "T": 0.02, "C": 0.05},
    "world": {"E": 1.0, "N": 0.93, "U": 0.75, "T": 0.03, "C": 0.05},
    "markets": {"E": 1.0, "N": 0.95, "U": 0.5, "T": 0.02, "C": 0.05},
    "features": {"E": 1.0, "N": 0.9, "U": 0.8, "T": 0.0, "C": 0.0},
    "strike": {"E": 1.0, "N": 0.9, "U": 0.8, "T": 0.05, "C": 0.03},
    "day": {"E": 1.0, "N": 0.95, "U": 0.9, "T": 0.04, "C": 0.03},
    "quarry": {"E": 1.0, "N": 0.82, "U": 0.46, "T": 0.03, "C": 0.08},
    "chamber": {"N": 0.95, "U": 0.68, "T": 0.03, "C": 0.13},
    "press": {"E": 1.0, "N": 0.93, "U": 0.5, "T": 0.1, "C": 0.05},
    "harbour": {"E": 1.0, "N": 0.9, "U": 0.6, "T": 0.04, "C": 0.1},
}
AT_MOST = {"T", "C"}


def main():
    bad = 0
    for name, floors in FLOORS.items():
        command = [sys.argv[1], "eval", "--copies", "--stream", "--json", SETS / f"{name}.tsv", SETS / f"{name}.jsonl"]
        result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        labels = result["stream"]["labels"]
        for label, floor in floors.items():
            share = labels[label]["joined_share"]
            holds = share <= floor if label in AT_MOST else share >= floor
            bad += not holds
            print(f"{'ok' if holds else 'not ok'} {name} {label} {share:.3f} {'<=' if label in AT_MOST else '>='} {floor}")
    return bad != 0


sys.exit(main())
