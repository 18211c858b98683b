"""Figures of the way to the master: how fast footage gets there, and how many cameras one master takes."""
import json
import os
import shutil
import statistics
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from measure import FPS, HERE, JAR, TARGET, cpu_of, record, row

NGINX = """daemon off; worker_processes 1; error_log {folder}/error.log; pid {folder}/pid;
events {{ }}
http {{
  access_log off; client_body_temp_path {folder}/body; client_max_body_size 0; client_body_buffer_size 1m;
  proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; location / {{ dav_methods PUT; create_full_put_path on; }} }}
}}
"""


def java(main, *arguments):
    """The command line of a program in this folder's module."""
    return ["java", "-Xmx256m", "-cp", f"{HERE}/target/classes:{(HERE / 'target/classpath').read_text()}",
            f"io.github.raspberryspy.benchmarks.load.{main}", *map(str, arguments)]


def segment(machine, name, source, *more):
    """Records a segment into a spool of its own; returns the spool."""
    spool = machine.work / f"spool-{name}"
    machine.run(record(source, spool, "--segment", "1h", *more))
    return spool


def noise(machine, seconds, bits):
    """H.264 of pure noise: much video in little time."""
    path = machine.work / f"noise{bits}.mp4"
    machine.run([machine.ffmpeg, "-v", "error", "-f", "lavfi", "-i", f"nullsrc=size=1280x720:rate={FPS}:duration={seconds},noise=alls=100:allf=t",
                 "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-b:v", bits, "-minrate", bits, "-maxrate", bits, "-bufsize", bits,
                 "-g", FPS, "-pix_fmt", "yuv420p", path])
    return path


