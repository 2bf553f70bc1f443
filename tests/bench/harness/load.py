"""Load from outside: pgbench on a database, wrk on an HTTP route."""

import json
import os
import pathlib
import re
import tempfile

from harness.process import call

HERE = pathlib.Path(__file__).resolve().parents[1]
PGBENCH_CLIENTS = 8
WRK_CONNECTIONS = 64
WRK_THREADS = 2


def pgbench(database, script, seconds):
    """Transactions a second."""
    return float(re.search(r"tps = ([0-9.]+)", _pgbench(database, script, seconds, PGBENCH_CLIENTS)).group(1))


def pgbench_latencies(database, script, warm_up, seconds, clients, rate, folder):
    """What transactions took, in ms, ascending; at a rate below the highest, begun when they are due. Without those of the
    first seconds, `warm_up`."""
    with tempfile.TemporaryDirectory(dir=folder) as logs:
        _pgbench(database, script, warm_up + seconds, clients, "-R", str(rate), "-l", "--log-prefix", logs + "/took")
        lines = [line.split() for log in pathlib.Path(logs).iterdir() for line in log.read_text().splitlines()]
    # client, number, microseconds since it was due, script, second, microsecond, and how late it was begun.
    begin = min(int(line[4]) + int(line[5]) / 1e6 for line in lines) + warm_up
    return sorted((int(line[2]) - int(line[6])) / 1000 for line in lines if int(line[4]) + int(line[5]) / 1e6 >= begin)


def _pgbench(database, script, seconds, clients, *more):
    return call(["pgbench", "-n", "-h", "127.0.0.1", "-p", database.port, "-U", "postgres", "-M", "prepared",
                 "-c", str(clients), "-j", "2", "-T", str(seconds), *more,
                 "-f", str(HERE / "peers" / "sql" / script), database.name])


def wrk(port, script, seconds, rate=0, first=0):
    """What load/*.lua prints: answers, errors, seconds, p50_us, p99_us. rate: requests a second in all; 0: as many as go.
    first: numbers below it have been sent before."""
    environment = {**os.environ, "RATE": str(rate / WRK_THREADS), "FIRST": str(first)}
    printed = call(["wrk", "-t", str(WRK_THREADS), "-c", str(WRK_CONNECTIONS), "-d", f"{seconds}s", "-s",
                    str(HERE / "load" / script), f"http://127.0.0.1:{port}"], env=environment)
    figures = json.loads(printed.splitlines()[-1])
    if figures["errors"]:
        raise AssertionError(f"{figures['errors']} requests failed: {printed}")
    return figures
