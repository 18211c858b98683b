package io.github.raspberryspy.sink.alert;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why a server cannot be spoken to, for people: libraries say it in words of their own. */
final class Failing {

  private Failing() {}

  /** Why there is no connection to the server; empty where it was reached. */
  static Optional<String> reach(Throwable failure, URI server, int port) {
    String at = server.getHost() + ":" + port;
    if (has(failure, UnknownHostException.class)
        || has(failure, UnresolvedAddressException.class)) {
      return Optional.of("there is no host of the name " + server.getHost());
    }
    if (has(failure, NoRouteToHostException.class)) {
      return Optional.of("there is no way to " + at);
    }
    if (has(failure, ConnectException.class)) {
      return Optional.of("nobody answers at " + at);
    }
    if (has(failure, SocketTimeoutException.class)) {
      return Optional.of("no answer came from " + at + " in time");
    }
    if (has(failure, SSLException.class)) {
      return Optional.of("the server at " + at + " is not trusted: " + deepest(failure));
    }
    return Optional.empty();
  }

  /** A first line of what the deepest cause says; of one that says nothing, what it is. */
  static String deepest(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String said = String.valueOf(deepest.getMessage()).lines().findFirst().orElse("").strip();
    boolean isSaid = deepest.getMessage() != null && !said.isEmpty();
    return isSaid ? said : "it ended the connection (" + deepest.getClass().getSimpleName() + ")";
  }

  private static boolean has(Throwable failure, Class<? extends Exception> kind) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
