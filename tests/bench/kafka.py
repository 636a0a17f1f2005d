"""Kafka to Kafka: wiredesk, a Python loop, and a bare C loop, in turn on one broker. JSON on standard output.
   kafka.py WIREDESK BENCH_BARE [--quick]

All read the same 3 KB stories of one partition, 2% of them repeats. wiredesk and the Python loop parse, drop repeated ids, add
fields and serialise; the bare loop copies bytes. What counts is stories per CPU second of the process: the median of three rounds
in which all take turns, so that what else the machine does meets all of them."""
import atexit
import json
import os
import pathlib
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

here = pathlib.Path(__file__).resolve().parent
wiredesk, bare = sys.argv[1:3]
quick = "--quick" in sys.argv
servers = os.environ["WD_SERVERS"]
COUNT = 5000 if quick else 120000
ROUNDS = 1 if quick else 3
INTERVAL_MS = 200
NEWSROOM = [{"use": "dedup"}, {"use": "updates"}, {"use": "entities"}]
WORDS = ("the council voted on Tuesday to close the bridge over the river for a year while its piers are mended and drivers said that they "
         "would have to leave home an hour earlier than before").split()
run_id = f"bench{os.getpid()}"


def story(number, rng):
    body, size = [], 0
    while size < 2500:
        paragraph = " ".join(rng.choices(WORDS, k=45)).capitalize() + ", \u201cshe\u201d said."
        body.append(paragraph)
        size += len(paragraph)
    return json.dumps({"uri": f"urn:example:bench:{number:09d}", "type": "text", "version": "1", "firstcreated": "2021-05-04T08:00:00Z",
                       "versioncreated": "2021-05-04T08:00:00Z", "pubstatus": "usable", "urgency": 4, "language": "en", "byline": "Odile Farrow",
                       "headline": " ".join(rng.choices(WORDS, k=9)), "body_text": "\n\n".join(body),
                       "subject": [{"name": "agriculture", "code": "medtop:20000210"}], "copyrightholder": "Northfield Wire"}).encode()


admin = AdminClient({"bootstrap.servers": servers})


def make_topic(name):
    admin.create_topics([NewTopic(name, 1, 1)])[name].result()
    return name


def fill(topic):
    rng = random.Random(7)
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 20, "queue.buffering.max.messages": 200000})
    size, last = 0, None
    for i in range(COUNT):
        last = last if last and i % 50 == 0 else story(i, rng)
        size += len(last)
        producer.produce(topic, last)
        if i % 1000 == 0:
            producer.poll(0)
            producer.flush()
    producer.flush()
    return size / COUNT


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def config(name, source, records, delivery, folder, processors):
    path = pathlib.Path(folder) / "bench.json"
    path.write_text(json.dumps({
        "name": name, "instance": "bench", "delivery": delivery, "kafka": {"bootstrap.servers": servers},
        "transaction": {"records_max": records, "interval_ms": INTERVAL_MS}, "admin": {"listen": "127.0.0.1:19464"}, "log": {"level": "warn"},
        "pipelines": [{"name": "news", "input": {"topics": [source], "format": "ninjs"}, "processors": processors,
                       "outputs": [{"name": "stories", "topic": f"{name}.out"}], "dead_letter": f"{name}.dead"}]}))
    return path


def spawn(path):
    process = subprocess.Popen([wiredesk, "run", str(path)], stdout=sys.stderr)
    atexit.register(lambda: process.poll() is None and process.kill())
    return process


def start(name, source, records, delivery, folder, processors):
    make_topic(f"{name}.out")
    make_topic(f"{name}.dead")
    return spawn(config(name, source, records, delivery, folder, processors))


def committed_count(consumer, source):
    try:
        return max(consumer.committed([TopicPartition(source, 0)], timeout=10)[0].offset, 0)
    except KafkaException:  # the coordinator is not there yet
        return 0


def end(consumer, source):
    return consumer.get_watermark_offsets(TopicPartition(source, 0), timeout=10)[1]


