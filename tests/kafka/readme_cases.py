"""What the README tells an operator to type, typed on the suite's brokers."""
import json
import os
import pathlib
import re
import subprocess

from confluent_kafka.admin import AdminClient, ConfigResource

from harness import ROOT, SERVERS, Daemon, check, free_port, wait_until
from topic_cases import delete_topic, stop

KAFKA_DIR = os.environ.get("WD_KAFKA_DIR", "")
UNAVAILABLE = 69


def run_it():
    """The commands of README's "Run it", without their comments."""
    block = re.search(r"^## Run it\n\n((?:    .*\n)+)", (ROOT / "README.md").read_text(), re.M).group(1)
    return [line.split(" # ")[0].strip() for line in block.splitlines()]


def command(beginning):
    found = [line for line in run_it() if line.startswith(beginning)]
    check(len(found) == 1, f"README has {len(found)} commands that begin with {beginning}")
    return found[0]


def shell(line, folder=KAFKA_DIR):
    """As typed, from the root of the tree, but on the brokers in `folder`."""
    return subprocess.run(["bash", "-c", f"{line} --dir {folder}"], cwd=ROOT, capture_output=True, text=True, timeout=90)


def done(line):
    run = shell(line)
    check(run.returncode == 0, f"{line}: exit code {run.returncode}: {run.stderr[-300:]}")
    return run.stdout


def settings(topic):
    admin = AdminClient({"bootstrap.servers": SERVERS})
    answer = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, topic)])
    return {name: entry.value for name, entry in next(iter(answer.values())).result().items()}


def check_topics(names, policy):
    admin = AdminClient({"bootstrap.servers": SERVERS})
    there = admin.list_topics(timeout=10).topics
    for name in names:
        check(name in there, f"topic {name} was not made")
        check(len(there[name].partitions) == 1, f"{name} has {len(there[name].partitions)} partitions, not one")
        copies = len(there[name].partitions[0].replicas)
        check(copies == 3, f"{name} has {copies} copies, not as many as the brokers' default says")
        check(settings(name)["cleanup.policy"] == policy, f"{name}: cleanup.policy is {settings(name)['cleanup.policy']}, not {policy}")


def run_samples(bench, config):
    """The daemon with README's configuration, the samples in, something out of every topic that gets any."""
    daemon = Daemon(config, json.loads(config.read_text())["admin"]["listen"].split(":")[1], bench.folder / "readme.log")
    bench.daemons.append(daemon)
    daemon.wait_ready()
    done(command("deploy/kafka/kafka send"))
    wait_until("the samples taken", lambda: daemon.metric("wiredesk_records_in_total") == len(list((ROOT / "deploy/samples/stories").iterdir())))
    stop(daemon)
    check("New observatory in Chile" in done(command("deploy/kafka/kafka read")), "no sample came out of the first topic that is read")
    for topic in ("news.updates", "news.duplicates", "news.advisories"):
        check(all(json.loads(line) for line in done(f"deploy/kafka/kafka read {topic}").splitlines()), f"{topic} holds something else than events")
    check("UTF-8" in done("deploy/kafka/kafka read news.deadletter"), "the dead letters' reasons are not read")


def readme(bench):
    """README's "Run it": its command makes the topics it says, twice is no error, and its configuration works with them."""
    line = command("deploy/kafka/kafka topic")
    names = line.split()[2:]
    config = json.loads((ROOT / "deploy/wiredesk.json").read_text())
    config["kafka"]["bootstrap.servers"], config["state"]["directory"] = SERVERS, str(bench.folder / "state")
    config["admin"]["listen"] = f"127.0.0.1:{free_port()}"
    path = pathlib.Path(bench.folder / "wiredesk.json")
    path.write_text(json.dumps(config))
    pipeline = config["pipelines"][0]
    wanted = {*pipeline["input"]["topics"], *(output["topic"] for output in pipeline["outputs"]), pipeline["dead_letter"]}
    check(wanted == set(names), f"README makes {sorted(names)}, its configuration wants {sorted(wanted)}")
    changelog = f"{config['name']}-changelog-{pipeline['name']}-{pipeline['input']['topics'][0]}"
    try:
        said = done(line)
        check(all(f"made topic {name}" in said for name in names), f"not all was made: {said}")
        check_topics(names, "delete")
        said = done(line)
        check(all(f"topic {name} is there" in said for name in names), f"a second time: {said}")
        run_samples(bench, path)
        check_topics([changelog], "compact")
    finally:
        for name in [*names, changelog]:
            if name in AdminClient({"bootstrap.servers": SERVERS}).list_topics(timeout=10).topics:
                delete_topic(name)


def readme_no_broker(bench):
    """The same where no broker is: what is wrong, and what to do, in one line."""
    (bench.folder / "base").write_text(str(free_port() - 1))
    lines = [command(f"deploy/kafka/kafka {verb}") for verb in ("topic", "send", "read")]
    for folder, words in ((bench.folder, "no broker answers at 127.0.0.1:"), (bench.folder / "nothing", "kafka up")):
        for line in lines:
            run = shell(line, folder)
            check(run.returncode == UNAVAILABLE and words in run.stderr, f"{line}: exit code {run.returncode}: {run.stderr[-300:]}")
            check(len(run.stderr.splitlines()) == 1, f"{line}: says more than one line: {run.stderr}")
    run = shell("deploy/kafka/kafka read no.such.topic")
    check(run.returncode == UNAVAILABLE and "does not exist" in run.stderr, f"no such topic: exit code {run.returncode}: {run.stderr[-300:]}")
    run = shell(f"deploy/kafka/kafka send no.such.topic {ROOT / 'README.md'}")
    check(run.returncode == UNAVAILABLE and "does not exist" in run.stderr, f"no such topic: exit code {run.returncode}: {run.stderr[-300:]}")
    run = shell(f"deploy/kafka/kafka send {bench.input} {bench.folder / 'nothing'}")
    check(run.returncode == 66 and len(run.stderr.splitlines()) == 1, f"no such file: exit code {run.returncode}: {run.stderr[-300:]}")
    run = shell("deploy/kafka/kafka topic not:a:name")
    check(run.returncode == UNAVAILABLE and "not:a:name" in run.stderr and len(run.stderr.splitlines()) == 1, f"a bad name: {run.returncode}: {run.stderr[-300:]}")


CASES = [readme, readme_no_broker]
