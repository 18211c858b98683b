package io.github.raspberryspy.sink.event;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What somebody set of a camera, and what became of it. Immutable.
 *
 * @param camera which
 * @param version of its settings; grows by one each time
 * @param at when somebody set it
 * @param who that was
 * @param state what became of it
 * @param sentence why it was refused, or why it waits; empty where it was applied
 * @param values the keys that differ from the camera's own configuration, with their texts
 */
public record SettingsChange(
    String camera,
    long version,
    Instant at,
    String who,
    State state,
    String sentence,
    Map<String, String> values) {

  /** What became of a change. */
  public enum State {
    /** The camera has not answered yet, is not heard, or tries it later. */
    WAITING,
    /** The camera goes by it. */
    APPLIED,
    /** The camera does not go by it, and has said why. */
    REFUSED
  }

  /** Copies the values. */
  public SettingsChange {
    Objects.requireNonNull(camera, "camera");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(who, "who");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(sentence, "sentence");
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /** The same, of which this became. */
  public SettingsChange became(State next, String why) {
    return new SettingsChange(camera, version, at, who, next, why, values);
  }
}
