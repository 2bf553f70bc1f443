"""`gantry run` with a configuration made for a work: that of conf/, but for what the work says."""

import contextlib
import json
import mmap
import os
import pathlib
import random
import shutil
import socket
import time
import urllib.request
import uuid
from dataclasses import dataclass

from harness.process import Process, call

MAIN = """
name = "bench"
state_dir = "{folder}/state"
memory_mb = 256
[kafka]
"bootstrap.servers" = "{bootstrap}"
[kafka.producer]
acks = "all"
"enable.idempotence" = true
retries = 3
[kafka.consumer]
"auto.offset.reset" = "earliest"
"enable.auto.commit" = false
"fetch.min.bytes" = 50000
"fetch.max.bytes" = 52428800
[plugins]
dirs = ["{build}/lib/gantry/plugins", "{build}/bench/plugins"]
[admin]
listen = "127.0.0.1:{admin_port}"
[defaults]
group = "{group}-{{route}}"
concurrency = 3
max_batch = 1000
order = "key"
retry = {{ max_attempts = 4, backoff_ms = 1000, multiplier = 1.0, max_backoff_ms = 60000, jitter = 0.0 }}
dead_letter = {{ topic = "{dlq}", headers = ["gantry", "spring"] }}
"""


def free_port():
    """Below those that outgoing connections get, one of which could take it meanwhile."""
    low = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", random.randrange(10240, low if low > 12000 else 32768)))
            return one.getsockname()[1]


@dataclass(frozen=True)
class Route:
    library: str
    toml: str


def route(name, library, handler, settings, **more):
    """`more` are keys of the route, as Python values."""
    keys = {"name": name, "handler": handler, "settings": settings, **more}
    return Route(library, "\n".join(["[[route]]", *(f"{key} = {toml(value)}" for key, value in keys.items()), ""]))


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    return json.dumps(value)  # text, numbers, booleans and lists of them are written alike


class Host:
    """A `gantry run`; `more` is said in its gantry.toml. What it leaves behind is removed, unless it fails."""

    def __init__(self, bench, routes, more="", dlq=None):
        self._bench = bench
        self._folder = bench.folder / f"host-{uuid.uuid4().hex[:8]}"
        (self._folder / "state").mkdir(parents=True)
        (self._folder / "routes.d").mkdir()
        self.group = f"bench-{uuid.uuid4().hex[:8]}"
        self._admin_port = free_port()
        self._config = self._folder / "gantry.toml"
        self._config.write_text(MAIN.format(folder=self._folder, bootstrap=bench.bootstrap, build=bench.build,
                                            admin_port=self._admin_port, group=self.group, dlq=dlq or bench.topics.shared("dlq")) + more)
        plugins = [f'[[plugin]]\nlibrary = "lib{library}.so"\n' for library in {one.library for one in routes}]
        (self._folder / "routes.d" / "bench.toml").write_text("".join(plugins + [one.toml for one in routes]))
        self.process = None

    def apply_migrations(self):
        call([self._bench.gantry, "db", "apply", "--config", str(self._config)])

    def __enter__(self):
        self.process = Process([self._bench.gantry, "run", "--config", str(self._config)], self._folder / "log")
        return self

    def __exit__(self, kind, *_):
        self.process.end()
        if kind is None:
            shutil.rmtree(self._folder)

    def wait_ready(self, timeout_s=60):
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self._admin_port}/readyz"):
                    return
            except OSError as error:  # nobody listens yet, or 503
                self.process.check()
                if time.monotonic() > deadline:
                    raise TimeoutError(f"not ready in {timeout_s} s: {error}") from error
            time.sleep(0.02)


class Meter:
    """The counts of the lanes of the plugin `bench`, which it writes while it runs. `lanes`: as many as the route has,
    since looking at more, a thousand times a second, would take from the host what no peer has to give."""

    SIZE = 1024 * 64

    def __init__(self, folder, lanes=3):
        self.path = folder / f"meter-{uuid.uuid4().hex[:8]}"
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(file, self.SIZE)
        self._counts = memoryview(mmap.mmap(file, self.SIZE)).cast("Q")[:8 * lanes:8]
        os.close(file)

    def handled(self):
        return sum(self._counts)

    def wait(self, host, messages, timeout_s=600):
        """(first, last, count): when the first was seen to be handled, and when `messages` were, in ns."""
        first = None
        deadline = time.monotonic() + timeout_s
        while True:
            handled = self.handled()
            now = time.monotonic_ns()
            if first is None and handled:
                first = now
            if handled >= messages:
                return first, now, handled
            host.process.check()
            if now > deadline * 1e9:
                raise TimeoutError(f"{handled} of {messages} handled in {timeout_s} s")
            time.sleep(0.001)
