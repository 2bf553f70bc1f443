"""Payments over HTTP at half of the rate that they reach at most: how much longer do the slowest take? Beside it, the
same of the database alone, at half of its own rate: what its disk leaves to the host."""

from harness.host import Host, free_port, route
from harness.load import WRK_CONNECTIONS, pgbench, pgbench_latencies, wrk
from harness.report import Row, Samples
from works.work import Work


WARM_UP = 1  # second, in which lanes connect, and tables and caches get their first pages


def rate_of(figures):
    return figures["answers"] / figures["seconds"]


class Payments:
    def __init__(self, bench):
        self.bench = bench
        self.database = bench.database("payments")
        self.topic = bench.topics.shared("payments")
        self.host(free_port()).apply_migrations()

    def host(self, port):
        output = {"topic": self.topic, "key_format": "int64"}
        payment = route("payment", "payment", "payment", {"database": "main", "create_unknown_orders": True},
                        http={"method": "POST", "path": "/payments"}, concurrency=1,  # as in conf/
                        **{"outputs.order_created": output})
        return Host(self.bench, [payment], self.database.toml + '[outbox]\ndatabases = ["main"]\n'
                    f'[http]\nlisten = "127.0.0.1:{port}"\n')

    def empty(self):
        self.database.run("TRUNCATE orders, gantry_outbox; VACUUM ANALYZE gantry_outbox; CHECKPOINT")

    def measure(self, seconds, rate=0):
        """wrk's figures; rate 0: as many as go."""
        self.empty()
        port = free_port()
        with self.host(port) as host:
            host.wait_ready()
            warm = wrk(port, "payments.lua", WARM_UP, rate)
            figures = wrk(port, "payments.lua", seconds, rate, first=100_000_000)
        paid = self.database.value("SELECT count(*) FROM orders WHERE status = 'PAID'")
        answers = warm["answers"] + figures["answers"]
        if paid < answers:
            raise AssertionError(f"{answers} answers, and {paid} payments")
        return figures

    def measure_sql(self, seconds):
        """p50 and p99 in ms."""
        script = "payment_per_request.sql"
        self.empty()
        rate = pgbench(self.database, script, seconds) / 2
        self.empty()
        took = pgbench_latencies(self.database, script, WARM_UP, seconds, WRK_CONNECTIONS, rate, self.bench.folder)
        return {"p50": took[len(took) // 2], "p99": took[len(took) * 99 // 100]}


def run(bench):
    seconds = 3 if bench.quick else 8
    payments, samples = Payments(bench), Samples()
    bench.warm_up(lambda: rate_of(payments.measure(seconds)))
    for _ in range(bench.rounds):
        at_most = payments.measure(seconds)
        rate = rate_of(at_most)
        half = payments.measure(seconds, rate / 2)
        reached = rate_of(half)
        bench.say(f"   {rate:,.0f}/s at most with {WRK_CONNECTIONS} connections; at {reached:,.0f}/s "
                  f"p50 {half['p50_us'] / 1000:.2f} ms, p99 {half['p99_us'] / 1000:.2f} ms")
        samples.add("gantry", p50=half["p50_us"] / 1000, p99=half["p99_us"] / 1000)
        sql = payments.measure_sql(seconds)
        bench.say(f"   SQL, one a transaction: p50 {sql['p50']:.2f} ms, p99 {sql['p99']:.2f} ms")
        samples.add("SQL", **sql)
    return [Row("payments over HTTP at half of the maximal rate, p99 in ms", "their p50", samples.median("gantry", "p99"),
                samples.median("gantry", "p50"), at_most=3),
            Row("the same, p99 : p50", "SQL, one a transaction", *(
                samples.median(side, "p99") / samples.median(side, "p50") for side in ("gantry", "SQL")), at_most=1)]


WORK = Work("payments-http", "p99 of payments over HTTP at half of their maximal rate", run)
