package io.github.raspberryspy.sink.event;

import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Cameras that failed, and what the others did about it: one incident, however many cameras failed
 * within a short time. Immutable.
 *
 * @param id which
 * @param start when the first camera failed, by the master's clock
 * @param end when the last one was right again; empty while one is not
 * @param failures what failed, in order
 * @param others what was asked of the other cameras, in order
 */
public record Incident(
    String id, Instant start, Optional<Instant> end, List<Failure> failures, List<Flushed> others) {

  /** Kind of a failure: the camera is not heard. */
  public static final String LOST = Fault.LOST;

  /** What the sentence of a lost camera's failure goes on with, once it is over. */
  public static final String IS_BACK = "; it is back";

  /** Copies the lists. */
  public Incident {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(end, "end");
    failures = List.copyOf(failures);
    others = List.copyOf(others);
  }

  /**
   * A camera that failed.
   *
   * @param camera which
   * @param kind {@link #LOST}, or what is wrong in one word, as the camera says it
   * @param since when it was last heard, or when the fault began
   * @param verdict as far as the network says; {@link Verdict#NONE} of a fault
   * @param sentence for people
   * @param end when it was right again; empty while it is not
   */
  public record Failure(
      String camera,
      String kind,
      Instant since,
      Verdict verdict,
      String sentence,
      Optional<Instant> end) {
    /** Checks presence. */
    public Failure {
      Objects.requireNonNull(camera, "camera");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(since, "since");
      Objects.requireNonNull(verdict, "verdict");
      Objects.requireNonNull(sentence, "sentence");
      Objects.requireNonNull(end, "end");
    }
  }

  /** What the network says of a camera that is not heard. */
  public enum Verdict {
    /** Nothing: the camera itself says what is wrong. */
    NONE,
    /** Not known yet. */
    UNKNOWN,
    /** Its connection was ended, and its board answers: its program has ended. */
    PROGRAM_ENDED,
    /** Its board answers, its program does not. */
    PROGRAM_SILENT,
    /** Neither answers: no power, no network, or destroyed. */
    UNREACHABLE,
    /** No camera at all is heard: it may be the master's own network. */
    ALL_UNREACHABLE,
    /** It does not matter any more: its owner unpaired it, or took it off the wall. */
    TAKEN_AWAY
  }

  /**
   * Another camera, which was told to make what it films durable and to send it before all else.
   *
   * @param camera which
   * @param at when it was told
   * @param answered when it answered; empty while it has not
   * @param ok whether it did so
   * @param sentence why not; empty where it did, or has not answered
   */
  public record Flushed(
      String camera, Instant at, Optional<Instant> answered, boolean ok, String sentence) {
    /** Checks presence. */
    public Flushed {
      Objects.requireNonNull(camera, "camera");
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(answered, "answered");
      Objects.requireNonNull(sentence, "sentence");
    }
  }

  /** Whether something still is wrong. */
  public boolean isOpen() {
    return end.isEmpty();
  }

  /** Whether this failure of this camera still lasts. */
  public boolean has(String camera, String kind) {
    return failures.stream()
        .anyMatch(f -> f.camera().equals(camera) && f.kind().equals(kind) && f.end().isEmpty());
  }
}
