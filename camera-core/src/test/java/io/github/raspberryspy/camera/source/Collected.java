package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Collects what a source delivers, packets or frames. */
class Collected implements CameraSource.Receiver {

  final List<Packet> packets = new ArrayList<>();
  final List<Long> frameTimes = new ArrayList<>();
  final List<Long> numbers = new ArrayList<>();
  final List<ImageFormat> formats = new ArrayList<>();
  final List<Long> arrivals = new ArrayList<>();
  private boolean mayLose;
  final List<Integer> strides = new ArrayList<>();

  /** Opens, reads while there is more and the count of what came is wanted, and closes. */
  static Collected from(String uri, Sources.Delivery delivery, IntPredicate goesOnAt) {
    Collected collected = new Collected();
    try (CameraSource source = Sources.create(uri, delivery)) {
      source.open();
      collected.read(source, goesOnAt);
    }
    return collected;
  }

  /** The same of a damaged source. */
  static Collected despiteLosses(String uri, Sources.Delivery delivery, IntPredicate goesOnAt) {
    Collected collected = new Collected();
    collected.mayLose = true;
    try (CameraSource source = Sources.create(uri, delivery)) {
      source.open();
      collected.read(source, goesOnAt);
    }
    return collected;
  }

  void read(CameraSource source, IntPredicate goesOnAt) {
    boolean goesOn = true;
    while (goesOn && goesOnAt.test(packets.size() + frameTimes.size())) {
      goesOn = source.deliver(this);
    }
  }

  @Override
  public void onFrame(Frame frame) {
    arrivals.add(System.nanoTime());
    frameTimes.add(frame.ptsUs());
    numbers.add(frame.number());
    formats.add(frame.image().imageFormat());
    strides.add(frame.image().stride(0));
  }

  @Override
  public void onPacket(Packet packet) {
    arrivals.add(System.nanoTime());
    packets.add(packet);
  }

  @Override
  public void onLost(long frames) {
    if (!mayLose) {
      throw new AssertionError("lost " + frames);
    }
  }
}
