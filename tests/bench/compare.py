#!/usr/bin/env python3
"""Runs the works and prints the table; compare.sh builds what it needs and says how to call it."""

import argparse
import os
import signal
import sys
import time
import traceback

import works
from harness.bench import Bench
from harness.report import table, write_json


def arguments():
    parser = argparse.ArgumentParser(prog="compare.sh")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--bed", help=argparse.SUPPRESS)  # where services run that may be shared
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", default=[], metavar="WORK")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--scale", type=float)
    parser.add_argument("--no-spring", action="store_true")
    parser.add_argument("--no-build", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--list", action="store_true")
    return parser.parse_args()


def chosen(only):
    wanted = [work for work in works.ALL if not only or any(work.name.startswith(name) for name in only)]
    for name in only:
        if not any(work.name.startswith(name) for work in works.ALL):
            sys.exit(f"no work {name}; there are: {', '.join(work.name for work in works.ALL)}")
    return wanted


def main():
    options = arguments()
    if options.list:
        for work in works.ALL:
            print(f"{work.name:16}{work.about}")
        return 0
    bench = Bench(options.build, options.bed or os.path.join(options.build, "bench", "bed"), options.quick,
                  rounds=options.rounds or (2 if options.quick else 5),
                  scale=options.scale or (0.2 if options.quick else 1.0), spring=not options.no_spring)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    rows, broken = [], []
    try:
        for work in chosen(options.only):
            began = time.monotonic()
            bench.say(f"\n== {work.name}: {work.about}")
            try:
                rows += work.run(bench)
            except Exception:  # the others are run nevertheless
                traceback.print_exc(chain=False)
                broken.append(work.name)
            bench.say(f"   {time.monotonic() - began:.0f} s")
    finally:
        bench.close()
    print(f"\nmedians of {bench.rounds} rounds on {os.cpu_count()} cores, brokers and database on the same ones\n")
    print(table(rows))
    if options.json:
        write_json(rows, options.json)
    if broken:
        print(f"\nbroke off: {', '.join(broken)}")
    return 1 if broken else 0


sys.exit(main())
