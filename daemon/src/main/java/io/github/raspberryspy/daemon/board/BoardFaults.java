package io.github.raspberryspy.daemon.board;

import io.github.raspberryspy.segments.wire.BoardHealth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is wrong with a board, as it goes on. Not thread-safe. */
final class BoardFaults {

  /**
   * Something that began, or is over.
   *
   * @param kind what
   * @param ended whether it is over
   * @param isAlert whether somebody should be told at once
   * @param sentence for people
   */
  record Change(String kind, boolean ended, boolean isAlert, String sentence) {}

  private static final class State {
    private boolean lasts;
    private Optional<Long> otherwiseSince = Optional.empty(); // nanoseconds
  }

  private final Map<BoardRule, State> states = new LinkedHashMap<>();

  BoardFaults(List<BoardRule> rules) {
    rules.forEach(rule -> states.put(rule, new State()));
  }

  /** Takes a reading. Returns what changed by it. */
  List<Change> look(BoardHealth health, long nanos) {
    List<Change> changes = new ArrayList<>();
    states.forEach(
        (rule, state) -> {
          if (turns(rule, state, health, nanos)) {
            state.lasts = !state.lasts;
            state.otherwiseSince = Optional.empty();
            changes.add(
                new Change(
                    rule.kind(),
                    !state.lasts,
                    state.lasts && rule.isAlert(),
                    state.lasts ? rule.sentence().apply(health) : ""));
          }
        });
    return changes;
  }

  /** The kinds of what lasts. */
  List<String> lasting() {
    return states.entrySet().stream()
        .filter(entry -> entry.getValue().lasts)
        .map(entry -> entry.getKey().kind())
        .toList();
  }

  /** Whether it has been otherwise for long enough. */
  private static boolean turns(BoardRule rule, State state, BoardHealth health, long nanos) {
    Optional<Boolean> isBad = rule.isBad().apply(health);
    if (isBad.isEmpty() || isBad.get() == state.lasts) {
      state.otherwiseSince = Optional.empty();
      return false;
    }
    if (state.otherwiseSince.isEmpty()) {
      state.otherwiseSince = Optional.of(nanos);
    }
    long patience = (state.lasts ? rule.ends() : rule.begins()).toNanos();
    return nanos - state.otherwiseSince.get() >= patience;
  }
}
