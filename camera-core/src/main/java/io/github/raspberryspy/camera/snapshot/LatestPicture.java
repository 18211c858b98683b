package io.github.raspberryspy.camera.snapshot;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.decode.FrameDecoder;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.encode.PacketWindow;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The latest picture of a stream of H.264, decoded only when it is asked for: from the last
 * keyframe on.
 *
 * @param window the stream
 * @param startNanos capture time of its presentation time 0
 */
public record LatestPicture(PacketWindow window, long startNanos) implements FrameSupply {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Override
  public void show(Consumer<Frame> to) {
    Keeper keeper = new Keeper();
    try (PacketCursor cursor = window.openCursor();
        FrameDecoder decoder = FrameDecoder.openH264(() -> false)) {
      try {
        cursor.awaitNext(PATIENCE);
        while (cursor.awaitNext(Duration.ZERO)) {
          Packet packet = cursor.next();
          if (packet == null) {
            break;
          }
          decoder.decode(packet, keeper::keep);
        }
        decoder.finish(keeper::keep);
        if (keeper.latest != null) {
          to.accept(keeper.latest);
        }
      } finally {
        keeper.close();
      }
    }
  }

  /** Holds the latest frame. */
  private final class Keeper {
    private Frame latest;
    private long number;

    void keep(FrameSlot slot, long ptsUs) {
      Frame newer = slot.publish(number++, ptsUs, startNanos + ptsUs * 1000);
      close();
      latest = newer;
    }

    void close() {
      if (latest != null) {
        latest.close();
      }
    }
  }
}
