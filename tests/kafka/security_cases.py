"""Wrong passwords and missing permissions on a broker that asks for both: a clear message, exit code 77, nothing lost."""
import re
import signal

from confluent_kafka.admin import (AclBinding, AclBindingFilter, AclOperation, AclPermissionType, AdminClient, ResourcePatternType,
                                   ResourceType)

from harness import SECURE_SERVERS, SERVERS, check, wait_until
from stories import Generator

NO_PERMISSION = 77


def sasl(password="desk-secret"):
    return {"bootstrap.servers": SECURE_SERVERS, "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN",
            "sasl.username": "desk", "sasl.password": password, "reconnect.backoff.max.ms": 1000}


def rules(bench):
    """What the daemon needs, by what it is for."""
    topic, group, transaction = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID
    changelog = f"{bench.name}-changelog"
    return {"input": (topic, bench.input, AclOperation.READ), "output": (topic, bench.stories, AclOperation.WRITE),
            "dead letters": (topic, bench.dead, AclOperation.WRITE), "group": (group, bench.name, AclOperation.READ),
            "transactions": (transaction, f"{bench.name}-a", AclOperation.WRITE), "changelog create": (topic, changelog, AclOperation.CREATE),
            "changelog read": (topic, changelog, AclOperation.READ), "changelog write": (topic, changelog, AclOperation.WRITE)}


def binding(rule):
    kind, name, operation = rule
    return AclBinding(kind, name, ResourcePatternType.PREFIXED, "User:desk", "*", operation, AclPermissionType.ALLOW)


def allow(rules_to_set):
    admin = AdminClient({"bootstrap.servers": SERVERS})
    for future in admin.create_acls([binding(rule) for rule in rules_to_set]).values():
        future.result()


def forbid(rule):
    kind, name, operation = rule
    one = AclBindingFilter(kind, name, ResourcePatternType.PREFIXED, "User:desk", "*", operation, AclPermissionType.ALLOW)
    admin = AdminClient({"bootstrap.servers": SERVERS})
    for future in admin.delete_acls([one]).values():
        check(len(future.result()) == 1, f"there was no permission to take away: {rule}")


def wrong_password(bench):
    daemon = bench.daemon("a", kafka=sasl("not-the-secret"))
    check(daemon.wait_exit(60) == NO_PERMISSION, f"exit code {daemon.process.returncode}: {daemon.text()[-300:]}")
    check("refuses the credentials" in daemon.text(), f"no clear message: {daemon.text()[-300:]}")
    check("not-the-secret" not in daemon.text(), "the password is in the log")


def expect_refusal(bench, missing, words):
    """The daemon ends with 77, and one line says what is lacking."""
    daemon = bench.daemon("a", kafka=sasl(), permission_timeout_ms=1000)
    code = daemon.wait_exit(60)
    errors = [line for line in daemon.text().splitlines() if " error " in line]
    check(code == NO_PERMISSION, f"without {missing}: exit code {code}: {daemon.text()[-400:]}")
    check(any(words in line and "uthorization failed" in line and "grant " in line for line in errors), f"without {missing} nothing clear is said: {errors}")


def no_permission(bench):
    """Each permission is missing once from the start. Then all come one after the other while the daemon waits for
    each, and everything is done."""
    wanted = rules(bench)
    bench.produce(Generator(21).messages(120))
    allow(wanted.values())
    refusals = {"dead letters": f'dead-letter topic "{bench.dead}"', "input": f'input topic "{bench.input}"',
                "output": f'output topic "{bench.stories}"', "transactions": "cannot initialise transactions",
                "group": "Group authorization", "changelog create": f"{bench.name}-changelog-news"}
    for missing, words in refusals.items():
        forbid(wanted[missing])
        expect_refusal(bench, missing, words)
        allow([wanted[missing]])
    for missing in refusals:
        forbid(wanted[missing])
    daemon = bench.daemon("a", kafka=sasl())
    for missing, words in refusals.items():
        wait_until(f"the daemon waits for {missing}", lambda: re.search(f" warn .*{re.escape(words)}.*waiting for this permission", daemon.text()))
        allow([wanted[missing]])
    bench.finish(daemon)


