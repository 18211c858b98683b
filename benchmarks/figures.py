#!/usr/bin/env python3
"""Prints the figures of docs/performance.md anew: recorder beside its peers, in turn, on this machine.

    benchmarks/figures.py [cpu|copies|garbage|start|durable|drops]... [--seconds 60] [--pairs 3] [--drops-minutes 10]

Needs: mvn -q -DskipTests package; GNU time, unzip, python3. Without a name all are run, about half an hour.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
JAR = HERE.parent / "daemon/target/raspberryspy.jar"
OPTIONS = HERE.parent / "daemon/target/jvm.options"
FULL_HD = "test://?size=1920x1080&fps=30"


def record(source, out, *more, jvm=()):
    """The command line that records a source."""
    return ["java", f"@{OPTIONS}", *jvm, "-jar", str(JAR), "record", "--source", source, "--out", str(out), "--json", *more]


def summary(command):
    """Runs a recording and returns the summary that it ends with."""
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(run.stdout.strip().splitlines()[-1]), run


def cpu(args, _work):
    """CPU and memory beside ffmpeg."""
    subprocess.run([HERE / "record-vs-ffmpeg.sh", str(args.pairs), str(args.seconds)], check=True)


def copies(_args, work):
    """Copies of pixels on our side between source and encoder."""
    counted, _ = summary(record(FULL_HD + "&realtime=false&frames=300", work / "copies"))
    print(f"frames whose pixels were copied before the encoder: {counted['converted'] + counted['copied']} of {counted['encoded']}")


def garbage(args, work):
    """Bytes allocated a frame, and the longest pause of the collector in a heap of 48 MB."""
    results = work / "jmh.json"
    subprocess.run(
        [HERE / "run.sh", "EncodeBenchmark", "-p", "size=1920x1080", "-rf", "json", "-rff", results],
        check=True, stdout=subprocess.DEVNULL)
    for result in json.loads(results.read_text()):
        frames = result["primaryMetric"]["score"]
        second = result["secondaryMetrics"]
        allocated = second["gc.alloc.rate.norm"]["score"]
        payload = second["payloadBytes"]["score"] / frames
        print(f"{result['params']['encoder']:8}: {allocated:8.0f} B a frame, {payload:8.0f} of them video: garbage {allocated - payload:.0f} B")
    _, run = summary(record(FULL_HD, work / "garbage", "--motion", "--for", f"{args.seconds}s", jvm=["-Xmx48m", "-Xlog:gc:stdout"]))
    pauses = [float(ms) for ms in re.findall(r"Pause.* ([0-9.]+)ms", run.stdout)]
    print(f"pauses at -Xmx48m in {args.seconds} s: {len(pauses)}, the longest {max(pauses, default=0):.1f} ms")


def seconds_to_fragment(source, out):
    """Starts a recording and waits until its first fragment stands whole in a file; returns seconds and the process."""
    known = set(out.rglob("*.mp4*"))
    began = time.monotonic()
    process = subprocess.Popen(record(source, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while time.monotonic() - began < 30:
        for part in set(out.rglob("*.mp4.part")) - known:
            if has_fragment(part):
                return time.monotonic() - began, process
        time.sleep(0.005)
    process.kill()
    raise SystemExit(f"no fragment of {source} within 30 s")


def has_fragment(part):
    """Whether a moof and the mdat behind it are whole."""
    data, at, seen = part.read_bytes(), 0, set()
    while at + 8 <= len(data):
        size = int.from_bytes(data[at:at + 4], "big")
        if size < 8 or at + size > len(data):
            break
        seen.add(data[at + 4:at + 8])
        at += size
    return {b"moof", b"mdat"} <= seen


def start(args, work):
    """From the start of the process to the first fragment on disk, and again after kill -9."""
    fresh, again = [], []
    for i in range(2 * args.pairs + 1):
        out = work / f"start{i}"
        out.mkdir()
        for times in (fresh, again):
            seconds, process = seconds_to_fragment(FULL_HD, out)
            times.append(seconds)
            time.sleep(1)
            process.kill()
            process.wait()
    print(f"to the first fragment: median {statistics.median(fresh):.2f} s (of {len(fresh)}, worst {max(fresh):.2f})")
    print(f"after kill -9:         median {statistics.median(again):.2f} s (worst {max(again):.2f})")


def durable(args, work):
    """A fragment made durable beside a bare write and fdatasync, and bytes written for a byte of footage."""
    results = work / "durable.json"
    subprocess.run(
        [HERE / "run.sh", "DurableFragmentBenchmark", "-rf", "json", "-rff", results, "-jvmArgsAppend", f"-Djava.io.tmpdir={work}"],
        check=True, stdout=subprocess.DEVNULL)
    medians = {r["benchmark"].split(".")[-1]: r["primaryMetric"]["scorePercentiles"]["50.0"] for r in json.loads(results.read_text())}
    ours, bare = medians["segmentWriter"], medians["writeAndFdatasync"]
    print(f"a fragment of 500 kB: {ours:.0f} µs, bare write and fdatasync {bare:.0f} µs: {ours / bare:.2f}")
    out = work / "durable"
    process = subprocess.Popen(record(FULL_HD, out, "--segment", "10s"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(args.seconds)
    written = int(re.search(r"^write_bytes: (\d+)", Path(f"/proc/{process.pid}/io").read_text(), re.M)[1])
    process.kill()
    process.wait()
    footage = sum(f.stat().st_size for f in out.rglob("*.mp4*"))
    print(f"bytes written for a byte of footage: {written / footage:.3f} ({footage / 1e6:.1f} MB)")


def drops(args, work):
    """Frames lost at 1080p30 with one core busy."""
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        counted, _ = summary(record(FULL_HD, work / "drops", "--motion", "--for", f"{args.drops_minutes}m"))
    finally:
        busy.kill()
    print(f"with one core busy: {counted['dropped']} of {counted['captured'] + counted['dropped']} frames lost")


FIGURES = [cpu, copies, garbage, start, durable, drops]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(f.__name__ for f in FIGURES))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--drops-minutes", type=int, default=10)
    args = parser.parse_args()
    unknown = set(args.names) - {f.__name__ for f in FIGURES}
    if unknown:
        parser.error(f"unknown figure {', '.join(sorted(unknown))}; known are {', '.join(f.__name__ for f in FIGURES)}")
    if not JAR.exists():
        parser.error("run 'mvn -q -DskipTests package' first")
    for figure in FIGURES:
        if not args.names or figure.__name__ in args.names:
            print(f"== {figure.__doc__}", flush=True)
            work = Path(tempfile.mkdtemp(prefix="figures.", dir=os.environ.get("TMPDIR", "/var/tmp")))
            try:
                figure(args, work)
            finally:
                shutil.rmtree(work, ignore_errors=True)


main()
