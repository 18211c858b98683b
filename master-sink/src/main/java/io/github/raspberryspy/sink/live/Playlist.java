package io.github.raspberryspy.sink.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.segments.wire.LiveMessage.Fragment;
import io.github.raspberryspy.segments.wire.LiveMessage.Init;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What players of HLS are shown of one camera: the latest segments of about a second, each from a
 * keyframe on where there is one in time. The bytes are those that came. Thread-safe.
 *
 * <p>How long a segment is at the most is settled by the first one, since a player waits for three
 * of that length, and it may not change. Source: RFC 8216 sections 4.3 and 6.2.
 */
final class Playlist implements Audience {

  /** How many segments are listed. */
  static final int LISTED = 6;

  /** How many are kept: a player may still ask for those that have just gone from the list. */
  static final int KEPT = 9;

  /** Most bytes of memory that all that is kept takes; beyond that the oldest go. */
  static final long MOST_BYTES = 24 << 20;

  private static final long LEAST_US = 900_000;
  private static final long MOST_US = 4_000_000;
  private static final long MOST_SEGMENT_BYTES = 4 << 20;
  private static final double ROUNDED_OFF = 0.4; // of a second: what rounds to the target
  private static final int FIRST_LISTED = 2; // so that a player does not run dry at once

  /** One segment; its pictures are shared with the hub. */
  private static final class Segment {
    private final long number;
    private final Head head;
    private final boolean isAfterBreak;
    private final long startUs;
    private final Instant captured;
    private final List<ByteBuffer> pictures = new ArrayList<>();
    private long durationUs;
    private long bytes;
    private long lastUs;
    private long intervalUs;

    Segment(long number, Head head, boolean isAfterBreak, Fragment first) {
      this.number = number;
      this.head = head;
      this.isAfterBreak = isAfterBreak;
      this.startUs = first.timeUs();
      this.lastUs = startUs;
      this.captured = first.captured();
    }

    /** As far as it is known: its last picture is taken to last as long as the one before. */
    long lengthUs() {
      return lastUs - startUs + intervalUs;
    }

    void add(Fragment picture) {
      intervalUs = picture.timeUs() - lastUs;
      lastUs = picture.timeUs();
      pictures.add(picture.payload());
      bytes += picture.heldBytes();
    }
  }

  /** What comes before the segments of one stream; named after the first of them. */
  private record Head(long number, ByteBuffer bytes) {}

  // all of this is guarded by this
  private final Deque<Segment> segments = new ArrayDeque<>();
  private Head head; // null before the stream's beginning
  private Segment open; // null before a keyframe
  private boolean isBroken; // the next segment does not follow the one before
  private long next;
  private long bytes;
  private long breaksGone;
  private long target; // seconds; 0 before the first segment
  private boolean isOver;

  /**
   * An empty one.
   *
   * @param first number of the first segment; more than any that a player may know
   */
  Playlist(long first) {
    this.next = first;
  }

  @Override
  public synchronized void offer(LiveMessage message) {
    if (message instanceof Init init) {
      if (open != null) {
        open.durationUs = open.lengthUs();
        finish(open);
      }
      isBroken = head != null;
      head = new Head(next, init.payload());
    } else if (message instanceof Fragment picture && head != null) {
      take(picture);
    }
  }

  @GuardedBy("this")
  private void take(Fragment picture) {
    if (open != null && isFull(picture)) {
      finish(open);
    }
    if (open == null) {
      boolean mayBegin = picture.isKeyframe() || (!segments.isEmpty() && !isBroken);
      if (!mayBegin) {
        return;
      }
      open = new Segment(next++, head, isBroken, picture);
      isBroken = false;
    }
    open.add(picture);
  }

  /** Whether the open segment ends before this picture. */
  @GuardedBy("this")
  private boolean isFull(Fragment picture) {
    long us = picture.timeUs() - open.startUs;
    long mostUs = target == 0 ? MOST_US : (long) ((target + ROUNDED_OFF) * 1e6);
    boolean isGap = us < 0 || (us > mostUs && picture.timeUs() - open.lastUs > LEAST_US);
    isBroken |= isGap;
    open.durationUs = isGap ? open.lengthUs() : us;
    return isGap
        || (picture.isKeyframe() && us >= LEAST_US)
        || us + open.intervalUs > mostUs
        || open.bytes > MOST_SEGMENT_BYTES;
  }

  @GuardedBy("this")
  private void finish(Segment full) {
    open = null;
    if (full.durationUs <= 0) {
      return;
    }
    target = target == 0 ? (long) Math.ceil(full.durationUs / 1e6 - ROUNDED_OFF) : target;
    segments.addLast(full);
    bytes += full.bytes;
    while (segments.size() > KEPT || (bytes > MOST_BYTES && segments.size() > 1)) {
      Segment oldest = segments.removeFirst();
      bytes -= oldest.bytes;
      breaksGone += oldest.isAfterBreak ? 1 : 0;
    }
    notifyAll();
  }

  @Override
  public synchronized void close(String reason) {
    isOver = true;
    notifyAll();
  }

  /**
   * The list, once there is something on it.
   *
   * @return empty where nothing is within this time
   */
  synchronized Optional<String> text(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (long left = patience.toMillis();
        segments.size() < FIRST_LISTED && !isOver && left > 0;
        left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    return segments.size() < FIRST_LISTED || isOver ? Optional.empty() : Optional.of(write());
  }

  @GuardedBy("this")
  private String write() {
    List<Segment> all = List.copyOf(segments);
    List<Segment> listed = all.subList(Math.max(0, all.size() - LISTED), all.size());
    StringBuilder text = new StringBuilder(512).append("#EXTM3U\n#EXT-X-VERSION:7\n");
    text.append("#EXT-X-TARGETDURATION:").append(target).append('\n');
    text.append("#EXT-X-MEDIA-SEQUENCE:").append(listed.get(0).number).append('\n');
    long breaks = breaksBefore(listed.get(0));
    text.append("#EXT-X-DISCONTINUITY-SEQUENCE:").append(breaks).append('\n');
    Head shown = null;
    for (Segment segment : listed) {
      if (segment.isAfterBreak) {
        text.append("#EXT-X-DISCONTINUITY\n");
      }
      if (!segment.head.equals(shown)) {
        shown = segment.head;
        text.append("#EXT-X-MAP:URI=\"live/init-").append(shown.number).append(".mp4\"\n");
      }
      Instant captured = segment.captured.truncatedTo(ChronoUnit.MILLIS);
      text.append("#EXT-X-PROGRAM-DATE-TIME:").append(captured).append('\n');
      text.append(String.format(Locale.ROOT, "#EXTINF:%.3f,", segment.durationUs / 1e6));
      text.append("\nlive/").append(segment.number).append(".m4s\n");
    }
    return text.toString();
  }

  /** How many breaks have gone from the list. */
  @GuardedBy("this")
  private long breaksBefore(Segment first) {
    return breaksGone
        + segments.stream().filter(s -> s.isAfterBreak && s.number < first.number).count();
  }

  /** The beginning of a stream; empty where it is not known any more. */
  synchronized Optional<List<ByteBuffer>> head(long number) {
    return segments.stream()
        .filter(segment -> segment.head.number == number)
        .findFirst()
        .map(segment -> List.of(segment.head.bytes));
  }

  /** A segment; empty where it is not known any more. */
  synchronized Optional<List<ByteBuffer>> segment(long number) {
    return segments.stream()
        .filter(segment -> segment.number == number)
        .findFirst()
        .map(segment -> List.copyOf(segment.pictures));
  }
}