@contextmanager
def master(machine, name):
    """A master in a process of its own, with the flags that it is started with; its address, footage folder and process."""
    footage = machine.work / f"footage-{name}"
    config = machine.work / f"master-{name}.yaml"
    config.write_text(f"footage: {{folder: {footage}}}\nlisten: {{port: 0}}\nretention: {{min-free: 0}}\n")
    process = subprocess.Popen(["java", f"@{TARGET}/master.options", "-jar", JAR, "master", "--config", config, "--json"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    try:
        yield json.loads(process.stdout.readline())["url"], footage, process
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(footage, ignore_errors=True)


@contextmanager
def nginx(machine):
    """nginx that takes files by PUT, as the peer of a master; its address."""
    program = shutil.which("nginx", path="/usr/sbin:" + os.environ["PATH"])
    if not program:
        raise FileNotFoundError("nginx (Debian's package of that name)")
    folder = machine.work / "nginx"
    (folder / "files").mkdir(parents=True)
    config = folder / "nginx.conf"
    config.write_text(("" if os.getuid() else "user root; ") + NGINX.format(folder=folder, port=18470))
    process = subprocess.Popen([program, "-c", config, "-p", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen("http://127.0.0.1:18470/").read()
            except urllib.error.HTTPError:
                break  # it answers
            except OSError:
                time.sleep(0.05)
        yield "http://127.0.0.1:18470", folder / "files"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def upload(machine, args):
    """A large segment to the master over loopback, hash, fsync and receipt included, beside `curl` to `nginx`: P10."""
    spool = segment(machine, "large", f"file://{noise(machine, 20, '120M')}", "--encoder", "copy")
    video = next(spool.rglob("*.mp4"))
    size = video.stat().st_size
    plain = machine.work / "large.mp4"
    shutil.copy(video, plain)
    try:
        peer = nginx(machine)
        with master(machine, "large") as (url, footage, process), peer as (theirs, _files):
            curl = []
            for i in range(args.pairs + 1):  # the first one warms
                began = time.perf_counter()
                subprocess.run(["curl", "-sf", "-T", plain, f"{theirs}/{i}.mp4"], check=True)
                curl.append(size / (time.perf_counter() - began) / 1e6)
            # one after the other within one process, as a camera drains its backlog
            idle = cpu_of(process)
            used, _, printed = machine.run(java("DrainLoad", url, footage, spool, "camera", args.pairs + 1))
            master_cpu = (cpu_of(process) - idle) / (args.pairs + 1) / size * 1e9
            camera_cpu = used / (args.pairs + 1) / size * 1e9
            seen = json.loads(printed)
            ours = [size / ms * 1e-3 for ms in map(float, seen["ms"])]
    except FileNotFoundError as e:
        print(f"  left out: there is no {e}")
        return
    print(f"  {size / 1e6:.0f} MB; ours " + " ".join(f"{v:.0f}" for v in ours) + " MB/s; curl to nginx " + " ".join(f"{v:.0f}" for v in curl) + " MB/s")
    print(f"  seconds of CPU a GB: camera {camera_cpu:.2f}, start of its JVM in it; master {master_cpu:.2f}")
    ratio = statistics.median(ours[1:]) / statistics.median(curl[1:])
    row("P10", f"{size / 1e6:.0f} MB uploaded, verified, durable", f"curl to nginx {statistics.median(curl[1:]):.0f} MB/s", f"{ratio:.2f}×", "≥ 1.00×", ratio >= 1)


def receipts(machine, args):
    """From a closed segment of 5 MB to its receipt: P11."""
    spool = segment(machine, "small", f"file://{noise(machine, 10, '4M')}", "--encoder", "copy")
    data = next(spool.rglob("*.mp4")).read_bytes()
    folder = machine.work / "bare"
    folder.mkdir()

    def bare(i):
        began = time.perf_counter()
        with open(folder / "part", "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.rename(folder / "part", folder / f"{i}.mp4")
        directory = os.open(folder, os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)
        return (time.perf_counter() - began) * 1000

    disk = statistics.median(bare(i) for i in range(50))
    with master(machine, "small") as (url, footage, _):
        seen = json.loads(machine.run(java("DrainLoad", url, footage, spool, "camera", 300))[2])
    times = sorted(map(float, seen["ms"][50:]))  # a camera runs for days: the first ones warm the compilers
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    peer = f"write, fsync, rename, fsync {disk:.1f} ms"
    row("P11", f"{len(data) / 1e6:.1f} MB closed until verified, p50", peer, f"{p50:.1f} ms", "≤ 40 ms", p50 <= 40)
    row("P11", f"{len(data) / 1e6:.1f} MB closed until verified, p99", peer, f"{p99:.1f} ms", "≤ 150 ms", p99 <= 150)


def ingest(machine, args):
    """Many cameras at 4 Mbit/s, each a piece a second, verified and durable: P13."""
    spool = segment(machine, "fleet", f"file://{noise(machine, 10, '4M')}", "--encoder", "copy")
    cameras = args.fleet
    for kind in ((), ("tail",)):
        with master(machine, "fleet" + "".join(kind)) as (url, footage, process):
            idle = cpu_of(process)
            load = subprocess.Popen(java("FleetLoad", url, footage, spool, "camera", cameras, 6, *kind), stdout=subprocess.PIPE, text=True)
            resident = 0
            while load.poll() is None:
                time.sleep(1)
                resident = max(resident, int(Path(f"/proc/{process.pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024)
            used = cpu_of(process) - idle
            seen = json.loads(load.stdout.read())
        print(f"  {json.dumps(seen)}")
        if seen["failures"]:
            raise SystemExit(f"a camera failed: {seen['failure']}")
        what = f"{cameras} cameras × 4 Mbit/s, " + ("open segments" if kind else "pieces of known length")
        carried = seen["bytes"] / used / 500_000  # cameras' seconds for a second of CPU, the start of the compilers in it
        row("P13", what + ": cameras a core", "nginx about 0.3 GB/s a core", f"{carried:.0f}", "≥ 200", carried >= 200)
        row("P13", what + ": receipt, p99", "–", f"{seen['receiptMs']['p99']:.0f} ms", "≤ 500 ms", seen["receiptMs"]["p99"] <= 500)
        row("P13", what + ": piece due until durable, p99", "–", f"{seen['pieceMs']['p99']:.0f} ms", "≤ 500 ms", seen["pieceMs"]["p99"] <= 500)
        row("P13", what + ": resident memory of the master", "–", f"{resident:.0f} MB", "≤ 256 MB", resident <= 256)




def tail(machine, args):
    """From a frame that is shot to its being durable on the master, while its segment is still open: P12."""
    with master(machine, "tail") as (url, footage, _):
        printed = machine.run(java("TailLoad", url, footage, machine.work / "spool-tail", f"test://?size=1280x720&fps={FPS}", args.seconds))[2]
    seen = json.loads(printed.splitlines()[-1])
    print(f"  {json.dumps(seen)}")
    what = f"720p{FPS}, {args.seconds} s: shot until durable on the master"
    row("P12", what + ", p50", "–", f"{seen['p50']} ms", "–", None)
    row("P12", what + ", p99", "–", f"{seen['p99']} ms", "≤ 1500 ms", seen["frames"] > 0 and seen["p99"] <= 1500)
