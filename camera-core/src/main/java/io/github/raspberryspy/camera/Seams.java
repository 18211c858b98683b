package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.VideoEncoder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Where tests put other things in: a clock that they move, an encoder that hangs.
 *
 * @param nanos the steady clock by which stalls are measured
 * @param encoding the call into the encoder
 */
record Seams(LongSupplier nanos, Encoding encoding) {

  /** {@link VideoEncoder#encode}. */
  @FunctionalInterface
  interface Encoding {
    void encode(VideoEncoder encoder, Frame frame, Consumer<Packet> into);
  }

  static Seams none() {
    return new Seams(System::nanoTime, VideoEncoder::encode);
  }
}
