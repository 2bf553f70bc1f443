"""order-saver: events from a topic into a table."""

from harness.host import Host, route
from harness.report import Samples
from harness.topics import Filling
from works.work import Work

# listener, tuned, how many of the messages it is given, goal
SPRINGS = {"Spring batch": ("batch", False, 1, 2.5), "Spring batch tuned": ("batch", True, 1, 2),
           "Spring record": ("record", False, 0.05, 40)}


class Orders:
    def __init__(self, bench):
        self.bench = bench
        self.database = bench.database("orders")
        self.host("bench-orders").apply_migrations()

    def host(self, topic):
        saver = route("order-saver", "order-saver", "order-saver", {"database": "main"}, topics=[topic])
        return Host(self.bench, [saver], self.database.toml)

    def empty(self):
        self.database.run("TRUNCATE saved_orders; CHECKPOINT")

    def rate(self, least):
        """Rows a second by the database's clock, the same for every side."""
        rows, seconds = self.database.span("saved_orders", "saved_at")
        if rows < least:
            raise AssertionError(f"{rows} rows of {least}")
        return {"orders/s": rows / seconds}

    def gantry(self, topic, messages):
        self.empty()
        with self.host(topic) as host:
            self.bench.topics.wait_committed(host, "order-saver", topic, messages)
            return self.rate(messages)

    def peer(self, process, messages):
        self.empty()
        with process() as peer:
            peer.done()
            return self.rate(messages)


def run(bench):
    filling = Filling(bench.size(1_000_000), 100_000, "zipf")
    topic = bench.topics.filled(filling)
    orders = Orders(bench)
    bench.say(f"   {filling.text()}, 3 lanes, fsync on")
    bench.warm_up_reading(topic, filling.messages)
    samples = Samples()
    for _ in range(bench.rounds):
        samples.add("gantry", **orders.gantry(topic, filling.messages))
        samples.add("bare COPY loop", **orders.peer(
            lambda: bench.peer("bare_copy", topic, filling.messages, orders.database.dsn), filling.messages))
        for name, (listener, tuned, share, _) in SPRINGS.items() if bench.has_spring else ():
            messages = int(filling.messages * share)
            samples.add(name, **orders.peer(
                lambda: bench.spring(topic, messages, listener, "save", tuned, jdbc=orders.database.jdbc), messages))
    rows = [samples.row("order-saver", "orders/s", "bare COPY loop", at_least=0.8)]
    for name, (*_, goal) in SPRINGS.items():
        if samples.has(name):
            rows.append(samples.row("order-saver", "orders/s", name, at_least=goal))
    return rows


WORK = Work("orders", "1M orders through order-saver into PostgreSQL", run)
