package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.decode.FrameDecoder;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import io.github.raspberryspy.camera.source.Sources.Delivery;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Decodes a file on the calling thread, picture by picture. */
final class FootageReader {

  /** Takes pictures. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes the next picture, which it borrows.
     *
     * @param us when it is shown, on the clock of its run
     */
    void onFrame(Frame frame, long us);
  }

  private final Footage footage;
  private final BooleanSupplier isStopped;
  private final Sink sink;
  private long lost;
  private boolean hasAny;

  private FootageReader(Footage footage, BooleanSupplier isStopped, Sink sink) {
    this.footage = footage;
    this.isStopped = isStopped;
    this.sink = sink;
  }

  /**
   * Reads all of a file.
   *
   * @param isStopped asked for each picture
   * @return how many pictures could not be decoded
   * @throws CameraException in one sentence, if it holds no video or breaks off; of kind CANCELLED
   *     once stopped
   */
  static long read(Footage footage, BooleanSupplier isStopped, Sink sink) {
    FootageReader reader = new FootageReader(footage, isStopped, sink);
    reader.deliver(Delivery.FRAMES, new Frames(reader::take, reader));
    if (!reader.hasAny) {
      throw new CameraException(
          Kind.CORRUPT, "file " + footage.file() + " holds no readable picture");
    }
    return reader.lost;
  }

  /**
   * Reads a segment from the first keyframe on at or behind a moment; what it lacks is no error.
   */
  static void readEnd(Footage segment, long fromUs, BooleanSupplier isStopped, Sink sink) {
    FootageReader reader = new FootageReader(segment, isStopped, sink);
    try (FrameDecoder decoder = FrameDecoder.openH264(() -> true)) {
      FrameDecoder.Receiver pictures =
          (slot, ptsUs) -> {
            try (Frame frame = slot.publish(0, ptsUs, 0)) {
              reader.take(frame);
            }
          };
      boolean[] hasBegun = {false};
      Packets packets =
          new Packets(
              packet -> {
                long us = segment.firstUs() + packet.ptsUs();
                hasBegun[0] |= packet.isKeyframe() && us >= fromUs;
                if (hasBegun[0]) {
                  decoder.decode(packet, pictures);
                }
              });
      reader.deliver(Delivery.AS_IT_COMES, packets);
      decoder.finish(pictures);
    }
  }

  private void deliver(Delivery delivery, CameraSource.Receiver receiver) {
    Path path = footage.file();
    String uri = path.toAbsolutePath().toUri().toString();
    try (CameraSource source = Sources.create(uri, delivery)) {
      source.open();
      boolean goesOn = true;
      while (goesOn) {
        goesOn = source.deliver(receiver);
        if (isStopped.getAsBoolean()) {
          throw new CameraException(Kind.CANCELLED, "reading " + path + " was stopped");
        }
      }
    }
  }

  private void take(Frame frame) {
    hasAny = true;
    sink.onFrame(frame, footage.firstUs() + frame.ptsUs());
  }

  private record Frames(Consumer<Frame> into, FootageReader reader)
      implements CameraSource.Receiver {
    @Override
    public void onFrame(Frame frame) {
      into.accept(frame);
    }

    @Override
    public void onPacket(Packet packet) {
      throw new IllegalStateException("frames were asked for");
    }

    @Override
    public void onLost(long frames) {
      reader.lost += frames;
    }
  }

  private record Packets(Consumer<Packet> into) implements CameraSource.Receiver {
    @Override
    public void onFrame(Frame frame) {
      // a segment holds H.264; should it not, its scene is learnt from what follows
    }

    @Override
    public void onPacket(Packet packet) {
      into.accept(packet);
    }

    @Override
    public void onLost(long frames) {
      // a picture less to learn from
    }
  }
}
