package io.github.raspberryspy.segments.wire;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a master asks of a camera on its control link, one JSON text message each. Their form is
 * {@link CommandCodec}'s. Each is answered by a {@link LinkMessage.Done} that bears its id.
 */
public sealed interface LinkCommand {

  /** What an id looks like: it is the master's, and means nothing to a camera. */
  Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** What the answer names. */
  String id();

  /**
   * End the open segment at the next keyframe, which is asked for at once, and send it.
   *
   * @param id of the command
   * @param urgent whether something happened elsewhere: what is filmed around now leaves before all
   *     else, on a metered link too
   * @param reason for the log, one sentence
   */
  record Flush(String id, boolean urgent, String reason) implements LinkCommand {
    /** Checks presence. */
    public Flush {
      requireId(id);
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * Send live pictures, or send none any more.
   *
   * @param id of the command
   * @param on whether somebody watches
   */
  record Live(String id, boolean on) implements LinkCommand {
    /** Checks presence. */
    public Live {
      requireId(id);
    }
  }

  /**
   * What a newer master asks and this version does not know; it can be answered all the same.
   *
   * @param id of the command
   * @param type what it is called
   */
  record Unknown(String id, String type) implements LinkCommand {
    /** Checks presence. */
    public Unknown {
      requireId(id);
      Objects.requireNonNull(type, "type");
    }
  }

  private static void requireId(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("the id of a command is 1 to 64 of A-Z a-z 0-9 _ -");
    }
  }
}
