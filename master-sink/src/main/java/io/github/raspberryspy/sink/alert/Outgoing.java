package io.github.raspberryspy.sink.alert;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How channels speak to their servers.
 *
 * @param link address of the page, for people to go to
 * @param patience how long a server may take
 * @param trust whose certificates are believed
 */
record Outgoing(Optional<URI> link, Duration patience, Trust trust) {

  static Outgoing of(AlertConfig config) {
    return new Outgoing(config.link(), HttpChannel.PATIENCE, Trust.also(config.authorities()));
  }
}
