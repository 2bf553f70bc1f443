"""Kafka and PostgreSQL of the benchmark's own, by the scripts that the tests use, too."""

import os
import pathlib
import subprocess

from harness.process import call

SUPPORT = pathlib.Path(__file__).resolve().parents[2] / "support"

# What a server has: it waits for its disk.
POSTGRES = [
    "fsync=on",
    "full_page_writes=on",
    "synchronous_commit=on",
    "shared_buffers=512MB",
    "max_wal_size=4GB",
    "min_wal_size=2GB",
    "checkpoint_timeout=30min",
    "track_commit_timestamp=on",
]


class Service:
    """Runs as long as this process lives, or until stop()."""

    def __init__(self, name, bed, libs, parameters=()):
        self._script = [str(SUPPORT / f"{name}.sh")]
        self._folder = bed / name
        self._environment = {**os.environ, "OWNER": str(os.getpid()), "GANTRY_KAFKA_LIBS": str(libs)}
        self._call("start", *parameters)
        state = (self._folder / "state").read_text().splitlines()
        self.state = dict(line.split("=", 1) for line in state)

    def stop(self):
        self._call("stop")

    def _call(self, command, *parameters):
        # Not by call(): what it starts would keep a pipe open.
        subprocess.run([*self._script, command, str(self._folder), *parameters], check=True,
                       env=self._environment, stdout=subprocess.DEVNULL)


def let_reuse_wal(service, segments):
    """A server that has run for a while takes old files for its log again. A new one makes them, 16 MB each, and while it
    does, for longer than a hundred commits, nobody commits."""
    database = Database(service, "wal")
    for _ in range(segments):
        database.run("SELECT pg_logical_emit_message(true, '', ''); SELECT pg_switch_wal()")
    database.run("CHECKPOINT")


class Database:
    """One database of the server, new and empty."""

    def __init__(self, service, name):
        self._server = f"host=127.0.0.1 port={service.state['port']} user=postgres"
        self.port = service.state["port"]
        self.name = name
        self.dsn = f"{self._server} dbname={name}"
        self.jdbc = (f"jdbc:postgresql://127.0.0.1:{self.port}/{name}"
                     "?user=postgres&reWriteBatchedInserts=true")
        self._psql(f"{self._server} dbname=postgres", f"DROP DATABASE IF EXISTS {name} (FORCE)")
        self._psql(f"{self._server} dbname=postgres", f"CREATE DATABASE {name}")

    @property
    def toml(self):
        return f'[database.main]\ndsn = "{self.dsn}"\n'

    def run(self, sql):
        """The rows of the last statement, as tuples of text."""
        return self._psql(self.dsn, sql)

    def value(self, sql):
        return float(self.run(sql)[0][0])

    def span(self, table, column):
        """(rows, seconds from the first transaction to the last): the column defaults to now()."""
        rows, seconds = self.run(
            f"SELECT count(*), coalesce(extract(epoch FROM max({column}) - min({column})), 0) FROM {table}")[0]
        return int(rows), float(seconds)

    @staticmethod
    def _psql(dsn, sql):
        printed = call(["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", dsn], input=sql)
        return [tuple(line.split("\t")) for line in printed.splitlines()]
