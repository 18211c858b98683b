package io.github.raspberryspy.segments.wire;

import io.github.raspberryspy.segments.EventSpan;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a camera says on its control link, one JSON text message each. Their form is {@link
 * LinkCodec}'s.
 */
public sealed interface LinkMessage {

  /** What a camera is doing. */
  enum CameraState {
    /** Opening its source. */
    STARTING,
    /** Recording. */
    RECORDING,
    /** Its source or encoder failed; it tries again with growing pauses. */
    RETRYING,
    /** It was told to stop, or its source ended. */
    STOPPED;

    /** As it stands in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The first message of each connection.
   *
   * @param camera the camera's name; it must be the credential's
   * @param key the key of the camera's spool
   * @param software name and version of the program
   * @param source what it films: a URI without user or password
   * @param start an id that was drawn when the camera's process started, by which two cameras of
   *     one name are told from one that started anew; empty where it does not say
   * @param board what it runs on
   */
  record Hello(
      String camera, String key, String software, String source, String start, BoardFacts board)
      implements LinkMessage {
    /** Checks presence. */
    public Hello {
      Objects.requireNonNull(camera, "camera");
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(software, "software");
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(start, "start");
      Objects.requireNonNull(board, "board");
    }

    /** Of a camera whose board says nothing. */
    public Hello(String camera, String key, String software, String source, String start) {
      this(camera, key, software, source, start, BoardFacts.UNKNOWN);
    }
  }

  /**
   * Once a second: what the camera does and how it fares.
   *
   * @param state what it does
   * @param problem why it does not record, in one sentence; empty where nothing is wrong
   * @param width of the picture, pixels; 0 while unknown
   * @param height of the picture, pixels; 0 while unknown
   * @param fps nominal frames per second; 0 while unknown
   * @param framesCaptured since the process started
   * @param framesRecorded access units written since the process started
   * @param framesDropped refused or lost since the process started
   * @param backlogSegments sealed and not yet verified
   * @param backlogBytes their size
   * @param backlogBytesPerSecond how fast the backlog goes; empty where there is none, or while
   *     unknown
   * @param spoolFreeBytes free on the spool's disk
   * @param diskBytesADay written to the spool's disk a day, footage and canary; empty while unknown
   * @param motion whether something moves right now
   * @param at when it is said, by the camera's clock
   * @param health of its board
   */
  record Heartbeat(
      CameraState state,
      String problem,
      int width,
      int height,
      double fps,
      long framesCaptured,
      long framesRecorded,
      long framesDropped,
      long backlogSegments,
      long backlogBytes,
      OptionalLong backlogBytesPerSecond,
      long spoolFreeBytes,
      OptionalLong diskBytesADay,
      boolean motion,
      Optional<Instant> at,
      BoardHealth health)
      implements LinkMessage {
    /** Checks presence, and that the rate is a number. */
    public Heartbeat {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(problem, "problem");
      Objects.requireNonNull(backlogBytesPerSecond, "backlogBytesPerSecond");
      Objects.requireNonNull(diskBytesADay, "diskBytesADay");
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(health, "health");
      if (!(fps >= 0 && fps <= 1000)) {
        throw new IllegalArgumentException("fps " + fps + " is not within 0 to 1000");
      }
    }
  }

  /**
   * Something began to move, or stopped.
   *
   * @param ended whether the span is over; until then its end is the latest moment of motion
   * @param span when, how strongly and where
   */
  record Motion(boolean ended, EventSpan span) implements LinkMessage {
    /** Checks presence. */
    public Motion {
      Objects.requireNonNull(span, "span");
    }
  }

  /**
   * Something is wrong with the camera, or is so no longer. Kinds are words, so that a camera may
   * know more of them than its master.
   *
   * @param kind what: {@code source-missing}, {@code capture-stalled}, {@code encoder-stalled},
   *     {@code picture-frozen}, {@code picture-dark}, {@code lens-covered}, {@code sink-stalled},
   *     {@code sound-missing}, {@code sensor-missing}, {@code camera-moved}, {@code
   *     camera-defocused}, {@code card-failing}, {@code battery-low}, {@code board-hot}, {@code
   *     under-voltage}, {@code throttled}, {@code wifi-weak}, {@code clock-unset}
   * @param ended whether it is over
   * @param alert whether somebody should be told at once
   * @param at when, by the camera's clock
   * @param sentence for people
   */
  record Fault(String kind, boolean ended, boolean alert, Instant at, String sentence)
      implements LinkMessage {
    /** No kind of fault: what a master calls a camera that it does not hear. */
    public static final String LOST = "lost";

    /** Checks presence. */
    public Fault {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(sentence, "sentence");
    }
  }

  /**
   * The answer to a command: it was done, or why not.
   *
   * @param id of the command
   * @param ok whether it was done
   * @param sentence why not; empty where it was
   */
  record Done(String id, boolean ok, String sentence) implements LinkMessage {
    /** Checks presence. */
    public Done {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(sentence, "sentence");
    }
  }

  /**
   * The last message of a camera that ends in order: it is off, not lost. Its last heartbeat comes
   * just before.
   */
  record Goodbye() implements LinkMessage {}

  /**
   * What a camera goes by, of what its master may change: after each hello, and when it changes.
   *
   * @param version of the settings that the master gave; 0 where it goes by its own file
   * @param other what it has been told last and does not go by; empty for nothing
   * @param settings what may be changed, in the order of its configuration
   */
  record Settings(long version, Optional<Other> other, List<Setting> settings)
      implements LinkMessage {
    /** Copies the list. */
    public Settings {
      Objects.requireNonNull(other, "other");
      settings = List.copyOf(settings);
    }

    /**
     * Why the camera does not take these values, in the sentence that it would say itself; empty
     * where only the camera knows.
     */
    public Optional<String> objection(Map<String, String> values) {
      List<String> keys = settings.stream().map(Setting::key).toList();
      return values.keySet().stream()
          .filter(key -> !keys.isEmpty() && !keys.contains(key))
          .findFirst()
          .map(key -> "key \"" + key + "\" is not the master's to set; allowed are " + keys)
          .or(
              () ->
                  settings.stream()
                      .filter(setting -> values.containsKey(setting.key()))
                      .flatMap(setting -> setting.objection(values.get(setting.key())).stream())
                      .findFirst());
    }
  }

  /**
   * Settings that a camera does not go by, though it was told.
   *
   * @param version of them
   * @param refused whether it will not; else it tries them later
   * @param sentence why
   */
  record Other(long version, boolean refused, String sentence) {
    /** Checks presence. */
    public Other {
      Objects.requireNonNull(sentence, "sentence");
    }
  }

  /**
   * One key of a camera's configuration.
   *
   * @param key its name
   * @param meaning in one sentence
   * @param allowed its range, in words that end the sentence "allowed is …"
   * @param kind what its text is
   * @param value what the camera goes by now
   * @param own what it would go by without its master
   * @param gapless whether the camera mostly takes another value without a gap in its footage
   */
  record Setting(
      String key,
      String meaning,
      String allowed,
      ValueKind kind,
      String value,
      String own,
      boolean gapless) {
    /** Checks presence. */
    public Setting {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(meaning, "meaning");
      Objects.requireNonNull(allowed, "allowed");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(own, "own");
    }

    private Optional<String> objection(String text) {
      return kind.takes(text)
          ? Optional.empty()
          : Optional.of(
              "key \""
                  + key
                  + "\" in the master's settings is \""
                  + text
                  + "\"; allowed is "
                  + allowed);
    }
  }
}
