"""Figures of the camera: what it costs to record, to watch for motion, and to be durable."""
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from measure import FPS, HERE, TEST, cpu_of, record, row, summary

ENCODE = ("-c:v libx264 -preset ultrafast -tune zerolatency -b:v 4M -maxrate 4M -bufsize 4M -g 60"
          " -force_key_frames expr:gte(t,n_forced*1) -forced-idr 1 -sc_threshold 0 -bf 0"
          " -movflags frag_keyframe+empty_moov+default_base_moof").split()


def cpu(machine, args):
    """CPU and memory of a whole recording beside the ffmpeg executable of the same build: P1, P7."""
    clip = machine.clip(args.seconds)
    ours = record(f"file://{clip}", machine.work / "out", "--encoder", "x264", "--bitrate", "4000000")
    kinds = {
        "ffmpeg": [machine.ffmpeg, "-v", "error", "-y", "-i", clip, *ENCODE, machine.work / "theirs.mp4"],
        "record": ours,
        "record --motion": [*ours, "--motion"],
    }
    if args.overlay:
        kinds["record, overlay"] = [*ours, "--overlay-time", "--overlay-text", "YARD", "--privacy-mask", "0.25,0.25,0.25,0.25"]
    seen = {kind: [] for kind in kinds}
    for i in range(args.pairs + 1):  # the first one warms
        for kind in list(kinds)[:: 1 if i % 2 == 0 else -1]:
            used, resident, output = machine.run(kinds[kind])
            if kind != "ffmpeg" and summary(output)["recorded"] != args.seconds * FPS:
                raise SystemExit(f"{kind} lost frames: {output}")
            if i > 0:
                seen[kind].append((used, resident))
            shutil.rmtree(machine.work / "out", ignore_errors=True)
    frames = args.seconds * FPS
    for kind, runs in seen.items():
        used = [u for u, _ in runs]
        print(f"  {kind:16} {min(used):6.2f} {statistics.median(used):6.2f} {max(used):6.2f} s CPU,"
              f" {statistics.median(used) / frames * 1000:5.2f} ms a frame, {statistics.median(r for _, r in runs):4.0f} MB")
    theirs = statistics.median(u for u, _ in seen["ffmpeg"]) / frames * 1000
    for kind, goal in (("record", 1.00), ("record --motion", 1.05)):
        ratio = statistics.median(a[0] / b[0] for a, b in zip(seen[kind], seen["ffmpeg"]))
        row("P1", f"CPU of {kind}, {args.seconds} s", f"{theirs:.2f} ms a frame", f"{ratio:.2f}×", f"≤ {goal:.2f}×", ratio <= goal)
    for kind in ("record", "record --motion"):
        ratio = statistics.median(a[1] / b[1] for a, b in zip(seen[kind], seen["ffmpeg"]))
        resident = statistics.median(r for _, r in seen["ffmpeg"])
        row("P7", f"largest resident memory of {kind}", f"{resident:.0f} MB", f"{ratio:.2f}×", "≤ 1.25×", ratio <= 1.25)
    if args.overlay:
        ratio = statistics.median(a[0] / b[0] for a, b in zip(seen["record, overlay"], seen["record"]))
        row("–", "CPU with overlay and mask", "record without", f"{ratio:.2f}×", "said", True)


def copies(machine, _args):
    """Copies of pixels on our side between source and software encoder: P2."""
    nv12 = machine.clip(4, "nv12", "nut")
    for what, source in (("I420", TEST + "&realtime=false&frames=120"), ("NV12", f"file://{nv12}")):
        _, _, output = machine.run(record(source, machine.work / f"copies-{what}", "--encoder", "x264"))
        counted = summary(output)
        copied = counted["converted"] + counted["copied"]
        row("P2", f"copies of {what} before x264", "0", f"{copied} in {counted['encoded']} frames", "0", copied == 0)


