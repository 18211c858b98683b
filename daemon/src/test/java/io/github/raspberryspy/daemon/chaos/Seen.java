package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.SegmentManifest;

/** One thing that was seen, or done, from outside. */
sealed interface Seen {

  /** A segment is sealed in a camera's spool. */
  record Recorded(SegmentManifest manifest) implements Seen {}

  /** A receipt lies beside it: the master vouched for it. */
  record Acknowledged(String id) implements Seen {}

  /** It was sealed in the spool, and is not any more. */
  record Deleted(String id) implements Seen {}

  /**
   * The master lists it as complete.
   *
   * @param since what had been seen when the master was asked: so many
   */
  record Visible(SegmentManifest manifest, int since) implements Seen {

    String id() {
      return manifest.id().toString();
    }

    String sha256() {
      return manifest.content().sha256();
    }
  }

  /**
   * The master does not list it any more, or with other bytes.
   *
   * @param since what had been seen when the master was asked for the last listing that had it
   * @param replaced whether it is there with other bytes
   * @param usedBytes the footage that the master lists now, with what is in its trash
   */
  record Hidden(String id, int since, boolean replaced, long usedBytes) implements Seen {}

  /**
   * What room the master has from now on.
   *
   * @param limitBytes the most footage that it is to keep; 0 for no limit
   * @param isFull whether its disk is full
   */
  record Room(long limitBytes, boolean isFull) implements Seen {}

  /**
   * The master says that it holds so much of a segment, as an open upload or as a whole.
   *
   * @param bytes what it says
   * @param playable so much of that makes whole fragments
   */
  record Held(String id, long bytes, long playable) implements Seen {}

  /** Somebody asks to save it, or to give it up. */
  record SaveAsked(String id, boolean saved) implements Seen {}

  /** The master has said that it did. */
  record SaveDone(String id, boolean saved) implements Seen {}

  /** Somebody asks to delete it, or to have it back. */
  record TrashAsked(String id, boolean deleted) implements Seen {}

  /** The master has said that it did. */
  record TrashDone(String id, boolean deleted) implements Seen {}

  /** A bit of it was flipped in the spool: it may be lost, but never vouched for. */
  record Flipped(String id) implements Seen {}

  /** Something was broken. */
  record Broken(String what) implements Seen {}
}
