package io.github.raspberryspy.sink.index;

import java.io.IOException;

/** Another master holds the database of the index, and is alive. */
public final class IndexHeldException extends IOException {
  private static final long serialVersionUID = 1L;

  IndexHeldException(PostgresConfig config) {
    super("index " + config + " cannot be used: it is in use by another master");
  }
}
