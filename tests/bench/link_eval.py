#!/usr/bin/env python3
"""Links to the English Wikipedia against gold: tests/bench/link_eval.py BINARY DATA (gum | kore50) [OPTIONS-JSON]

Prints gold mentions, those that we mark with the same span, those of them that we link, and how many links are right.
GUM's own titles are a source of the gazetteer: to measure, build one without some documents (make_names.mjs's last
argument) and name it by {"gazetteer_file": ...}; WD_DOCUMENTS is the pattern of the documents that are looked at."""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse


def gum(data):
    """Stories as lists of sentences, and gold by story: (sentence, begin, end) in characters -> title."""
    folder = data / "ner/train/gum"
    documents, sentences, tokens = [], None, []
    for line in (folder / "gum.iob2").read_text().split("\n"):
        if line.startswith("-DOCSTART-"):
            sentences = []
            documents.append(sentences)
        elif line:
            tokens.append(line.split("\t")[0])
        elif tokens:
            sentences.append(tokens)
            tokens = []
    names = [line.split("\t")[1] for line in (folder / "gum.docs.tsv").read_text().strip().split("\n")[1:]]
    by_name = dict(zip(names, documents))
    gold = collections.defaultdict(dict)
    for line in (folder / "gum.links.tsv").read_text().strip().split("\n")[1:]:
        name, sentence, begin, end, _, text, title = line.split("\t")
        words = by_name[name][int(sentence)]
        start = len(" ".join(words[:int(begin)])) + (int(begin) > 0)
        assert " ".join(words[int(begin):int(end)]) == text, (name, text)
        gold[name][int(sentence), start, start + len(text)] = urllib.parse.unquote(title).replace(" ", "_")
    wanted = re.compile(os.environ.get("WD_DOCUMENTS", ""))
    return {name: ([" ".join(words) for words in by_name[name]], gold[name]) for name in names if wanted.search(name)}


def kore50(data):
    stories = {}
    for line in (data / "ner/devtest/kore50/kore50.jsonl").read_text().strip().split("\n"):
        item = json.loads(line)
        gold = {(0, *label["span"]): label["name"].replace(" ", "_") for label in item["labels"]}
        stories[str(item["id"])] = ([item["text"]], gold)
    return stories


def bare(title):
    """Titles that differ in what Wikidata's labels leave out: "Amazon (company)", "Apple Inc."."""
    return re.sub(r"(_\(.*\)|,_.*|_Inc\.)$", "", title).lower()


def main():
    binary, data, name = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    options = json.loads(sys.argv[4]) if len(sys.argv) > 4 else {}
    stories = {"gum": gum, "kore50": kore50}[name](data)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "in").mkdir()
        config = {"name": "links", "kafka": {"bootstrap.servers": "127.0.0.1:1"},
                  "default_provider": {"name": "x", "language": "en"},
                  "pipelines": [{"name": "p", "input": {"topics": ["raw"]},
                                 "processors": [{"use": "entities", **options}, {"use": "route", "otherwise": ["out"]}],
                                 "outputs": [{"name": "out", "topic": "out", "record": "enriched", "key": "lineage"}],
                                 "dead_letter": "dead"}]}
        (folder / "config.json").write_text(json.dumps(config))
        for number, (key, (paragraphs, _)) in enumerate(stories.items()):
            story = {"uri": f"urn:x:{key}", "type": "text", "version": "1", "language": "en", "headline": "-",
                     "body_text": "\n\n".join(paragraphs)}
            (folder / "in" / f"{number:05}.json").write_text(json.dumps(story))
        out = subprocess.run([binary, "replay", "--all", str(folder / "config.json"), str(folder / "in")],
                             check=True, stdout=subprocess.PIPE).stdout
    counts = collections.Counter()
    wrong = collections.Counter()
    for line in out.splitlines():
        record = json.loads(line)["record"]
        paragraphs, gold = stories[record["story"]["uri"][len("urn:x:"):]]
        found = record["wiredesk"]
        ours = {}
        for mention in found["entities"]:
            if mention["field"] == "body":
                ids = found["distinct_entities"][mention["entity"]]["ids"]
                titles = [i[len("enwiki:"):] for i in ids if i.startswith("enwiki:")]
                ours[mention["paragraph"], mention["begin_point"], mention["end_point"]] = (titles, ids)
        for span, title in gold.items():
            counts["gold"] += 1
            if span not in ours:
                continue
            titles, ids = ours[span]
            counts["marked"] += 1
            counts["any id"] += bool(ids)
            if titles:
                counts["linked"] += 1
                right = bare(titles[0]) == bare(title)
                counts["right"] += right
                if not right:
                    wrong[paragraphs[span[0]][span[1]:span[2]], titles[0], title] += 1
    print(dict(counts), f"precision {counts['right'] / max(1, counts['linked']):.3f}",
          f"coverage {counts['right'] / max(1, counts['gold']):.3f}")
    for (text, got, title), count in wrong.most_common(int(os.environ.get("WD_WRONG", "0"))):
        print(f"  {count} {text}: {got}, not {title}")


main()
