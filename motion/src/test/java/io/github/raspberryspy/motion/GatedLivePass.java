package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.decode.GatedDecoder;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * The way of a live camera's detector, on its own thread, through a stream of H.264. Packets come
 * when it has looked at what was shown before: a camera's pace gives it the time. What is decoded
 * late comes at once.
 */
final class GatedLivePass implements GatedDecoder.Viewer, AutoCloseable {

  private final List<MotionEvent> events = new CopyOnWriteArrayList<>();
  private final MotionDetector detector =
      new MotionDetector(
          "test",
          MotionConfig.defaults(),
          true,
          new MotionListener() {
            @Override
            public void ended(MotionEvent event) {
              events.add(event);
            }
          });
  private final GatedDecoder decoder = new GatedDecoder(this, () -> false, () -> 0);

  void take(Packet packet) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (detector.framesAnalysed() + detector.framesReplaced() < detector.framesSeen()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("the detector looks at nothing any more");
      }
      LockSupport.parkNanos(50_000);
    }
    decoder.take(packet);
  }

  void finish() {
    decoder.finish();
    detector.close();
  }

  List<MotionEvent> events() {
    return events;
  }

  long framesReplaced() {
    return detector.framesReplaced();
  }

  @Override
  public boolean wantsEveryFrame() {
    return detector.wantsEveryFrame();
  }

  @Override
  public void show(Frame frame) {
    detector.onFrame(frame);
  }

  @Override
  public void glance(Frame frame) {
    // For the watch over the picture.
  }

  @Override
  public void quiet(long untilNanos) {
    detector.onQuiet(untilNanos);
  }

  @Override
  public void counted(long decoded, long leftOut, long lost) {
    // The other pass counts.
  }

  @Override
  public boolean goesOn() {
    return true;
  }

  @Override
  public void close() {
    decoder.close();
    detector.close();
  }
}
