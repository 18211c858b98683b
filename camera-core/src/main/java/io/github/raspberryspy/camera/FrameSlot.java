package io.github.raspberryspy.camera;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * A place in a {@link FramePool}: memory for one frame, and the handles that are open on it.
 *
 * <p>A source takes a free slot, fills its {@link #avFrame}, and publishes it; from then on it is
 * read-only until the last handle is closed. Taking, filling and publishing belong to the source's
 * thread; everything else is thread-safe.
 */
public final class FrameSlot {

  /** Names are constants, and few; a caller who makes them up must not fill the memory. */
  private static final int MOST_KNOWN = 16;

  /**
   * Who holds a slot: all that a handle needs to know. One for each name, so that a handle, of
   * which each frame has several, is as small as an object can be.
   */
  record Holder(FrameSlot slot, String name) {}

  /*
   * The open handles are kept by name in a short list under the slot's own lock, not merely counted:
   * close() is idempotent per handle without a flag of its own, a handle that is not in the list is
   * closed, and a leak can be told by its holder's name. A few entries at some hundred operations a
   * second cost nothing, and the list's array is used again for each frame.
   */
  private final List<Frame> handles = new ArrayList<>(8);

  @GuardedBy("handles")
  private final Map<String, Holder> known = new HashMap<>();

  private final FramePool pool;
  private final int index;
  private final AVFrame frame;
  private final Image image;
  private final Optional<AVFrame> loresFrame;
  private final Optional<Image> lores;
  private long number;
  private long ptsUs;
  private long captureNanos;

  FrameSlot(
      FramePool pool,
      int index,
      AVFrame frame,
      Optional<AVFrame> loresFrame,
      boolean isReferenceCounted) {
    this.pool = pool;
    this.index = index;
    this.frame = frame;
    this.image = new Image(frame, isReferenceCounted, () -> pool.dmabufs(index));
    this.loresFrame = loresFrame;
    this.lores = loresFrame.map(f -> new Image(f, isReferenceCounted, () -> new int[0]));
  }

  /**
   * The memory to fill. Writable from taking the slot until publishing it, on the source's thread.
   */
  public AVFrame avFrame() {
    return frame;
  }

  /**
   * Turns what was filled in into a frame. Where that fails, the slot is given back.
   *
   * @param number of the frame since the run began
   * @param ptsUs since the run's first frame, microseconds
   * @param captureNanos on the clock of {@link System#nanoTime}
   * @return the first handle, owned by the caller
   * @throws CameraException of kind FORMAT_UNSUPPORTED, if the pixels are none of {@link
   *     PixelFormat}
   * @throws IllegalStateException if it is published already
   */
  public Frame publish(long number, long ptsUs, long captureNanos) {
    try {
      image.refresh();
      lores.ifPresent(Image::refresh);
    } catch (Throwable e) { // nobody has a handle whose close would give it back
      discard();
      throw e;
    }
    synchronized (handles) {
      if (!handles.isEmpty()) {
        throw new IllegalStateException("slot is published already, held by " + holders());
      }
      this.number = number;
      this.ptsUs = ptsUs;
      this.captureNanos = captureNanos;
      Frame first = new Frame(holder("source"));
      handles.add(first);
      return first;
    }
  }

  /**
   * Gives back a slot that was taken and not published.
   *
   * @throws IllegalStateException if it is published: then its last handle gives it back
   */
  public void discard() {
    String holders = holders();
    if (!holders.isEmpty()) {
      throw new IllegalStateException("slot is published, and held by " + holders);
    }
    pool.requeue(this);
  }

  Frame share(Frame from, String holder) {
    synchronized (handles) {
      requireOpen(from);
      Frame handle = new Frame(holder(holder));
      handles.add(handle);
      return handle;
    }
  }

  void release(Frame handle) {
    boolean last;
    synchronized (handles) {
      last = handles.remove(handle) && handles.isEmpty();
    }
    if (last) {
      pool.requeue(this);
    }
  }

  void requireOpen(Frame handle) {
    synchronized (handles) {
      if (!handles.contains(handle)) {
        throw new IllegalStateException(handle + " is closed");
      }
    }
  }

  @GuardedBy("handles")
  private Holder holder(String name) {
    Holder holder = known.get(name);
    if (holder == null) {
      holder = new Holder(this, name);
      if (known.size() < MOST_KNOWN) {
        known.put(name, holder);
      }
    }
    return holder;
  }

  /** Names of those who hold it; empty where nobody does. */
  String holders() {
    synchronized (handles) {
      return handles.stream().map(Frame::holder).collect(Collectors.joining(", "));
    }
  }

  int index() {
    return index;
  }

  long number() {
    return number;
  }

  long ptsUs() {
    return ptsUs;
  }

  long captureNanos() {
    return captureNanos;
  }

  Image image() {
    return image;
  }

  Optional<Image> lores() {
    return lores;
  }

  void free() {
    avutil.av_frame_free(frame);
    loresFrame.ifPresent(avutil::av_frame_free);
  }
}