def jmh(machine, name, *arguments):
    """Runs a benchmark and returns its results."""
    results = machine.work / "jmh.json"
    subprocess.run([HERE / "run.sh", name, *arguments, "-rf", "json", "-rff", results], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return json.loads(results.read_text())


def garbage(machine, _args):
    """Bytes allocated a frame: P6. Pauses of the collector are counted by `steady`."""
    brief = ["-p", "size=1920x1080", "-wi", "2", "-i", "4"]
    captured = jmh(machine, "CaptureBenchmark", *brief)[0]["secondaryMetrics"]["gc.alloc.rate.norm"]["score"]
    row("P6", "garbage: capture, two shares, closes", "–", f"{captured:.0f} B a frame", "≤ 64 B", captured <= 64)
    encoded = jmh(machine, "EncodeBenchmark", *brief, "-p", "encoder=X264")[0]
    second = encoded["secondaryMetrics"]
    extra = second["gc.alloc.rate.norm"]["score"] - second["payloadBytes"]["score"] / encoded["primaryMetric"]["score"]
    peer = jmh(machine, "JavacvRecorderBenchmark", *brief, "-p", "encoder=libx264")[0]["secondaryMetrics"]["gc.alloc.rate.norm"]["score"]
    row("P6", "garbage: capture, share, encode, close, less video", f"JavaCV, the video in it, {peer:.0f} B", f"{extra:.0f} B a frame", "≤ 64 B",
        extra <= 64)


def seconds_to_fragment(source, out):
    """Starts a recording and waits until its first fragment stands whole in a file; returns seconds and the process."""
    known = set(out.rglob("*.mp4*"))
    began = time.monotonic()
    process = subprocess.Popen([str(c) for c in record(source, out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while time.monotonic() - began < 30:
        for part in set(out.rglob("*.mp4.part")) - known:
            if has_fragment(part):
                return time.monotonic() - began, process
        if process.poll() is not None:
            raise SystemExit(f"recording {source} ended with {process.returncode}")
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


def start(machine, args):
    """From the start of the process to the first fragment on disk, and again after kill -9: P8."""
    paced = f"file://{machine.clip(args.seconds)}?realtime=true"
    for what, source in (("raw video at its pace", paced), ("test pattern", TEST)):
        fresh, again = [], []
        for i in range(args.pairs):
            out = machine.work / f"start{i}-{what.split()[0]}"
            out.mkdir()
            for times in (fresh, again):
                seconds, process = seconds_to_fragment(source, out)
                times.append(seconds)
                time.sleep(0.5)
                process.kill()
                process.wait()
        for when, times, goal in (("start", fresh, 1.5), ("start after kill -9", again, 3)):
            median = statistics.median(times)
            row("P8", f"{when} to first fragment, {what}", "–", f"{median:.2f} s (worst {max(times):.2f})", f"≤ {goal} s", median <= goal)


def durable(machine, args):
    """A fragment made durable beside a bare write and fdatasync, and bytes written for a byte of footage: P9."""
    results = jmh(machine, "DurableFragmentBenchmark", "-wi", "2", "-i", "4", "-jvmArgsAppend", f"-Djava.io.tmpdir={machine.work}")
    medians = {r["benchmark"].split(".")[-1]: r["primaryMetric"]["scorePercentiles"]["50.0"] for r in results}
    bare = medians["writeAndFdatasync"]
    ratio = medians["untilDurable"] / bare
    row("P9", "500 kB until durable", f"{bare:.0f} µs", f"{ratio:.2f}×", "≤ 1.50×", ratio <= 1.5)
    print(f"  the same with its hash, which the disk does not wait for: {medians['segmentWriter'] / bare:.2f}×")
    out = machine.work / "durable"
    process = subprocess.Popen([str(c) for c in record(f"file://{machine.clip(args.seconds)}?realtime=true", out, "--segment", "10s")],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(min(25, args.seconds - 5))
    written = int(re.search(r"^write_bytes: (\d+)", Path(f"/proc/{process.pid}/io").read_text(), re.M)[1])
    process.kill()
    process.wait()
    footage = sum(f.stat().st_size for f in out.rglob("*.mp4*"))
    row("P9", "bytes written for a byte of footage", f"{footage / 1e6:.1f} MB", f"{written / footage:.3f}", "≤ 1.05", written / footage <= 1.05)


def core(machine, _args):
    """The motion decision alone beside what others do with the same pictures, the median of all calls: P3, P4."""
    results = jmh(machine, "motion.Motion(Peers)?Benchmark", "-p", "size=1920x1080", "-bm", "sample")
    median = {(r["benchmark"].split(".")[-1], r["params"].get("scene")): r["primaryMetric"]["scorePercentiles"]["50.0"] / 1000 for r in results}
    least = median["absdiffThresholdCount", None]
    passed = median["core", "moving"]
    row("P3", "the pass over a 1080p plane", f"absdiff, threshold, count {least:.3f} ms; reading once {median['readOnce', None]:.3f} ms",
        f"{passed:.3f} ms, {passed / least:.2f}× absdiff", "≤ 0.10 ms", passed <= 0.10)
    for scene in ("still", "moving"):
        took = median["eachFrame", scene]
        row("P4", f"whole decision a frame, {scene}", f"MOG2 {median['mog2', None]:.1f} ms, blur to contours {median['blurDiffDilateContours', None]:.1f} ms",
            f"{took:.3f} ms, {took / least:.2f}× absdiff", "≤ 0.10 ms", took <= 0.10)


def camera_clip(machine, name, seconds, visit):
    """1080p30 as a camera sends it: 4 Mbit/s, a keyframe a second, a still view with a sensor's noise; somebody may pass."""
    path = machine.work / f"{name}.mp4"
    passes = f"[b][1]overlay=x='-120+(t-20)*300':y=600:enable='between(t,20,27)*{int(visit)}'[o]"
    machine.run([machine.ffmpeg, "-v", "error",
                 "-f", "lavfi", "-i", f"mandelbrot=size=1920x1080:rate={FPS}:start_scale=0.4,trim=end_frame=1,loop=-1:1:0,setpts=N/{FPS}/TB",
                 "-f", "lavfi", "-i", f"testsrc2=size=120x360:rate={FPS}",
                 "-filter_complex", f"[0]eq=contrast=0.7:brightness=0.1[b];{passes};[o]noise=alls=8:allf=t,format=yuv420p",
                 "-t", seconds, "-r", FPS, "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency",
                 "-b:v", "4M", "-maxrate", "4M", "-bufsize", "4M", "-g", FPS, "-keyint_min", FPS, "-sc_threshold", "0", path])
    return path


def h264(machine, args):
    """A camera that sends H.264 at its pace, recorded as it comes, with motion, beside `motion` with pass-through: P5."""
    if not shutil.which("motion"):
        print("  left out: there is no `motion` here (Debian's package of that name)")
        return
    for name, visit in (("nobody there", False), ("somebody for 7 s", True)):
        clip = camera_clip(machine, name.split()[0], 58, visit)
        decoded, _, _ = machine.run([machine.ffmpeg, "-v", "error", "-threads", "1", "-i", clip, "-t", "55", "-f", "null", "-"])
        totals, later, theirs = [], [], []
        for i in range(args.pairs):
            out = machine.work / f"motion{i}"
            out.mkdir(exist_ok=True)
            config = machine.work / "motion.conf"
            config.write_text("\n".join(["daemon off", "setup_mode off", "log_level 1", f"target_dir {out}", f"netcam_url file://{clip}", "width 1920",
                                         "height 1080", f"framerate {FPS}", "emulate_motion on", "movie_output on", "movie_passthrough on",
                                         "movie_max_time 0", "picture_output off", "webcontrol_port 0", "stream_port 0", "text_left", "text_right"]))
            commands = (record(f"file://{clip}?realtime=true", machine.work / "out", "--motion"), ["motion", "-c", config])
            both = [subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for command in commands]
            try:
                time.sleep(15)
                early = [cpu_of(p) for p in both]
                time.sleep(40)
                late = [cpu_of(p) for p in both]
            finally:
                for process in both:
                    process.terminate()
                    process.wait()
                shutil.rmtree(machine.work / "out", ignore_errors=True)
                shutil.rmtree(out)
            totals.append(late[0] / late[1])
            later.append((late[0] - early[0]) / (late[1] - early[1]))
            theirs.append(late[1])
        peer = statistics.median(theirs)
        print(f"  {name}: motion {peer:.2f} s of CPU in 55 s, of which ffmpeg needs {decoded:.2f} s to decode:"
              f" its decision takes {(peer - decoded) / 55 / FPS * 1000:.2f} ms a frame")
        for what, ratios in (("55 s from the start", totals), ("the last 40 s of it", later)):
            ratio = statistics.median(ratios)
            row("P5", f"H.264 recorded with motion, {name}, {what}", f"motion {peer:.1f} s", f"{ratio:.2f}×", "≤ 0.33×", ratio <= 0.33)


def steady(machine, args):
    """Cameras at 1080p30 with motion, in a heap of 48 MB, with one core busy: P6 (pauses), P7 (growth), P15."""
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    cameras, resident = [], []
    try:
        for i in range(args.cameras):
            log = machine.work / f"gc{i}.log"
            command = record(TEST + f"&seed={i}", machine.work / f"steady{i}", "--motion", "--for", f"{args.minutes}m",
                             jvm=["-Xmx48m", f"-Xlog:gc:file={log}"])
            cameras.append((subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True), log))
        step = max(5, min(60, args.minutes * 2))
        while all(p.poll() is None for p, _ in cameras):
            time.sleep(step)
            status = Path(f"/proc/{cameras[0][0].pid}/status")
            size = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.exists() else None
            if size:
                resident.append((time.monotonic(), int(size[1]) / 1024))
        counted = [summary(p.communicate()[0]) for p, _ in cameras]
    finally:
        for process in (busy, *(p for p, _ in cameras)):
            process.kill()
    frames = sum(c["captured"] + c["dropped"] for c in counted)
    lost = sum(c["dropped"] for c in counted)
    enough = False if lost else (True if frames >= 1_000_000 else None)
    row("P15", f"frames lost, {args.cameras} cameras, {args.minutes} min, a core busy", "–", f"{lost} of {frames}", "0 of 10⁶", enough)
    pauses = [float(ms) for _, log in cameras for ms in re.findall(r"Pause.* ([0-9.]+)ms", log.read_text())]
    worst = max(pauses, default=0)
    row("P6", f"longest of {len(pauses)} pauses at -Xmx48m", "–", f"{worst:.1f} ms", "≤ 5 ms", worst <= 5)
    settled = resident[len(resident) // 2:]  # until then heap and packet window fill
    growth = settled[-1][1] - settled[0][1] if len(settled) > 1 else 0
    hours = (settled[-1][0] - settled[0][0]) / 3600 if len(settled) > 1 else 0
    print("  resident memory, MB: " + " ".join(f"{mb:.0f}" for _, mb in resident[:: max(1, len(resident) // 20)]))
    row("P7", f"growth of resident memory in the last {hours * 60:.0f} min", "–", f"{growth:+.1f} MB", "≤ 5 MB in 24 h",
        growth <= 5 if hours >= 24 else None)
