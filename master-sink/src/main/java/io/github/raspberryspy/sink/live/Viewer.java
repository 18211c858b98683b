package io.github.raspberryspy.sink.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.segments.wire.LiveMessage.Fragment;
import io.github.raspberryspy.segments.wire.LiveMessage.Init;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Somebody who watches a camera. What a slow one has not taken yet is bounded: beyond that it is
 * dropped, and this viewer goes on at the next keyframe. Offering never blocks. Thread-safe.
 */
final class Viewer implements Audience {

  /** Most bytes of memory that waits for a viewer: some seconds of 1080p. */
  static final int MOST_BYTES = 2 << 20;

  private final Screen screen;
  private final Consumer<Viewer> gone;

  @GuardedBy("this")
  private final Deque<LiveMessage> waiting = new ArrayDeque<>();

  @GuardedBy("this")
  private long bytes;

  @GuardedBy("this")
  private boolean isSending;

  @GuardedBy("this")
  private boolean wantsKeyframe = true;

  @GuardedBy("this")
  private long dropped;

  /**
   * One that has seen nothing.
   *
   * @param gone told when its connection does not take what is sent
   */
  Viewer(Screen screen, Consumer<Viewer> gone) {
    this.screen = screen;
    this.gone = gone;
  }

  /** Shows it, if this viewer keeps up. */
  @Override
  public void offer(LiveMessage message) {
    synchronized (this) {
      if (message instanceof Init) {
        dropped += waiting.stream().filter(Fragment.class::isInstance).count();
        waiting.clear(); // a beginning that waits is of a stream that is over
        bytes = 0;
        wantsKeyframe = true;
      } else if (message instanceof Fragment fragment) {
        if (wantsKeyframe && !fragment.isKeyframe()) {
          dropped++;
          return;
        }
        wantsKeyframe = false;
        if (bytes + fragment.heldBytes() > MOST_BYTES) {
          drop();
          dropped++;
          return;
        }
      }
      waiting.add(message);
      bytes += message.heldBytes();
      if (isSending) {
        return;
      }
      isSending = true;
    }
    sendNext();
  }

  /** How many pictures it was not shown. */
  synchronized long dropped() {
    return dropped;
  }

  @Override
  public void close(String reason) {
    screen.close(reason);
  }

  /** What waits goes, but for the beginning of a stream. */
  @GuardedBy("this")
  private void drop() {
    dropped += waiting.stream().filter(Fragment.class::isInstance).count();
    waiting.removeIf(Fragment.class::isInstance);
    bytes = waiting.stream().mapToLong(LiveMessage::heldBytes).sum();
    wantsKeyframe = true;
  }

  private void sendNext() {
    LiveMessage next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        isSending = false;
        return;
      }
      bytes -= next.heldBytes();
    }
    if (next instanceof Init init) {
      screen.send(describe(init), sent -> then(sent, () -> send(init)));
    } else {
      send(next);
    }
  }

  private void send(LiveMessage message) {
    screen.send(message.payload().duplicate(), sent -> then(sent, this::sendNext));
  }

  private void then(boolean sent, Runnable next) {
    if (sent) {
      next.run();
    } else {
      gone.accept(this);
      screen.close("its connection does not take what is sent");
    }
  }

  /** What a page has to know before the first bytes. */
  private static String describe(Init init) {
    return "{\"codec\":\""
        + init.codec()
        + "\",\"width\":"
        + init.width()
        + ",\"height\":"
        + init.height()
        + ",\"start\":\""
        + init.start()
        + "\"}";
  }
}
