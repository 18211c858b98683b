package io.github.raspberryspy.sink.live;

import io.github.raspberryspy.segments.wire.LiveMessage;

/** Whoever is shown what a camera films now. Thread-safe; never blocks. */
interface Audience {

  /** Shows it, if this one keeps up; in order, from a beginning or a keyframe on. */
  void offer(LiveMessage message);

  /** Nothing more comes. */
  void close(String reason);
}
