"""A process under the clock."""

import os
import signal
import subprocess
import time


class Died(Exception):
    pass


def call(arguments, **more):
    """What it prints, once it has ended well."""
    done = subprocess.run(arguments, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise Died(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


class Process:
    def __init__(self, arguments, log, environment=None):
        self._log = log
        self._output = open(log, "w")
        self._child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=self._output, text=True,
                                       env={**os.environ, **(environment or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    @property
    def output(self):
        return self._child.stdout

    def check(self):
        if self._child.poll() is not None:
            with open(self._log) as log:
                raise Died(f"{self._child.args[0]} ended with {self._child.returncode}: {log.read()[-2000:]}")

    def done(self):
        """(first, last, count) of the line that the peers print when they have handled everything."""
        for line in self.output:
            if line.startswith("done "):
                first, last, count = (int(word) for word in line.split()[1:])
                return first, last, count
        self._child.wait()
        self.check()

    def cpu_seconds(self):
        """Of the whole process, from its start."""
        return time.clock_gettime((~self._child.pid << 3) | 2)  # clock_getcpuclockid(3)

    def peak_mb(self):
        with open(f"/proc/{self._child.pid}/status") as status:
            peak = next(line for line in status if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / 1024

    def end(self, wait_s=60):
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGTERM)
            try:
                self._child.wait(wait_s)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._child.stdout.close()
        self._output.close()
