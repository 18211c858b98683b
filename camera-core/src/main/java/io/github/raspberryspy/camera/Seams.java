package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.VideoEncoder;
import io.github.raspberryspy.camera.encode.VideoEncoders;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Where tests put other things in: a clock that they move, an encoder that hangs.
 *
 * @param nanos the steady clock by which stalls are measured
 * @param opening what makes the encoder
 * @param encoding the call into the encoder
 */
record Seams(LongSupplier nanos, Opening opening, Encoding encoding) {

  /** {@link VideoEncoders#open}. */
  @FunctionalInterface
  interface Opening {
    VideoEncoder open(EncoderConfig config, ImageFormat image, double fps);
  }

  /** {@link VideoEncoder#encode}. */
  @FunctionalInterface
  interface Encoding {
    void encode(VideoEncoder encoder, Frame frame, Consumer<Packet> into);
  }

  Seams(LongSupplier nanos, Encoding encoding) {
    this(nanos, VideoEncoders::open, encoding);
  }

  static Seams none() {
    return new Seams(System::nanoTime, VideoEncoder::encode);
  }
}
