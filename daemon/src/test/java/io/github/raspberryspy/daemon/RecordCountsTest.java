package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code record --json} counts of a camera that delivers H.264. */
@Timeout(120)
class RecordCountsTest {

  @TempDir Path folder;

  @Test
  void eachFrameIsDecodedOrNot() throws Exception {
    record("first", "test://?size=160x120&fps=30&seed=3&realtime=false&frames=90");
    String counts = record("second", "file://" + video("first") + "?realtime=true");
    assertThat(count(counts, "captured")).isEqualTo(90);
    assertThat(count(counts, "decoded") + count(counts, "notDecoded")).isEqualTo(90);
    assertThat(count(counts, "lostByDecoder")).isZero();
  }

  private String record(String name, String source) throws Exception {
    Outcome outcome =
        Outcome.of(
            "record",
            "--source",
            source,
            "--out",
            folder.resolve(name).toString(),
            "--motion",
            "--motion-decode",
            "auto",
            "--json");
    assertThat(outcome.exit()).as("%s", outcome.err()).isZero();
    return String.join(" ", outcome.out());
  }

  private static long count(String counts, String name) {
    Matcher number = Pattern.compile('"' + name + "\" ?: ?([0-9]+)").matcher(counts);
    assertThat(number.find()).as("%s in %s", name, counts).isTrue();
    return Long.parseLong(number.group(1));
  }

  private Path video(String name) throws Exception {
    try (Stream<Path> files = Files.walk(folder.resolve(name))) {
      return files.filter(file -> file.toString().endsWith(".mp4")).findFirst().orElseThrow();
    }
  }
}
