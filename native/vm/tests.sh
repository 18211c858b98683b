# What the scripts that run JUnit tests in a guest share. Sourced by "driver-tests", "arm64-tests" and "arm64-record".
# shellcheck shell=bash

# Compiles modules with their tests, and writes the class path of each to MODULE/target/PLATFORM.classpath: with the console
# launcher, and with the natives of that platform (linux-x86_64, linux-arm64).
compile_tests() {
  local platform=$1 modules
  shift
  modules=$(printf '%s\n' "$@" | sort -u | paste -sd,)
  say "compiling $modules for $platform"
  (cd "$project" && mvn -q -B -ntp -Dstyle.color=never -Pconsole-launcher -DskipTests "-Djavacpp.platform=$platform" -pl "$modules" -am \
    test-compile dependency:build-classpath -Dmdep.includeScope=test "-Dmdep.outputFile=target/$platform.classpath")
}

# The class path of a module's tests, its own classes first.
test_classpath() {
  local platform=$1 module=$project/$2
  printf '%s:%s:%s\n' "$module/target/test-classes" "$module/target/classes" "$(cat "$module/target/$platform.classpath")"
}

# Unpacks the natives of the jars on a class path to where JavaCPP looks for them, so that a guest need not. The files keep
# their dates, by which it knows them; those depend on the time zone, so guests are told this one: UTC.
unpack_natives() {
  local jar folder
  while read -r jar; do
    folder=$state/natives/$(basename "$jar")
    [ ! -d "$folder" ] || continue
    rm -rf "$folder.part" && mkdir -p "$folder.part"
    (cd "$folder.part" && jar -J-Duser.timezone=UTC -xf "$jar")
    mv "$folder.part" "$folder"
  done < <(tr ':' '\n' <<<"$1" | grep -E -- '-linux-(x86_64|arm64)(-gpl)?\.jar$')
}

# Prints the Java command that all tests have in common. The options are those of the build's own test runs.
java_command() {
  echo java -Xmx256m -Djava.util.concurrent.ForkJoinPool.common.parallelism=16 -Djava.awt.headless=true \
    --enable-native-access=ALL-UNNAMED -Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 \
    -Duser.timezone=UTC "-Dorg.bytedeco.javacpp.cachedir=$state/natives" -Draspberryspy.nothingAbsent=true
}

# Prints, per module and then for all, the line that Maven's test runs end with, out of the launcher's reports; false when a
# report is missing, has a failure, or has no test.
summarise() {
  local reports=$1 module report good=0 sums=(0 0 0 0) numbers
  shift
  for module in "$@"; do
    report=$reports/$module/TEST-junit-jupiter.xml
    if [ ! -s "$report" ]; then
      echo "no report of $module"
      good=1
      continue
    fi
    read -ra numbers <<<"$(report_numbers "$report")"
    printf 'Tests run: %d, Failures: %d, Errors: %d, Skipped: %d, Time elapsed: %s s -- %s\n' "${numbers[@]}" "$module"
    for i in 0 1 2 3; do sums[i]=$((sums[i] + numbers[i])); done
    [ "${numbers[0]}" -gt 0 ] || good=1
  done
  printf 'Tests run: %d, Failures: %d, Errors: %d, Skipped: %d\n' "${sums[@]}"
  return $((good || sums[1] || sums[2]))
}

# Prints of a report: tests, failures, errors, skipped, seconds.
report_numbers() {
  local name
  for name in tests failures errors skipped time; do
    grep -m1 -o '<testsuite [^>]*' "$1" | sed -n "s/.* $name=\"\([^\"]*\)\".*/\1/p"
  done | tr '\n' ' '
}
