"""`wiredesk test`, `top`, `tag`, `eval`, `check` and `demo` as a shell sees them: output, exit codes."""
import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = sys.argv[1]
CONFIG = {"kafka": {}, "pipelines": [{"name": "news", "input": {"topics": ["raw"]}, "processors": [], "dead_letter": "dead",
                                      "outputs": [{"name": "out", "topic": "stories", "key": "guid"}]}]}
STORY = {"uri": "urn:e:1", "headline": "A headline of some words", "body_text": "One.\nTwo."}
OUT = {"topic": "stories", "key": "urn:e:1", "record": {"story": {"uri": "urn:e:1"}}}
failed = 0


def report(name, fault):
    global failed
    failed += bool(fault)
    print(f"not ok commands/{name} - {fault}" if fault else f"ok commands/{name}", flush=True)


def run(*arguments):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False)


def case(messages, **more):
    return {"messages": messages, **more}


# name, case, words of its line ("" when it passes)
CASES = [
    ("passes", case([{"story": STORY, "expect": [OUT]}]), ""),
    ("says_nothing", case([{"story": STORY}]), ""),
    ("null_is_absent", case([{"story": STORY, "expect": [{"record": {"wiredesk": {"dedup": None}}}]}]), ""),
    ("null_is_there", case([{"story": STORY, "expect": [{"record": {"wiredesk": {"times": None}}}]}]), "expect[0].record.wiredesk.times is {}, not null"),
    ("other_value", case([{"story": STORY, "expect": [{"key": "urn:e:2"}]}]), 'messages[0]: expect[0].key is "urn:e:1", not "urn:e:2"'),
    ("list_length", case([{"story": STORY, "expect": [{"record": {"story": {"headlines": []}}}]}]), "headlines has 1 elements, not 0"),
    ("in_a_list", case([{"story": STORY, "expect": [{"record": {"story": {"headlines": [{"role": "sub"}]}}}]}]), 'headlines[0].role is "main", not "sub"'),
    ("any", case([{"story": STORY, "expect": [{"record": {"story": {"headlines": {"$any": {"role": "main"}}}}}]}]), ""),
    ("not_any", case([{"story": STORY, "expect": [{"record": {"story": {"headlines": {"$any": {"role": "sub"}}}}}]}]), "headlines has no element like"),
    ("second_message", case([{"story": STORY}, {"story": STORY, "expect": []}]), "messages[1]: 1 record, not 0: stories"),
    ("dead", case([{"text": "", "expect": [{"dead_letter": "empty", "reason": "no content"}]}]), ""),
    ("dead_for_another_reason", case([{"text": "{", "expect": [{"dead_letter": "empty"}]}]), 'dead_letter is "syntax", not "empty"'),
    ("other_words", case([{"text": "", "expect": [{"reason": "too long"}]}]), "without \"too long\""),
    ("headers", case([{"story": STORY, "topic": "raw", "expect": [{"headers": {"wiredesk-topic": "raw", "wiredesk-offset": "0"}}]}]), ""),
    ("received", case([{"story": STORY, "received": "2024-02-29T00:00:00Z", "expect": [
        {"record": {"wiredesk": {"times": {"received": {"time": "2024-02-29T00:00:00Z"}}}}}]}], received="2024-03-01T00:00:00Z"), ""),
    ("no_time", case([{"story": STORY, "received": "noon"}]), '"noon" is no time'),
    ("no_pipeline", case([{"story": STORY, "topic": "other"}]), 'no pipeline reads topic "other"'),
    ("two_sources", case([{"story": STORY, "text": "x"}]), "needs one of"),
    ("unknown_key", case([{"story": STORY, "expects": []}]), "expects"),
    ("unknown_key_of_a_record", case([{"story": STORY, "expect": [{"topics": "x"}]}]), "topics"),
    ("no_messages", case([]), "at least one"),
    ("file_missing", case([{"file": "nowhere.txt"}]), "nowhere.txt: No such file"),
    ("not_json", "{", "line 1"),
]


