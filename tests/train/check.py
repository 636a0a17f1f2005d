"""wiredesk-train on a corpus of a few invented stories: check.py WIREDESK_TRAIN WIREDESK. Exit code 1 when anything is wrong."""
import pathlib
import re
import subprocess
import sys
import tempfile

TRAIN, WIREDESK = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
PEOPLE = ["Agim Selfo", "Mira Dostal", "Tomas Brekke", "Leyla Arvand", "Jonas Wirth", "Ines Caldera"]
PLACES = ["Tirana", "Durres", "Bergen", "Shiraz", "Graz", "Merida"]
failed = 0


def report(name, fault):
    global failed
    failed += bool(fault)
    print(f"not ok train/{name} - {fault}" if fault else f"ok train/{name}", flush=True)


def tokens(text, kind):
    words = text.split()
    return "".join(f"{w}\t{'B' if k == 0 else 'I'}-{kind}\n" for k, w in enumerate(words))


def story(person, place):
    plain = lambda text: "".join(f"{w}\tO\n" for w in text.split())
    return ("-DOCSTART-\tO\n\n" + plain("Minister resigns after inquiry into ferry contract") + "\n" + tokens(place, "LOC") + plain("- The minister ,") +
            tokens(person, "PER") + plain(", has resigned , officials said in") + tokens(place, "LOC") + plain(".") + "\n")


def corpus(count):
    return "".join(story(PEOPLE[k % 6], PLACES[(k // 2) % 6]) for k in range(count))


def train(folder, *options):
    return subprocess.run([TRAIN, "--data", folder, "--recipe", folder / "recipe", "--lexicon", folder / "lexicon.tsv", "--lists", folder / "lists.tsv",
                           "--cell-bits", "12", *options], capture_output=True, text=True, timeout=120, check=False)


def prepare(folder):
    (folder / "a.iob2").write_text(corpus(64))
    (folder / "b.iob2").write_text(corpus(24))
    (folder / "recipe").write_text("# two files\na.iob2 recase=0.5 weight=2 # ours\nb.iob2\n")
    numbers = " ".join(["3", "-90"] * 50)
    (folder / "lexicon.tsv").write_text("".join(f"{w}\t{k * 900}\t{numbers}\n" for k, w in enumerate(["the", "minister", "said", "bergen", "agim"])))
    (folder / "lists.tsv").write_text("given\tagim\nplace\tgraz\nclub\tgraz\nthing\tadriatic cup\n")


def same_bytes(folder):
    for name, seed in (("one", "0"), ("two", "0"), ("three", "1")):
        done = train(folder, "--model", folder / name, "--seed", seed)
        if done.returncode != 0:
            return done.stderr
    one, two, three = ((folder / name).read_bytes() for name in ("one", "two", "three"))
    if one != two:
        return "the same seed gave other bytes"
    return "another seed gave the same bytes" if one == three else ""


def learns(folder):
    done = subprocess.run([WIREDESK, "eval", "--ner", "--model", folder / "one", folder / "b.iob2"], capture_output=True, text=True, timeout=60, check=False)
    found = re.search(r"^all +([\d.]+) +([\d.]+)", done.stdout, re.M)
    if not found:
        return done.stdout + done.stderr
    return "" if min(map(float, found.groups())) > 95 else f"precision and recall {found.groups()} on its own text"


def holds(folder):
    done = train(folder, "--hold", "b.iob2")
    return "" if re.search(r"^b\.iob2 +F1 .*\(72 names\)", done.stdout, re.M) and "a.iob2" not in done.stdout else done.stdout + done.stderr


def crosses(folder):
    """Every story is tagged once: 64 and 24 of three names each; the card has the figures, the licence and the command."""
    done = train(folder, "--cross", "2", "--card", folder / "card.md")
    counts = dict(re.findall(r"^(\w)\.iob2 .*\((\d+) names\)", done.stdout, re.M))
    if counts != {"a": "192", "b": "72"}:
        return f"names measured: {counts}"
    card = (folder / "card.md").read_text()
    wanted = ["--cross 2", "| a.iob2 | 2 | 64 |", "| ours |", "| b.iob2 | 1 | 24 |", "cross-validated: 2 parts", "| 192 |", "2^12 cells"]
    return ", ".join(f"the card lacks {w!r}" for w in wanted if w not in card)


def refuses(folder):
    (folder / "wrong").write_text("a.iob2 colour=red\n")
    (folder / "missing").write_text("c.iob2\n")
    for options, code in (([], 0), (["--recipe", folder / "wrong"], 64), (["--recipe", folder / "missing"], 66), (["--lists", folder / "none"], 66),
                          (["--without", "luck"], 64), (["--hold", "nobody"], 64), (["--cross", "1"], 64),
                          (["--cell-bits", "25"], 64), (["--row-step", "0"], 64), (["--vector-step", "128"], 64), (["--vectors", "65535"], 64), (["--model", folder / "no" / "where"], 74)):
        arguments = [TRAIN, "--data", folder, "--lexicon", folder / "lexicon.tsv", "--cell-bits", "12", "--epochs", "1"]
        if "--recipe" not in options:
            arguments += ["--recipe", folder / "recipe"]
        if "--lists" not in options:
            arguments += ["--lists", folder / "lists.tsv"]
        done = subprocess.run(arguments + options, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != code:
            return f"{options}: exit code {done.returncode} instead of {code}: {done.stderr}"
    return ""


with tempfile.TemporaryDirectory() as name:
    here = pathlib.Path(name)
    prepare(here)
    for check in (same_bytes, learns, holds, crosses, refuses):
        report(check.__name__, check(here))
sys.exit(failed > 0)
