package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.upload.Pairing;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a camera keeps what it has of being paired, and what that means. */
public final class PairingKeys {

  private static final String AUTO = "auto";
  private static final String OFF = "off";

  private PairingKeys() {}

  /**
   * The file that keeps it.
   *
   * @throws ConfigException if there is to be none
   */
  public static Path file(Settings settings) {
    String value = settings.get(CameraKeys.PAIRING);
    if (value.equals(OFF)) {
      throw new ConfigException(
          "key \"master.pairing\" is \"off\": say auto or a file, to pair the camera");
    }
    return value.equals(AUTO)
        ? settings.get(CameraKeys.SPOOL).resolve(settings.get(CameraKeys.NAME) + ".pairing")
        : Path.of(value);
  }

  /** The camera's name. */
  public static String camera(Settings settings) {
    return settings.get(CameraKeys.NAME);
  }

  /** Whether the camera is, or ought to be. A token file that is set goes before. */
  static boolean isPaired(Settings settings) {
    String value = settings.get(CameraKeys.PAIRING);
    if (value.equals(OFF) || !settings.get(CameraKeys.TOKEN_FILE).isBlank()) {
      return false;
    }
    return !value.equals(AUTO) || Files.exists(file(settings));
  }

  /**
   * By what it is paired.
   *
   * @throws ConfigException in one sentence, if the file is none, or of another camera or master
   */
  static Pairing pairing(Settings settings) {
    Path file = file(settings);
    Pairing pairing = CameraKeys.PAIRING.checked(() -> Pairing.read(file));
    String name = settings.get(CameraKeys.NAME);
    if (!pairing.credential().camera().equals(name)) {
      throw new ConfigException(
          "file "
              + file
              + " is of the camera \""
              + pairing.credential().camera()
              + "\", not of \""
              + name
              + "\": pair the camera anew");
    }
    String master = settings.get(CameraKeys.MASTER);
    return master.isBlank() ? pairing : pairing.at(CameraKeys.MASTER.checked(() -> https(master)));
  }

  private static URI https(String master) {
    URI address = URI.create(master);
    if (!"https".equals(address.getScheme()) || address.getHost() == null) {
      throw new IllegalArgumentException(
          "a paired camera speaks TLS: the address has to begin with https://");
    }
    return address;
  }
}