def cases():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "c.json").write_text(json.dumps(CONFIG))
        (folder / "tests").mkdir()
        for title, content, words in CASES:
            file = folder / "tests" / f"{title}.json"
            file.write_text(content if isinstance(content, str) else json.dumps(content))
            got = run("test", folder / "c.json", file)
            line = got.stdout.splitlines()[0] if got.stdout else got.stderr
            code = 0 if not words else 66 if title == "file_missing" else 65
            good = got.returncode == code and (words in line if words else line == f"ok {file}")
            report(f"test/{title}", not good and f"exit {got.returncode}, {line}")
        whole = run("test", folder / "c.json")
        passed = sum(not words for _, _, words in CASES)
        report("test/folder", whole.stdout.splitlines()[-1] != f"{passed} passed, {len(CASES) - passed} failed" and whole.stdout[-100:])
        (folder / "empty").mkdir()
        report("test/none", run("test", folder / "c.json", folder / "empty").returncode != 66 and "no case was taken for success")
        report("test/no_config", run("test", folder / "nowhere.json").returncode != 66 and "wrong exit code")
        report("test/usage", run("test").returncode != 64 and "wrong exit code")
    example = run("test", ROOT / "deploy/wiredesk.json")
    report("test/deploy", example.returncode and example.stdout)


PAGES = ["""wiredesk_records_in_total{pipeline="news",topic="wire.raw"} 1000
wiredesk_records_out_total{pipeline="news",topic="wire.raw"} 900
wiredesk_records_dead_total{pipeline="news",topic="wire.raw"} 7
wiredesk_lag_records{pipeline="news",topic="wire.raw",partition="0"} 30
wiredesk_lag_records{pipeline="news",topic="wire.raw",partition="1"} 12
wiredesk_lag_seconds{pipeline="news",topic="wire.raw",partition="0"} 2.500000
wiredesk_lag_seconds{pipeline="news",topic="wire.raw",partition="1"} 0.500000
wiredesk_state_entries{pipeline="news",topic="wire.raw",partition="0"} 4711
wiredesk_state_bytes{pipeline="news",topic="wire.raw",partition="0"} 3145728
wiredesk_latency_seconds_bucket{pipeline="news",topic="wire.raw",le="0.131072"} 10
wiredesk_latency_seconds_bucket{pipeline="news",topic="wire.raw",le="+Inf"} 10
wiredesk_restore_offsets_total{pipeline="news",topic="wire.raw",partition="1"} 500
wiredesk_restore_offsets_done{pipeline="news",topic="wire.raw",partition="1"} 100
wiredesk_update_verdicts_total{pipeline="news",topic="wire.raw",kind="new"} 600
wiredesk_update_verdicts_total{pipeline="sport",topic="wire.raw",kind="new"} 5
wiredesk_transactions_committed_total{lane="0"} 10
"""]
PAGES.append(PAGES[0].replace("} 1000", "} 1600").replace('le="0.131072"} 10', 'le="0.131072"} 11').replace('le="+Inf"} 10', 'le="+Inf"} 110')
             .replace('le="+Inf"} 110', 'le="2.097152"} 110\nwiredesk_latency_seconds_bucket{pipeline="news",topic="wire.raw",le="+Inf"} 110'))


