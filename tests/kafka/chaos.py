"""tests/chaos: one long story of accidents, told by a seed."""
import argparse
import random
import signal
import sys
import threading
import time

from cases import CRASH_POINTS, kafka
from harness import Bench, Failure, wait_until
from stories import Generator


def kill(bench, dice):
    time.sleep(dice.random() * 0.5)  # the moment of death is what is being varied
    bench.daemons[-1].kill()
    bench.daemon()


def crash(bench, dice):
    bench.daemons[-1].kill()
    point = dice.choice(CRASH_POINTS)
    daemon = bench.daemon(env={"WD_CRASH_AT": f"{point}:{dice.randint(1, 3)}"})
    limit = time.monotonic() + 20
    while daemon.running() and time.monotonic() < limit:  # it may have too little to do to get there
        time.sleep(0.05)
    daemon.finish()
    bench.daemon()


def freeze(bench, dice):
    bench.daemons[-1].signal(signal.SIGSTOP)
    time.sleep(dice.choice([0.5, 7, 11]))  # shorter and longer than the session and the transaction
    bench.daemons[-1].signal(signal.SIGCONT)


def lose_broker(bench, dice):
    number = dice.choice("123")
    kafka("kill", number)
    time.sleep(dice.random() * 5)
    kafka("start", number)


def second_daemon(bench, dice):
    other = bench.daemon("b")
    bench.daemons.insert(0, bench.daemons.pop())  # the last one stays the first's
    time.sleep(dice.random() * 5)
    if dice.random() < 0.5:
        other.finish()
    else:
        other.signal(signal.SIGTERM)
        other.wait_exit(60)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cycles", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice, generator, bench = random.Random(options.seed), Generator(options.seed), Bench(f"chaos-{options.seed}")
    accidents = [kill, kill, crash, freeze, lose_broker, second_daemon]
    failure = None
    try:
        bench.daemon().wait_ready()
        for cycle in range(options.cycles):
            accident = dice.choice(accidents)
            print(f"# cycle {cycle + 1} of {options.cycles}: {accident.__name__}", flush=True)
            feeder = threading.Thread(target=bench.produce, args=(generator.messages(200),))
            feeder.start()
            accident(bench, dice)
            feeder.join()
            if not bench.daemons[-1].running():  # fenced while it was frozen: a supervisor starts it again
                bench.daemon()
        wait_until("the last daemon ready", bench.daemons[-1].ready, 120)
        bench.wait_committed(bench.total(), 180)
        bench.daemons[-1].signal(signal.SIGTERM)
        bench.daemons[-1].wait_exit(30)
        print(f"ok chaos/seed-{options.seed} # {options.cycles} cycles, {bench.verify()} messages")
    except Failure as why:
        failure = why
        print(f"not ok chaos/seed-{options.seed} - {why} (kept {bench.folder})")
    bench.close(keep=failure is not None)
    return failure is not None


sys.exit(main())
