package io.github.raspberryspy.daemon.analyze;

import java.util.List;
import java.util.Locale;

/**
 * What a table of sensitivities says to somebody who is to choose one.
 *
 * @param sensitivity which one to take
 * @param sentence why, and what to look at
 */
record Advice(int sensitivity, String sentence) {

  private static final int USUAL = 50;

  /** More of the footage than this is hardly all worth a look. */
  private static final double TOO_MUCH = 0.5;

  /** Of at least one row, by rising sensitivity. */
  static Advice on(List<SensitivityRow> rows) {
    SensitivityRow least = rows.get(0);
    SensitivityRow most = rows.get(rows.size() - 1);
    if (most.events() == 0) {
      return new Advice(
          USUAL, "Nothing moves here at any sensitivity: try footage in which something happens.");
    }
    if (least.share() > TOO_MUCH) {
      return new Advice(
          least.sensitivity(),
          percent(least.share())
              + " of the footage is motion even at "
              + least.sensitivity()
              + ": mask what always moves, or draw a zone, rather than lower the sensitivity.");
    }
    int[] plateau = plateau(rows);
    SensitivityRow low = rows.get(plateau[0]);
    SensitivityRow high = rows.get(plateau[1]);
    SensitivityRow best = closestToUsual(rows, plateau);
    String more = plateau[1] + 1 < rows.size() ? beyond(rows.get(plateau[1] + 1)) : "";
    if (plateau[0] == plateau[1]) {
      return new Advice(
          best.sensitivity(),
          "Each step finds other events: "
              + best.sensitivity()
              + " finds "
              + events(best)
              + "; look at the clips of its neighbours before you choose."
              + more);
    }
    return new Advice(
        best.sensitivity(),
        "From "
            + low.sensitivity()
            + " to "
            + high.sensitivity()
            + " the same "
            + (best.events() == 1 ? "event is" : best.events() + " events are")
            + " found: take "
            + best.sensitivity()
            + "."
            + more);
  }

  private static String beyond(SensitivityRow next) {
    if (next.more() == 0) {
      return "";
    }
    return " At "
        + next.sensitivity()
        + " "
        + (next.more() == 1 ? "1 more appears" : next.more() + " more appear")
        + ": see what they are before you go there.";
  }

  /** The longest row of neighbours that find the same; of equals the one nearest to the usual. */
  private static int[] plateau(List<SensitivityRow> rows) {
    int[] best = {0, 0};
    for (int from = 0; from < rows.size(); from++) {
      int to = from;
      while (to + 1 < rows.size() && isSame(rows.get(to + 1))) {
        to++;
      }
      int[] found = {from, to};
      boolean isLonger = to - from > best[1] - best[0];
      boolean isNearer =
          to - from == best[1] - best[0]
              && distance(closestToUsual(rows, found)) < distance(closestToUsual(rows, best));
      if (rows.get(from).events() > 0
          && (isLonger || isNearer || rows.get(best[0]).events() == 0)) {
        best = found;
      }
    }
    return best;
  }

  private static boolean isSame(SensitivityRow row) {
    return row.more() == 0 && row.fewer() == 0;
  }

  private static SensitivityRow closestToUsual(List<SensitivityRow> rows, int[] plateau) {
    SensitivityRow closest = rows.get(plateau[0]);
    for (SensitivityRow row : rows.subList(plateau[0], plateau[1] + 1)) {
      closest = distance(row) < distance(closest) ? row : closest;
    }
    return closest;
  }

  private static int distance(SensitivityRow row) {
    return Math.abs(row.sensitivity() - USUAL);
  }

  private static String events(SensitivityRow row) {
    return row.events() == 1 ? "1 event" : row.events() + " events";
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
