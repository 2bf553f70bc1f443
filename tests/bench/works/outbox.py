"""The outbox relay: how fast it empties a full table, and how soon a lone event is in its topic."""

import http.client
import statistics
import threading
import time

from harness.host import free_port
from harness.report import Row, Samples
from works.payments import Payments, rate_of
from works.work import Work


class Outbox(Payments):
    def rate(self, events):
        """Events a second from a table that was full before the relay began."""
        self.empty()
        topic = self.bench.topics.empty("relayed")
        self.database.run(
            "INSERT INTO gantry_outbox (route, topic, key, value) SELECT 'payment', '" + topic + "', int8send(n), "
            "convert_to(repeat('x', 245), 'UTF8') FROM generate_series(1, " + str(events) + ") AS n; ANALYZE gantry_outbox")
        with self.bench.peer("bare_loop", topic, events) as watch, self.host(free_port()):
            first, last, count = watch.done()
            while self.database.value("SELECT count(*) FROM gantry_outbox"):
                time.sleep(0.05)
        if count != events:
            raise AssertionError(f"{count} records of {events} events")
        return count / ((last - first) / 1e9)

    def latency(self, events):
        """ms from the commit of a payment to its event's arrival at a consumer, of each."""
        self.empty()
        port = free_port()
        with self.host(port) as host, self.bench.topics.arrivals(self.topic) as arrivals:
            host.wait_ready()
            arrived = {}
            reader = threading.Thread(target=read, args=(arrivals.output, arrived, events), daemon=True)
            reader.start()
            for order in range(1, events + 1):
                pay(port, order)
                time.sleep(0.05)
            reader.join(30)
        commits = self.database.run(
            "SELECT order_id, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint FROM orders")
        if len(commits) != events or len(arrived) != events:
            raise AssertionError(f"{len(commits)} payments and {len(arrived)} events of {events}")
        return [(arrived[int(order)] - int(commit)) / 1000 for order, commit in commits]


def read(lines, arrived, events):
    for line in lines:
        order, microseconds = line.split()
        arrived[int(order)] = int(microseconds)
        if len(arrived) == events:
            return


def pay(port, order):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/payments", f'{{"orderId":{order},"userId":7,"amount":12000,"currency":"KRW"}}',
                       {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise AssertionError(f"a payment was answered with {answer.status}")


def run(bench):
    events = bench.size(300_000)
    bench.say(f"   {events:,} events of 245 bytes, a key each, synchronous_commit and fsync on; 50 lone payments")
    outbox, samples = Outbox(bench), Samples()
    bench.warm_up(lambda: rate_of(outbox.measure(2)))
    bench.warm_up(lambda: 1 / statistics.median(outbox.latency(50)))
    for _ in range(bench.rounds):
        samples.add("gantry", rate=outbox.rate(events), latency=statistics.median(outbox.latency(50)))
    return [Row("outbox relay, events/s", "20,000/s", samples.median("gantry", "rate"), 20_000, at_least=1),
            Row("outbox when idle, ms from commit to topic, p50", "5 ms", samples.median("gantry", "latency"), 5,
                at_most=1)]


WORK = Work("outbox", "the outbox relay's rate, and its delay when idle", run)
