package io.github.raspberryspy.daemon.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Wall clocks of processes, each of which can be set wrong while the process runs. Nothing in the
 * program knows of it: a small library in C, built here, answers in place of libc. Where there is
 * no C compiler all clocks stay right.
 */
final class Clocks {

  /** F25 and F26: small steps, a change of the hour, and clocks that are wrong by years. */
  static final List<Duration> STEPS =
      List.of(
          Duration.ofSeconds(3),
          Duration.ofSeconds(-3),
          Duration.ofHours(1),
          Duration.ofHours(-1),
          Duration.ofDays(-33),
          Duration.ofDays(3652));

  private static final String SOURCE = "step-clock.c";

  private final Path folder;
  private final Path library;
  private final boolean canStep;
  private final Set<String> names = new TreeSet<>();

  Clocks(Path folder) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.library = folder.resolve("step-clock.so");
    Path source = folder.resolve(SOURCE);
    try (InputStream in = Clocks.class.getResourceAsStream(SOURCE)) {
      Files.copy(in, source);
    }
    this.canStep = isBuilt(source);
  }

  private boolean isBuilt(Path source) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(
                  "cc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("cc.out").toFile())
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      Files.writeString(folder.resolve("cc.out"), e.toString());
      return false;
    }
  }

  boolean canStep() {
    return canStep;
  }

  /** What the process of this name needs in its environment; its clock is right at first. */
  Map<String, String> environment(String who) throws IOException {
    if (!canStep) {
      return Map.of();
    }
    names.add(who);
    Path file = file(who);
    if (!Files.exists(file)) {
      Files.write(file, new byte[Long.BYTES]);
    }
    return Map.of("LD_PRELOAD", library.toString(), "CLOCK_STEP_FILE", file.toString());
  }

  /** Sets it wrong by so much from now on, over restarts. */
  void set(String who, Duration wrong) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    bytes.putLong(0, wrong.toSeconds());
    try (FileChannel channel = FileChannel.open(file(who), StandardOpenOption.WRITE)) {
      channel.write(bytes); // in place: the process has it mapped
    }
  }

  /** Sets all of them right. */
  void setAllRight() throws IOException {
    for (String who : names) {
      set(who, Duration.ZERO);
    }
  }

  private Path file(String who) {
    return folder.resolve(who + ".step");
  }
}