def run_wiredesk(source, records, delivery, processors=({"use": "dedup", "match": "id", "drop_same_id": True},), count=None):
    name = f"{run_id}.wd.{delivery[:2]}{records}.{time.time_ns() % 10**9}"
    with tempfile.TemporaryDirectory() as folder:
        # Knows the group's coordinator before the daemon begins: else most stories may be through when it first looks.
        watcher = Consumer({"bootstrap.servers": servers, "group.id": name, "enable.auto.commit": False})
        committed_count(watcher, source)
        process = start(name, source, records, delivery, folder, list(processors))
        while committed_count(watcher, source) == 0:
            time.sleep(0.01)
        begun, cpu, first = time.monotonic(), cpu_seconds(process.pid), committed_count(watcher, source)
        limit = min(end(watcher, source), count or COUNT)
        while (last := committed_count(watcher, source)) < limit:
            time.sleep(0.02)
        wall, cpu = time.monotonic() - begun, cpu_seconds(process.pid) - cpu
        watcher.close()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    return {"wall_s": round(wall, 3), "cpu_s": round(cpu, 3), "messages": last - first}


def run_peer(source, records, delivery):
    name = make_topic(f"{run_id}.py.{delivery[:2]}{records}.{time.time_ns() % 10**9}")
    out = subprocess.run([sys.executable, str(here / "peer.py"), servers, source, name, str(COUNT), str(records), delivery],
                         stdout=subprocess.PIPE, check=True).stdout
    return {**json.loads(out), "messages": COUNT}


def run_bare(source, records, delivery):
    name = make_topic(f"{run_id}.bare.{records}.{time.time_ns() % 10**9}")
    out = subprocess.run([bare, servers, source, name, str(COUNT), str(records)], stdout=subprocess.PIPE, check=True).stdout
    return {**json.loads(out), "messages": COUNT}


CASES = [("python", run_peer, 1000, "exactly_once"), ("wiredesk", run_wiredesk, 1000, "exactly_once"),
         ("bare_c", run_bare, 1000, "exactly_once"), ("python", run_peer, 1000, "at_least_once"),
         ("wiredesk", run_wiredesk, 1000, "at_least_once"), ("wiredesk", run_wiredesk, 100, "exactly_once"),
         ("wiredesk", run_wiredesk, 5000, "exactly_once"), ("wiredesk", run_wiredesk, 100, "at_least_once"),
         ("wiredesk", run_wiredesk, 5000, "at_least_once")]


def throughput(source):
    rounds = [[] for _ in CASES]
    for number in range(ROUNDS):
        for i, (who, run, records, delivery) in enumerate(CASES):
            result = run(source, records, delivery)
            rounds[i].append((result["messages"] / result["cpu_s"], result["messages"] / result["wall_s"]))
            print(f"bench: round {number + 1} {who} {delivery} {records}: {rounds[i][-1][0]:.0f} stories a CPU second", file=sys.stderr)
    return [{"bench": "kafka", "who": who, "delivery": delivery, "records_per_transaction": records,
             "stories_per_cpu_s": round(statistics.median(cpu for cpu, _ in results)),
             "stories_per_s": round(statistics.median(wall for _, wall in results)),
             "all_per_cpu_s": [round(cpu) for cpu, _ in results]}
            for (who, _, records, delivery), results in zip(CASES, rounds)]


