#!/usr/bin/env python3
"""The same stories through MinHash LSH (datasketch), next to wiredesk: tests/bench/peer_minhash.py BENCH_DEDUP

BENCH_DEDUP is the benchmark's binary. It fills its state, measures, and dumps the measured stories with what each is a copy
of and whether wiredesk joined it. Here the same stories go, in the same order, through MinHash LSH of word 4-grams at
several thresholds: a story is joined when the index answers with an earlier one. Processor time of one process each. Prints
JSON. Needs datasketch (2.0 was used), in a virtual environment of your own: tests/bench/run does not call this."""
import json
import subprocess
import sys
import tempfile
import time

from datasketch import MinHash, MinHashLSH

STORIES, PERMUTATIONS = 6000, 128


def grams(text):
    words = text.lower().split()
    return {" ".join(words[i:i + 4]).encode() for i in range(len(words) - 3)}


def read(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            index, origin, kind, joined, text = line.rstrip("\n").split("\t", 4)
            yield index, origin, kind, joined == "1", text


def peer(stories, threshold):
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    origins, right, wrong, missed, spent = {}, 0, 0, 0, 0.0
    seen = set()
    for number, origin, _kind, _joined, text in stories:
        before = time.process_time()
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch(grams(text))
        found = index.query(sketch)
        index.insert(number, sketch)
        spent += time.process_time() - before
        same = any(origins[other] == origin for other in found)
        right += origin in seen and same
        missed += origin in seen and not same
        wrong += any(origins[other] != origin for other in found)
        origins[number] = origin
        seen.add(origin)
    return figures(right, wrong, missed, len(stories) / spent)


def figures(right, wrong, missed, rate):
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    return {"precision": round(precision, 4), "recall": round(recall, 4),
            "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4), "stories_per_cpu_second": round(rate)}


def ours(stories, rate):
    seen, right, wrong, missed = set(), 0, 0, 0
    for _number, origin, _kind, joined, _text in stories:
        right += origin in seen and joined
        missed += origin in seen and not joined
        wrong += origin not in seen and joined and _kind == "new"
        seen.add(origin)
    return figures(right, wrong, missed, rate)


with tempfile.NamedTemporaryFile() as dump:
    bench = json.loads(subprocess.run([sys.argv[1], "20000", "--dump", dump.name], stdout=subprocess.PIPE, check=True).stdout)
    stories = list(read(dump.name))[:STORIES]
print(json.dumps({"stories": len(stories), "wiredesk": ours(stories, bench["dedup"]["stories_per_cpu_second"]),
                  "datasketch": {str(t): peer(stories, t) for t in (0.2, 0.3, 0.5, 0.7)}}, indent=1))
