"""Topics full of records, made once a run and shared by the works."""

import functools
import time
import uuid
from dataclasses import dataclass

from harness.process import Process, call

PARTITIONS = 3


@dataclass(frozen=True)
class Filling:
    messages: int
    keys: int
    distribution: str  # zipf (exponent 1) or uniform
    what: str = "order"  # or coupon
    poison_every: int = 0

    def text(self):
        poison = f", {self.messages // self.poison_every} of them poison" if self.poison_every else ""
        return f"{self.messages:,} messages{poison}, {self.keys:,} keys, {self.distribution}"


class Topics:
    def __init__(self, program, bootstrap, folder):
        self._program = str(program)
        self._bootstrap = bootstrap
        self._folder = folder
        self._filled = {}

    def empty(self, about):
        name = f"bench-{about}-{uuid.uuid4().hex[:8]}"
        self._call("create", name, PARTITIONS)
        return name

    def filled(self, filling):
        if filling not in self._filled:
            name = self.empty(filling.what)
            self._call("fill", name, filling.messages, filling.keys, filling.distribution, filling.what,
                       filling.poison_every)
            self._filled[filling] = name
        return self._filled[filling]

    @functools.cache
    def shared(self, about):
        """An empty topic that several works may use, since nobody looks into it."""
        return self.empty(about)

    def committed(self, group, topic):
        return int(self._call("committed", group, topic, PARTITIONS))

    def wait_committed(self, host, name, topic, messages, timeout_s=600):
        deadline = time.monotonic() + timeout_s
        while (committed := self.committed(f"{host.group}-{name}", topic)) < messages:
            host.process.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{committed} of {messages} committed in {timeout_s} s")
            time.sleep(0.2)

    def arrivals(self, topic):
        process = Process([self._program, "arrivals", self._bootstrap, topic, str(PARTITIONS)],
                          self._folder / "arrivals.log")
        if process.output.readline() != "ready\n":
            process.check()
        return process

    def _call(self, command, *arguments):
        return call([self._program, command, self._bootstrap, *map(str, arguments)])
