package io.github.raspberryspy.camera.encode;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.v4l2.FourCc;
import io.github.raspberryspy.natives.v4l2.V4l2Devices;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where a machine's own encoders are looked for.
 *
 * @param libc the functions of the C library, asked for only where there are nodes
 * @param nodes video devices, in the order in which they are tried
 * @param nanoTime a steady clock
 */
record HardwareEncoders(Supplier<LibC> libc, List<Path> nodes, LongSupplier nanoTime) {

  private static final FourCc H264 = FourCc.of("H264");

  /** Those of this machine; none where it has no video devices as Linux has them. */
  static HardwareEncoders ofThisMachine() {
    List<Path> nodes = V4l2Devices.list().stream().map(V4l2Devices.Node::path).toList();
    return new HardwareEncoders(LibC::load, nodes, System::nanoTime);
  }

  /**
   * The first device that encodes H.264.
   *
   * @param obstacles told a sentence for each device that could not be asked, and one if there is
   *     none
   */
  Optional<String> find(Consumer<String> obstacles) {
    try {
      Optional<Path> found =
          nodes.isEmpty()
              ? Optional.empty()
              : V4l2Devices.findEncoder(
                  libc.get(), nodes, H264, refusal -> obstacles.accept(refusal.getMessage()));
      if (found.isEmpty()) {
        obstacles.accept("no video device here encodes H.264");
      }
      return found.map(Object::toString);
    } catch (UnsatisfiedLinkError e) {
      throw new CameraException(
          Kind.ENCODER_FAILED, "video devices cannot be looked at: " + e.getMessage(), e);
    }
  }

  /** Opens the encoder at a device. */
  VideoEncoder open(String path, EncoderConfig config, ImageFormat image, double fps) {
    return V4l2M2mEncoder.open(this, path, H264, config, image, fps);
  }
}