def taken_and_given_back(bench, daemon, generator, what, rules_to_take):
    """While stories come; in time, so the daemon goes on."""
    said = len(daemon.text())
    for rule in rules_to_take:
        forbid(rule)
    bench.produce(generator.messages(100))
    wait_until(f"the daemon waits for {what}", lambda: "waiting for this permission" in daemon.text()[said:])
    allow(rules_to_take)
    bench.wait_committed(bench.total())
    check(daemon.running(), f"without {what} for a moment: {daemon.text()[-300:]}")


def permission_taken(bench):
    """Permissions go while the daemon works or is down; nothing is lost, and it goes on when they are back."""
    wanted = rules(bench)
    allow(wanted.values())
    generator = Generator(22)
    daemon = bench.daemon("a", kafka=sasl()).wait_ready()
    bench.produce(generator.messages(100))
    bench.wait_committed(bench.total())
    for missing in ("output", "input", "transactions", "group"):
        taken_and_given_back(bench, daemon, generator, missing, [wanted[missing]])
    taken_and_given_back(bench, daemon, generator, "any permission", list(wanted.values()))
    forbid(wanted["transactions"])
    bench.produce(generator.messages(100))
    wait_until("the daemon waits for its transactional id", lambda: "cannot initialise transactions" in daemon.text().splitlines()[-1])
    daemon.signal(signal.SIGTERM)
    check(daemon.wait_exit(5) == 0, f"asked to stop while it waits: exit code {daemon.process.returncode}: {daemon.text()[-300:]}")
    allow([wanted["transactions"]])
    daemon = bench.daemon("a", kafka=sasl(), permission_timeout_ms=2000).wait_ready()
    forbid(wanted["transactions"])
    bench.produce(generator.messages(100))
    check(daemon.wait_exit(60) == NO_PERMISSION, f"without its transactional id: exit code {daemon.process.returncode}: {daemon.text()[-300:]}")
    check("grant WRITE on transactional ids" in daemon.text(), f"without its transactional id nothing clear is said: {daemon.text()[-300:]}")
    allow([wanted["transactions"]])
    daemon = bench.daemon("a", kafka=sasl(), permission_timeout_ms=2000).wait_ready()
    forbid(wanted["changelog write"])
    bench.produce(generator.messages(100))
    check(daemon.wait_exit(60) == NO_PERMISSION, f"without WRITE: exit code {daemon.process.returncode}: {daemon.text()[-300:]}")
    check("does not allow publishing" in daemon.text(), f"without WRITE nothing clear is said: {daemon.text()[-300:]}")
    allow([wanted["changelog write"]])
    daemon = bench.daemon("a", kafka=sasl())
    bench.wait_committed(bench.total())
    daemon.kill()
    for snapshot in (bench.folder / "state-a").glob("*.snapshot"):
        snapshot.unlink()
    forbid(wanted["changelog read"])
    expect_refusal(bench, "changelog read", "reading changelog topic")
    allow([wanted["changelog read"]])
    bench.finish(bench.daemon("a", kafka=sasl()).wait_ready())


def permission_taken_at_least_once(bench):
    """The group's permission goes for a moment: offsets wait for it, and are committed then."""
    wanted = rules(bench)
    allow(wanted.values())
    generator = Generator(23)
    daemon = bench.daemon("a", kafka=sasl(), delivery="at_least_once").wait_ready()
    bench.produce(generator.messages(100))
    bench.wait_committed(bench.total())
    taken_and_given_back(bench, daemon, generator, "group", [wanted["group"]])
    daemon.signal(signal.SIGTERM)
    check(daemon.wait_exit(30) == 0, f"exit code {daemon.process.returncode}")
    bench.verify_none_lost()
    check(len(bench.read(bench.stories)) + len(bench.read(bench.dead)) == bench.total(), "waiting for a permission published something twice")
