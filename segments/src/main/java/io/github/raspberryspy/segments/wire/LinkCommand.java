package io.github.raspberryspy.segments.wire;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
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

  /** An id that no other command has. */
  static String newId() {
    return UUID.randomUUID().toString();
  }

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
   * Something moves at another camera: list it with what is filmed now, and record that where only
   * events are.
   *
   * @param id of the command
   * @param by the other camera
   */
  record Flag(String id, String by) implements LinkCommand {
    /** Checks presence. */
    public Flag {
      requireId(id);
      Objects.requireNonNull(by, "by");
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
   * Record again, after {@link Stop}; does nothing where it records.
   *
   * @param id of the command
   */
  record Start(String id) implements LinkCommand {
    /** Checks presence. */
    public Start {
      requireId(id);
    }
  }

  /**
   * Record nothing until told to, or until the program starts anew. What was recorded is sealed.
   *
   * @param id of the command
   */
  record Stop(String id) implements LinkCommand {
    /** Checks presence. */
    public Stop {
      requireId(id);
    }
  }

  /**
   * Close the source and everything behind it, and open it again.
   *
   * @param id of the command
   */
  record Restart(String id) implements LinkCommand {
    /** Checks presence. */
    public Restart {
      requireId(id);
    }
  }

  /**
   * Bring a picture of now to {@link Tus#SNAPSHOT_PATH}, under this id, before it is answered.
   *
   * @param id of the command
   */
  record Snapshot(String id) implements LinkCommand {
    /** Checks presence. */
    public Snapshot {
      requireId(id);
    }
  }

  /**
   * Go by these settings from now on, in place of those of an earlier version. A camera that cannot
   * record with them goes back to what it had, and says so.
   *
   * @param id of the command
   * @param version of the settings; grows
   * @param values the keys of its configuration that differ from its own file, with their texts
   */
  record Configure(String id, long version, Map<String, String> values) implements LinkCommand {
    /** Copies the values. */
    public Configure {
      requireId(id);
      values = Collections.unmodifiableMap(new TreeMap<>(values));
      if (version < 1) {
        throw new IllegalArgumentException("the version " + version + " is below 1");
      }
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
