"""What every figure is measured with: a folder to work in, FFmpeg's executable out of our own jar, and the table in the end."""
import ctypes
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "daemon/target"
JAR = TARGET / "raspberryspy.jar"
FPS = 30
TEST = f"test://?size=1920x1080&fps={FPS}"

rows = []


def row(figure, what, peer, ours, goal, ok):
    """Adds a line to the table; ok is None where this run is too short to say."""
    verdict = {True: "reached", False: "SHORT", None: "open"}[ok]
    rows.append((figure, what, peer, ours, goal, verdict))
    print(f"  {figure}: {what}: {ours} (peer {peer}, goal {goal}): {verdict}", flush=True)


class Machine:
    """What is measured with: a folder to work in, FFmpeg's executable out of our own jar, a clip."""

    def __init__(self, work, args):
        self.work = work
        self.seconds = args.seconds
        natives = work / "ffmpeg"
        natives.mkdir()
        with zipfile.ZipFile(JAR) as jar:
            for name in jar.namelist():
                if re.match(r"org/bytedeco/ffmpeg/linux-[^/]*/[^/]+$", name):
                    (natives / Path(name).name).write_bytes(jar.read(name))
        self.ffmpeg = natives / "ffmpeg"
        self.ffmpeg.chmod(0o755)
        self.environment = dict(os.environ, LD_LIBRARY_PATH=str(natives))
        self._clips = {}

    def clip(self, seconds, pixels="yuv420p", suffix="y4m"):
        """Raw 1080p30, every frame another."""
        key = (seconds, pixels)
        if key not in self._clips:
            path = self.work / f"clip{seconds}-{pixels}.{suffix}"
            self.run([self.ffmpeg, "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size=1920x1080:rate={FPS}:duration={seconds}",
                      "-pix_fmt", pixels, "-c:v", "wrapped_avframe" if suffix == "y4m" else "rawvideo", path])
            os.sync()  # or the first fdatasync that is measured waits for gigabytes
            self._clips[key] = path
        return self._clips[key]

    def run(self, command):
        """Runs to its end; returns seconds of CPU, largest resident MB, and standard output."""
        process = subprocess.Popen([str(c) for c in command], env=self.environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"failed with {process.returncode}: {' '.join(map(str, command))}")
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def record(source, out, *more, jvm=()):
    """The command line that records a source."""
    return ["java", f"@{TARGET}/jvm.options", *jvm, "-jar", JAR, "record", "--source", source, "--out", out, "--json", *more]


def summary(output):
    """What a recording ends with."""
    return json.loads(output.strip().splitlines()[-1])


def ceilings(machine):
    """What the machine itself can do, for scale."""
    size = 256 << 20
    source, target = bytearray(os.urandom(1 << 20)) * 256, bytearray(size)
    places = [ctypes.addressof(ctypes.c_char.from_buffer(b)) for b in (target, source)]
    copy = median_seconds(5, lambda: ctypes.memmove(*places, size))
    fragment = os.urandom(500_000)
    file = os.open(machine.work / "ceiling", os.O_CREAT | os.O_WRONLY)

    def sync():
        os.write(file, fragment)
        os.fdatasync(file)

    synced = median_seconds(40, sync)
    os.close(file)
    hashed = median_seconds(5, lambda: hashlib.sha256(memoryview(source)[:32 << 20]).digest())
    model = re.search(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.M)
    print(f"machine: {os.cpu_count()} × {model[1] if model else os.uname().machine}, load {os.getloadavg()[0]:.1f};"
          f" memcpy {size / copy / 1e9:.1f} GB/s, write + fdatasync of 500 kB {synced * 1e3:.2f} ms,"
          f" SHA-256 (OpenSSL) {(32 << 20) / hashed / 1e6:.0f} MB/s", flush=True)


def apart(work):
    """Runs in a process of its own: a child's largest memory counts what its parent once had."""
    child = os.fork()
    if child == 0:
        try:
            work()
            sys.stdout.flush()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def median_seconds(times, work):
    def once():
        began = time.perf_counter()
        work()
        return time.perf_counter() - began
    return statistics.median(once() for _ in range(times))


def cpu_of(process):
    """Seconds of CPU that a running process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def table():
    """All rows, aligned."""
    head = ("", "figure", "peer", "ours", "goal", "")
    widths = [max(len(r[i]) for r in [*rows, head]) for i in range(len(head))]
    for line in (head, *rows):
        print("| " + " | ".join(text.ljust(width) for text, width in zip(line, widths)) + " |")
