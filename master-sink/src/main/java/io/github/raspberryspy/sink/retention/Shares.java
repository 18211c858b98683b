package io.github.raspberryspy.sink.retention;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is fair where room is short: all cameras that have footage share what there may be of it
 * equally, and what a small one does not use, the others may. So one camera that sends without end
 * deletes its own footage, and none of another's that has its share or less.
 *
 * <p>Saved footage counts for nobody: it stays, whatever a camera has.
 */
final class Shares {

  private Shares() {}

  /**
   * How much each camera has above its share, of those that do; together not less than is wanted,
   * if there is so much.
   *
   * @param used what each camera has
   * @param wanted how much of it has to go; not above 0 where nothing has
   */
  static Map<String, Long> above(Map<String, Long> used, long wanted) {
    if (wanted <= 0) {
      return Map.of();
    }
    long left = used.values().stream().mapToLong(Long::longValue).sum() - wanted;
    long share = share(new ArrayList<>(used.values()), left);
    Map<String, Long> above = new TreeMap<>();
    used.forEach(
        (camera, bytes) -> {
          if (bytes > share) {
            above.put(camera, bytes - share);
          }
        });
    return above;
  }

  /** The most that a camera keeps, so that all together keep no more than is left. */
  private static long share(List<Long> used, long left) {
    used.sort(null);
    long rest = Math.max(0, left);
    for (int i = 0; i < used.size(); i++) {
      long share = rest / (used.size() - i);
      if (used.get(i) > share) {
        return share;
      }
      rest -= used.get(i);
    }
    return Long.MAX_VALUE;
  }
}
