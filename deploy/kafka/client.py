"""What a trial needs of a client: topics, messages in, committed messages out.
   client.py SERVERS topic NAME.. | send TOPIC FILE.. | read TOPIC"""
import pathlib
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

PARTITIONS = 1  # a desk sees what stands in one (README: what exactly once means here)
NO_INPUT, UNAVAILABLE = 66, 69  # exit codes, as of wiredesk
REACH_S, ANSWER_S = 5, 10


def fail(code, text):
    print(f"kafka: {text}", file=sys.stderr)
    sys.exit(code)


def settings(servers):
    return {"bootstrap.servers": servers, "log_level": 0}  # what librdkafka would log is told once, by us


def reach(client, servers):
    """The topics that are there."""
    try:
        return client.list_topics(timeout=REACH_S).topics
    except KafkaException:
        return fail(UNAVAILABLE, f"no broker answers at {servers}: see kafka status, kafka up")


def need_topic(client, servers, name):
    topics = reach(client, servers)
    if name not in topics:
        fail(UNAVAILABLE, f"topic {name} does not exist: kafka topic {name}")
    return topics[name].partitions


def make(servers, names):
    admin = AdminClient(settings(servers))  # must outlive what it was asked for
    reach(admin, servers)
    made = admin.create_topics([NewTopic(name, PARTITIONS) for name in names])
    for name, future in made.items():
        try:
            future.result()
            print(f"kafka: made topic {name}")
        except KafkaException as refusal:
            error = refusal.args[0]
            if error.code() != KafkaError.TOPIC_ALREADY_EXISTS:
                fail(UNAVAILABLE, f"cannot make topic {name}: {error.str()}")
            print(f"kafka: topic {name} is there")


def read_files(names):
    try:
        return [pathlib.Path(name).read_bytes() for name in names]
    except OSError as error:
        return fail(NO_INPUT, f"{error.filename}: {error.strerror}")


def send(servers, topic, files):
    """One message a file, in their order."""
    failed = []
    messages = read_files(files)
    producer = Producer(settings(servers))
    need_topic(producer, servers, topic)
    for message in messages:
        producer.produce(topic, message, on_delivery=lambda error, _: failed.append(error) if error else None)
    left = producer.flush(30)
    if left or failed:
        fail(UNAVAILABLE, f"{left + len(failed)} of {len(files)} messages were not delivered: {failed[0].str() if failed else 'no answer for 30 s'}")
    print(f"kafka: {len(files)} messages are in {topic}")


def ends_of(servers, topic, partitions):
    """Where each partition ends, with what no transaction has committed yet."""
    consumer = Consumer({**settings(servers), "group.id": "kafka-read", "isolation.level": "read_uncommitted"})
    try:
        return {number: consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=ANSWER_S)[1] for number in partitions}
    except KafkaException as refusal:
        return fail(UNAVAILABLE, refusal.args[0].str())
    finally:
        consumer.close()


def read(servers, topic):
    """What is committed. A transaction that ends just now is waited for: its records come a moment after the commit."""
    consumer = Consumer({**settings(servers), "group.id": "kafka-read", "enable.auto.commit": False,
                         "isolation.level": "read_committed", "enable.partition.eof": True, "allow.auto.create.topics": False})
    partitions = need_topic(consumer, servers, topic)
    ends = ends_of(servers, topic, partitions)
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
    unread, waiting = set(partitions), set()  # waiting: an open transaction holds back what comes next
    while unread:
        message = consumer.poll(ANSWER_S)
        if message is None and unread <= waiting:
            break
        if message is None:
            fail(UNAVAILABLE, f"no answer for {ANSWER_S} s")
        if message.error() and message.error().code() != KafkaError._PARTITION_EOF:
            fail(UNAVAILABLE, message.error().str())
        if message.error():
            waiting.add(message.partition())
            if message.offset() >= ends[message.partition()]:
                unread.discard(message.partition())
            continue
        waiting.discard(message.partition())
        reason = dict(message.headers() or []).get("wiredesk-reason-text")
        print((reason.decode() + ": " if reason else "") + (message.value() or b"").decode(errors="replace"))
    consumer.close()


if __name__ == "__main__":
    servers, command, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    if command == "topic":
        make(servers, names)
    elif command == "send":
        send(servers, names[0], names[1:])
    else:
        read(servers, names[0])
