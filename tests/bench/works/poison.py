"""Messages that fail until they are dead letters: whom do they delay?"""

from harness.host import Host, Meter, route
from harness.report import Row, Samples
from harness.topics import Filling
from works.work import Work

RETRIES_S = 3.0


def gantry(bench, topic, messages, poison):
    """Seconds from the first delivery until the good ones are handled, and until all is settled."""
    meter = Meter(bench.folder)
    dlq = bench.topics.empty("dlq")
    routes = [route("poison", "bench", "work", {"meter": str(meter.path)}, topics=[topic])]
    with Host(bench, routes, dlq=dlq) as host:
        first, good, _ = meter.wait(host, messages - poison)
        settled = good
        if poison:
            with bench.peer("bare_loop", dlq, poison) as letters:
                _, settled, count = letters.done()
            if count != poison:
                raise AssertionError(f"{count} dead letters of {poison}")
    if bench.topics.committed(host.group + "-poison", topic) != messages:
        raise AssertionError("not all is committed")
    return {"good": (good - first) / 1e9, "settled": (settled - first) / 1e9}


def spring(bench, topic, messages):
    with bench.spring(topic, messages, "record", "poison", dlq=bench.topics.empty("dlq")) as peer:
        first, last, _ = peer.done()
    return {"settled": (last - first) / 1e9}


def run(bench):
    messages = 20_000
    clean = Filling(messages, 2_000, "uniform")
    poisoned = Filling(messages, 2_000, "uniform", poison_every=messages // 20)
    topics = {filling: bench.topics.filled(filling) for filling in (clean, poisoned)}
    bench.say(f"   {poisoned.text()}; 3 retries 1 s apart")
    samples = Samples()
    for _ in range(bench.rounds):
        samples.add("clean", **gantry(bench, topics[clean], messages, 0))
        samples.add("gantry", **gantry(bench, topics[poisoned], messages, 20))
    rows = [Row("20 of 20,000 poison, s until all is settled", "its 3 retries", samples.median("gantry", "settled"),
                RETRIES_S, at_most=3.5 / RETRIES_S),
            Row("20 of 20,000 poison, s until the good ones are handled", "no poison, + 0.2 s",
                samples.median("gantry", "good"), samples.median("clean", "good") + 0.2, at_most=1)]
    if bench.has_spring:
        samples.add("Spring", **spring(bench, topics[poisoned], messages))
        rows.append(samples.row("20 of 20,000 poison", "settled", "Spring", at_most=3.5 / 22.8))
    return rows


WORK = Work("poison", "20,000 messages of which 20 fail for good, 3 retries 1 s apart", run)
