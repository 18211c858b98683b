#!/usr/bin/env bash
# Runs the JMH benchmarks with the garbage profiler. Arguments go to JMH: benchmarks/run.sh Capture -p size=1920x1080
# Needs: mvn -q -DskipTests package
set -euo pipefail
cd "$(dirname "$0")"
[ -f target/classpath ] || { echo "benchmarks/run.sh: run 'mvn -q -DskipTests package' first" >&2; exit 2; }
exec java --enable-native-access=ALL-UNNAMED \
  -Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 \
  -cp "target/classes:$(cat target/classpath)" \
  org.openjdk.jmh.Main -prof gc "$@"
