#!/usr/bin/env python3
"""Measures the figures of docs/performance.md anew, each beside its peer on this machine, and prints one table.

    benchmarks/figures.py [cpu|copies|garbage|start|durable|core|h264|upload|receipts|tail|ingest|steady]... [--seconds 60] [--pairs 5] [--minutes 2] [--cameras 2]

Needs: mvn -q -DskipTests package, and 6 GB in /var/tmp (or TMPDIR); `h264` the `motion` program too. Without a name all are run: about 25 minutes.
A million frames of `steady` (P15) take 9.3 h of one camera: --minutes 280 --cameras 2. P7's growth is judged from --minutes 2880 on.
"""
import argparse
import os
import shutil
import tempfile
from pathlib import Path

import of_camera
import of_upload
from measure import JAR, Machine, apart, ceilings, table

FIGURES = [of_camera.cpu, of_camera.copies, of_camera.garbage, of_camera.start, of_camera.durable, of_camera.core, of_camera.h264,
           of_upload.upload, of_upload.receipts, of_upload.tail, of_upload.ingest, of_camera.steady]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(f.__name__ for f in FIGURES))
    parser.add_argument("--seconds", type=int, default=60, help="length of the recordings of `cpu` and `tail`")
    parser.add_argument("--pairs", type=int, default=5, help="how often each is run beside its peer")
    parser.add_argument("--minutes", "--drops-minutes", dest="minutes", type=int, default=2, help="length of `steady`")
    parser.add_argument("--cameras", type=int, default=2, help="of `steady`, side by side")
    parser.add_argument("--fleet", type=int, default=200, help="how many cameras `ingest` plays")
    parser.add_argument("--overlay", action="store_true", help="`cpu` with overlay and privacy mask too")
    args = parser.parse_args()
    unknown = set(args.names) - {f.__name__ for f in FIGURES}
    if unknown:
        parser.error(f"unknown figure {', '.join(sorted(unknown))}; known are {', '.join(f.__name__ for f in FIGURES)}")
    if not JAR.exists():
        parser.error("run 'mvn -q -DskipTests package' first")
    work = Path(tempfile.mkdtemp(prefix="figures.", dir=os.environ.get("TMPDIR", "/var/tmp")))
    try:
        machine = Machine(work, args)
        apart(lambda: ceilings(machine))
        for figure in FIGURES:
            if not args.names or figure.__name__ in args.names:
                print(f"== {figure.__doc__}", flush=True)
                figure(machine, args)
        print()
        table()
    finally:
        shutil.rmtree(work, ignore_errors=True)


main()
