package io.github.raspberryspy.daemon.analyze;

import java.util.ArrayList;
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

  /** The same events may last so many times longer when more is noticed of each. */
  private static final double LONGER = 1.5;

  /** Of at least one row, by rising sensitivity. */
  static Advice on(List<SensitivityRow> rows) {
    if (rows.stream().allMatch(row -> row.events() == 0)) {
      return new Advice(
          USUAL, "Nothing moves here at any sensitivity: try footage in which something happens.");
    }
    List<SensitivityRow> usable =
        rows.stream().filter(row -> row.events() > 0 && row.share() <= TOO_MUCH).toList();
    if (usable.isEmpty()) {
      SensitivityRow first = rows.stream().filter(row -> row.events() > 0).findFirst().get();
      return new Advice(first.sensitivity(), tooMuch(first, "even at " + first.sensitivity()));
    }
    List<SensitivityRow> plateau = plateau(usable);
    SensitivityRow best = closestToUsual(plateau);
    SensitivityRow highest = plateau.get(plateau.size() - 1);
    int next = rows.indexOf(highest) + 1;
    String beyond = next < rows.size() ? beyond(rows.get(next)) : "";
    return new Advice(best.sensitivity(), best(plateau, best) + beyond);
  }

  private static String best(List<SensitivityRow> plateau, SensitivityRow best) {
    String events = best.events() == 1 ? "1 event" : best.events() + " events";
    if (plateau.size() == 1) {
      return "Each step finds something else: "
          + best.sensitivity()
          + " finds "
          + events
          + "; look at its clips, and those of its neighbours, before you choose.";
    }
    return "From "
        + plateau.get(0).sensitivity()
        + " to "
        + plateau.get(plateau.size() - 1).sensitivity()
        + " the same "
        + (best.events() == 1 ? "event is" : events + " are")
        + " found: take "
        + best.sensitivity()
        + ".";
  }

  private static String beyond(SensitivityRow next) {
    if (next.share() > TOO_MUCH) {
      return " " + tooMuch(next, "at " + next.sensitivity());
    }
    if (next.more() == 0) {
      return "";
    }
    return " At "
        + next.sensitivity()
        + " "
        + (next.more() == 1 ? "1 more appears" : next.more() + " more appear")
        + ": see what they are before you go there.";
  }

  private static String tooMuch(SensitivityRow row, String where) {
    return String.format(
        Locale.ROOT,
        "%.0f %% of the footage is motion %s: mask what always moves there, such as a tree or a"
            + " clock, or draw a zone.",
        100 * row.share(),
        where);
  }

  /** The longest row of neighbours that find the same; of equals the one nearest to the usual. */
  private static List<SensitivityRow> plateau(List<SensitivityRow> rows) {
    List<List<SensitivityRow>> plateaus = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= rows.size(); i++) {
      if (i == rows.size() || !isSame(rows.get(i - 1), rows.get(i))) {
        plateaus.add(rows.subList(from, i));
        from = i;
      }
    }
    List<SensitivityRow> best = plateaus.get(0);
    for (List<SensitivityRow> plateau : plateaus) {
      boolean isLonger = plateau.size() > best.size();
      boolean isNearer =
          plateau.size() == best.size()
              && distance(closestToUsual(plateau)) < distance(closestToUsual(best));
      best = isLonger || isNearer ? plateau : best;
    }
    return best;
  }

  private static boolean isSame(SensitivityRow lower, SensitivityRow higher) {
    return higher.more() == 0
        && higher.fewer() == 0
        && higher.events() == lower.events()
        && higher.seconds() <= LONGER * lower.seconds();
  }

  private static SensitivityRow closestToUsual(List<SensitivityRow> rows) {
    SensitivityRow closest = rows.get(0);
    for (SensitivityRow row : rows) {
      closest = distance(row) < distance(closest) ? row : closest;
    }
    return closest;
  }

  private static int distance(SensitivityRow row) {
    return Math.abs(row.sensitivity() - USUAL);
  }
}
