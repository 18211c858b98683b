#!/usr/bin/env bash
# A master that has lost its index: how long it takes to fill a new one from the files, beside reading the same files.
# benchmarks/rebuild-index.sh [FOLDER [SEGMENTS [jdbc:postgresql://HOST:PORT/DATABASE]]]; needs: mvn -q -DskipTests package
set -euo pipefail
cd "$(dirname "$0")"
[ -f target/classpath ] || { echo "benchmarks/rebuild-index.sh: run 'mvn -q -DskipTests package' first" >&2; exit 2; }
folder=${1:-$(mktemp -d)}
exec java -Xmx128m -cp "target/classes:$(cat target/classpath)" \
  io.github.raspberryspy.benchmarks.store.RebuildIndex "$folder" "${2:-100000}" "${@:3}"
