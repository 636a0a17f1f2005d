"""A daemon under test, a real Kafka, and the verifier that reads everything with read_committed."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import orjson
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("WD_BINARY", f"{pathlib.Path.home()}/.cache/wiredesk/build{pathlib.Path(__file__).resolve().parents[2]}/dev/ingest/wiredesk")
SERVERS = os.environ.get("WD_SERVERS", "127.0.0.1:29092,127.0.0.1:29093,127.0.0.1:29094")
SECURE_SERVERS = os.environ.get("WD_SECURE_SERVERS", "127.0.0.1:29292,127.0.0.1:29293,127.0.0.1:29294")
PARTITIONS = 4
PROCESSORS = [{"use": "dedup", "words_min": 5}, {"use": "updates"}, {"use": "entities"}]


class Failure(Exception):
    pass


def check(condition, text):
    if not condition:
        raise Failure(text)


def wait_until(what, condition, seconds=60):
    """Polls: there is no event to wait for in another process."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise Failure(f"after {seconds} s still not: {what}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Bench:
    """The topics, configuration and folders of one test."""

    def __init__(self, name, **settings):
        self.name = f"{name}-{os.getpid()}-{int(time.time() * 1000) % 100000000}"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wiredesk-test-"))
        self.settings = settings
        self.input, self.stories, self.dead = (f"{self.name}.{t}" for t in ("raw", "stories", "dead"))
        self.daemons = []
        self.received = int(time.time())  # of all messages: a replay knows one time of receipt only, and verdicts depend on it
        admin = AdminClient({"bootstrap.servers": SERVERS})
        topics = [NewTopic(self.input, PARTITIONS, 3, config={"max.message.bytes": "104857600"}), NewTopic(self.stories, 3, 3),
                  NewTopic(self.dead, 1, 3, config={"max.message.bytes": "104857600"})]
        for future in admin.create_topics(topics).values():
            future.result()
        self.sent = [[] for _ in range(PARTITIONS)]

    def config(self, instance="a", **changes):
        config = {
            "name": self.name, "instance": instance, "kafka": {"bootstrap.servers": SERVERS, "reconnect.backoff.max.ms": 1000},
            "transaction": {"records_max": 50, "interval_ms": 100, "timeout_ms": 10000}, "session_timeout_ms": 6000,
            "state": {"directory": str(self.folder / f"state-{instance}"), "snapshot_interval_ms": 300},
            "default_provider": {"name": "example", "zone": "Europe/Vienna"}, "log": {"level": "info"},
            "pipelines": [{"name": "news", "input": {"topics": [self.input]}, "processors": PROCESSORS,
                           "outputs": [{"name": "stories", "topic": self.stories}], "dead_letter": self.dead}]}
        config.update(self.settings)
        config.update(changes)
        return config

    def write_config(self, instance, **changes):
        port = free_port()
        path = self.folder / f"{instance}.json"
        path.write_text(json.dumps(self.config(instance, admin={"listen": f"127.0.0.1:{port}"}, **changes), indent=1))
        return path, port

    def daemon(self, instance="a", env=None, **changes):
        path, port = self.write_config(instance, **changes)
        daemon = Daemon(path, port, self.folder / f"{instance}.log", env)
        self.daemons.append(daemon)
        return daemon

    def produce(self, messages, first=0):
        producer = Producer({"bootstrap.servers": SERVERS, "enable.idempotence": True, "message.max.bytes": 100000000})
        for i, message in enumerate(messages):
            partition = (first + i) % PARTITIONS
            self.sent[partition].append(message)
            while True:
                try:
                    producer.produce(self.input, message, partition=partition, timestamp=self.received * 1000)
                    break
                except BufferError:
                    producer.poll(0.1)
        check(producer.flush(60) == 0, "the test's own producer could not deliver")

    def total(self):
        return sum(len(s) for s in self.sent)

    def close(self, keep):
        for daemon in self.daemons:
            daemon.finish()
        if not keep:
            subprocess.run(["rm", "-rf", str(self.folder)], check=False)

    def committed(self):
        """Messages that the group has committed; what the daemons have finished."""
        consumer = Consumer({"bootstrap.servers": SERVERS, "group.id": self.name, "enable.auto.commit": False})
        try:
            done = consumer.committed([TopicPartition(self.input, p) for p in range(PARTITIONS)], timeout=10)
            return sum(max(d.offset, 0) for d in done)
        except Exception:  # a broker is away: asked again by the caller
            return -1
        finally:
            consumer.close()

    def wait_committed(self, count, seconds=90):
        wait_until(f"{count} messages committed", lambda: self.committed() >= count, seconds)

    def finish(self, daemon):
        """All work done, an ordered end, and what was done is verified."""
        self.wait_committed(self.total())
        daemon.signal(signal.SIGTERM)
        check(daemon.wait_exit(30) == 0, f"exit code after SIGTERM: {daemon.process.returncode}")
        return self.verify()

    def read(self, topic):
        consumer = Consumer({"bootstrap.servers": SERVERS, "group.id": f"verify-{self.name}", "enable.auto.commit": False,
                             "isolation.level": "read_committed", "enable.partition.eof": True})
        partitions = list(consumer.list_topics(topic, timeout=10).topics[topic].partitions)
        consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in partitions])
        out, ends = [], set()
        limit = time.monotonic() + 60
        while len(ends) < len(partitions):
            check(time.monotonic() < limit, f"topic {topic} could not be read to its end: a transaction hangs")
            message = consumer.poll(0.2)
            if message is None:
                continue
            if message.error():
                if message.error().code() == KafkaError._PARTITION_EOF:
                    ends.add(message.partition())
                continue
            out.append(message)
        consumer.close()
        return out

    def expected(self):
        """What an undisturbed run says: `wiredesk replay` over each partition's messages."""
        verdicts, received = {}, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.received))
        for partition in range(PARTITIONS):
            folder = self.folder / f"replay-{partition}"
            folder.mkdir(exist_ok=True)
            for i, message in enumerate(self.sent[partition]):
                (folder / f"{i:08d}").write_bytes(message)
            path, _ = self.write_config("replay")
            run = subprocess.run([BINARY, "replay", "--all", "--received", received, str(path), str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
            for line in run.stdout.splitlines():
                record = orjson.loads(line)
                key = (partition, int(record["headers"]["wiredesk-offset"]))
                check(key not in verdicts, f"replay wrote two records for {key}")
                verdicts[key] = project(record.get("record")) or record["headers"]["wiredesk-reason"]
        return verdicts

    def verify_none_lost(self):
        """At least once: every message came out, as a record or as a dead letter; some perhaps twice."""
        got = set()
        for message in [*self.read(self.stories), *self.read(self.dead)]:
            headers = dict(message.headers())
            got.add((int(headers["wiredesk-partition"]), int(headers["wiredesk-offset"])))
        lost = sorted(set(self.expected()) - got)
        check(not lost, f"lost: {len(lost)}, first {lost[:3]}")

    def verify(self):
        """0 lost, 0 duplicated, order kept per key, verdicts as in an undisturbed run."""
        got, last = {}, {}
        for topic in (self.stories, self.dead):
            for message in self.read(topic):
                headers = dict(message.headers())
                place = (int(headers["wiredesk-partition"]), int(headers["wiredesk-offset"]))
                check(place not in got, f"duplicated: input {place} came out twice")
                if topic == self.dead:
                    got[place] = headers["wiredesk-reason"].decode()
                    original = self.sent[place[0]][place[1]]
                    check((message.value() or b"") == original, f"dead letter of {place} has other bytes than its original")
                    continue
                got[place] = project(orjson.loads(message.value()))
                lane = (place[0], message.partition(), message.key())
                check(last.get(lane, -1) < place[1], f"order: input {place} after {last.get(lane)} under key {message.key()}")
                last[lane] = place[1]
        want = self.expected()
        lost = sorted(set(want) - set(got))
        check(not lost, f"lost: {len(lost)} of {len(want)}, first {lost[:3]}")
        check(not set(got) - set(want), f"unexpected: {sorted(set(got) - set(want))[:3]}")
        for place, verdict in want.items():
            check(got[place] == verdict, f"verdict of {place}: {got[place]} instead of {verdict}")
        return len(want)


def project(record):
    """What a verdict is, without what depends on the clock."""
    if record is None:
        return None
    found = record["wiredesk"]
    dedup, update, lineage = found["dedup"], found["update"], found["lineage"]
    return (record["story"]["uri"], dedup["relation"], dedup.get("matched"), update["kind"], update["late"], lineage["id"],
            lineage["number"], lineage.get("latest"), len(found["entities"]))


class Daemon:
    def __init__(self, config, port, log, env=None):
        self.port, self.log = port, log
        self.position = log.stat().st_size if log.exists() else 0
        self.started = time.monotonic()
        with open(log, "ab") as out:
            self.process = subprocess.Popen([BINARY, "run", str(config)], stdout=out, stderr=out, env={**os.environ, **(env or {})})

    def text(self):
        return self.log.read_bytes()[self.position:].decode(errors="replace")

    def running(self):
        return self.process.poll() is None

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def wait_ready(self, seconds=60):
        def look():
            check(self.running(), f"the daemon ended with {self.process.returncode}: {self.text()[-400:]}")
            return self.ready()
        wait_until("daemon ready", look, seconds)
        return self

    def wait_exit(self, seconds=60):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"the daemon does not end: {self.text()[-300:]}") from None

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def finish(self):
        if self.running():
            self.signal(signal.SIGCONT)
            self.kill()

    def page(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.read().decode()

    def answers(self):
        try:
            return bool(self.page("/healthz"))
        except OSError:
            return False

    def metric(self, name):
        lines = self.page("/metrics").splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name + "{"))
