"""What a trial needs of a client: topics, messages in, committed messages out.
   client.py SERVERS topic NAME.. | send TOPIC FILE.. | read TOPIC"""
import pathlib
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

PARTITIONS = 1  # a desk sees what stands in one (README: what exactly once means here)


def make(servers, names):
    admin = AdminClient({"bootstrap.servers": servers})  # must outlive what it was asked for
    made = admin.create_topics([NewTopic(name, PARTITIONS) for name in names])
    for name, future in made.items():
        try:
            future.result()
            print(f"kafka: made topic {name}")
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
            print(f"kafka: topic {name} is there")


def send(servers, topic, files):
    """One message a file, in their order."""
    failed = []
    producer = Producer({"bootstrap.servers": servers})
    for name in files:
        producer.produce(topic, pathlib.Path(name).read_bytes(), on_delivery=lambda error, _: failed.append(error) if error else None)
    left = producer.flush(30)
    if left or failed:
        sys.exit(f"kafka: {left + len(failed)} of {len(files)} messages were not delivered: {failed[:1]}")
    print(f"kafka: {len(files)} messages are in {topic}")


def read(servers, topic):
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "kafka-read", "enable.auto.commit": False,
                         "isolation.level": "read_committed", "enable.partition.eof": True})
    partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
    open_ends = set(partitions)
    while open_ends:
        message = consumer.poll(10)
        if message is None:
            sys.exit("kafka: no answer for 10 s")
        if message.error() and message.error().code() != KafkaError._PARTITION_EOF:
            sys.exit(f"kafka: {message.error()}")
        if message.error():
            open_ends.discard(message.partition())
            continue
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