class Handler(http.server.BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self):
        body = b"lane 0 restoring\n"
        if self.path == "/metrics":
            body = PAGES[min(Handler.asked, 1)].encode()
            Handler.asked += 1
        self.send_response(503 if self.path == "/readyz" else 200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def top():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    got = run("top", "--once", "--interval", "1", url)
    report("top/exit", got.returncode and got.stderr)
    row = next((line.split() for line in got.stdout.splitlines() if line.startswith("news")), [])
    wanted = ["news", "wire.raw", None, "0", "7", "42", "2.5s", "2.1s", "2.1s", "4711", "3.0"]
    report("top/row", (len(row) != len(wanted) or any(w and w != g for w, g in zip(wanted, row))) and f"{row}")
    report("top/rate", not (row[2:] and 400 <= float(row[2]) <= 610) and f"600 in a little over a second gives {row[2:3]}")
    for name, words in (("not_ready", "NOT READY"), ("lanes", "lane 0 restoring"), ("restore", "400 changelog offsets to go"), ("verdicts", "new 605")):
        report(f"top/{name}", words not in got.stdout and got.stdout)
    report("top/no_escapes", "\x1b" in got.stdout and "escapes although nobody sees a terminal")
    server.shutdown()
    server.server_close()
    nobody = run("top", "--once", url)
    report("top/nobody", (nobody.returncode != 69 or url not in nobody.stderr) and f"exit {nobody.returncode}: {nobody.stderr}")
    report("top/usage", (run("top", "--fast").returncode, run("top", "--interval", "0").returncode) != (64, 64) and "wrong exit code")


COPY = """Kenyan flour maker buys Ugandan rival
NAIROBI, Kenya (Reuters) - Unga Group Plc (NSE: UNGA) bought Maisha Mills of Uganda, President William Ruto said.
Ruto spoke in Nairobi.
"""


def tag():
    with tempfile.TemporaryDirectory() as name:
        file = pathlib.Path(name) / "copy.txt"
        file.write_text(COPY)
        (pathlib.Path(name) / "list.csv").write_text("name,id,type\nMaisha Mills,x:7,organisation\n")
        got = run("tag", "--json", "--list", pathlib.Path(name) / "list.csv", file)
        line = json.loads(got.stdout)
        named = {item["name"]: item for item in line["distinct_entities"]}
        lines = COPY.splitlines()
        for item in line["entities"]:
            text = lines[0] if item["field"] == "headline" else lines[1 + item["paragraph"]]
            cut = text.encode()[item["begin"]:item["end"]].decode()
            good = cut == item["text"] == text[item["begin_point"]:item["end_point"]]
            report(f"tag/offsets/{item['text']}", not good and f"{item}")
            report(f"tag/number/{item['text']}", line["distinct_entities"][item["entity"]]["name"] != item["name"] and f"{item}")
        report("tag/place", named.get("Nairobi", {}).get("ids", [""])[0] != "geonames:184745" and f"{named.get('Nairobi')}")
        report("tag/country", named.get("Kenya", {}).get("ids", [""])[0] != "iso3166:KE" and f"{named.get('Kenya')}")
        report("tag/list", named.get("Maisha Mills", {}).get("ids") != ["x:7"] and f"{named.get('Maisha Mills')}")
        report("tag/language", line["tagging"] != {"language": "en", "model": "built-in"} and f"{line['tagging']}")
        shown = run("tag", "--colour", file).stdout
        text, _, table = shown.partition("\n\n")
        report("tag/colour", re.sub(r"\x1b\[[0-9]*m", "", text) + "\n" != COPY and text)
        report("tag/table", not re.search(r"\x1b\[33mKenya\x1b\[0m +place +\d+x  0\.\d\d  iso3166:KE", table) and table)
        other = json.loads(run("tag", "--json", "--language", "fr", file).stdout)["tagging"]
        report("tag/no_model", not ("model" not in other and "no model" in other.get("note", "")) and f"{other}")
        file.write_text(COPY + "The company said that it would pay for the mills with its own shares and some cash.\n")
        seen = json.loads(run("tag", "--json", file).stdout)["tagging"]
        report("tag/detected", seen != {"language": "en", "detected": True, "model": "built-in"} and f"{seen}")
        file.write_bytes(b"caf\xe9")
        report("tag/not_utf8", run("tag", file).returncode != 65 and "wrong exit code")
    report("tag/missing", (run("tag", "/nowhere.txt").returncode, run("tag", "--model", "/nowhere.txt").returncode) != (66, 66) and "wrong exit code")
    report("tag/usage", run("tag", "--score-min", "2").returncode != 64 and "wrong exit code")


def evaluate():
    """What does not belong together gives no figures."""
    sets = ROOT / "tests/eval/invented"
    good = run("eval", "--copies", "--stream", sets / "court.tsv", sets / "court.jsonl")
    report("eval/copies", good.returncode and good.stderr)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "kinds.tsv").write_text("id\tkind\nurn:no:such\tnew\n")
        (folder / "corpus.iob2").write_text("Paris\tB-LOC\n")
        report("eval/ner", run("eval", "--ner", folder / "corpus.iob2").returncode and "a corpus of one name is refused")
        for title, code, words, *arguments in (
                ("other_labels", 66, "none of the", "--copies", sets / "court.tsv", sets / "ferry.jsonl"),
                ("other_kinds", 66, "none of the 1 labels", "--kinds", folder / "kinds.tsv", sets / "ferry.jsonl"),
                ("columns", 66, "line 1: the names of the columns", "--copies", sets / "court.jsonl", sets / "court.tsv"),
                ("no_corpus", 65, "no names are tagged", "--ner", sets / "court.tsv"),
                ("types", 64, "use PER, ORG", "--ner", "--types", "PERSON", folder / "corpus.iob2"),
                ("missing", 66, "No such file", "--ner", folder / "nowhere")):
            got = run("eval", *arguments)
            report(f"eval/{title}", (got.returncode != code or words not in got.stderr or got.stdout) and f"exit {got.returncode}: {got.stderr[-200:]}{got.stdout[:200]}")


