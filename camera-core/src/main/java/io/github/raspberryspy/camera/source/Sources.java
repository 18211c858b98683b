package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;

/** Finds the source for an address. */
public final class Sources {

  /** The schemes that this version knows. */
  static final String SCHEMES = "file, rtsp, test, v4l2";

  private Sources() {}

  /**
   * The source for an address, not yet opened. Every key of the address is checked here.
   *
   * @throws CameraException of kind INVALID, for an unknown scheme or key or a value out of range
   */
  public static CameraSource create(String uri) {
    SourceUri address = SourceUri.parse(uri);
    return switch (address.scheme()) {
      case "test" -> TestPatternSource.of(address);
      default ->
          throw new CameraException(
              Kind.INVALID,
              "source \""
                  + address
                  + "\" has the unknown scheme \""
                  + address.scheme()
                  + "\"; known are "
                  + SCHEMES);
    };
  }
}
