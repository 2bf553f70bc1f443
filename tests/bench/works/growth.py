"""Ten times the backlog, 10,000 times the keys, a thousand parked ones: the rate stays the same."""

from harness.host import Host, Meter, route
from harness.report import Row, Samples
from harness.topics import Filling
from works.work import Work


def rate(bench, topic, good):
    meter = Meter(bench.folder)
    growing = route("growth", "bench", "work", {"meter": str(meter.path)}, topics=[topic],
                    retry={"max_attempts": 4, "backoff_ms": 60_000})
    with Host(bench, [growing]) as host:
        first, last, count = meter.wait(host, good)
    return count / ((last - first) / 1e9)


def run(bench):
    small, large = bench.size(500_000), bench.size(5_000_000)
    middle, parked = 2 * small, 1_000
    pairs = {
        f"backlog of {large:,}": (Filling(large, 100_000, "zipf"), Filling(small, 100_000, "zipf")),
        "1,000,000 keys": (Filling(middle, 1_000_000, "uniform"), Filling(middle, 100, "uniform")),
        "1,000 parked keys": (Filling(middle, 100_000, "zipf", poison_every=middle // parked),
                              Filling(middle, 100_000, "zipf")),
    }
    rows = []
    first = pairs["1,000 parked keys"][1]
    bench.warm_up_reading(bench.topics.filled(first), first.messages)
    for name, fillings in pairs.items():
        samples = Samples()
        for _ in range(bench.rounds):
            for side, filling in zip(("grown", "before"), fillings):
                good = filling.messages - (parked if filling.poison_every else 0)
                samples.add(side, rate=rate(bench, bench.topics.filled(filling), good))
        grown, before = (samples.median(side, "rate") for side in ("grown", "before"))
        bench.say(f"   {fillings[0].text()}: {grown:,.0f}/s; {fillings[1].text()}: {before:,.0f}/s")
        rows.append(Row(f"no-op, {name}, messages/s", f"{fillings[1].text()}", grown, before, at_least=0.9))
    return rows


WORK = Work("growth", "messages/s with ten times the backlog, 10,000 times the keys, 1,000 parked keys", run)
