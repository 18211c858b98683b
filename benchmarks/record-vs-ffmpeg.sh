#!/usr/bin/env bash
# P1: CPU of `raspberryspy record` beside the ffmpeg executable of the very same FFmpeg build: raw 1080p30 from a file
# -> libx264 ultrafast zerolatency, 4 Mbit/s, GOP 1 s -> fragmented MP4. Runs A B B A A B …, prints CPU seconds and the
# median of the paired ratios.
#   benchmarks/record-vs-ffmpeg.sh [pairs=5] [seconds=20] [size=1920x1080]
# Needs: mvn -q -DskipTests package; unzip, python3, GNU time.
set -euo pipefail
cd "$(dirname "$0")/.."
pairs=${1:-5} seconds=${2:-20} size=${3:-1920x1080}
jar=daemon/target/raspberryspy.jar
[ -f "$jar" ] || { echo "record-vs-ffmpeg: run 'mvn -q -DskipTests package' first" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/record-vs-ffmpeg.XXXXXX")
trap 'rm -rf "$work"' EXIT

unzip -q -j "$jar" 'org/bytedeco/ffmpeg/linux-*/*' -d "$work/ffmpeg"
chmod +x "$work/ffmpeg/ffmpeg"
export LD_LIBRARY_PATH="$work/ffmpeg"
"$work/ffmpeg/ffmpeg" -v error -f lavfi -i "testsrc2=size=$size:rate=30:duration=$seconds" -pix_fmt yuv420p "$work/clip.y4m"

ours() {
  rm -rf "$work/out"
  env -u LD_LIBRARY_PATH /usr/bin/time -a -o "$1" -f '%U %S %M' \
    java @daemon/target/jvm.options -jar "$jar" record --source "file://$work/clip.y4m" --out "$work/out" \
      --encoder x264 --bitrate 4000000 --json $2 >>"$work/ours.json" 2>>"$work/ours.log"
}
theirs() {
  /usr/bin/time -a -o "$1" -f '%U %S %M' \
    "$work/ffmpeg/ffmpeg" -v error -y -i "$work/clip.y4m" -c:v libx264 -preset ultrafast -tune zerolatency \
      -b:v 4M -maxrate 4M -bufsize 4M -g 60 -force_key_frames 'expr:gte(t,n_forced*1)' -forced-idr 1 -sc_threshold 0 -bf 0 \
      -movflags frag_keyframe+empty_moov+default_base_moof "$work/theirs.mp4"
}

ours "$work/warm" '' && theirs "$work/warm"
for ((i = 0; i < pairs; i++)); do
  if ((i % 2 == 0)); then ours "$work/a" ''; theirs "$work/b"; else theirs "$work/b"; ours "$work/a" ''; fi
  ours "$work/m" --motion
  ours "$work/o" '--overlay-time --overlay-text YARD --privacy-mask 0.25,0.25,0.25,0.25'
done
python3 - "$work/a" "$work/b" "$work/m" "$work/o" "$seconds" <<'P'
import statistics, sys
def read(path):
    return [(float(u) + float(s), int(m)) for u, s, m in (line.split() for line in open(path) if line[0].isdigit())]
a, b, m, o, frames = *(read(path) for path in sys.argv[1:5]), int(sys.argv[5]) * 30
def row(name, runs):
    cpu = [c for c, _ in runs]
    print(f"{name:34} {min(cpu):6.2f} {statistics.median(cpu):6.2f} {max(cpu):6.2f} s CPU   "
          f"{statistics.median(cpu) / frames * 1000:5.2f} ms a frame   {statistics.median(r for _, r in runs) / 1024:4.0f} MB")
row("raspberryspy record", a); row("ffmpeg", b); row("raspberryspy record --motion", m)
row("raspberryspy record --overlay-time", o)
print("ratio record / ffmpeg, median of pairs:          %.2f" % statistics.median(x[0] / y[0] for x, y in zip(a, b)))
print("ratio record --motion / ffmpeg, median of pairs: %.2f" % statistics.median(x[0] / y[0] for x, y in zip(m, b)))
print("ratio record with overlay / record, median of pairs: %.2f" % statistics.median(x[0] / y[0] for x, y in zip(o, a)))
P
