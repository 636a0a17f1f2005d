"""Wrong passwords and missing permissions on a broker that asks for both: a clear message, exit code 77, nothing lost."""
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
    daemon = bench.daemon("a", kafka=sasl())
    code = daemon.wait_exit(60)
    errors = [line for line in daemon.text().splitlines() if " error " in line]
    check(code == NO_PERMISSION, f"without {missing}: exit code {code}: {daemon.text()[-400:]}")
    check(any(words in line and "uthorization failed" in line for line in errors), f"without {missing} nothing clear is said: {errors}")


def no_permission(bench):
    """Each permission is missing once from the start; then all are there and everything is done."""
    wanted = rules(bench)
    bench.produce(Generator(21).messages(120))
    allow(wanted.values())
    for missing, words in (("input", f'input topic "{bench.input}"'), ("output", f'output topic "{bench.stories}"'),
                           ("dead letters", f'dead-letter topic "{bench.dead}"'), ("group", "Group authorization"),
                           ("transactions", "cannot initialise transactions"), ("changelog create", f"{bench.name}-changelog-news")):
        forbid(wanted[missing])
        expect_refusal(bench, missing, words)
        allow([wanted[missing]])
    bench.finish(bench.daemon("a", kafka=sasl()))


def work_on(bench):
    """One broker may learn of a permission only after the daemon has given up: then it is started again."""
    def done():
        if not bench.daemons[-1].running():
            bench.daemon("a", kafka=sasl())
        return bench.committed() >= bench.total()

    wait_until("all committed", done, 90)
    return bench.daemons[-1]


def permission_taken(bench):
    """Permissions go while the daemon works or is down; nothing is lost, and it goes on when they are back."""
    wanted = rules(bench)
    allow(wanted.values())
    generator = Generator(22)
    daemon = bench.daemon("a", kafka=sasl()).wait_ready()
    bench.produce(generator.messages(100))
    bench.wait_committed(bench.total())
    for missing in ("output", "changelog write"):
        forbid(wanted[missing])
        bench.produce(generator.messages(100))
        check(daemon.wait_exit(60) == NO_PERMISSION, f"without {missing}: exit code {daemon.process.returncode}: {daemon.text()[-300:]}")
        check("does not allow publishing" in daemon.text(), f"without {missing} nothing clear is said: {daemon.text()[-300:]}")
        allow([wanted[missing]])
        daemon = bench.daemon("a", kafka=sasl())
    work_on(bench).kill()
    for snapshot in (bench.folder / "state-a").glob("*.snapshot"):
        snapshot.unlink()
    forbid(wanted["changelog read"])
    expect_refusal(bench, "changelog read", "reading changelog topic")
    allow([wanted["changelog read"]])
    bench.finish(bench.daemon("a", kafka=sasl()).wait_ready())
