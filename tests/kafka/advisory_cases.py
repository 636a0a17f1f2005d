"""A correction and a kill reach every reprint, told exactly once, though the daemon dies between copy and order."""
import random

import orjson
from confluent_kafka.admin import AdminClient, NewTopic

from harness import PARTITIONS, SERVERS, check

NOUNS = ("harbour council bridge harvest inspector tunnel orchard ferry budget museum clinic railway festival engineer mayor river licence "
         "archive lantern quarry bakery glacier sawmill turbine vineyard causeway foundry reservoir").split()
VERBS = "closed opened delayed inspected repaired flooded rebuilt auctioned surveyed insured".split()
ORDERS = {"correction": {"version": "2", "versioncreated": "2021-05-04T09:00:00Z", "ednote": "CORRECTS day in first paragraph"},
          "kill": {"version": "2", "versioncreated": "2021-05-04T09:00:00Z", "pubstatus": "canceled"}}


def sentence(dice):
    return (f"The {dice.choice(NOUNS)} near the {dice.choice(NOUNS)} was {dice.choice(VERBS)} on day {dice.randint(2, 900)}, "
            f"{dice.choice(NOUNS)} staff {dice.choice(VERBS)} {dice.randint(2, 900)} of them and a {dice.choice(NOUNS)} stayed {dice.choice(VERBS)}.")


def wire_story(dice, name):
    return {"uri": f"urn:example:{name}", "type": "text", "version": "1", "firstcreated": "2021-05-04T08:00:00Z",
            "versioncreated": "2021-05-04T08:00:00Z", "pubstatus": "usable", "infosources": [{"name": "Northfield Wire"}],
            "headline": sentence(dice)[:60], "body_text": "\n".join(sentence(dice) for _ in range(6))}


def order(story, kind):
    body = story["body_text"].replace("on day ", "on day 1", 1) if kind == "correction" else story["body_text"]
    return {**story, **ORDERS[kind], "body_text": body}


def reprint(story, paper):
    """Another paper's, under its own id and headline."""
    return {**story, "uri": f"{story['uri']}:{paper}", "infosources": [{"name": paper}], "headline": f"{paper} readers: {story['headline'][:30]}"}


def next_morning(dice, name):
    """A story, its reprint, a kill of the next morning that names the slug only, and late, a story of that morning with it."""
    slug = f"Story {name.title()}"
    first = {**wire_story(dice, f"{name}:first"), "slugline": slug}
    kill = {**first, "uri": f"urn:example:{name}:kill", "headline": f"KILL: {slug}", "pubstatus": "canceled",
            "body_text": f"Editors: Please kill the story slugged {slug}. A kill is mandatory."}
    own = {**wire_story(dice, f"{name}:own"), "slugline": slug}
    for item, time in ((kill, "2021-05-05T02:00:00Z"), (own, "2021-05-05T01:00:00Z")):
        item["firstcreated"] = item["versioncreated"] = time
    return first, reprint(first, "Valley Courier"), kill, own


def advisories_of(bench, topic):
    """What was told, and about each pair of story and order: which kinds, in which order, under which key."""
    told, keys = [], {}
    for message in bench.read(topic):
        event = orjson.loads(message.value())
        told.append((event["kind"], event["concerns"]["id"], event["cause"]["id"], event["standing"]))
        keys.setdefault((event["concerns"]["id"], event["cause"]["id"]), []).append((event["kind"], message.key()))
    return told, keys


def advisories(bench):
    """Each stage of copy, order and late reprint is followed by kill -9."""
    topic = f"{bench.name}.advisories"
    admin = AdminClient({"bootstrap.servers": SERVERS})
    admin.create_topics([NewTopic(topic, 1, 3)])[topic].result()
    rules = [{"when": {"advisory": ["kill", "withhold", "correction", "stands"]}, "to": ["advisories"], "also": True}]
    pipeline = {"name": "news", "input": {"topics": [bench.input]}, "dead_letter": bench.dead,
                "processors": [{"use": "dedup"}, {"use": "updates"}, {"use": "route", "rules": rules, "otherwise": ["stories"]}],
                "outputs": [{"name": "stories", "topic": bench.stories}, {"name": "advisories", "topic": topic, "record": "advisory_event", "key": "lineage"}]}
    dice, stages, want = random.Random(41), [[], [], [], []], set()
    for kind in ORDERS:
        for partition in range(PARTITIONS):  # a reprint is recognised in its original's partition
            story = wire_story(dice, f"{kind}:{partition}")
            early, late = reprint(story, "Valley Courier"), reprint(story, "Harbour Post")
            for stage, item in enumerate((story, early, order(story, kind), late)):
                stages[stage].append(orjson.dumps(item))
            want |= {(kind, early["uri"], story["uri"], False), (kind, late["uri"], story["uri"], True)}
            want |= {(kind, story["uri"], story["uri"], False)} if kind == "kill" else set()  # who killed it has to take it down, too
    taken_back = set()
    for partition in range(PARTITIONS):
        first, early, kill, own = morning = next_morning(dice, f"morning {'abcd'[partition]}")
        for stage, item in enumerate(morning):
            stages[stage].append(orjson.dumps(item))
        for item in (first, early):
            want |= {(kind, item["uri"], kill["uri"], False) for kind in ("kill", "stands")}
            taken_back.add((item["uri"], kill["uri"]))
        want.add(("kill", own["uri"], kill["uri"], True))
    papers = [{"name": name, "match": {"source": name}} for name in ("Northfield Wire", "Valley Courier", "Harbour Post")]
    settings = {"pipelines": [pipeline], "providers": papers}
    daemon = bench.daemon(**settings)
    for stage in stages:
        bench.produce(stage)  # one of each sequence in each partition
        bench.wait_committed(bench.total())
        daemon.kill()
        daemon = bench.daemon(**settings)
    daemon.wait_ready().signal(15)
    check(daemon.wait_exit(30) == 0, f"exit code {daemon.process.returncode}")
    told, keys = advisories_of(bench, topic)
    check(len(told) == len(set(told)), "an advisory was told twice")
    check(set(told) == want, f"missing {sorted(want - set(told))[:3]}, unexpected {sorted(set(told) - want)[:3]}")
    check(len(bench.read(bench.stories)) == bench.total(), "a story is missing or came out twice")
    for pair in taken_back:
        kinds, under = zip(*keys[pair])
        check(kinds == ("kill", "stands") and under[0] and under[0] == under[1], f"{pair} was told {kinds} under {under}: a reader may get them the other way round")
