"""Topics that go, come back, or take less than is written to them, while the daemon works."""
import shutil
import signal

import orjson
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic

from harness import PARTITIONS, SERVERS, check, wait_until
from stories import Generator


def make_topic(name, partitions, **settings):
    admin = AdminClient({"bootstrap.servers": SERVERS})

    def made():
        """A topic of this name may still be on its way out."""
        try:
            admin.create_topics([NewTopic(name, partitions, 3, config=settings)])[name].result()
            return True
        except Exception as reason:
            check("exists" in str(reason), f"cannot make topic {name}: {reason}")
            return False

    wait_until(f"topic {name} made", made)


def delete_topic(name):
    admin = AdminClient({"bootstrap.servers": SERVERS})
    admin.delete_topics([name])[name].result()


def set_on_topic(topic, name, value):
    admin = AdminClient({"bootstrap.servers": SERVERS})
    entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
    for future in admin.incremental_alter_configs([ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])]).values():
        future.result()


def places(messages):
    headers = [dict(m.headers()) for m in messages]
    out = [(int(h["wiredesk-partition"]), int(h["wiredesk-offset"])) for h in headers]
    check(len(out) == len(set(out)), "something came out twice")
    return set(out)


def stop(daemon):
    daemon.signal(signal.SIGTERM)
    check(daemon.wait_exit(30) == 0, f"exit code {daemon.process.returncode}")


def check_counts(bench, daemon):
    """What was rolled back is counted once, when it came again."""
    wait_until("nothing behind", lambda: daemon.metric("wiredesk_lag_records") == 0)
    taken, out, dead = (daemon.metric(f"wiredesk_records_{name}_total") for name in ("in", "out", "dead"))
    check(taken == bench.total() and out + dead == taken, f"{taken} counted in, {out} out, {dead} dead, of {bench.total()}")


