package io.github.raspberryspy.camera.encode;

import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.natives.v4l2.FakeEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/** A machine with an encoder that is not there. */
public final class FakeHardware {

  static final String NODE = "/dev/video11";

  private FakeHardware() {}

  static HardwareEncoders with(FakeEncoder device, LongSupplier nanoTime) {
    return new HardwareEncoders(() -> device, List.of(Path.of(NODE)), nanoTime);
  }

  /** Opens it, and gives it no reason to end a stall by itself. */
  public static VideoEncoder open(
      FakeEncoder device, EncoderConfig config, ImageFormat image, double fps) {
    return VideoEncoders.open(config, image, fps, with(device, () -> 0));
  }
}
