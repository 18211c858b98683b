package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidentMemoryTest {

  @TempDir Path folder;

  @Test
  void theKernelsLineIsReadAsBytes() throws Exception {
    Path status =
        Files.writeString(folder.resolve("status"), "VmHWM:\t  999 kB\nVmRSS:\t  12 kB\n");
    assertThat(ResidentMemory.bytes(status)).hasValue(12 * 1024);
  }

  @Test
  void whatIsNotToldIsNotKnown() throws Exception {
    assertThat(ResidentMemory.bytes(folder.resolve("absent"))).isEmpty();
    Path other = Files.writeString(folder.resolve("other"), "VmRSS:\t  many kB\n");
    assertThat(ResidentMemory.bytes(other)).isEmpty();
    assertThat(ResidentMemory.bytes(Files.writeString(other, "Name:\tjava\n"))).isEmpty();
  }

  @Test
  void aCameraThatHoldsMoreThanItMaySealsAndEndsToBeStartedAgain() throws Exception {
    assumeTrue(
        ResidentMemory.bytes().isPresent(), "this system does not tell what a process holds");
    Path config =
        Files.writeString(
            folder.resolve("camera.yml"),
            """
            camera:
              name: front
              source: "test://?size=160x120&fps=30"
            spool:
              folder: %s
            supervise:
              memory: 1MB
            """
                .formatted(folder.resolve("spool")));

    assertThat(Main.run("camera", "--config", config.toString())).isEqualTo(Main.OUT_OF_MEMORY);

    Spool spool = Spool.open(folder.resolve("spool"), "front");
    assertThat(spool.list(SegmentName.PART)).as("segments that are left open").isEmpty();
    assertThat(spool.sealed())
        .extracting(SealedSegment::manifest)
        .allSatisfy(manifest -> assertThat(manifest.closed()).isEqualTo(CloseReason.STOP));
  }
}
