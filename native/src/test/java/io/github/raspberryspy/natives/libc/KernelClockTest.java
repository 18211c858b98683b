package io.github.raspberryspy.natives.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelClockTest {

  @TempDir Path folder;

  @Test
  void theKernelTellsHowWrongItsClockMayBe() {
    assumeTrue(Platform.isLinux(), "no Linux");
    KernelClock clock = KernelClock.read().orElse(null);
    assumeTrue(clock != null, "a sandbox forbids to ask");
    assertThat(clock.maxError()).isBetween(Duration.ZERO, KernelClock.LARGEST_ERROR);
    assertThat(clock.isSynchronised())
        .isEqualTo(clock.maxError().compareTo(KernelClock.LARGEST_ERROR) < 0);
  }

  @Test
  void aClockIsSynchronisedAsLongAsItsErrorIsBounded() {
    assertThat(new KernelClock(0, Duration.ofSeconds(16)).isSynchronised()).isFalse();
    assertThat(new KernelClock(0, Duration.ofMillis(15_999)).isSynchronised()).isTrue();
    assertThat(new KernelClock(KernelClock.STA_UNSYNC, Duration.ofMillis(3)).isSynchronised())
        .as("the bit alone keeps a hardware clock from being written")
        .isTrue();
  }

  @Test
  void theCompilerOfThisMachineAgreesWithTheLayout() throws Exception {
    assumeTrue(Platform.isLinux(), "no Linux");
    assertThat(complaints(Native.LONG_SIZE, "cc")).isEmpty();
  }

  @Test
  void theCompilerSeesAWrongLayout() throws Exception {
    assumeTrue(Platform.isLinux(), "no Linux");
    assertThat(complaints(12 - Native.LONG_SIZE, "cc")).contains("maxerror", "status");
  }

  @Test
  void theCompilerAgreesFor64BitsOfArm() throws Exception {
    assertThat(complaints(8, "aarch64-linux-gnu-gcc")).isEmpty();
  }

  @Test
  void theCompilerAgreesFor32BitsOfArm() throws Exception {
    assertThat(complaints(4, "arm-linux-gnueabihf-gcc")).isEmpty();
  }

  /** What the compiler has against our numbers; empty where it agrees. */
  private String complaints(int longSize, String compiler) throws Exception {
    Path source = Files.writeString(folder.resolve("timex.c"), source(longSize));
    List<String> command = new ArrayList<>(List.of(compiler, "-std=gnu11", "-fsyntax-only"));
    command.add(source.toString());
    Path output = folder.resolve("output");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      return abort("there is no compiler " + compiler + ": " + e.getMessage());
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(output);
    assumeTrue(!said.contains("No such file or directory"), "headers are absent: " + said.strip());
    return process.exitValue() == 0 ? "" : said;
  }

  private static String source(int longSize) {
    return String.join(
        "\n",
        "#include <stddef.h>",
        "#include <sys/timex.h>",
        expect("offsetof(struct timex, modes)", 0),
        expect("offsetof(struct timex, maxerror)", KernelClock.maxErrorAt(longSize)),
        expect("offsetof(struct timex, status)", KernelClock.statusAt(longSize)),
        expect("sizeof(((struct timex *)0)->maxerror)", longSize),
        expect("STA_UNSYNC", KernelClock.STA_UNSYNC),
        "_Static_assert(sizeof(struct timex) <= 256, \"size\");",
        "");
  }

  private static String expect(String fact, int number) {
    return "_Static_assert(" + fact + " == " + number + ", \"" + fact + "\");";
  }
}
