package io.github.raspberryspy.camera.encode;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.EncoderConfig.Choice;
import java.util.ArrayList;
import java.util.List;
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
    return open(config, image, fps, HardwareEncoders.ofThisMachine());
  }

  static VideoEncoder open(
      EncoderConfig config, ImageFormat image, double fps, HardwareEncoders hardware) {
    List<String> reasons = new ArrayList<>();
    List<Way> ways = new ArrayList<>();
    boolean isAuto = config.choice() == Choice.AUTO;
    if (isAuto || config.choice() == Choice.V4L2M2M) {
      Optional<String> device = hardware.find(reasons::add);
      device.ifPresent(path -> ways.add(() -> hardware.open(path, config, image, fps)));
      if (device.isPresent() && isAuto) {
        ways.add(() -> byFfmpeg(config.choice(Choice.V4L2M2M), image, fps));
      }
    }
    ways.add(() -> byFfmpeg(config, image, fps)); // which goes through its own for AUTO
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
    throw new CameraException(failure.kind(), String.join("; ", reasons), failure);
  }

  private static VideoEncoder byFfmpeg(EncoderConfig config, ImageFormat image, double fps) {
    boolean isTaken = H264Encoder.takes(config, image.pixels());
    boolean isHardware = config.choice() == Choice.V4L2M2M;
    int bitrate = V4l2M2mEncoder.bitrate(config.bitrateBps(), image.width(), image.height());
    EncoderConfig possible = isHardware ? config.bitrateBps(bitrate) : config;
    return H264Encoder.open(possible, isTaken ? image : i420(image), fps);
  }

  static ImageFormat i420(ImageFormat image) {
    return new ImageFormat(image.width(), image.height(), PixelFormat.I420, false);
  }
}
