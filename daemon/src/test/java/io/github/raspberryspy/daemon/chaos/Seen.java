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

  /** The master lists it as complete. */
  record Visible(String id, String sha256) implements Seen {}

  /** The master does not list it any more, or with other bytes. */
  record Hidden(String id) implements Seen {}

  /** Somebody asks to save it, or to give it up. */
  record SaveAsked(String id, boolean saved) implements Seen {}

  /** The master has said that it did. */
  record SaveDone(String id, boolean saved) implements Seen {}

  /** A bit of it was flipped in the spool: it may be lost, but never vouched for. */
  record Flipped(String id) implements Seen {}

  /** Something was broken. */
  record Broken(String what) implements Seen {}
}
