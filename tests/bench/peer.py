"""The peer to beat: a loop with confluent-kafka and orjson that drops repeated ids and adds two fields. Its librdkafka gets the
settings that were measured to help it: wiredesk's, and batches as large as a transaction, because without our patch small ones
make its producer spin (deploy/librdkafka.patch).
   peer.py SERVERS INPUT OUTPUT MESSAGES RECORDS_PER_TRANSACTION exactly_once|at_least_once"""
import json
import sys
import time

import orjson
from confluent_kafka import Consumer, Producer

servers, source, target, messages, per_transaction, delivery = sys.argv[1:7]
messages, per_transaction, exactly = int(messages), int(per_transaction), delivery == "exactly_once"
consumer = Consumer({"bootstrap.servers": servers, "group.id": target, "enable.auto.commit": False, "auto.offset.reset": "earliest",
                     "isolation.level": "read_committed", "fetch.message.max.bytes": 4194304, "fetch.queue.backoff.ms": 10,
                     "fetch.wait.max.ms": 100})
producer = Producer({"bootstrap.servers": servers, "linger.ms": 50, "batch.size": 16000000, "message.max.bytes": 100000000,
                     "retry.backoff.ms": 10, "queue.buffering.max.messages": 1000000, "enable.idempotence": True,
                     **({"transactional.id": target} if exactly else {})})
if exactly:
    producer.init_transactions(30)
    producer.begin_transaction()
consumer.subscribe([source])
seen, count, pending = set(), 0, 0
wall = cpu = None
while count < messages:
    batch = consumer.consume(min(per_transaction - pending, messages - count), 1.0)
    if batch and wall is None:
        wall, cpu = time.monotonic(), time.process_time()
    for message in batch:
        count, pending = count + 1, pending + 1
        story = orjson.loads(message.value())
        if story["uri"] in seen:
            continue
        seen.add(story["uri"])
        story["dedup"] = "none"
        story["offset"] = message.offset()
        producer.produce(target, orjson.dumps(story), key=story["uri"])
    producer.poll(0)
    if pending == per_transaction or count == messages:
        if exactly:
            producer.send_offsets_to_transaction(consumer.position(consumer.assignment()), consumer.consumer_group_metadata(), 30)
            producer.commit_transaction(30)
            producer.begin_transaction()
        else:
            producer.flush()
            consumer.commit(asynchronous=False)
        pending = 0
print(json.dumps({"wall_s": round(time.monotonic() - wall, 3), "cpu_s": round(time.process_time() - cpu, 3)}))
consumer.close()
