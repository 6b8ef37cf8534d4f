"""Every measurement of one run on one machine: `make bench`; `python -m tests.benchmarks --quick` measures less."""

import argparse
import logging
import os
import platform

from bot import logs
from tests.benchmarks import documents, idle, ingest, lists, presses, rooms, sockets, ticks, visible


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    is_quick: bool = parser.parse_args().quick
    logs.set_up("console", level=logging.ERROR)
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    ticks.report(courses=300 if is_quick else 3_000)
    lists.report(days=10 if is_quick else 100)
    documents.report(lessons=40 if is_quick else documents.LESSONS)
    idle.report(rounds=1 if is_quick else idle.ROUNDS)
    visible.report(seconds=4 if is_quick else visible.SECONDS)
    rooms.report(size=rooms.QUICK if is_quick else None)
    presses.report(size=presses.QUICK if is_quick else None)
    sockets.report(students=100 if is_quick else presses.STUDENTS, sockets=30 if is_quick else sockets.SOCKETS)
    ingest.report(rounds=1 if is_quick else ingest.ROUNDS)


if __name__ == "__main__":
    main()
