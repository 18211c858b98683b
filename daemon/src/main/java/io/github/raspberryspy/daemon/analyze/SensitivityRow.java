package io.github.raspberryspy.daemon.analyze;

import java.util.List;

/**
 * What one sensitivity would have flagged. Immutable.
 *
 * @param sensitivity 1 to 100
 * @param events how many
 * @param seconds of motion altogether
 * @param share of the footage, 0 to 1
 * @param longest seconds of the longest event; 0 where there is none
 * @param more events that touch none of the next lower sensitivity's
 * @param fewer events of the next lower sensitivity that touch none of these
 */
record SensitivityRow(
    int sensitivity,
    int events,
    double seconds,
    double share,
    double longest,
    int more,
    int fewer) {

  /**
   * A row.
   *
   * @param found in the order of time
   * @param lower what the next lower sensitivity found; these same where there is none
   * @param footage seconds of footage altogether
   */
  static SensitivityRow of(
      int sensitivity, List<List<Event>> found, List<List<Event>> lower, double footage) {
    List<Event> events = found.stream().flatMap(List::stream).toList();
    double seconds = events.stream().mapToDouble(Event::seconds).sum();
    return new SensitivityRow(
        sensitivity,
        events.size(),
        seconds,
        footage > 0 ? Math.min(1, seconds / footage) : 0,
        events.stream().mapToDouble(Event::seconds).max().orElse(0),
        only(found, lower),
        only(lower, found));
  }

  /** How many of these touch none of the others; reel by reel, for each has a clock of its own. */
  private static int only(List<List<Event>> these, List<List<Event>> others) {
    int only = 0;
    for (int reel = 0; reel < these.size(); reel++) {
      List<Event> other = others.get(reel);
      int next = 0; // both are in the order of time
      for (Event event : these.get(reel)) {
        while (next < other.size() && other.get(next).endUs() < event.startUs()) {
          next++;
        }
        only += next < other.size() && other.get(next).touches(event) ? 0 : 1;
      }
    }
    return only;
  }
}
