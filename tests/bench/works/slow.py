"""A handler that takes 5 ms: how well lanes are kept busy."""

from harness.host import Host, Meter, route
from harness.report import Row, Samples
from harness.topics import Filling
from works.work import Work

HANDLER_S = 0.005
GOALS = {64: 0.95, 256: 0.9}  # lanes: of the ideal


def gantry(bench, topic, messages, lanes):
    meter = Meter(bench.folder, lanes)
    settings = {"meter": str(meter.path), "sleep_us": int(HANDLER_S * 1e6)}
    routes = [route("slow", "bench", "work", settings, topics=[topic], concurrency=lanes)]
    with Host(bench, routes) as host:
        first, last, count = meter.wait(host, messages)
    if bench.topics.committed(host.group + "-slow", topic) != messages:
        raise AssertionError("not all is committed")
    # The first was seen when it was through: a handler's time after it had begun.
    return {"messages/s": count / ((last - first) / 1e9 + HANDLER_S)}


def run(bench):
    rows = []
    for lanes, goal in GOALS.items():
        filling = Filling(bench.size(2_000 * lanes), 2_000, "uniform")
        topic = bench.topics.filled(filling)
        bench.say(f"   {lanes} lanes: {filling.text()}")
        samples = Samples()
        for _ in range(bench.rounds):
            samples.add("gantry", **gantry(bench, topic, filling.messages, lanes))
        rows.append(Row(f"5 ms handler, {lanes} lanes, messages/s", "lanes / 5 ms",
                        samples.median("gantry", "messages/s"), lanes / HANDLER_S, at_least=goal))
    return rows


WORK = Work("slow", "a handler of 5 ms on 64 and 256 lanes, 2,000 uniform keys", run)
