"""What the shipped configuration needs with a long backlog, whatever the speed of its handlers."""

import time

from harness.host import Host, Meter, route
from harness.report import Row, Samples
from harness.topics import Filling
from works.work import Work

BUDGET_MB = 256
SPEEDS_US = {"fast": 0, "slow": 200, "standing": 1_000_000}  # of a handler, for each message


def peak(bench, topic, messages):
    """Three routes of three partitions, as shipped: one as fast as it goes, one behind, one that hardly moves."""
    meters = {name: Meter(bench.folder) for name in SPEEDS_US}
    routes = [route(name, "bench", "work", {"meter": str(meters[name].path), "sleep_us": sleep_us}, topics=[topic])
              for name, sleep_us in SPEEDS_US.items()]
    with Host(bench, routes) as host:
        meters["fast"].wait(host, messages)
        time.sleep(2 if bench.quick else 10)  # the others have what they will have, at the latest now
        host.process.check()
        return host.process.peak_mb()


def run(bench):
    filling = Filling(bench.size(5_000_000), 100_000, "zipf")
    topic = bench.topics.filled(filling)
    bench.say(f"   {filling.text()}; handlers of 0, 0.2 and 1,000 ms, 3 lanes each, memory_mb = 256")
    samples = Samples()
    for _ in range(bench.rounds):
        samples.add("gantry", peak=peak(bench, topic, filling.messages))
    return [Row(f"backlog of {filling.messages:,} messages, peak MB", "memory_mb", samples.median("gantry", "peak"),
                BUDGET_MB, at_most=1)]


WORK = Work("memory", "peak memory with a backlog of 5M messages, handlers fast, slow and standing", run)
