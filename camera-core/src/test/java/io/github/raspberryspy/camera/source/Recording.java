package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Notes what a source delivers. */
final class Recording implements CameraSource.Receiver {

  /** What is known of a frame. */
  record Shot(long number, long ptsUs, long captureNanos, OptionalLong code) {}

  final List<Shot> shots = new ArrayList<>();
  long lost;
  private final Consumer<Frame> consumer;

  Recording() {
    this(frame -> {});
  }

  /** Shows each frame to somebody as well, who borrows it. */
  Recording(Consumer<Frame> consumer) {
    this.consumer = consumer;
  }

  @Override
  public void onFrame(Frame frame) {
    OptionalLong code = TestPatternReader.frameNumber(frame.image());
    shots.add(new Shot(frame.number(), frame.ptsUs(), frame.captureNanos(), code));
    consumer.accept(frame);
  }

  @Override
  public void onPacket(Packet packet) {
    throw new AssertionError("a packet from a source of frames");
  }

  @Override
  public void onLost(long frames) {
    if (frames < 1) {
      throw new AssertionError("lost " + frames);
    }
    lost += frames;
  }

  List<Long> numbers() {
    return shots.stream().map(Shot::number).toList();
  }

  Shot last() {
    return shots.get(shots.size() - 1);
  }
}
