"""What a work gets: the services, the topics, the peers, and how much it is to do."""

import functools
import os
import pathlib
import shutil
import tempfile
import time
import uuid

from harness.process import Process
from harness.services import POSTGRES, Database, Service, let_reuse_wal
from harness.topics import Topics


class Bench:
    def __init__(self, build, bed, quick, rounds, scale, spring):
        self.build = pathlib.Path(build)
        self.gantry = str(self.build / "bin" / "gantry")
        self.quick = quick
        self.rounds = rounds
        self._scale = scale
        self._spring = spring
        self._bed = pathlib.Path(bed)
        self._libs = self.build / "testbed" / "kafka-libs"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gantry-bench-"))
        self._services = []

    def close(self):
        for service in self._services:
            service.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def size(self, messages):
        return max(int(messages * self._scale), 1)

    def say(self, text):
        print(text, flush=True)

    @functools.cached_property
    def kafka(self):
        return self._start("kafka")

    @functools.cached_property
    def postgres(self):
        service = self._start("postgres", POSTGRES)
        let_reuse_wal(service, 16 if self.quick else 80)
        return service

    def _start(self, name, parameters=()):
        service = Service(name, self._bed, self._libs, parameters)
        self._services.append(service)
        return service

    def warm_up(self, rate):
        """Calls it, which runs the work and returns how much it does a second, until that was no more than before twice in a
        row, or for a minute and a half (--quick: two seconds). A server's brokers have compiled themselves long ago, and its
        database has its pages in memory; here both are new, and do it on the cores that all share."""
        best, no_more, began = 0, 0, time.monotonic()
        while no_more < 2 and time.monotonic() - began < (2 if self.quick else 90):
            now = rate()
            no_more = no_more + 1 if now < best * 1.02 else 0
            best = max(best, now)
        self.say(f"   {time.monotonic() - began:.0f} s to warm up")

    def warm_up_reading(self, topic, messages):
        def rate():
            with self.peer("bare_loop", topic, messages) as loop:
                first, last, count = loop.done()
                return count / (last - first)
        self.warm_up(rate)

    @property
    def bootstrap(self):
        return self.kafka.state["bootstrap"]

    @functools.cached_property
    def topics(self):
        return Topics(self.build / "bench" / "bench_topics", self.bootstrap, self.folder)

    def database(self, name):
        return Database(self.postgres, name)

    # ---- peers: each is ended by its `with`

    def peer(self, program, *arguments):
        return Process([str(self.build / "bench" / program), self.bootstrap, *map(str, arguments)],
                       self.folder / f"{program}.log")

    @functools.cached_property
    def has_spring(self):
        if not self._spring:
            return False
        there = (self.build / "bench" / "spring" / "run.classpath").exists() and shutil.which("java")
        if not there:
            self.say("! The Spring peer is not built: its rows are missing.")
        return bool(there)

    def spring(self, topic, messages, listener, work, tuned=False, dlq="", jdbc=""):
        classpath = (self.build / "bench" / "spring" / "run.classpath").read_text().strip()
        environment = {"BOOTSTRAP": self.bootstrap, "TOPIC": topic, "GROUP": f"spring-{uuid.uuid4().hex[:8]}",
                       "DLQ": dlq, "MESSAGES": str(messages), "LISTENER": listener, "WORK": work,
                       "TUNED": str(int(tuned)), "JDBC": jdbc}
        return Process(["java", "-Xmx1g", "-cp", classpath, "peer.SpringPeer"], self.folder / "spring.log",
                       environment)
