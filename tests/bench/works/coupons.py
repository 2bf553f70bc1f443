"""Requests for one coupon: from a topic, and over HTTP, beside what SQL alone does."""

from harness.host import Host, free_port, route
from harness.load import PGBENCH_CLIENTS, WRK_CONNECTIONS, pgbench, wrk
from harness.report import Samples
from harness.topics import Filling
from works.work import Work

STOCK = 1_000_000_000_000


class Coupons:
    def __init__(self, bench):
        self.bench = bench
        self.seconds = 2 if bench.quick else 5
        self.database = bench.database("coupons")
        self.host(topics=["bench-coupons"]).apply_migrations()

    def host(self, more="", **source):
        output = {"topic": self.bench.topics.shared("coupon-issues"), "key_format": "int64"}
        request = route("coupon-request", "coupon-issuer", "coupon-request", {"database": "main"},
                        **source, **{"outputs.coupon_issue": output})
        return Host(self.bench, [request], self.database.toml + '[outbox]\ndatabases = ["main"]\n' + more)

    def empty(self, stock=STOCK):
        self.database.run(f"TRUNCATE coupons, coupon_requests, coupon_types, gantry_outbox;"
                          f"INSERT INTO coupon_types (coupon_id, name, stock, remaining) VALUES (1, 'b', {stock}, {stock});"
                          "VACUUM ANALYZE gantry_outbox; CHECKPOINT")

    def check(self, stock):
        """The stock is exact: as many requests as it has gone down, numbered without a gap."""
        requests, highest, taken = (int(value) for value in self.database.run(
            "SELECT count(*), max(number), (SELECT stock - remaining FROM coupon_types) FROM coupon_requests")[0])
        if not requests == highest == taken or taken > stock:
            raise AssertionError(f"{requests} requests up to number {highest}, {taken} taken of {stock}")
        return requests

    def sql(self, script, of_each):
        self.empty()
        return {"requests/s": pgbench(self.database, script, self.seconds) * of_each}

    def from_topic(self, topic, messages):
        self.empty(stock=messages)
        with self.host(topics=[topic]) as host:
            self.bench.topics.wait_committed(host, "coupon-request", topic, messages)
        rows, seconds = self.database.span("coupon_requests", "requested_at")
        if self.check(messages) != messages:
            raise AssertionError(f"{rows} requests of {messages}")
        return {"requests/s": rows / seconds}

    def over_http(self):
        self.empty()
        port = free_port()
        source = {"method": "POST", "path": "/coupons/{couponId}/requests", "key": ":couponId"}
        with self.host(f'[http]\nlisten = "127.0.0.1:{port}"\n', http=source, concurrency=1) as host:
            host.wait_ready()
            figures = wrk(port, "coupons.lua", self.seconds)
        if self.check(STOCK) < figures["answers"]:
            raise AssertionError(f"{figures['answers']} answers, and fewer requests in the table")
        return {"requests/s": figures["answers"] / figures["seconds"]}


def from_topic(bench):
    filling = Filling(bench.size(400_000), 1, "uniform", what="coupon")
    bench.say(f"   {filling.messages:,} users for one coupon, stock for all, 3 lanes, fsync on; "
              f"pgbench with {PGBENCH_CLIENTS} clients")
    coupons, samples = Coupons(bench), Samples()
    topic = bench.topics.filled(filling)
    for _ in range(bench.rounds):
        samples.add("gantry", **coupons.from_topic(topic, filling.messages))
        samples.add("SQL, 200 a transaction", **coupons.sql("coupon_batch_200.sql", 200))
        samples.add("SQL, one a transaction", **coupons.sql("coupon_per_request.sql", 1))
    return [samples.row("coupons from a topic", "requests/s", "SQL, 200 a transaction", at_least=0.5),
            samples.row("coupons from a topic", "requests/s", "SQL, one a transaction", at_least=20)]


def over_http(bench):
    bench.say(f"   a user each for one coupon, wrk with {WRK_CONNECTIONS} connections, fsync on")
    coupons, samples = Coupons(bench), Samples()
    bench.warm_up(lambda: coupons.over_http()["requests/s"])
    for _ in range(bench.rounds):
        samples.add("gantry", **coupons.over_http())
        samples.add("SQL, one a transaction", **coupons.sql("coupon_per_request.sql", 1))
    return [samples.row("coupons over HTTP", "requests/s", "SQL, one a transaction", at_least=10)]


WORKS = [Work("coupons-topic", "requests for one coupon, from a topic", from_topic),
         Work("coupons-http", "requests for one coupon, over HTTP", over_http)]