def output_deleted(bench):
    """An output topic is deleted: its name is told, once for many aborts; all goes out when it is back."""
    transaction = {"records_max": 50, "interval_ms": 100, "timeout_ms": 2000}
    daemon, generator = bench.daemon(transaction=transaction).wait_ready(), Generator(51)
    bench.produce(generator.messages(100))
    bench.wait_committed(bench.total())
    before = bench.total()
    delete_topic(bench.stories)
    bench.produce(generator.messages(100))
    missing = f'output topic "{bench.stories}" does not exist'
    wait_until("the topic named", lambda: missing in daemon.text())
    check("TXNERR" not in daemon.text(), "librdkafka says the same once more")
    make_topic(bench.stories, 3)
    bench.wait_committed(bench.total())
    check_counts(bench, daemon)
    stop(daemon)
    got = places(bench.read(bench.stories)) | places(bench.read(bench.dead))
    want = {(p, o) for p in range(PARTITIONS) for o in range(before // PARTITIONS, bench.total() // PARTITIONS)}
    check(want <= got, f"lost: {sorted(want - got)[:3]}")


def input_made_anew(bench):
    """The input topic is deleted and made anew: what is in it then begins at offset 0 once more, and none is passed over."""
    daemon, generator = bench.daemon().wait_ready(), Generator(52)
    bench.produce(generator.messages(200))
    bench.wait_committed(bench.total())
    delete_topic(bench.input)
    make_topic(bench.input, PARTITIONS)
    stories = [generator.new() for _ in range(80)]
    bench.produce(stories)
    uris = {orjson.loads(story)["uri"] for story in stories}

    def all_out():
        return uris <= {orjson.loads(m.value())["story"]["uri"] for m in bench.read(bench.stories)}

    wait_until("the new topic's stories out", all_out)
    check("was deleted and made anew" in daemon.text(), "it is not told")
    check_counts(bench, daemon)
    records = [orjson.loads(m.value())["story"]["uri"] for m in bench.read(bench.stories)]
    check(all(records.count(uri) == 1 for uri in uris), "a story came out twice")
    stop(daemon)


def too_large_to_publish(bench):
    """An output topic takes small records only: those that are larger are buried, several of one transaction, too; no other is."""
    topic = f"{bench.name}.small"
    make_topic(topic, 3, **{"max.message.bytes": "20000"})
    pipeline = {**bench.config()["pipelines"][0], "outputs": [{"name": "stories", "topic": topic}]}
    generator, large = Generator(53), {(0, 1), (0, 2), (0, 9), (1, 2), (3, 17)}
    messages = [generator.new() for _ in range(160)]
    for partition, offset in large:
        body = "\n".join(generator.sentence() for _ in range(400))
        number = offset * PARTITIONS + partition
        messages[number] = orjson.dumps({**orjson.loads(messages[number]), "body_text": body})
    bench.produce(messages)
    daemon = bench.daemon(pipelines=[pipeline]).wait_ready()
    bench.wait_committed(bench.total())
    check_counts(bench, daemon)
    stop(daemon)
    letters = bench.read(bench.dead)
    check(all("wiredesk-value-omitted" in dict(m.headers()) for m in letters), "a dead letter for another reason")
    check(places(letters) == large, f"buried: {sorted(places(letters))}")
    check(len(places(bench.read(topic))) == bench.total() - len(large), "a story is missing")


def timestamp_ahead(bench):
    """One record of a producer whose clock says 2100 in each partition: what was remembered stays remembered."""
    set_on_topic(bench.input, "message.timestamp.after.max.ms", str((1 << 63) - 1))
    daemon, generator = bench.daemon().wait_ready(), Generator(54)
    stories, now = [generator.new() for _ in range(40)], bench.received
    bench.produce(stories)
    bench.received = 4102444800
    bench.produce([generator.new() for _ in range(2 * PARTITIONS)])
    bench.received = now
    bench.produce(stories)
    bench.finish(daemon)
    check(daemon.text().count("is in the future") == PARTITIONS, "not told once for each partition")


def changelog_cut(bench):
    """Records of a changelog were deleted, by retention or by hand: told, and all else goes on."""
    daemon, generator = bench.daemon().wait_ready(), Generator(55)
    bench.produce(generator.messages(60))
    bench.wait_committed(bench.total())
    daemon.kill()
    for snapshot in (bench.folder / "state-a").glob("*.snapshot"):
        snapshot.unlink()
    changelog = f"{bench.name}-changelog-news-{bench.input}"
    set_on_topic(changelog, "cleanup.policy", "delete")
    admin = AdminClient({"bootstrap.servers": SERVERS})
    for future in admin.delete_records([TopicPartition(changelog, 2, -1)]).values():
        future.result()
    daemon = bench.daemon().wait_ready()
    told = [line for line in daemon.text().splitlines() if "its records were deleted" in line]
    check(len(told) == 1 and f"{changelog} [2] begins at" in told[0], f"told: {told}")
    bench.produce(generator.messages(60))
    bench.wait_committed(bench.total())
    stop(daemon)
    bench.verify_none_lost()


def input_cut(bench):
    """Messages are deleted before they are taken, while a daemon is down and while it is frozen: told, with the offsets. Then
    the topic is made anew, and has more in it than the old one before the frozen daemon looks again: all of it is read, or it
    is told which offsets may not have been."""
    daemon, generator = bench.daemon().wait_ready(), Generator(58)
    admin = AdminClient({"bootstrap.servers": SERVERS})

    def cut(partition, offset):
        bench.produce([generator.new() for _ in range(40)])
        for future in admin.delete_records([TopicPartition(bench.input, partition, offset)]).values():
            future.result()

    bench.produce([generator.new() for _ in range(40)])
    bench.wait_committed(bench.total())
    daemon.kill()
    cut(1, 15)
    daemon = bench.daemon().wait_ready()
    wait_until("the first loss told", lambda: "[1]: offsets 10 to 14 were deleted" in daemon.text())
    bench.wait_committed(bench.total())
    daemon.signal(signal.SIGSTOP)
    cut(2, 27)
    daemon.signal(signal.SIGCONT)
    wait_until("the second loss told", lambda: "[2]: offsets 20 to 26 were deleted" in daemon.text())
    check(daemon.metric("wiredesk_input_offsets_lost_total") == 12, "it is not counted")
    bench.wait_committed(bench.total())

    daemon.signal(signal.SIGSTOP)
    delete_topic(bench.input)
    make_topic(bench.input, PARTITIONS)
    stories = [generator.new() for _ in range(400)]
    bench.produce(stories)
    daemon.signal(signal.SIGCONT)
    uris = {orjson.loads(story)["uri"] for story in stories}

    def records():
        return [orjson.loads(m.value())["story"]["uri"] for m in bench.read(bench.stories)]

    # librdkafka may take a minute until it looks where a partition begins now.
    wait_until("the gap closed or told", lambda: uris <= set(records()) or "was not taken" in daemon.text(), seconds=150)
    check(daemon.metric("wiredesk_topics_made_anew_total") > 0, "it is not counted")
    out = records()
    check(all(out.count(uri) < 2 for uri in uris), "a story came out twice")
    stop(daemon)


def forget_snapshots(bench):
    for snapshot in (bench.folder / "state-a").glob("*.snapshot"):
        snapshot.unlink()


def changelog_deleted(bench):
    """A changelog is deleted and made anew unnoticed, deleted while no daemon runs, or deleted under it: what is
    remembered is written into it again, so that a restart without snapshots, or with those of the first topic (which
    the last one has outgrown), says what it would have said."""
    generator, changelog = Generator(56), f"{bench.name}-changelog-news-{bench.input}"

    def work(daemon):
        bench.produce(generator.messages(80))
        bench.wait_committed(bench.total())
        return daemon

    def wait_complete(daemon, times):
        wait_until("the changelog complete again", lambda: daemon.text().count("is complete again") == times * PARTITIONS)

    make_topic(changelog, PARTITIONS, **{"cleanup.policy": "compact"})
    daemon = work(bench.daemon(create_topics=False).wait_ready())
    delete_topic(changelog)
    make_topic(changelog, PARTITIONS, **{"cleanup.policy": "compact"})  # before the daemon has noticed anything, or after
    wait_complete(daemon, 1)
    check(daemon.metric("wiredesk_topics_made_anew_total") == PARTITIONS, "it is not counted")
    stop(work(daemon))
    shutil.copytree(bench.folder / "state-a", bench.folder / "state-old")
    delete_topic(changelog)
    daemon = bench.daemon().wait_ready()
    wait_complete(daemon, 1)
    check("going on with what snapshot" in daemon.text(), "it is not told where the state is from")
    delete_topic(changelog)
    wait_complete(work(daemon), 2)
    check(f'changelog topic "{changelog}" [3] was deleted and made anew' in daemon.text(), "it is not told")
    daemon.kill()
    forget_snapshots(bench)
    work(bench.daemon().wait_ready()).kill()
    shutil.rmtree(bench.folder / "state-a")
    (bench.folder / "state-old").rename(bench.folder / "state-a")
    daemon = bench.daemon().wait_ready()
    bench.finish(work(daemon))
    told = [line for line in daemon.text().splitlines() if "is of another changelog topic" in line]
    check(len(told) == PARTITIONS and all("restoring from the changelog alone" in line for line in told), f"told: {told}")



def unreadable(bench):
    """A batch out of which more would come than librdkafka takes: the partition goes on behind it."""
    daemon = bench.daemon(kafka={**bench.config()["kafka"], "receive.message.max.bytes": 60000000}).wait_ready()
    story = Generator(68).messages(1)[0]
    bomb = Producer({"bootstrap.servers": SERVERS, "message.max.bytes": 80000000, "batch.size": 80000000, "compression.type": "zstd", "linger.ms": 10000})  # one batch, however busy the machine is; flush() waits for no linger
    good = Producer({"bootstrap.servers": SERVERS})
    for producer, messages in ((good, [story]), (bomb, [story, b"x" * 70000000, story]), (good, [story])):
        for message in messages:
            producer.produce(bench.input, message, partition=0)
        check(producer.flush(60) == 0, "the test's own producer could not deliver")
    wait_until("all taken", lambda: daemon.metric("wiredesk_records_in_total") == 5)
    wait_until("nothing behind", lambda: daemon.metric("wiredesk_lag_records") == 0)
    stop(daemon)
    letters = {int(dict(m.headers())["wiredesk-offset"]): (dict(m.headers()), m.value()) for m in bench.read(bench.dead)}
    check(sorted(letters) == [1, 2, 3], f"dead letters of offsets {sorted(letters)}")
    for offset, (headers, value) in letters.items():
        told = headers["wiredesk-reason"].decode(), headers["wiredesk-processor"].decode(), headers["wiredesk-value-omitted"].decode()
        check(not value and told == ("kafka", "consume", "unknown"), f"{offset}: {told}")
    check(places(bench.read(bench.stories)) == {(0, 0), (0, 4)}, "the stories around them did not come out")


def transactional_input(bench):
    """Producers that write in transactions leave records that nobody gets: commits, and stories of transactions that were
    aborted. They are not waited for, and when they are deleted nothing is lost."""
    generator = Generator(67)
    producer = Producer({"bootstrap.servers": SERVERS, "transactional.id": f"{bench.name}-producer"})
    producer.init_transactions()

    def transaction(good, count=50):
        producer.begin_transaction()
        for i, message in enumerate(generator.messages(count)):
            producer.produce(bench.input, message, partition=i % PARTITIONS)
        producer.flush()
        producer.commit_transaction() if good else producer.abort_transaction()

    def ends():
        consumer = Consumer({"bootstrap.servers": SERVERS, "group.id": f"{bench.name}-ends"})
        high = [consumer.get_watermark_offsets(TopicPartition(bench.input, p), timeout=10)[1] for p in range(PARTITIONS)]
        consumer.close()
        return high

    daemon = bench.daemon(transaction={"records_max": 1000, "interval_ms": 1000, "timeout_ms": 10000}).wait_ready()
    for good in (True, False, True):
        transaction(good)
    wait_until("all taken", lambda: daemon.metric("wiredesk_records_in_total") == 100)
    wait_until("the group at the end of the topic", lambda: bench.committed() == sum(ends()), 20)
    transaction(False)
    wait_until("nothing behind", lambda: daemon.metric("wiredesk_lag_records") == 0 and daemon.metric("wiredesk_lag_seconds") == 0, 20)
    end = ends()
    admin = AdminClient({"bootstrap.servers": SERVERS})
    for future in admin.delete_records([TopicPartition(bench.input, p, end[p]) for p in range(PARTITIONS)]).values():
        future.result()
    transaction(True)
    wait_until("all taken", lambda: daemon.metric("wiredesk_records_in_total") == 150)
    stop(daemon)
    check("were deleted" not in daemon.text(), "records that nobody gets count as lost")
    out = places(bench.read(bench.stories)) | places(bench.read(bench.dead))
    check(len(out) == 150, f"{len(out)} of 150 stories came out")


CASES = [output_deleted, input_made_anew, too_large_to_publish, timestamp_ahead, changelog_cut, changelog_deleted, input_cut, transactional_input, unreadable]
