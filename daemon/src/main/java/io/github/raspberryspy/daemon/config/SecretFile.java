package io.github.raspberryspy.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files whose first line is a secret, and that nobody else may read. */
final class SecretFile {

  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  private SecretFile() {}

  /**
   * Its first line.
   *
   * @param key that names the file
   * @param what the line is: {@code the password}
   * @throws ConfigException in one sentence that names both
   */
  static String read(ConfigKey<?> key, String file, String what) {
    try {
      requirePrivate(key, Path.of(file));
      return Files.readString(Path.of(file))
          .lines()
          .findFirst()
          .filter(line -> !line.isEmpty())
          .orElseThrow(
              () -> complaint(key, file, "has no first line; allowed is one that is " + what));
    } catch (IOException e) {
      throw complaint(key, file, "cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static void requirePrivate(ConfigKey<?> key, Path file) throws IOException {
    boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (isPosix && !OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
      throw complaint(
          key, file.toString(), "can be read or changed by others; allowed is 0600 (chmod 600)");
    }
  }

  private static ConfigException complaint(ConfigKey<?> key, String file, String what) {
    return new ConfigException("key \"" + key.name() + "\": file " + file + " " + what);
  }
}
