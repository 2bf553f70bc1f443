"""A handler that does nothing: what the host itself costs."""

import functools

from harness.host import Host, Meter, route
from harness.report import Samples
from harness.topics import Filling
from works.work import Work

SPRINGS = {"Spring": False, "Spring tuned": True}


def figures(span, process):
    first, last, count = span
    return {"messages/s": count / ((last - first) / 1e9), "CPU-s a million": process.cpu_seconds() / count * 1e6,
            "peak MB": process.peak_mb()}


def gantry(bench, topic, messages, order):
    meter = Meter(bench.folder)
    routes = [route("noop", "bench", "noop", {"meter": str(meter.path)}, topics=[topic], order=order)]
    with Host(bench, routes) as host:
        span = meter.wait(host, messages)
        measured = figures(span, host.process)
    committed = bench.topics.committed(host.group + "-noop", topic)
    if meter.handled() != messages or committed != messages:
        raise AssertionError(f"{meter.handled()} handled and {committed} committed of {messages}")
    return measured


def run(order, bench):
    filling = Filling(bench.size(1_000_000), 100_000, "zipf")
    topic = bench.topics.filled(filling)
    bench.say(f"   {filling.text()}, 3 partitions, 3 lanes; the handler says that it reads no headers")
    bench.warm_up_reading(topic, filling.messages)
    samples = Samples()
    for _ in range(bench.rounds):
        samples.add("gantry", **gantry(bench, topic, filling.messages, order))
        with bench.peer("bare_loop", topic, filling.messages) as loop:
            samples.add("bare loop", **figures(loop.done(), loop))
        if order == "partition" and bench.has_spring:
            for name, tuned in SPRINGS.items():
                with bench.spring(topic, filling.messages, "record", "noop", tuned) as spring:
                    samples.add(name, **figures(spring.done(), spring))
    work = f"no-op, order {order}"
    if order == "key":
        return [samples.row(work, "messages/s", "bare loop", at_least=0.4)]
    rows = [samples.row(work, "messages/s", "bare loop", at_least=0.6),
            samples.row(work, "CPU-s a million", "bare loop", at_most=2)]
    for name, goal in {"Spring": 7, "Spring tuned": 2.5}.items():
        if samples.has(name):
            rows += [samples.row(work, "messages/s", name, at_least=goal),
                     samples.row(work, "CPU-s a million", name, at_most=0.2),
                     samples.row(work, "peak MB", name, at_most=0.2)]
    return rows


WORKS = [Work(f"noop-{order}", f"1M messages through a handler that does nothing, order = {order}",
              functools.partial(run, order)) for order in ("partition", "key")]
