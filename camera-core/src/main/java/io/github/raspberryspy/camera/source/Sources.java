package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;

/** Finds the source for an address. */
public final class Sources {

  /** The schemes that this version knows. */
  static final String SCHEMES = "file, libcamera, rpicam, rtsp, test, v4l2";

  /** In which form a source is to deliver. */
  public enum Delivery {
    /** Packets where the source has H.264, frames otherwise. */
    AS_IT_COMES,
    /** Frames always: H.264 is decoded. */
    FRAMES
  }

  private Sources() {}

  /** The source for an address, as it comes. */
  public static CameraSource create(String uri) {
    return create(uri, Delivery.AS_IT_COMES);
  }

  /**
   * The source for an address, not yet opened. Every key of the address is checked here.
   *
   * @throws CameraException of kind INVALID, for an unknown scheme or key or a value out of range
   */
  public static CameraSource create(String uri, Delivery delivery) {
    SourceUri address = SourceUri.parse(uri);
    boolean frames = delivery == Delivery.FRAMES;
    return switch (address.scheme()) {
      case "test" -> TestPatternSource.of(address);
      case "file" -> FfmpegSource.file(address, frames);
      case "rtsp" -> FfmpegSource.rtsp(address, frames);
      case "libcamera" -> LibcameraSource.of(address);
      case "rpicam" -> RpicamSource.of(address, frames);
      case "v4l2" -> V4l2Source.of(address, frames);
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
