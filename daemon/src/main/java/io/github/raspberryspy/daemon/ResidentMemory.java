package io.github.raspberryspy.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How much memory this process holds, native memory included: what the JVM's own limits do not
 * bound. Source: proc_pid_status(5), {@code VmRSS}.
 */
final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String FIELD = "VmRSS:";

  private ResidentMemory() {}

  /** Bytes; empty on a system that does not tell. */
  static OptionalLong bytes() {
    return bytes(STATUS);
  }

  static OptionalLong bytes(Path status) {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith(FIELD) && line.endsWith(" kB")) {
          String kilobytes = line.substring(FIELD.length(), line.length() - 3).strip();
          return OptionalLong.of(Long.parseLong(kilobytes) * 1024);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty(); // another system than Linux
    }
    return OptionalLong.empty();
  }
}
