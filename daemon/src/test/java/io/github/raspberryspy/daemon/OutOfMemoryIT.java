package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A camera whose memory is full ends at once, so that it can be started again and goes on. */
class OutOfMemoryIT {

  /** What the JVM ends with under {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int OUT_OF_MEMORY = 3;

  private static final Path JAR =
      Path.of(System.getProperty("raspberryspy.jar", "target/raspberryspy.jar"));

  @TempDir Path folder;

  @Test
  void aFullHeapEndsTheProcessAndTheNextOneRecordsOnAfterAListedGap() throws Exception {
    Path spool = folder.resolve("spool");
    Path log = folder.resolve("log");
    Process leaky =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + JAR.resolveSibling("jvm.options"),
                "-cp",
                JAR + File.pathSeparator + Path.of("target", "test-classes"),
                LeakyCamera.class.getName(),
                spool.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(leaky.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(leaky.exitValue()).as("%s", Files.readString(log)).isEqualTo(OUT_OF_MEMORY);
    } finally {
      leaky.destroyForcibly();
    }

    Program.Result next =
        Program.run(
            folder,
            Duration.ofMinutes(2),
            "record",
            "--source",
            "test://?size=160x120&fps=30&frames=60",
            "--out",
            spool.toString());

    assertThat(next.exit()).as("%s", next.err()).isZero();
    List<SealedSegment> sealed = Spool.open(spool, "camera").sealed();
    assertThat(sealed).hasSize(2);
    SealedSegment recovered = sealed.get(0);
    assertThat(recovered.manifest().closed()).isEqualTo(CloseReason.RECOVERED);
    assertThat(FragmentedMp4.scan(recovered.files().video()).frames())
        .isEqualTo(recovered.manifest().frames())
        .isGreaterThan(30);
    assertThat(sealed.get(1).manifest().gaps())
        .contains(new Gap(recovered.manifest().end(), sealed.get(1).manifest().start(), "restart"));
  }
}
