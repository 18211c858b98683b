#!/usr/bin/env bash
# An index of very many segments that an earlier version left: how long this one takes to bring it up to date.
# benchmarks/upgrade-index.sh [FOLDER [SEGMENTS [VERSION]]]; needs: mvn -q -DskipTests package
set -euo pipefail
cd "$(dirname "$0")"
[ -f target/classpath ] || { echo "benchmarks/upgrade-index.sh: run 'mvn -q -DskipTests package' first" >&2; exit 2; }
folder=${1:-$(mktemp -d)}
upgrade=(java -Xmx128m -cp "target/classes:$(cat target/classpath)" io.github.raspberryspy.benchmarks.store.UpgradeIndex "$folder")
"${upgrade[@]}" "${2:-1000000}" "${3:-15}"
exec "${upgrade[@]}"
