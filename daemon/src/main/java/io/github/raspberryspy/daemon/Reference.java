package io.github.raspberryspy.daemon;

import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.MasterKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The commented configuration files: the reference of all keys. */
final class Reference {

  private Reference() {}

  /** All keys of {@link CameraKeys}. */
  static String camera() {
    return read("camera.yml");
  }

  /** All keys of {@link MasterKeys}. */
  static String master() {
    return read("master.yml");
  }

  private static String read(String name) {
    try (InputStream in = CameraKeys.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
