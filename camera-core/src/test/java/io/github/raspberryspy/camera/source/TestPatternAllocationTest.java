package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.Packet;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FrameLeakExtension.class)
class TestPatternAllocationTest {

  private static final int FRAMES = 1000;
  private static final int MAX_ROUNDS = 3;
  private static final long MAX_BYTES_PER_FRAME = 64;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void paintingLeavesNoGarbage() {
    TestPattern pattern = new TestPattern(160, 90, 30, 8, 7);
    TestPatternPainter painter = new TestPatternPainter(pattern);
    try (FramePool pool = FramePool.allocate(PixelFormat.I420, 160, 90, 1)) {
      FrameSlot slot = pool.poll();
      painter.paint(slot, 0, 0);
      painter.paint(slot, 1, 1);
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < FRAMES; i++) {
        painter.paint(slot, i, i);
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(FRAMES);
      slot.discard();
    }
  }

  /* The pool's part of it shrinks once the compiler has seen it often enough: hence the rounds. */
  @Test
  void aFrameLeavesNoGarbageButItsHandle() {
    CameraSource.Receiver blind = new Blind();
    long least = Long.MAX_VALUE;
    try (CameraSource source =
        Sources.create("test://?size=160x90&fps=30&objects=3&realtime=false")) {
      source.open();
      for (int round = 0; round < MAX_ROUNDS && least > MAX_BYTES_PER_FRAME * FRAMES; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < FRAMES; i++) {
          source.deliver(blind);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
    }
    assertThat(least / (double) FRAMES).isLessThanOrEqualTo(MAX_BYTES_PER_FRAME);
  }

  /** Takes frames and looks away. */
  private static final class Blind implements CameraSource.Receiver {
    @Override
    public void onFrame(Frame frame) {}

    @Override
    public void onPacket(Packet packet) {}

    @Override
    public void onLost(long frames) {
      throw new AssertionError("lost " + frames);
    }
  }
}