def check_files():
    """What is wrong with the file itself."""
    with tempfile.TemporaryDirectory() as name:
        file = pathlib.Path(name) / "c.json"
        for title, content, code, words in (("missing", None, 66, "c.json: cannot be read: No such file"), ("empty", "", 78, "c.json:1: not JSON"),
                                            ("mark", "\ufeff{}", 78, "c.json: begins with a byte order mark")):
            if content is not None:
                file.write_text(content)
            got = run("check", file)
            report(f"check/{title}", (got.returncode != code or words not in got.stderr) and f"exit {got.returncode}: {got.stderr}")


def demo():
    got = run("demo")
    report("demo/exit", got.returncode and got.stderr[-300:])
    report("demo/all", "13 stories from" not in got.stdout and got.stdout[:200])
    report("demo/no_nothing", "null" in got.stdout and "something that is not there is shown")
    for topic in ("stories", "updates", "duplicates", "advisories", "deadletter"):
        heads = re.findall(rf"^  news\.{topic}  <-  (.*)$", got.stdout, re.M)
        report(f"demo/{topic}", (not heads or not all(heads)) and f"{heads}")
    lists = re.findall(r"^    names +(.*)$", got.stdout, re.M)
    report("demo/names", not any("Chile (iso3166:CL), Santiago (geonames:3871336)" in line for line in lists) and f"{lists}")


def overview():
    text = run("--help").stdout
    report("help", not (re.search(r"wiredesk test ", text) and re.search(r"wiredesk top ", text)) and text)
    text = run("formats").stdout
    report("formats", not (re.search(r"^newsml-g2 IPTC NewsML-G2", text, re.M) and "Media Topics as of 2019-04-06" in text) and text)
    names = [one["name"] for one in json.loads(run("formats", "--json").stdout)]
    report("formats_json", names[:2] != ["anpa", "iptc7901"] and f"{names}")
    versions = dict(re.findall(r"(\S+) ([0-9.]+)", run("version").stdout))
    for name, package in (("Jansson", "jansson"), ("libuv", "libuv"), ("libxml2", "libxml-2.0"), ("xxHash", "libxxhash")):
        built = subprocess.run(["pkg-config", "--modversion", package], capture_output=True, text=True).stdout.strip()
        report(f"version/{name}", versions.get(name) != built and f"{versions.get(name)}, built with {built}")
    report("unknown", run("tset").returncode != 64 and "wrong exit code")


cases()
top()
tag()
evaluate()
check_files()
demo()
overview()
sys.exit(failed > 0)
