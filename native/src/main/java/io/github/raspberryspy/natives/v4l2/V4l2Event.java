package io.github.raspberryspy.natives.v4l2;

import java.util.Optional;

/**
 * Something that happened to a device.
 *
 * @param kind what
 * @param changes for {@link Kind#SOURCE_CHANGE}, the kernel's bits of what changed
 */
public record V4l2Event(Kind kind, int changes) {

  private static final int RESOLUTION = 1;

  /** What can happen. */
  public enum Kind {
    /** A codec has given out all it held. */
    END_OF_STREAM(2),
    /** The picture that comes in has another size or none. */
    SOURCE_CHANGE(5);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /** Whether pictures no longer have the size that was granted. */
  public boolean isNewSize() {
    return kind == Kind.SOURCE_CHANGE && (changes & RESOLUTION) != 0;
  }

  static Optional<V4l2Event> of(int number, int changes) {
    for (Kind kind : Kind.values()) {
      if (kind.number == number) {
        return Optional.of(new V4l2Event(kind, changes));
      }
    }
    return Optional.empty();
  }
}
