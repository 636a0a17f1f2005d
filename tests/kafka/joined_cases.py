"""Two pipelines joined by a topic: exactly once over both, and provenance that goes on naming the first message."""
import random
import subprocess
import threading
import time

import orjson
from confluent_kafka.admin import AdminClient, NewTopic

from harness import BINARY, SERVERS, check, project, wait_until
from stories import Generator


def pipelines(bench, middle):
    return [{"name": "read", "input": {"topics": [bench.input]}, "processors": [{"use": "entities"}],
             "outputs": [{"name": "read", "topic": middle, "key": "guid"}], "dead_letter": bench.dead},
            {"name": "judge", "input": {"topics": [middle], "format": "enriched"}, "processors": [{"use": "dedup"}, {"use": "updates"}],
             "outputs": [{"name": "stories", "topic": bench.stories}], "dead_letter": bench.dead}]


def place_of(message):
    headers = dict(message.headers())
    return headers["wiredesk-topic"].decode(), int(headers["wiredesk-partition"]), int(headers["wiredesk-offset"])


def undisturbed(bench, judge, messages):
    """What the second pipeline says to one partition's messages when nothing happens to it."""
    path, _ = bench.write_config("replay", pipelines=[judge])
    run = subprocess.run([BINARY, "replay", str(path)], input=b"\n".join(m.value() for m in messages) + b"\n", stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=True)
    return [project(orjson.loads(line)) for line in run.stdout.splitlines()]


def verify(bench, middle, judge):
    between = bench.read(middle)
    places = [place_of(m) for m in between] + [place_of(m) for m in bench.read(bench.dead)]
    wanted = {(bench.input, p, o) for p, sent in enumerate(bench.sent) for o in range(len(sent))}
    check(len(places) == len(set(places)), "a message came out of the first pipeline twice")
    check(set(places) == wanted, f"first pipeline: {len(wanted - set(places))} lost")
    by_place = {(m.partition(), m.offset()): m for m in between}
    got = {}
    for message in bench.read(bench.stories):
        topic, partition, offset = place_of(message)
        check(topic == middle and (partition, offset) not in got, f"{topic} [{partition}] {offset} came out of the second pipeline twice")
        got[partition, offset] = record = orjson.loads(message.value())
        first = record["wiredesk"]["provenance"]
        check((first["topic"], first["partition"], first["offset"]) == place_of(by_place[partition, offset]),
              f"provenance names {first}, not the first message")
    check(set(got) == set(by_place), f"second pipeline: {len(set(by_place) - set(got))} lost")
    for partition in {p for p, _ in by_place}:
        order = sorted(o for p, o in by_place if p == partition)
        want = undisturbed(bench, judge, [by_place[partition, o] for o in order])
        check([project(got[partition, o]) for o in order] == want, f"verdicts of {middle} [{partition}] differ from an undisturbed run")
    return len(wanted)


def joined(bench):
    """Killed at random while stories pass both pipelines."""
    middle = f"{bench.name}.middle"
    admin = AdminClient({"bootstrap.servers": SERVERS})
    admin.create_topics([NewTopic(middle, 3, 3)])[middle].result()
    both = pipelines(bench, middle)
    settings = {"pipelines": both, "lanes": 2}
    dice, generator = random.Random(31), Generator(31)
    bench.daemon("a", **settings).wait_ready()
    for _ in range(3):
        feeder = threading.Thread(target=bench.produce, args=(generator.messages(200),))
        before = bench.committed()
        feeder.start()
        wait_until("something committed", lambda: bench.committed() > before)
        time.sleep(dice.random() * 0.3)  # the moment of death is what is being varied
        bench.daemons[-1].kill()
        bench.daemon("a", **settings).wait_ready()
        feeder.join()
    bench.wait_committed(bench.total())
    wait_until("all of the middle topic judged", lambda: len(bench.read(bench.stories)) >= len(bench.read(middle)), 90)
    check('"judge" reads' not in bench.daemons[-1].text(), "a topic that was keyed by the first pipeline is warned of")
    bench.daemons[-1].signal(15)
    check(bench.daemons[-1].wait_exit(30) == 0, f"exit code {bench.daemons[-1].process.returncode}")
    verify(bench, middle, both[1])
