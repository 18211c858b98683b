package io.github.raspberryspy.sink.event;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.time.Instant;

/** Something that happened at the master. Immutable. */
public sealed interface MasterEvent {

  /**
   * A segment was verified, is durable and can be seen.
   *
   * @param segment it
   */
  record SegmentStored(StoredSegment segment) implements MasterEvent {}

  /**
   * Somebody had a segment back that was deleted: it can be seen again.
   *
   * @param segment it
   */
  record SegmentRestored(StoredSegment segment) implements MasterEvent {}

  /**
   * Somebody saved a segment, or gave it up to retention again.
   *
   * @param id which
   * @param saved whether it is saved now
   * @param note what somebody wrote of it; may be empty
   */
  record SegmentSaved(SegmentId id, boolean saved, String note) implements MasterEvent {}

  /**
   * A segment was deleted.
   *
   * @param id which
   * @param bytes how large it was
   * @param reason why: {@code age}, {@code camera-size}, {@code size}, {@code space}, or {@code
   *     person}
   */
  record SegmentDeleted(SegmentId id, long bytes, String reason) implements MasterEvent {}

  /**
   * A camera says that something moves, or stopped moving.
   *
   * @param camera which
   * @param ended whether the span is over
   * @param span when, how strongly and where
   */
  record MotionReported(String camera, boolean ended, EventSpan span) implements MasterEvent {}

  /**
   * A camera says that something is wrong with it, or is so no longer.
   *
   * @param camera which
   * @param fault what, as it said it
   */
  record FaultReported(String camera, Fault fault) implements MasterEvent {}

  /**
   * A camera was heard, or was not heard for too long.
   *
   * @param status how it is now
   * @param stateChanged whether its state is another than before
   */
  record CameraReported(CameraStatus status, boolean stateChanged) implements MasterEvent {}

  /**
   * Something is wrong with the master itself, or is so no longer.
   *
   * @param kind one word: {@code footage-away}, {@code bucket-away}, {@code index-away}, {@code
   *     clock}, {@code damage}, {@code unreadable}, {@code scrub}, {@code unknown-files}, {@code
   *     outside}
   * @param ended whether it is over
   * @param sentence what
   * @param since when it began, by the master's clock
   */
  record MasterTrouble(String kind, boolean ended, String sentence, Instant since)
      implements MasterEvent {}

  /**
   * A camera failed, or something became of it: others answered, it is back.
   *
   * @param incident as it stands now
   * @param change what is new
   */
  record IncidentChanged(Incident incident, Change change) implements MasterEvent {
    /** What is new of an incident. */
    public enum Change {
      /** It began. */
      BEGAN,
      /** Another camera failed, or another thing. */
      GREW,
      /** Something became known of it. */
      UPDATED,
      /** Nothing of it lasts. */
      ENDED
    }
  }

  /**
   * Somebody set a camera, or it has answered.
   *
   * @param change what, and what became of it so far
   */
  record SettingsChanged(SettingsChange change) implements MasterEvent {}

  /**
   * A camera was paired.
   *
   * @param camera which
   * @param code that paired it, by its id
   */
  record CameraPaired(String camera, String code) implements MasterEvent {}

  /** The amount of footage changed. */
  record StorageChanged() implements MasterEvent {}
}
