"""What the daemon promises to those around it: the group, systemd, its state's readers, dashboards."""
import re
import signal
import socket

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from harness import ROOT, SERVERS, check, wait_until
from stories import Generator


def standby(bench):
    """One daemon keeps the other's state warm: when that one dies, the take-over reads the changelog's tail only."""
    warm = {**bench.config("b")["state"], "standby": True}
    first, second = bench.daemon("a").wait_ready(), bench.daemon("b", state=warm).wait_ready()
    generator = Generator(41)
    bench.produce(generator.messages(1600))
    bench.wait_committed(bench.total())
    wait_until("two partitions warm", lambda: second.metric("wiredesk_standby_partitions") == 2)
    wait_until("their state complete", lambda: second.metric("wiredesk_standby_entries") == first.metric("wiredesk_state_entries"))
    before = len(second.text())
    first.kill()
    bench.produce(generator.messages(200))
    bench.wait_committed(bench.total())
    text = second.text()[before:]
    taken = re.findall(r"raw \[(\d)\]: warm up to changelog offset (\d+)", text)
    check(len(taken) == 2, f"{len(taken)} partitions were taken over warm, not 2")
    for partition, offset in taken:
        passed = re.findall(rf"raw \[{partition}\] restored: (\d+) changelog offsets passed", text)[-1]
        check(int(offset) > 500 and int(passed) < 50, f"[{partition}]: warm up to {offset}, and {passed} offsets were read after all")
    bench.finish(second)


def static_membership(bench):
    """Back within the session time-out: nobody else's partitions move."""
    generator = Generator(42)
    first, other = bench.daemon("a").wait_ready(), bench.daemon("b").wait_ready()
    bench.produce(generator.messages(200))
    bench.wait_committed(bench.total())
    moves = len(re.findall(r"(assigned|revoked|lost) ", other.text()))
    first.kill()
    first = bench.daemon("a").wait_ready()
    bench.produce(generator.messages(200))
    bench.wait_committed(bench.total())
    check(len(re.findall(r"(assigned|revoked|lost) ", other.text())) == moves, "a restart moved the other daemon's partitions")
    other.signal(signal.SIGTERM)
    check(other.wait_exit(30) == 0, "exit code")
    bench.finish(first)


def pattern(bench):
    """Topics by pattern: also those that are made later; never our own changelogs, whose names match too."""
    settings = {"kafka": {**bench.config()["kafka"], "topic.metadata.refresh.interval.ms": 1000}}
    pipeline = {**bench.config()["pipelines"][0], "input": {"topics": [f"^{bench.name}.*raw"]}}
    daemon = bench.daemon("a", pipelines=[pipeline], **settings).wait_ready()
    bench.produce(Generator(43).messages(100))
    late = f"{bench.name}.late.raw"
    admin = AdminClient({"bootstrap.servers": SERVERS})
    admin.create_topics([NewTopic(late, 1, 3)])[late].result()
    producer = Producer({"bootstrap.servers": SERVERS})
    stories = [Generator(44 + i).new() for i in range(20)]

    def deliver():
        for story in stories:
            producer.produce(late, story)
        return producer.flush(30) == 0

    wait_until("the late topic taking messages", deliver)
    wait_until("the late topic's stories out", lambda: sum(dict(m.headers())["wiredesk-topic"].decode() == late for m in bench.read(bench.stories)) >= 20)
    wait_until("all out", lambda: len(bench.read(bench.stories)) + len(bench.read(bench.dead)) >= bench.total() + 20)
    topics = {dict(m.headers())["wiredesk-topic"].decode() for t in (bench.stories, bench.dead) for m in bench.read(t)}
    check(topics == {bench.input, late}, f"read from {topics}")
    check("changelog" not in "".join(re.findall("assigned (.*)", daemon.text())), "a changelog was taken for input")
    daemon.signal(signal.SIGTERM)
    check(daemon.wait_exit(30) == 0, "exit code")


def newer_changelog(bench):
    """State of a newer version: refused with 65, and still there for the version that can read it."""
    generator = Generator(45)
    daemon = bench.daemon().wait_ready()
    bench.produce(generator.messages(100))
    bench.wait_committed(bench.total())
    daemon.kill()
    for snapshot in (bench.folder / "state-a").glob("*.snapshot"):
        snapshot.unlink()
    changelog = f"{bench.name}-changelog-news-{bench.input}"
    producer = Producer({"bootstrap.servers": SERVERS})
    producer.produce(changelog, key=b"\x63\x05dedup" + b"k", value=b"\x63" + bytes(9), partition=1)
    check(producer.flush(30) == 0, "the test's own producer could not deliver")
    before = bench.committed()
    daemon = bench.daemon()
    check(daemon.wait_exit(60) == 65, f"exit code {daemon.process.returncode}: {daemon.text()[-300:]}")
    check(f"changelog {changelog} [1]" in daemon.text() and "run the version that wrote it" in daemon.text(), f"no clear message: {daemon.text()[-300:]}")
    check(bench.committed() == before, "offsets moved")