def latency(full):
    """Time from producing to reading with read_committed, at a steady fifth of what the same pipeline and configuration took from
    the same broker just before."""
    capacity = run_wiredesk(full, 1000, "exactly_once", NEWSROOM, COUNT // 4)
    rate = 0.2 * capacity["messages"] / capacity["wall_s"]
    source, name = make_topic(f"{run_id}.paced.{time.time_ns() % 10**9}"), f"{run_id}.lat.{time.time_ns() % 10**9}"
    seconds, rng = (3, random.Random(1)) if quick else (15, random.Random(1))
    stories = [story(i, rng) for i in range(int(rate * seconds))]
    sent, waits = {}, []
    with tempfile.TemporaryDirectory() as folder:
        process = start(name, source, 1000, "exactly_once", folder, NEWSROOM)
        reader = Consumer({"bootstrap.servers": servers, "group.id": f"{name}.r", "isolation.level": "read_committed", "fetch.wait.max.ms": 10})
        reader.assign([TopicPartition(f"{name}.out", 0, OFFSET_BEGINNING)])
        while True:
            try:
                if urllib.request.urlopen("http://127.0.0.1:19464/readyz", timeout=1).status == 200:
                    break
            except OSError:
                time.sleep(0.05)

        def feed():
            producer = Producer({"bootstrap.servers": servers, "linger.ms": 0})
            begun = time.monotonic()
            for i, bytes_ in enumerate(stories):
                wait = begun + i / rate - time.monotonic()
                if wait > 0.001:
                    time.sleep(wait)
                sent[f"urn:example:bench:{i:09d}".encode()] = time.monotonic()
                producer.produce(source, bytes_)
                producer.poll(0)
            producer.flush()

        feeder = threading.Thread(target=feed)
        feeder.start()
        while len(waits) < len(stories):
            for message in reader.consume(500, 0.05):
                now = time.monotonic()
                at = message.value().index(b"urn:example:bench:")
                waits.append(now - sent[message.value()[at:at + 27]])
        feeder.join()
        reader.close()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    waits = sorted(waits[len(waits) // 10:])  # without the first moments
    return {"bench": "latency", "capacity_per_s": round(rate * 5), "rate_per_s": round(rate), "interval_ms": INTERVAL_MS, "p50_ms": round(waits[len(waits) // 2] * 1000),
            "p99_ms": round(waits[len(waits) * 99 // 100] * 1000)}


def restore(source):
    """The daemon again, without a snapshot: how fast its changelog comes back."""
    name = f"{run_id}.restore"
    with tempfile.TemporaryDirectory() as folder:
        process = start(name, source, 1000, "exactly_once", folder, [{"use": "dedup"}, {"use": "updates"}])
        watcher = Consumer({"bootstrap.servers": servers, "group.id": name, "enable.auto.commit": False})
        limit = end(watcher, source)
        while committed_count(watcher, source) < limit:
            time.sleep(0.02)
        watcher.close()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        process = spawn(pathlib.Path(folder) / "bench.json")
        text = ""
        while not text:
            try:
                if urllib.request.urlopen("http://127.0.0.1:19464/readyz", timeout=1).status == 200:
                    text = urllib.request.urlopen("http://127.0.0.1:19464/metrics", timeout=1).read().decode()
            except OSError:
                time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    def metric(prefix):
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(prefix))
    records, took = metric("wiredesk_restore_offsets_done{"), metric("wiredesk_restore_seconds{")
    return {"bench": "restore", "records": round(records), "seconds": round(took, 3), "records_per_s": round(records / took) if took else None}


source = make_topic(f"{run_id}.in")
mean = fill(source)
print(f"bench: {COUNT} stories of {mean:.0f} bytes are in", file=sys.stderr)
results = throughput(source)
by = {(r["who"], r["delivery"], r["records_per_transaction"]): r["stories_per_cpu_s"] for r in results}
results.append({"bench": "ratios", "story_bytes": round(mean),
                "wiredesk_to_python_exactly_once_1000": round(by["wiredesk", "exactly_once", 1000] / by["python", "exactly_once", 1000], 2),
                "wiredesk_to_bare_exactly_once_1000": round(by["wiredesk", "exactly_once", 1000] / by["bare_c", "exactly_once", 1000], 2),
                "exactly_once_1000_to_at_least_once_1000": round(by["wiredesk", "exactly_once", 1000] / by["wiredesk", "at_least_once", 1000], 2)})
results.append(latency(source))
results.append(restore(source))
print("[\n" + ",\n".join("  " + json.dumps(r) for r in results) + "\n]")
