#!/usr/bin/env python3
"""What `wiredesk explain` says, in text and as JSON, from files and from records; what `eval --kinds` counts.
explain.py BINARY"""
import json
import pathlib
import subprocess
import sys
import tempfile

binary = sys.argv[1]
golden = pathlib.Path(__file__).resolve().parent.parent / "golden"
config = str(golden / "updates/config.json")
stories = str(golden / "updates/versions_in_a_row/input")
uri = "urn:example:wire:7"
failed = 0


def run(*arguments, stdin=None):
    return subprocess.run([binary, *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)


def check(name, good, shown=""):
    global failed
    failed += not good
    print(f"ok {name}" if good else f"not ok {name}\n{shown}")


text = run("explain", config, uri, stories)
blocks = text.stdout.split("\n\n")
check("exit code", text.returncode == 0, text.stderr)
check("a block for each version and the history", len(blocks) == 4, text.stdout)
for wanted in ("kind        trim\n", "found by guid", "2 sentences of 26 words, before 3 of 38", "- 3      Drivers can take the bridge", "name: Halden is gone"):
    check(f"second version: {wanted.strip()}", wanted in blocks[1], blocks[1])
check("third version: + 3", "+ 3      Drivers can take the bridge" in blocks[2], blocks[2])
check("history", [line.split()[1] for line in blocks[3].splitlines()[1:]] == ["new", "trim", "expansion"], blocks[3])

lines = [json.loads(line) for line in run("explain", "--json", config, uri, stories).stdout.splitlines()]
check("json: a line for each version", len(lines) == 3)
check("json: one lineage", len({line["lineage"] for line in lines}) == 1 and lines[0]["lineage"] == lines[0]["record"]["wiredesk"]["lineage"]["id"])
check("json: changes", lines[1]["record"]["wiredesk"]["update"]["change"]["removed"] == 1)
by_lineage = run("explain", config, lines[0]["lineage"], stories)
check("by lineage id", by_lineage.stdout == text.stdout, by_lineage.stdout)

records = run("replay", config, stories).stdout  # this configuration writes update events
from_records = run("explain", "--records", uri, stdin=records)
check("records: exit code", from_records.returncode == 0, from_records.stderr)
check("records: kinds", [line.split()[1] for line in from_records.stdout.splitlines() if line.startswith("  kind ")] == ["new", "trim", "expansion"], from_records.stdout)

reprints = str(golden / "reprints/papers_print_a_wire_story/input")
paper = run("explain", str(golden / "reprints/config.json"), "urn:example:post:8", reprints).stdout
check("reprint: kind", "kind        repeat, a reprint: the lineage is another provider's" in paper, paper)
check("reprint: history", "new            Northfield Wire" in paper and "repeat         reprint, Harbour Post" in paper, paper)

scenario = json.loads((pathlib.Path(__file__).resolve().parent / "scenarios/next_day.json").read_text())["kill_of_the_next_morning"]
sent = "".join(
    json.dumps({"uri": story["guid"], "type": "text", "version": "1", "versioncreated": story["updated"], "firstcreated": story["published"],
                "headline": story["headline"], "slugline": story.get("slug", ""), "pubstatus": story.get("status", "usable"),
                "body_text": "\n\n".join(story["body"])}) + "\n"
    for story in scenario["stories"] if story["provider"] == "wire")
killed = run("explain", config, "x:Y", stdin=sent).stdout
check("an order of the next day is in the history", [line.split()[1] for line in killed.split("lineage ")[-1].splitlines()[1:]] == ["new", "kill"], killed)
check("and whom it was told to", "told to" in killed and "x:Y, by" in killed, killed)

check("nobody there", run("explain", config, "urn:example:nobody", stories).returncode == 65)
check("file missing", run("explain", config, uri, "/nonexistent").returncode == 66)
check("usage", run("explain", config).returncode == 64)

with tempfile.NamedTemporaryFile("w", suffix=".tsv") as labels:
    labels.write(f"id\tversion\tkind\n{uri}\t1\tnew\n{uri}\t2\ttrim\n{uri}\t3\tupdate\n")
    labels.flush()
    kinds = json.loads(run("eval", "--kinds", "--json", labels.name, stories).stdout)
check("eval --kinds: counts", (kinds["labelled"], kinds["right"]) == (3, 2), kinds)
check("eval --kinds: confusion", kinds["kinds"]["update"]["taken_for"] == {"expansion": 1}, kinds)
sys.exit(failed > 0)
