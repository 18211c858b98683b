#!/usr/bin/env bash
# A master over an index of very many segments: how long it takes to start, to answer what the page asks, and to delete.
# benchmarks/million-segments.sh [FOLDER [SEGMENTS [jdbc:postgresql://HOST:PORT/DATABASE]]]; needs: mvn -q -DskipTests package
set -euo pipefail
cd "$(dirname "$0")"
[ -f target/classpath ] || { echo "benchmarks/million-segments.sh: run 'mvn -q -DskipTests package' first" >&2; exit 2; }
folder=${1:-$(mktemp -d)}
exec java -Xmx128m -cp "target/classes:$(cat target/classpath)" \
  io.github.raspberryspy.benchmarks.store.MillionSegments "$folder" "${2:-1000000}" "${@:3}"
