"""Messages of a producer that means harm, or does not know better: headers, keys, values and times at their limits."""
import orjson
from confluent_kafka import Producer

from harness import PARTITIONS, SERVERS, Failure, check, wait_until
from stories import Generator
from topic_cases import make_topic, places, set_on_topic, stop

MEGABYTE = 1 << 20
NOW = 0  # a timestamp: whatever Kafka sets
HEADERS_MAX = 64  # that are passed on
OVERHEAD_MAX = 4096  # of key and headers, where Kafka refuses a whole message
SLOW_STORIES, SLOW_WORDS = 16, 90000  # 530 KB each: together they take longer than a transaction may, each one far less
ODD_HEADERS = [("no-value", None), ("empty", b""), ("", b"no name"), ("", None), ("binary", bytes(range(256))), ("not-utf8", b"\xff\xfe\x80"),
               ("again", b"1"), ("again", b"2"), ("again", None), ("content-type", b"\xff\x00"), ("n\u00e4me \u2028", "w\u00f6rd".encode()), ("x" * 5000, b"long name")]


def send(bench, messages, first=0):
    """One to each partition in turn, from offset `first`; returns what stands where."""
    producer = Producer({"bootstrap.servers": SERVERS, "message.max.bytes": 100000000, "compression.type": "zstd", "linger.ms": 0})
    there = {}

    def done(error, message):
        check(error is None, f"the test's own producer could not deliver: {error}")

    for i, message in enumerate(messages):
        there[i % PARTITIONS, first + i // PARTITIONS] = message
        producer.produce(bench.input, message.get("value"), message.get("key"), i % PARTITIONS, on_delivery=done, timestamp=message.get("timestamp", NOW), headers=message.get("headers", []))
        producer.flush(30)
    return there


def check_letter(letter, original):
    """A dead letter has all that it may have of its message, and says what it lacks; our headers are ours, once."""
    headers = letter.headers()
    own = [name for name, _ in headers if name.startswith("wiredesk-")]
    said, passed_on = dict(headers), [h for h in headers if not h[0].startswith("wiredesk-")]
    check(len(own) == len(set(own)), f"more than once: {own}")
    first = original.get("headers", [])[:HEADERS_MAX]
    omitted = [said.get(f"wiredesk-{part}-omitted") for part in ("value", "key", "headers")]
    value, key = original["value"], original.get("key")
    bare = omitted[0] is not None and len(key or b"") + sum(len(n.encode()) + len(v or b"") for n, v in first) > OVERHEAD_MAX
    if omitted[0] is None:
        check(letter.value() == value, "another value")
        check(said["wiredesk-reason"] == (b"syntax" if value else b"empty"), f"reason {said['wiredesk-reason']}")
    else:
        check((said["wiredesk-reason"], said["wiredesk-processor"]) == (b"too_large", b"publish") and not letter.value(), f"buried: {said}")
        check(omitted[0] == (b"unknown" if value is None else str(len(value)).encode()), f"value omitted: {omitted[0]}")
    check(letter.key() == (None if bare else key) and omitted[1] == (str(len(key)).encode() if bare and key is not None else None), f"key omitted: {omitted[1]}")
    check(passed_on == ([] if bare else [h for h in first if not h[0].startswith("wiredesk-")]), f"{len(passed_on)} other headers, of {len(first)}")
    time = original.get("timestamp", NOW)
    check(said.get("wiredesk-time") == ({1: b"1970-01-01T00:00:00.001Z"}.get(time) if time != NOW else said["wiredesk-time"]), f"time {said.get('wiredesk-time')}")
    check(int(omitted[2] or 0) == len(original.get("headers", [])) - (0 if bare else len(first)), f"headers omitted: {omitted[2]}")


def hostile_messages(bench):
    """Odd, many and huge headers, keys and times, and no value: each message comes out once, as a record or as a dead letter whose
    own headers are true, and the daemon goes on. Output and dead-letter topic take a million bytes, as Kafka has it by default."""
    dead, stories = (f"{bench.name}.{name}" for name in ("small-dead", "small"))
    for topic in (dead, stories):
        make_topic(topic, 1, **{"max.message.bytes": "1048588"})
    for bound in ("before", "after"):
        set_on_topic(bench.input, f"message.timestamp.{bound}.max.ms", str((1 << 63) - 1))
    generator = Generator(71)
    many = [(f"h{i}", str(i).encode()) for i in range(5000)]
    liar = [(f"wiredesk-{name}", b"77") for name in ("topic", "partition", "offset", "index", "reason", "value-omitted", "headers-omitted")]
    odd = [{"headers": h} for h in (ODD_HEADERS, many, liar, [*many, *liar])] + [{"key": k} for k in (None, b"", b"\xff\x00")]
    odd += [{"timestamp": t} for t in (-1, 1, 4102444800000, (1 << 63) - 1)]
    huge, key = ("huge", b"\xff" * MEGABYTE), b"k" * MEGABYTE
    large = [{"headers": [huge]}, {"headers": [huge] * 3}, {"key": key}, {"key": key, "headers": [huge]}]
    broken = b'{"uri": "urn:x:1", "headline": "cut'
    messages = [{**message, "value": value()} for message in odd for value in (generator.new, lambda: broken, lambda: b"", lambda: None)]
    messages += [{**message, "value": value} for message in large for value in (generator.new(), None)]
    there = send(bench, messages)
    pipeline = {**bench.config()["pipelines"][0], "dead_letter": dead, "outputs": [{"name": "stories", "topic": stories, "key": "input"}]}
    daemon = bench.daemon(pipelines=[pipeline]).wait_ready()
    wait_until("all taken", lambda: daemon.metric("wiredesk_records_in_total") == len(there))
    wait_until("nothing behind", lambda: daemon.metric("wiredesk_lag_records") == 0)
    set_on_topic(bench.input, "message.timestamp.type", "LogAppendTime")
    there |= send(bench, [{"value": generator.new(), "timestamp": 1}, {"value": b"", "timestamp": 1}], len(messages) // PARTITIONS)
    there[1, len(messages) // PARTITIONS]["timestamp"] = NOW
    wait_until("the last ones taken", lambda: daemon.metric("wiredesk_records_in_total") == len(there))
    counted = [daemon.metric(f"wiredesk_records_{name}_total") for name in ("out", "dead")]
    stop(daemon)
    records, letters = bench.read(stories), bench.read(dead)
    check(counted == [len(records), len(letters)], f"{counted} counted, {len(records)} records and {len(letters)} dead letters")
    check(not places(records) & places(letters) and places(records) | places(letters) == set(there), "not each of them came out once")
    for letter in letters:
        headers = dict(letter.headers())
        place = int(headers["wiredesk-partition"]), int(headers["wiredesk-offset"])
        try:
            check_letter(letter, there[place])
        except Exception as reason:
            raise Failure(f"dead letter of {place}: {reason}") from None
    for record in records:
        headers = dict(record.headers())
        check(len(record.headers()) == len(headers) == 4, f"headers of a record: {headers}")
    check(len(records) == len(odd) + 3, f"{len(records)} records: not those of all stories but the two whose key is too large for the output")


def answer_too_large(bench):
    """A message that is larger than librdkafka takes from a broker: it is told what to raise, the other partitions go on, and
    with that raised it becomes a dead letter."""
    kafka, generator = bench.config()["kafka"], Generator(72)
    daemon = bench.daemon(kafka={**kafka, "fetch.max.bytes": 8000000, "receive.message.max.bytes": 9000000}).wait_ready()
    bench.produce([generator.new() for _ in range(2 * PARTITIONS)])
    producer = Producer({"bootstrap.servers": SERVERS, "message.max.bytes": 30000000, "batch.size": 30000000})
    producer.produce(bench.input, b"x" * 20000000, partition=0)
    check(producer.flush(60) == 0, "the test's own producer could not deliver")
    wait_until("what to raise is told", lambda: "raise kafka.receive.message.max.bytes" in daemon.text())
    bench.produce([generator.new() for _ in range(2 * PARTITIONS)])
    wait_until("the other partitions taken", lambda: daemon.metric("wiredesk_records_in_total") == 4 * PARTITIONS - 2)
    wait_until("the lag seen", lambda: daemon.metric("wiredesk_lag_records") == 3)
    stop(daemon)
    daemon = bench.daemon(kafka=kafka).wait_ready()
    wait_until("all taken", lambda: daemon.metric("wiredesk_lag_records") == 0 and daemon.metric("wiredesk_records_in_total") == 3)
    stop(daemon)
    letters = bench.read(bench.dead)
    check(places(letters) == {(0, 2)} and dict(letters[0].headers())["wiredesk-reason"] == b"too_large", f"dead letters {places(letters)}")
    check(len(places(bench.read(bench.stories))) == 4 * PARTITIONS, "a story did not come out")


def slow_stories(bench):
    """Stories that take longer, together, than a transaction may last: each is committed in time."""
    words, generator = ("Anna Berg", "harbour", "Vienna", "the", "London", "Mr Smith", "of", "UN"), Generator(73)
    bench.produce([generator.new() for _ in range(PARTITIONS)])
    producer = Producer({"bootstrap.servers": SERVERS, "message.max.bytes": 80000000})
    for number in range(SLOW_STORIES):
        text = " ".join(generator.random.choice(words) for _ in range(SLOW_WORDS))
        story = {"uri": f"urn:x:slow:{number}", "type": "text", "headline": "Some words of it", "body_text": text}
        producer.produce(bench.input, orjson.dumps(story), partition=0)
    check(producer.flush(60) == 0, "the test's own producer could not deliver")
    stories = f"{bench.name}.large"
    make_topic(stories, 1, **{"max.message.bytes": "104857600"})
    pipeline = {**bench.config()["pipelines"][0], "outputs": [{"name": "stories", "topic": stories}]}
    daemon = bench.daemon(pipelines=[pipeline], transaction={"interval_ms": 500, "timeout_ms": 10000}).wait_ready()

    def taken():
        check(daemon.running(), f"the daemon ended with {daemon.process.returncode}: {daemon.text()[-400:]}")
        return daemon.metric("wiredesk_records_in_total") == SLOW_STORIES + PARTITIONS

    wait_until("all taken", taken, 120)
    stop(daemon)
    check("abort" not in daemon.text(), "a transaction was aborted")
    check(len(places(bench.read(stories))) == SLOW_STORIES + PARTITIONS, "a story did not come out")


CASES = [hostile_messages, answer_too_large, slow_stories]
