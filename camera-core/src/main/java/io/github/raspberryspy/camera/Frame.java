package io.github.raspberryspy.camera;

import java.util.Optional;

/**
 * A handle to one raw capture. Many handles may point to the same pixels; each is closed once, by
 * its owner, and the last close gives the memory back to the source.
 *
 * <ul>
 *   <li>A {@link FrameSink} <b>borrows</b> the handle it is given and does not close it.
 *   <li>Who wants to keep the frame calls {@link #share} and owns the new handle.
 *   <li>{@link #close} may be called again; everything else on a closed handle throws {@link
 *       IllegalStateException}.
 * </ul>
 *
 * <p>Thread-safe. A handle has one owner at a time; passing it on passes the duty to close it.
 */
public final class Frame implements AutoCloseable {

  private final FrameSlot.Holder holder;

  Frame(FrameSlot.Holder holder) {
    this.holder = holder;
  }

  /** Number of the frame since its run began, from 0; a hole means frames that the source lost. */
  public long number() {
    return open().number();
  }

  /** Presentation time since the run's first frame, microseconds. */
  public long ptsUs() {
    return open().ptsUs();
  }

  /** When it was captured, on the clock of {@link System#nanoTime}. */
  public long captureNanos() {
    return open().captureNanos();
  }

  /** The pixels. */
  public Image image() {
    return open().image();
  }

  /**
   * A smaller picture of the same capture, where the camera gives one besides: for whoever needs to
   * see and not to show, such as motion detection.
   */
  public Optional<Image> lores() {
    return open().lores();
  }

  /**
   * A new handle to the same pixels, owned by the caller.
   *
   * @param holder who keeps it, for the message that names who leaked one: a constant
   */
  public Frame share(String holder) {
    return this.holder.slot().share(this, holder);
  }

  /** Gives this handle up. The last one of a frame gives the memory back, on the calling thread. */
  @Override
  public void close() {
    holder.slot().release(this);
  }

  /** Who holds it. */
  String holder() {
    return holder.name();
  }

  private FrameSlot open() {
    holder.slot().requireOpen(this);
    return holder.slot();
  }

  @Override
  public String toString() {
    return "Frame(" + holder() + ")";
  }
}