class Notified:
    """What systemd would hear."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.setblocking(False)
        self.lines = []

    def heard(self, wanted, since=0):
        while True:
            try:
                self.lines += self.socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return any(line.startswith(wanted) for line in self.lines[since:])


def notify(bench):
    """READY, WATCHDOG, RELOADING and READY again, STOPPING; a frozen lane stops the watchdog's food."""
    systemd = Notified(bench.folder)
    daemon = bench.daemon(env={"NOTIFY_SOCKET": systemd.path, "WATCHDOG_USEC": "2000000"})
    wait_until("READY", lambda: systemd.heard("READY=1"))
    check(daemon.ready(), "READY was said before /readyz")
    wait_until("WATCHDOG", lambda: systemd.heard("WATCHDOG=1"))
    since = len(systemd.lines)
    daemon.signal(signal.SIGHUP)
    wait_until("RELOADING", lambda: systemd.heard("RELOADING=1", since))
    check(systemd.heard("MONOTONIC_USEC=", since), "no MONOTONIC_USEC with RELOADING: Type=notify-reload wants it")
    wait_until("READY again", lambda: systemd.heard("READY=1", since))
    daemon.signal(signal.SIGTERM)
    check(daemon.wait_exit(30) == 0, "exit code")
    check(systemd.heard("STOPPING=1", since), "STOPPING was not said")


LISTED = """wiredesk_records_in_total wiredesk_records_out_total wiredesk_records_dead_total wiredesk_stories_total
    wiredesk_dedup_verdicts_total wiredesk_update_verdicts_total wiredesk_processor_seconds wiredesk_latency_seconds
    wiredesk_commit_seconds wiredesk_transactions_committed_total wiredesk_transactions_aborted_total
    wiredesk_transactions_undetermined_total wiredesk_lag_records wiredesk_lag_seconds wiredesk_state_entries
    wiredesk_state_bytes wiredesk_restore_offsets_done wiredesk_restore_offsets_total wiredesk_restore_seconds
    wiredesk_output_records_total wiredesk_kafka_sent_messages wiredesk_kafka_received_messages wiredesk_kafka_round_trip_p99_seconds""".split()


def metrics(bench):
    """Everything that is promised is on the page and counts; dashboard and alerts ask for nothing that is not there."""
    warm = {**bench.config()["state"], "standby": True}
    daemon = bench.daemon(state=warm).wait_ready()
    bench.produce(Generator(46).messages(400))
    bench.wait_committed(bench.total())
    wait_until("librdkafka's figures", lambda: "wiredesk_kafka_sent_messages" in daemon.page("/metrics"))
    wait_until("nothing behind", lambda: daemon.metric("wiredesk_lag_records") == 0)  # it is measured four times a second
    page = daemon.page("/metrics")
    there = set(re.findall(r"^# TYPE (\S+) ", page, re.M))
    check(set(LISTED) <= there, f"not on the page: {set(LISTED) - there}")
    expected = bench.total()
    for name, wanted in (("wiredesk_records_in_total", expected), ("wiredesk_latency_seconds_count", expected), ("wiredesk_lag_records", 0)):
        check(daemon.metric(name) == wanted, f"{name} is {daemon.metric(name)}, not {wanted}")
    out, dead = daemon.metric("wiredesk_records_out_total"), daemon.metric("wiredesk_records_dead_total")
    check(daemon.metric("wiredesk_output_records_total") == out, "records by output topic are not all records")
    check(out + dead == expected and dead > 0, f"{out} out and {dead} dead of {expected}")
    for name in ("wiredesk_state_entries", "wiredesk_state_bytes", "wiredesk_commit_seconds_count", "wiredesk_processor_seconds_count",
                 "wiredesk_dedup_verdicts_total", "wiredesk_update_verdicts_total", "wiredesk_kafka_sent_messages", "wiredesk_kafka_brokers_up"):
        check(daemon.metric(name) > 0, f"{name} does not count")
    for file in ("deploy/monitoring/dashboard.json", "deploy/monitoring/alerts.yaml"):
        asked = set(re.findall(r"\bwiredesk_\w+", (ROOT / file).read_text()))
        known = there | {f"{name}_{end}" for name in there for end in ("bucket", "sum", "count")}
        check(asked and asked <= known, f"{file} asks for {asked - known or 'nothing'}")
    bench.finish(daemon)


def lag_while_restoring(bench):
    """While state comes back /readyz says 503 and the lag is told; an open transaction in the changelog is waited for."""
    generator = Generator(47)
    daemon = bench.daemon().wait_ready()
    bench.produce(generator.messages(100))
    bench.wait_committed(bench.total())
    daemon.kill()
    for snapshot in (bench.folder / "state-a").glob("*.snapshot"):
        snapshot.unlink()
    bench.produce(generator.messages(60))
    changelog = f"{bench.name}-changelog-news-{bench.input}"
    other = Producer({"bootstrap.servers": SERVERS, "transactional.id": f"other-{bench.name}", "transaction.timeout.ms": 60000})
    other.init_transactions(30)
    other.begin_transaction()
    for partition in range(4):
        other.produce(changelog, key=b"\x01\x00event_time", value=b"\x01" + bytes(16), partition=partition)
    check(other.flush(30) == 0, "the test's own producer could not deliver")
    daemon = bench.daemon()
    wait_until("the backlog told", lambda: daemon.metric("wiredesk_lag_records") == 60 if daemon.answers() else False)
    check("lane 0 restoring" in daemon.page("/readyz") and not daemon.ready(), "ready while restoring")
    other.abort_transaction(30)
    bench.finish(daemon.wait_ready())


CASES = [lag_while_restoring, standby, static_membership, pattern, newer_changelog, notify, metrics]
