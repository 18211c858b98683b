package io.github.raspberryspy.segments;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Makes a manifest smaller that would be too large to be read back: an hour of trees in the wind
 * has thousands of spans. First half of the boxes of each span goes, again and again; then
 * neighbours are joined. No motion and no gap gets lost, they only become coarser.
 */
final class ManifestThinning {

  private ManifestThinning() {}

  /** About half of it. */
  static SegmentManifest less(SegmentManifest m) {
    int most = m.motion().stream().mapToInt(span -> span.boxes().size()).max().orElse(0);
    List<EventSpan> motion =
        most > 0
            ? m.motion().stream().map(span -> withBoxes(span, most / 2)).toList()
            : joined(m.motion(), EventSpan::joined);
    List<Gap> gaps = most > 0 ? m.gaps() : joined(m.gaps(), ManifestThinning::join);
    List<UnknownSpan> unknown =
        most > 0 ? m.unknown() : joined(m.unknown(), ManifestThinning::join);
    if (motion.equals(m.motion()) && unknown.equals(m.unknown()) && gaps.equals(m.gaps())) {
      throw new IllegalArgumentException("the manifest of " + m.id() + " cannot be made smaller");
    }
    return m.listing(motion, unknown, gaps);
  }

  private static EventSpan withBoxes(EventSpan span, int limit) {
    List<Box> boxes = span.boxes().subList(0, Math.min(limit, span.boxes().size()));
    return new EventSpan(span.start(), span.end(), span.score(), span.zones(), boxes);
  }

  private static <T> List<T> joined(List<T> items, BinaryOperator<T> join) {
    List<T> result = new ArrayList<>();
    for (int i = 0; i < items.size(); i += 2) {
      result.add(i + 1 < items.size() ? join.apply(items.get(i), items.get(i + 1)) : items.get(i));
    }
    return result;
  }

  private static Gap join(Gap a, Gap b) {
    String reason = a.reason().equals(b.reason()) ? a.reason() : "several reasons";
    return new Gap(earlier(a.start(), b.start()), later(a.end(), b.end()), reason);
  }

  private static UnknownSpan join(UnknownSpan a, UnknownSpan b) {
    String reason = a.reason().equals(b.reason()) ? a.reason() : "several reasons";
    return new UnknownSpan(earlier(a.start(), b.start()), later(a.end(), b.end()), reason);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
