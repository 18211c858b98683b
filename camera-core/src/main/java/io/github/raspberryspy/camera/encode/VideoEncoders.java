package io.github.raspberryspy.camera.encode;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.EncoderConfig.Choice;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.v4l2.FourCc;
import io.github.raspberryspy.natives.v4l2.V4l2Devices;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the encoder: the machine's own hardware first, by our queue and then by FFmpeg's; then
 * libx264; then libopenh264. What stood in the way of the better ones is logged.
 */
public final class VideoEncoders {

  private static final Logger log = LoggerFactory.getLogger(VideoEncoders.class);

  private VideoEncoders() {}

  /** A way to encode, not tried yet. */
  private interface Way {
    VideoEncoder open();
  }

  /**
   * Opens the encoder of a configuration for images like this one; those of a format that it does
   * not {@linkplain VideoEncoder#takes take} must be converted to I420.
   *
   * @param fps nominal frames per second
   * @throws CameraException of kind ENCODER_FAILED, if none of the choice can be opened
   */
  public static VideoEncoder open(EncoderConfig config, ImageFormat image, double fps) {
    return open(config, image, fps, device(config.choice()));
  }

  static VideoEncoder open(
      EncoderConfig config, ImageFormat image, double fps, Optional<String> device) {
    List<Way> ways = new ArrayList<>();
    device.ifPresent(path -> ways.add(() -> V4l2M2mEncoder.open(path, config, image, fps)));
    if (device.isPresent() && config.choice() == Choice.AUTO) {
      ways.add(() -> byFfmpeg(config.choice(Choice.V4L2M2M), image, fps));
    }
    ways.add(() -> byFfmpeg(config, image, fps)); // which goes through its own for AUTO
    List<String> reasons = new ArrayList<>();
    CameraException failure = null;
    for (Way way : ways) {
      try {
        VideoEncoder encoder = way.open();
        log.info(
            "encoder {}{}",
            encoder.name(),
            reasons.isEmpty() ? "" : ", because " + String.join("; ", reasons));
        return encoder;
      } catch (CameraException e) {
        failure = e;
        reasons.add(e.getMessage());
      }
    }
    throw failure;
  }

  private static VideoEncoder byFfmpeg(EncoderConfig config, ImageFormat image, double fps) {
    boolean isTaken = H264Encoder.takes(config, image.pixels());
    return H264Encoder.open(config, isTaken ? image : i420(image), fps);
  }

  static ImageFormat i420(ImageFormat image) {
    return new ImageFormat(image.width(), image.height(), PixelFormat.I420, false);
  }

  /** The device that encodes, where one may be used. */
  private static Optional<String> device(Choice choice) {
    boolean isLinux =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
    if (!isLinux || (choice != Choice.AUTO && choice != Choice.V4L2M2M)) {
      return Optional.empty();
    }
    try {
      return V4l2Devices.findEncoder(LibC.load(), FourCc.of("H264")).map(Object::toString);
    } catch (UnsatisfiedLinkError e) {
      throw new CameraException(
          Kind.ENCODER_FAILED, "video devices cannot be looked at: " + e.getMessage(), e);
    }
  }
}
